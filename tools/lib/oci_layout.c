/* Descriptors lead from index.json to a manifest and from there to its layer; each step is checked before the next. */

#include "oci_layout.h"

#include "../../backends/bpf/sha256.h"
#include "../../compiler/read/json.h"

#include <stdio.h>
#include <string.h>

#define INDEX    "application/vnd.oci.image.index.v1+json"
#define IMAGE    "io.containerd.image.name" /* as containerd and buildkit have the whole reference */
#define DIGEST   "sha256:"
#define HEX      (2 * (size_t)SHA256_SIZE)

struct reference {
	const char *whole; /* without the scheme */
	const char *tag, *digest; /* one of both is there */
};

struct descriptor {
	const char *media_type, *digest;
	uint64_t size;
};

struct search {
	struct arena *arena;
	const struct base_files *files;
	bool follow;
	struct reference wanted;
	/* found */
	const char *layout; /* NULL: nothing yet */
	struct descriptor manifest;
	bool any_repository;
	const char *why; /* NULL: nothing is wrong */
};

static bool wrong(struct search *s, const char *path, const char *what)
{
	s->why = buf_print(s->arena, "%s: %s", path, what);
	return false;
}

/* --- the reference --- */

static bool is_digest(const char *text)
{
	return strncmp(text, DIGEST, strlen(DIGEST)) == 0 && strlen(text) == strlen(DIGEST) + HEX &&
		strspn(text + strlen(DIGEST), "0123456789abcdef") == HEX;
}

static bool read_reference(struct search *s, const char *reference)
{
	struct reference *r = &s->wanted;
	const char *at = strchr(reference, '@'), *slash;

	r->whole = reference;
	if (at) {
		r->digest = at + 1;
		if (is_digest(r->digest))
			return true;
		s->why = "its digest is not sha256: and 64 digits, which is all that can be checked";
		return false;
	}
	slash = strrchr(reference, '/');
	r->tag = slash ? strchr(slash, ':') : NULL;
	if (r->tag && *++r->tag)
		return true;
	s->why = "it has neither a tag nor a digest, and which profile is meant then is not known";
	return false;
}

/* --- JSON --- */

static const char *text_at(struct search *s, const struct json *j, uint32_t object, const char *key)
{
	uint32_t value = json_look_up(j, s->arena, object, key);
	struct text text = {0};

	if (value != JSON_NONE && j->node[value].type == JSON_STRING)
		text = json_text(j, s->arena, value);
	return text.s && strlen(text.s) == text.len ? text.s : "";
}

static bool read_json(struct search *s, struct json *json, const struct source *text)
{
	struct diags diags;

	diags_init(&diags, s->arena, text);
	return json_read(json, s->arena, text, &diags) || wrong(s, text->name, "it is no JSON");
}

static struct descriptor read_descriptor(struct search *s, const struct json *j, uint32_t object)
{
	struct descriptor d = {.media_type = text_at(s, j, object, "mediaType"),
		.digest = text_at(s, j, object, "digest"),
		.size = UINT64_MAX};
	uint32_t size = json_look_up(j, s->arena, object, "size");

	if (size != JSON_NONE && j->node[size].type == JSON_NUMBER && json_uint(j, size, &d.size) != JSON_UINT_OK)
		d.size = UINT64_MAX;
	return d;
}

/* --- files --- */

static bool read_file(struct search *s, const char *path, struct source *text)
{
	const char *why;

	return s->files->read(s->arena, path, s->follow, text, &why) ||
		wrong(s, path, why ? why : "it is not there");
}

