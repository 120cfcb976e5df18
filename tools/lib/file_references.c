#include "file_references.h"

#include "annotations.h"
#include "base_files.h"
#include "parts.h"

#include "../../compiler/base/buf.h"
#include "../../compiler/read/document.h"

#include <string.h>

#define KUBELET "/var/lib/kubelet/seccomp" /* pkg/kubelet/kubelet.go: its root directory, and seccomp below */
#define NAMED_MAX 8u
#define KEY "localhostProfile"

/* pkg/apis/core/validation: a relative path without "..". */
static bool is_below(const struct text *path)
{
	if (!path->len || path->s[0] == '/' || strlen(path->s) != path->len)
		return false;
	for (const char *at = path->s; *at; at += strcspn(at, "/"), at += *at == '/') {
		if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || !at[2]))
			return false;
	}
	return true;
}

/* The path if the file is there; NULL: it is not. */
static const char *at_hand(
	struct arena *arena, const struct input_options *wish, const char *folder, size_t len, const char *path)
{
	const char *whole = buf_print(arena, "%.*s%s", (int)len, folder, path), *why;
	struct source file;

	return wish->base_files->read(arena, whole, false, &file, &why) ? whole : NULL;
}

static const char *find(
	struct arena *arena, const struct source *source, const struct input_options *wish, const struct text *path)
{
	const char *slash = strrchr(source->name, '/'), *found = NULL;

	if (!wish->base_files || !is_below(path))
		return NULL;
	found = at_hand(arena, wish, source->name, slash ? (size_t)(slash - source->name) + 1 : 0, path->s);
	if (!found && wish->base_dir) {
		const char *folder = buf_print(arena, "%s/", wish->base_dir);
		found = at_hand(arena, wish, folder, strlen(folder), path->s);
	}
	return found;
}

struct look {
	struct arena *arena;
	const struct source *source;
	const struct input_options *wish;
	struct diags *diags;
	bool tells;     /* findings, and not notes */
	const char *of; /* the object: "Pod 'web'" */
	size_t start;   /* of the document in the source */
	size_t named;
};

static void say(struct look *l, const struct text *path, const char *words)
{
	uint32_t at = (uint32_t)(l->start + path->at);

	if (l->tells)
		diag(l->diags, DIAG_ONLY_NAMES, at, path->at_len, "%s only names a profile: %s", l->of, words);
	else
		diag_note(l->diags, at, path->at_len, "%s", words);
}

static void note(struct look *l, const struct text *path)
{
	const char *found = find(l->arena, l->source, l->wish, path), *node = KUBELET "/";

	if (l->named++ >= NAMED_MAX)
		return;
	if (!is_below(path))
		say(l, path, buf_print(l->arena, "'%s' is refused: a path below " KUBELET " is wanted", path->s));
	else if (found)
		say(l, path, buf_print(l->arena, "%s'%s', on the node %s%s: winnow lint %s", l->tells ? "" : "it names ",
				path->s, node, path->s, found));
	else
		say(l, path, buf_print(l->arena, "%s'%s', on the node %s%s; that is not beside this file, nor below --base-dir",
				l->tells ? "" : "it names ", path->s, node, path->s));
}

/* Nodes from the object on, up to the one behind it. */
static void look_at(struct look *l, const struct json *json, uint32_t object, uint32_t end)
{
	if (l->tells) {
		if (parts_holds(json, l->arena, object))
			return;
		l->of = parts_name(l->arena, l->arena, l->source, json, object);
	}
	for (uint32_t i = object; i < end; i++) {
		uint32_t value = json->node[i].type == JSON_STRING ? json->node[i].child : JSON_NONE; /* it is a key */
		if (value == JSON_NONE || json->node[value].type != JSON_STRING ||
			strcmp(json_text(json, l->arena, i).s, KEY) != 0)
			continue;
		struct text path = json_text(json, l->arena, value);
		note(l, &path);
	}
}

static void look_into(struct look *l, const struct source *text)
{
	struct document document;
	struct diags unsaid;

	diags_init(&unsaid, l->arena, text);
	if (!document_outer(&document, l->arena, text, &unsaid))
		return;
	const struct json *json = &document.json;
	uint32_t items = parts_items(json, l->arena);
	if (items == JSON_NONE) {
		if (l->tells && !parts_holds(json, l->arena, 0) && !parts_is_config_map(json, l->arena, 0))
			annotations_tell(l->arena, json, 0, l->start, l->diags); /* else it is told as a profile's */
		look_at(l, json, 0, json->nodes);
		return;
	}
	for (uint32_t n = json->node[items].child, next; n != JSON_NONE; n = next) {
		next = json->node[n].next;
		look_at(l, json, n, next == JSON_NONE ? json->nodes : next);
	}
}

static void look(struct look *l)
{
	bool yaml = document_is_yaml(l->source);
	size_t len;

	for (; l->start < l->source->len; l->start += len) {
		len = parts_document(l->source, yaml, l->start);
		const struct part part = {.start = (uint32_t)l->start, .len = (uint32_t)len};
		struct source text = part_source(&part, l->source);
		bool speaks = parts_speaks_of(&text, KEY) || (l->tells && parts_speaks_of(&text, ANNOTATION_PREFIX));
		if (l->named <= NAMED_MAX && speaks) /* most documents do not */
			look_into(l, &text);
	}
	if (l->named > NAMED_MAX)
		diag_note(l->diags, NOWHERE, 1, "and more, which are not told");
}

void references_note(struct arena *arena, const struct source *source, const struct input_options *wish, struct diags *diags)
{
	look(&(struct look){.arena = arena, .source = source, .wish = wish, .diags = diags});
}

void references_tell(struct arena *arena, const struct source *source, const struct input_options *wish, struct diags *diags)
{
	look(&(struct look){.arena = arena, .source = source, .wish = wish, .diags = diags, .tells = true});
}
