"""Resources held against Kubernetes' own OpenAPI schema, as strictly as `kubectl apply --validate`."""

import json
import re

QUANTITY = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?")
# Fields that came after the schema's version, by its own words for them: core/v1 of 1.31, Volume.image.
NEWER = {
    "io.k8s.api.core.v1.ImageVolumeSource": {
        "type": "object", "properties": {"reference": {"type": "string"}, "pullPolicy": {"type": "string"}}},
}
PLAIN = {"string": str, "integer": int, "number": (int, float), "boolean": bool}


class Schema:
    def __init__(self, path):
        with open(path) as file:
            self.definitions = json.load(file)["definitions"]
        self.definitions.update(NEWER)
        self.definitions["io.k8s.api.core.v1.Volume"]["properties"]["image"] = {
            "$ref": "#/definitions/io.k8s.api.core.v1.ImageVolumeSource"}
        self.kinds = {}
        for name, definition in self.definitions.items():
            for kind in definition.get("x-kubernetes-group-version-kind", ()):
                version = "/".join(filter(None, (kind["group"], kind["version"])))
                self.kinds[version, kind["kind"]] = name

    def faults(self, resource):
        """What is wrong with a resource: sentences, each with its place."""
        if not isinstance(resource, dict):
            return ["no resource"]
        key = str(resource.get("apiVersion")), str(resource.get("kind"))
        if key not in self.kinds:
            return [f"unknown kind {key[1]} of {key[0]}"]
        return list(self.check(resource, {"$ref": self.kinds[key]}, key[1]))

    def check(self, value, wanted, place):
        name = wanted.get("$ref", "").rpartition("/")[2]
        if name:
            wanted = self.definitions[name]
        if name.endswith(".Quantity"):
            if isinstance(value, bool) or not QUANTITY.fullmatch(str(value)):
                yield f"{place}: '{value}' is no quantity"
        elif wanted.get("format") == "int-or-string":
            if isinstance(value, bool) or not isinstance(value, (int, str)):
                yield f"{place}: neither a number nor a string"
        elif wanted.get("type") == "array":
            yield from self.array(value, wanted, place)
        elif wanted.get("type") in PLAIN:
            kind = PLAIN[wanted["type"]]
            if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
                yield f"{place}: no {wanted['type']}"
        elif "properties" in wanted or "additionalProperties" in wanted:
            yield from self.mapping(value, wanted, place)

    def array(self, value, wanted, place):
        if not isinstance(value, list):
            yield f"{place}: no list"
            return
        for i, item in enumerate(value):
            yield from self.check(item, wanted["items"], f"{place}[{i}]")

    def mapping(self, value, wanted, place):
        if not isinstance(value, dict):
            yield f"{place}: no mapping"
            return
        known = wanted.get("properties", {})
        for key, item in value.items():
            more = known.get(key, wanted.get("additionalProperties"))
            if more is None:
                yield f"{place}: unknown field '{key}'"
            else:
                yield from self.check(item, more, f"{place}.{key}")
        for key in wanted.get("required", ()):
            if key not in value:
                yield f"{place}: field '{key}' is missing"