/* What the descriptor is of. */
static bool read_blob(struct search *s, const struct descriptor *d, struct source *text)
{
	uint8_t digest[SHA256_SIZE];
	char hex[HEX + 1];

	if (!is_digest(d->digest))
		return wrong(s, s->layout, "a descriptor has no digest by SHA-256");
	const char *path = buf_print(s->arena, "%s/blobs/sha256/%s", s->layout, d->digest + strlen(DIGEST));
	if (d->size > BASE_BYTES_MAX)
		return wrong(s, path, "its descriptor says no size of 1 MiB at most");
	if (!read_file(s, path, text))
		return false;
	sha256_of(text->bytes, text->len, digest);
	sha256_hex(digest, SHA256_SIZE, hex);
	if (text->len != d->size)
		return wrong(s, path, "it has not the size its descriptor says");
	if (strcmp(hex, d->digest + strlen(DIGEST)) != 0)
		return wrong(s, path, "it has not the digest it is named by: it was changed");
	return true;
}

/* --- looking for the manifest --- */

/* Is a descriptor of index.json the one that is wanted? */
static bool matches(struct search *s, const struct json *j, uint32_t object, bool *any_repository)
{
	const struct reference *r = &s->wanted;
	uint32_t notes = json_look_up(j, s->arena, object, "annotations");

	*any_repository = false;
	if (r->digest)
		return strcmp(text_at(s, j, object, "digest"), r->digest) == 0;
	const char *name = text_at(s, j, notes, OCI_REF_NAME), *image = text_at(s, j, notes, IMAGE);
	if (strcmp(name, r->whole) == 0 || strcmp(image, r->whole) == 0)
		return true;
	*any_repository = strcmp(name, r->tag) == 0 && !*image;
	return *any_repository;
}

/* A second one is no matter if it is the same; one that names the repository comes before one that does not. */
static bool take(struct search *s, const char *layout, const struct descriptor *d, bool any_repository)
{
	if (s->layout && any_repository && !s->any_repository)
		return true;
	if (s->layout && any_repository == s->any_repository && strcmp(s->manifest.digest, d->digest) != 0)
		return wrong(s, layout, buf_print(s->arena, "another profile of that name is in %s", s->layout));
	s->layout = layout;
	s->manifest = *d;
	s->any_repository = any_repository;
	return true;
}

/* *list: the manifests of its index.json; JSON_NONE: it is no layout. False: it is one, and wrong. */
static bool read_index(struct search *s, const char *layout, struct json *json, uint32_t *list)
{
	const char *mark = buf_print(s->arena, "%s/oci-layout", layout), *why;
	const char *index = buf_print(s->arena, "%s/index.json", layout);
	struct source *text = arena_alloc(s->arena, 1, sizeof(*text)); /* the JSON refers to it */

	*list = JSON_NONE;
	if (!s->files->read(s->arena, mark, s->follow, text, &why))
		return !why || wrong(s, mark, why);
	if (!read_json(s, json, text))
		return false;
	if (strcmp(text_at(s, json, 0, "imageLayoutVersion"), "1.0.0") != 0)
		return wrong(s, mark, "its imageLayoutVersion is not 1.0.0");
	if (!read_file(s, index, text) || !read_json(s, json, text))
		return false;
	*list = json_look_up(json, s->arena, 0, "manifests");
	if (*list == JSON_NONE || json->node[*list].type != JSON_ARRAY)
		return wrong(s, index, "it has no manifests");
	return true;
}

/* False: it is a layout, and wrong. */
static bool search_layout(struct search *s, const char *layout)
{
	struct json json;
	uint32_t list;
	bool any;

	if (!read_index(s, layout, &json, &list) || list == JSON_NONE)
		return !s->why;
	for (uint32_t n = json.node[list].child; n != JSON_NONE; n = json.node[n].next) {
		struct descriptor d = read_descriptor(s, &json, n);
		if (matches(s, &json, n, &any) && !take(s, layout, &d, any))
			return false;
	}
	return true;
}

static bool search_folder(struct search *s, const char *folder)
{
	struct base_entry *entry = NULL;
	const char *why;
	size_t count;

	if (!search_layout(s, folder))
		return false;
	if (!s->files->list(s->arena, folder, &entry, &count, &why))
		return wrong(s, folder, why);
	for (size_t i = 0; i < count; i++) {
		if (entry[i].folder && !search_layout(s, buf_print(s->arena, "%s/%s", folder, entry[i].name)))
			return false;
	}
	if (!s->layout)
		s->why = buf_print(s->arena, "no OCI layout in %s has it", folder);
	return s->layout != NULL;
}

