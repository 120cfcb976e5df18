/*
 * Documents are parted at lines that are `---`, as YAML parts them: what is in a block is indented. A
 * document that cannot be read is a part, so that its mistake is told.
 */

#include "parts.h"

#include "../../compiler/read/document.h"

#include <string.h>

struct finder {
	struct parts *parts;
	struct arena *kept, *work;
	const struct source *source;
	uint32_t start, len; /* of the document at hand */
	const struct json *json;
	size_t room;
};

/* --- what is in it --- */

static struct text word_at(const struct json *json, struct arena *arena, uint32_t object, const char *key)
{
	uint32_t node = json_look_up(json, arena, object, key);

	if (node == JSON_NONE || json->node[node].type != JSON_STRING)
		return (struct text){.s = ""};
	return json_text(json, arena, node);
}

static bool has(const struct json *json, struct arena *arena, uint32_t object, const char *key)
{
	return json_look_up(json, arena, object, key) != JSON_NONE;
}

static bool is_profile(const struct json *json, struct arena *arena, uint32_t object)
{
	return has(json, arena, object, "defaultAction") || has(json, arena, object, "syscalls") ||
		has(json, arena, object, "archMap") ||
		has(json, arena, json_look_up(json, arena, object, "linux"), "seccomp");
}

bool parts_holds(const struct json *json, struct arena *arena, uint32_t object)
{
	struct text kind = word_at(json, arena, object, "kind");
	uint32_t spec = json_look_up(json, arena, object, "spec");

	return is_profile(json, arena, object) || text_is(&kind, "SeccompProfile") ||
		(spec != JSON_NONE && is_profile(json, arena, spec));
}

bool parts_is_config_map(const struct json *json, struct arena *arena, uint32_t object)
{
	struct text kind = word_at(json, arena, object, "kind");

	return text_is(&kind, "ConfigMap");
}

bool parts_speaks_of(const struct source *s, const char *word)
{
	const char *end = s->bytes + s->len, *at = s->bytes;
	size_t len = strlen(word);

	while ((size_t)(end - at) >= len && (at = memchr(at, word[0], (size_t)(end - at) - len + 1))) {
		if (memcmp(at, word, len) == 0)
			return true;
		at++;
	}
	return false;
}

uint32_t parts_annotations(struct arena *arena, const struct json *json, uint32_t object)
{
	return json_look_up(json, arena, json_look_up(json, arena, object, "metadata"), "annotations");
}

const struct json *parts_own_options(struct arena *arena, const struct source *source, uint32_t *value)
{
	struct document *document = arena_alloc(arena, 1, sizeof(*document));
	struct diags unsaid; /* who reads the profile says it */

	diags_init(&unsaid, arena, source);
	if (!parts_speaks_of(source, OWN_OPTIONS_KEY) || !document_outer(document, arena, source, &unsaid))
		return NULL;
	*value = json_member(&document->json, arena, parts_annotations(arena, &document->json, 0), OWN_OPTIONS_KEY);
	return *value == JSON_NONE ? NULL : &document->json;
}

const char *parts_name(
	struct arena *kept, struct arena *work, const struct source *source, const struct json *json, uint32_t object)
{
	struct text kind = word_at(json, work, object, "kind");
	struct text name = word_at(json, work, json_look_up(json, work, object, "metadata"), "name");
	struct buf b;

	buf_init(&b, kept);
	if (source->hidden)
		return "...";
	buf_text(&b, kind.len ? kind.s : "a profile");
	if (name.len)
		buf_printf(&b, " '%s'", name.s);
	return buf_string(&b);
}

/* "SeccompProfile 'web'", "ConfigMap 'all', entry 'web.json'" */
static const char *name_of(const struct finder *f, uint32_t object, const char *entry)
{
	const char *name = parts_name(f->kept, f->work, f->source, f->json, object);

	return entry && !f->source->hidden ? buf_print(f->kept, "%s, entry '%s'", name, entry) : name;
}

