#include "named.h"

#include "base_files.h"

#include "../../compiler/base/buf.h"
#include "../../compiler/read/document.h"

#include <string.h>

#define KUBELET "/var/lib/kubelet/seccomp" /* pkg/kubelet/kubelet.go: its root directory, and seccomp below */
#define NAMED_MAX 8u

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

static void note(struct arena *arena, const struct source *source, const struct input_options *wish, const struct text *path,
	struct diags *diags)
{
	const char *found = find(arena, source, wish, path);

	if (!is_below(path))
		diag_note(diags, path->at, path->at_len, "'%s' is refused: a path below " KUBELET " is wanted", path->s);
	else if (found)
		diag_note(diags, path->at, path->at_len, "it names '%s', on the node " KUBELET "/%s: winnow lint %s", path->s,
			path->s, found);
	else
		diag_note(diags, path->at, path->at_len,
			"it names '%s', on the node " KUBELET "/%s; that is not beside this file, nor below --base-dir",
			path->s, path->s);
}

void named_note(struct arena *arena, const struct source *source, const struct input_options *wish, struct diags *diags)
{
	struct document document;
	struct diags unsaid;
	size_t named = 0;

	diags_init(&unsaid, arena, source);
	if (!document_outer(&document, arena, source, &unsaid))
		return;
	const struct json *json = &document.json;
	for (uint32_t i = 0; i < json->nodes && named < NAMED_MAX; i++) {
		uint32_t value = json->node[i].type == JSON_STRING ? json->node[i].child : JSON_NONE; /* it is a key */
		if (value == JSON_NONE || json->node[value].type != JSON_STRING ||
			strcmp(json_text(json, arena, i).s, "localhostProfile") != 0)
			continue;
		struct text path = json_text(json, arena, value);
		note(arena, source, wish, &path, diags);
		named++;
	}
}