/* --- from the manifest to the profile --- */

static bool read_manifest(struct search *s, struct oci_found *found)
{
	struct source text;
	struct json json;

	if (strcmp(s->manifest.media_type, INDEX) == 0)
		return wrong(s, s->layout, "it is an index of several manifests, and which one counts is not known here");
	if (strcmp(s->manifest.media_type, OCI_MANIFEST) != 0)
		return wrong(s, s->layout, "it is no OCI image manifest by its media type");
	if (!read_blob(s, &s->manifest, &text) || !read_json(s, &json, &text))
		return false;
	const char *own = text_at(s, &json, 0, "mediaType"), *artefact = text_at(s, &json, 0, "artifactType");
	if (*own && strcmp(own, OCI_MANIFEST) != 0)
		return wrong(s, text.name, "it is no OCI image manifest by its own media type");
	uint32_t layers = json_look_up(&json, s->arena, 0, "layers");
	if (layers == JSON_NONE || json.node[layers].type != JSON_ARRAY || json.node[layers].count != 1)
		return wrong(s, text.name, "it has not one layer, and which one is the profile is not known here");
	struct descriptor layer = read_descriptor(s, &json, json.node[layers].child);
	const char *config = text_at(s, &json, json_look_up(&json, s->arena, 0, "config"), "mediaType");
	bool known = strcmp(layer.media_type, OCI_PROFILE) == 0 || strcmp(config, OCI_PROFILE) == 0 ||
		strcmp(artefact, OCI_PROFILE) == 0;
	found->media_type = known ? NULL : *layer.media_type ? layer.media_type : "none";
	return read_blob(s, &layer, &found->text);
}

bool oci_layout_find(struct arena *arena, const struct base_files *files, const char *folder, const char *reference,
	bool follow, struct oci_found *found, const char **why)
{
	struct search s = {.arena = arena, .files = files, .follow = follow};

	*found = (struct oci_found){.media_type = NULL};
	bool ok = read_reference(&s, reference + strlen(OCI_SCHEME)) && search_folder(&s, folder) &&
		read_manifest(&s, found);
	found->any_repository = s.any_repository;
	*why = s.why;
	return ok;
}

/* --- all of a layout --- */

bool oci_layout_is(struct arena *arena, const struct base_files *files, const char *folder, bool follow)
{
	struct source text;
	const char *why;

	return files->read(arena, buf_print(arena, "%s/oci-layout", folder), follow, &text, &why);
}

static bool list_profiles(struct search *s, const char *folder, struct oci_profile **profile, size_t *count)
{
	struct json json;
	uint32_t list;

	if (!read_index(s, folder, &json, &list))
		return false;
	if (list == JSON_NONE)
		return wrong(s, folder, "it is no OCI layout");
	*profile = arena_alloc(s->arena, json.node[list].count, sizeof(**profile));
	for (uint32_t n = json.node[list].child; n != JSON_NONE; n = json.node[n].next) {
		struct oci_profile *one = &(*profile)[(*count)++];
		struct oci_found found;
		uint32_t notes = json_look_up(&json, s->arena, n, "annotations");
		s->layout = folder;
		s->manifest = read_descriptor(s, &json, n);
		if (!read_manifest(s, &found))
			return false;
		if (found.media_type)
			return wrong(s, folder, buf_print(s->arena, "sha256:%.12s is no seccomp profile by its media types",
				s->manifest.digest + strlen(DIGEST)));
		*one = (struct oci_profile){text_at(s, &json, notes, OCI_REF_NAME), found.text};
	}
	return true;
}

bool oci_layout_list(struct arena *arena, const struct base_files *files, const char *folder, bool follow,
	struct oci_profile **profile, size_t *count, const char **why)
{
	struct search s = {.arena = arena, .files = files, .follow = follow};

	*count = 0;
	bool ok = list_profiles(&s, folder, profile, count);
	*why = s.why;
	return ok;
}