static void add(struct finder *f, const char *name, const char *called, size_t item, const char *entry, uint32_t object)
{
	struct parts *p = f->parts;
	struct text space = {.s = ""};

	if (p->count == f->room) {
		size_t room = f->room ? f->room * 2 : 8;
		p->part = arena_grow(f->kept, p->part, f->room, room, sizeof(*p->part));
		f->room = room;
	}
	if (object != JSON_NONE)
		space = word_at(f->json, f->work, json_look_up(f->json, f->work, object, "metadata"), "namespace");
	p->part[p->count++] = (struct part){name, called, space.len ? arena_text(f->kept, space.s, space.len) : NULL,
		f->start, f->len, item, entry};
}

/* The first is named, so of a million others nothing is kept. */
static void count_other(struct finder *f, uint32_t object, const char *entry)
{
	if (!f->parts->others++)
		f->parts->other = name_of(f, object, entry);
	f->parts->unkind += !word_at(f->json, f->work, object, "kind").len;
}

/* An entry that speaks of rules, be it well-formed or not. */
static bool speaks_of_rules(const struct text *text)
{
	return strstr(text->s, "\"defaultAction\"") || strstr(text->s, "\"syscalls\"");
}

static void add_entries(struct finder *f, uint32_t object, size_t item)
{
	uint32_t data = json_look_up(f->json, f->work, object, "data");
	bool holds = data != JSON_NONE && f->json->node[data].type == JSON_OBJECT;
	uint32_t key = holds ? f->json->node[data].child : JSON_NONE;

	for (; key != JSON_NONE; key = f->json->node[key].next) {
		uint32_t value = json_value(f->json, key);
		struct text name = json_text(f->json, f->work, key), text = {.s = ""};
		if (f->json->node[value].type == JSON_STRING)
			text = json_text(f->json, f->work, value);
		const char *entry = arena_text(f->kept, name.s, name.len);
		if (speaks_of_rules(&text))
			add(f, name_of(f, object, entry), NULL, item, entry, object);
		else
			count_other(f, object, entry);
	}
	if (!holds)
		count_other(f, object, NULL);
}

static const char *called(const struct finder *f, uint32_t object, const struct text *kind)
{
	struct text name = word_at(f->json, f->work, json_look_up(f->json, f->work, object, "metadata"), "name");

	return text_is(kind, "SeccompProfile") && name.len ? arena_text(f->kept, name.s, name.len) : NULL;
}

static void add_object(struct finder *f, uint32_t object, size_t item)
{
	struct text kind = word_at(f->json, f->work, object, "kind");

	if (parts_is_config_map(f->json, f->work, object))
		add_entries(f, object, item);
	else if (parts_holds(f->json, f->work, object))
		add(f, name_of(f, object, NULL), called(f, object, &kind), item, NULL, object);
	else
		count_other(f, object, NULL);
}

/* A List has items, an OpenShift Template objects. */
uint32_t parts_items(const struct json *json, struct arena *arena)
{
	struct text kind = word_at(json, arena, 0, "kind");
	bool list = kind.len >= 4 && strcmp(kind.s + kind.len - 4, "List") == 0;
	uint32_t items = JSON_NONE;

	if (list || text_is(&kind, "Template"))
		items = json_look_up(json, arena, 0, list ? "items" : "objects");
	return items != JSON_NONE && json->node[items].type == JSON_ARRAY ? items : JSON_NONE;
}

static void add_document(struct finder *f)
{
	uint32_t items = parts_items(f->json, f->work);
	size_t item = 0;

	if (items == JSON_NONE) {
		add_object(f, 0, 0);
		return;
	}
	if (parts_holds(f->json, f->work, 0)) /* runtimes see this one alone */
		add_object(f, 0, 0);
	for (uint32_t n = f->json->node[items].child; n != JSON_NONE; n = f->json->node[n].next)
		add_object(f, n, ++item);
}

/* --- documents --- */

/* Nothing but blanks, comments and the line that starts it. */
static bool is_blank(const struct source *s)
{
	bool line = true;

	for (size_t i = 0; i < s->len; i++) {
		if (line && s->bytes[i] == '#') {
			const char *end = memchr(s->bytes + i, '\n', s->len - i);
			i = end ? (size_t)(end - s->bytes) : s->len;
		} else if (line && s->len - i >= 3 && memcmp(s->bytes + i, "---", 3) == 0) {
			i += 2;
		} else if (!strchr(" \t\r\n", s->bytes[i]) || !s->bytes[i]) {
			return false;
		}
		line = line || (i < s->len && s->bytes[i] == '\n');
	}
	return true;
}

