/*
 * YAML is told from JSON by the first line that says something: a document that opens with a
 * bracket is JSON, and held to JSON's grammar; one that opens with `key:` or `---` is YAML. So a
 * profile with a stray line on top is broken JSON, as it is to every runtime, and not YAML by
 * accident.
 */

#include "document.h"

#include "configmap.h"
#include "yaml.h"

#include <ctype.h>
#include <string.h>

/* `word:` before the line ends. JSON may begin with a quote, YAML's first key hardly ever does. */
static bool opens_mapping(const char *s, size_t len)
{
	const char *end = memchr(s, '\n', len);
	size_t line = end ? (size_t)(end - s) : len;

	if (!line || !(isalnum((unsigned char)s[0]) || s[0] == '_'))
		return false;
	for (size_t i = 1; i < line; i++) {
		if (s[i] == ':' && (i + 1 == line || strchr(" \t\r", s[i + 1])))
			return true;
	}
	return false;
}

bool document_is_yaml(const struct source *source)
{
	const char *s = source->bytes, *end = source->bytes + source->len, *newline;

	if (source->len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		s += 3; /* JSON must not have a byte order mark, YAML may: what follows tells which
			   it is */
	for (; s < end; s = newline + 1) {
		size_t left = (size_t)(end - s);
		size_t blank = 0;
		while (blank < left && strchr(" \t\r", s[blank]) && s[blank])
			blank++;
		bool says = blank < left && s[blank] != '\n' && s[blank] != '#';
		if (says)
			return (left >= 3 && memcmp(s, "---", 3) == 0) ||
				(s[0] == '%' && left > 5 && memcmp(s, "%YAML", 5) == 0) ||
				opens_mapping(s + blank, left - blank);
		newline = memchr(s, '\n', left);
		if (!newline)
			return false;
	}
	return false;
}

bool document_outer(struct document *d, struct arena *arena, const struct source *source, struct diags *diags)
{
	*d = (struct document){.yaml = source->len <= SOURCE_MAX && document_is_yaml(source)};
	return (d->yaml ? yaml_read : json_read)(&d->json, arena, source, diags);
}

/* The nodes behind `root` that are within it: they follow it, each before its own. */
static uint32_t count_nodes(const struct json *j, uint32_t root)
{
	uint32_t last = root;

	while (j->node[last].child != JSON_NONE) {
		last = j->node[last].child;
		while (j->node[last].next != JSON_NONE)
			last = j->node[last].next;
	}
	return last - root + 1;
}

static uint32_t moved(uint32_t node, uint32_t by)
{
	return node == JSON_NONE ? JSON_NONE : node - by;
}

static void take_root(struct json *j, struct arena *arena, uint32_t root)
{
	uint32_t nodes = count_nodes(j, root);
	struct json_node *node = arena_alloc(arena, nodes, sizeof(*node));

	for (uint32_t i = 0; i < nodes; i++) {
		node[i] = j->node[root + i];
		node[i].child = moved(node[i].child, root);
		node[i].next = i ? moved(node[i].next, root) : JSON_NONE;
	}
	*j = (struct json){j->source, node, nodes, j->decoded ? j->decoded + root : NULL};
}

/* Of a List's items, a Template's objects. */
static void take_item(struct json *j, struct arena *arena, size_t item)
{
	uint32_t items = json_look_up(j, arena, 0, "items");

	items = items == JSON_NONE ? json_look_up(j, arena, 0, "objects") : items;
	uint32_t node = items == JSON_NONE ? JSON_NONE : j->node[items].child;
	for (size_t i = 1; i < item && node != JSON_NONE; i++)
		node = j->node[node].next;
	if (node != JSON_NONE)
		take_root(j, arena, node);
}

bool document_read(struct document *d, struct arena *arena, const struct source *source, size_t item,
	bool config_map, const char *entry, struct diags *diags)
{
	struct json outer;

	if (!document_outer(d, arena, source, diags))
		return false;
	if (item)
		take_item(&d->json, arena, item);
	d->config_map = configmap_is(&d->json, arena);
	if (!d->config_map && (config_map || entry))
		return diag(diags, DIAG_ENTRY, d->json.node[0].at, 1,
			"the document is no ConfigMap, so it has no entries");
	if (!d->config_map)
		return true;
	if (!config_map && !configmap_is_alone(&d->json, arena, diags))
		return false;
	outer = d->json;
	return configmap_read(&d->json, arena, &outer, entry, &d->entry, diags);
}