static void add_text(struct finder *f)
{
	const struct part part = {.start = f->start, .len = f->len};
	struct source text = part_source(&part, f->source);
	struct document document;
	struct diags diags;

	if (is_blank(&text))
		return;
	diags_init(&diags, f->work, &text);
	f->json = &document.json;
	if (document_outer(&document, f->work, &text, &diags))
		add_document(f);
	else
		add(f, "a document that cannot be read", NULL, 0, NULL, JSON_NONE);
	f->json = NULL; /* it was this document's */
}

/* The first line from `at` on that is `---`, alone or before a blank; the end if there is none. */
static size_t next_document(const struct source *s, size_t at)
{
	for (const char *newline; at < s->len; at = (size_t)(newline - s->bytes) + 1) {
		const char *line = s->bytes + at;
		size_t left = s->len - at;
		if (left >= 3 && memcmp(line, "---", 3) == 0 && (left == 3 || strchr(" \t\r\n", line[3])))
			return at;
		newline = memchr(line, '\n', left);
		if (!newline)
			break;
	}
	return s->len;
}

static size_t line_after(const struct source *s, size_t at)
{
	const char *newline = at < s->len ? memchr(s->bytes + at, '\n', s->len - at) : NULL;

	return newline ? (size_t)(newline - s->bytes) + 1 : s->len;
}

/* Directives and what may stand between them: the document they speak of is still to come. */
static bool only_directives(const struct source *s, size_t end)
{
	bool any = false;

	for (size_t at = 0; at < end; at = line_after(s, at)) {
		char first = s->bytes[at];
		if (!first || !strchr("%#\r\n", first))
			return false;
		any = any || first == '%';
	}
	return any;
}

size_t parts_document(const struct source *source, bool yaml, size_t at)
{
	size_t end = yaml ? next_document(source, at ? line_after(source, at) : 0) : source->len;

	if (!at && (!end || only_directives(source, end)))
		end = next_document(source, line_after(source, end));
	return end - at;
}

void parts_find(struct parts *parts, struct arena *kept, struct arena *work, const struct source *source,
	const struct input_options *wish)
{
	struct finder f = {.parts = parts, .kept = kept, .work = work, .source = source};
	bool yaml = document_is_yaml(source), asked = wish->entry || wish->input != INPUT_ANY;

	*parts = (struct parts){0};
	for (size_t at = 0; !asked && at < source->len; at += f.len) {
		f.start = (uint32_t)at;
		f.len = (uint32_t)parts_document(source, yaml, at);
		add_text(&f);
		arena_reset(work);
	}
	bool whole = parts->count == 0 || (parts->count == 1 && !parts->others && !parts->part[0].item);
	if (!whole)
		return;
	f.start = 0;
	f.len = (uint32_t)source->len;
	const char *entry = parts->count ? parts->part[0].entry : NULL;
	const char *name = parts->count ? parts->part[0].called : NULL;
	*parts = (struct parts){.others = parts->count ? 0 : parts->others, .other = parts->other,
		.unkind = parts->unkind};
	f.room = 0;
	add(&f, NULL, name, 0, asked ? NULL : entry, JSON_NONE);
}

/* --- parts --- */

struct source part_source(const struct part *part, const struct source *source)
{
	return (struct source){source->name, source->bytes + part->start, part->len, source->hidden};
}

struct input_options part_options(const struct part *part, const struct input_options *wish)
{
	struct input_options own = *wish;

	own.item = part->item;
	own.entry = part->entry ? part->entry : wish->entry;
	return own;
}

void part_place(const struct part *part, struct diags *diags)
{
	for (struct diag *d = diags->first; d; d = d->next) {
		for (struct diag *note = d; note; note = note->note)
			note->at = note->at == NOWHERE ? NOWHERE : note->at + part->start;
	}
}
