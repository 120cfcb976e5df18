#include "profile_options.h"

#include "node_words.h"
#include "parts.h"

#include "../../compiler/base/suggest.h"
#include "../../compiler/base/utf8.h"
#include "../../compiler/meaning/enosys.h"

#include <string.h>

struct reading {
	struct profile_options *options;
	struct arena *arena;
	struct json json;
	struct diags *diags;
};

static bool refuse(struct reading *r, uint32_t node, const char *why)
{
	const struct json_node *n = &r->json.node[node];

	return diag(r->diags, DIAG_OWN_OPTIONS, n->at, n->len, "%s", why);
}

static struct option_place place_of(const struct reading *r, uint32_t node)
{
	return (struct option_place){true, r->json.node[node].at, r->json.node[node].len};
}

/* The word of a string; NULL, and it is said: it is none. */
static const char *word_of(struct reading *r, uint32_t node, const char *wanted)
{
	struct text text = {0};

	if (r->json.node[node].type == JSON_STRING)
		text = json_text(&r->json, r->arena, node);
	if (text.s && strlen(text.s) == text.len)
		return text.s;
	refuse(r, node, buf_print(r->arena, "%s is wanted here", wanted));
	return NULL;
}

/* Words as --caps takes them; in a list each by itself. */
static bool read_cap(struct reading *r, uint32_t node, bool listed, uint64_t *caps)
{
	const char *text = word_of(r, node, "the name of a capability"), *word = text;
	size_t len;

	if (!text)
		return false;
	len = strlen(text);
	if (!(listed && (!len || strchr(text, ','))) && words_caps(text, caps, &word, &len))
		return true;
	return refuse(r, node,
		buf_print(r->arena, "unknown capability '%s'", utf8_string(r->arena, arena_text(r->arena, word, len))));
}

static bool read_caps(struct reading *r, uint32_t value)
{
	const struct json_node *n = &r->json.node[value];
	uint64_t caps = 0;

	if (n->type != JSON_ARRAY && n->type != JSON_STRING)
		return refuse(r, value, "a list of capabilities is wanted here");
	if (n->type == JSON_STRING && !read_cap(r, value, false, &caps))
		return false;
	for (uint32_t one = n->child; n->type == JSON_ARRAY && one != JSON_NONE; one = r->json.node[one].next) {
		if (!read_cap(r, one, true, &caps))
			return false;
	}
	r->options->caps = caps;
	r->options->caps_at = place_of(r, value);
	return true;
}

static bool read_runtime(struct reading *r, uint32_t value)
{
	const char *word = word_of(r, value, "the name of a runtime");
	const struct dialect *dialect = word ? dialect_find(word, strlen(word)) : NULL;
	char stand_in[160];

	if (!word)
		return false;
	if (!dialect)
		return refuse(
			r, value, buf_print(r->arena, "unknown runtime '%s'", utf8_string(r->arena, word)));
	if (dialect_stands_in(stand_in, sizeof(stand_in), word, strlen(word)))
		diag(r->diags, DIAG_VERSION_BETWEEN, r->json.node[value].at, r->json.node[value].len, "%s", stand_in);
	r->options->dialect = dialect;
	r->options->runtime_at = place_of(r, value);
	return true;
}

static bool read_enosys(struct reading *r, uint32_t value)
{
	const char *word = word_of(r, value, "off, table or runc");

	if (!word)
		return false;
	if (!enosys_find(word, &r->options->enosys))
		return refuse(r, value,
			buf_print(r->arena, "unknown '%s'; one of off, table, runc", utf8_string(r->arena, word)));
	r->options->enosys_at = place_of(r, value);
	return true;
}

static const struct {
	const char *key;
	bool (*read)(struct reading *, uint32_t value);
} keys[] = {{"caps", read_caps}, {"enosys", read_enosys}, {"runtime", read_runtime}};

static bool refuse_key(struct reading *r, uint32_t node, const char *key)
{
	struct suggestion near = suggest_start(key, strlen(key));

	for (size_t i = 0; i < countof(keys); i++)
		suggest_offer(&near, keys[i].key);
	refuse(r, node, buf_print(r->arena, "unknown option '%s' of a profile; one of caps, enosys, runtime",
				utf8_string(r->arena, key)));
	if (near.best)
		diag_note(r->diags, r->json.node[node].at, r->json.node[node].len, "did you mean '%s'?", near.best);
	return false;
}

static bool check_keys(struct reading *r)
{
	bool ok = true;

	for (uint32_t k = r->json.node[0].child; k != JSON_NONE; k = r->json.node[k].next) {
		struct text text = json_text(&r->json, r->arena, k);
		size_t i = 0;
		while (i < countof(keys) && !text_is(&text, keys[i].key))
			i++;
		ok = (i < countof(keys) || refuse_key(r, k, text.s)) && ok;
	}
	return ok;
}

bool profile_options_read(
	struct profile_options *options, struct arena *arena, const struct source *source, struct diags *diags)
{
	struct reading r = {.options = options, .arena = arena, .diags = diags};
	bool ok;

	*options = (struct profile_options){.caps = 0};
	if (!json_read(&r.json, arena, source, diags))
		return false;
	if (r.json.node[0].type != JSON_OBJECT)
		return refuse(&r, 0, "options of a profile are an object: {\"caps\": [...]}");
	ok = check_keys(&r);
	for (size_t i = 0; i < countof(keys) && ok; i++) {
		uint32_t value = json_look_up(&r.json, arena, 0, keys[i].key);
		ok = value == JSON_NONE || keys[i].read(&r, value);
	}
	return ok;
}

/* --- in an annotation --- */

/* As profile_options_annotated(); *json and its *value are where the text was found, if there is one. */
static bool find_text(struct arena *arena, const struct source *document, struct source *options, const struct json **json,
	uint32_t *value, struct diags *diags)
{
	struct text text = {0};

	*options = (struct source){.name = NULL};
	*json = parts_own_options(arena, document, value);
	if (!*json)
		return true;
	const struct json_node *n = &(*json)->node[*value];
	if (n->type == JSON_STRING)
		text = json_text(*json, arena, *value);
	if (!text.len)
		return diag(diags, DIAG_OWN_OPTIONS, n->at, n->len, OWN_OPTIONS_KEY ": a text that is JSON is wanted here");
	*options = (struct source){.name = buf_print(arena, "%s (" OWN_OPTIONS_KEY ")", document->name),
		.bytes = text.s, .len = text.len, .hidden = document->hidden};
	return true;
}

bool profile_options_annotated(
	struct arena *arena, const struct source *document, struct source *options, struct diags *diags)
{
	const struct json *json;
	uint32_t value;

	return find_text(arena, document, options, &json, &value, diags);
}

/*
 * Where a byte of the text stands in the string it was read from: what is between the characters of both are escapes,
 * and how YAML breaks lines. `len`, the end of the string: it is written otherwise.
 */
static uint32_t place_in(const char *string, uint32_t len, const struct source *text, uint32_t at)
{
	uint32_t i = len && (*string == '"' || *string == '\'') ? 1 : 0;

	for (uint32_t k = 0; k < text->len; k++, i++) {
		while (i < len && string[i] != text->bytes[k] && (string[i] == '\\' || strchr(" \t\r\n|>+-", string[i])))
			i++;
		if (i == len || string[i] != text->bytes[k])
			return len;
		if (k == at)
			return i;
	}
	return len;
}

/* The same in the document, if it is known; else all of the string. */
static void move(const struct json_node *value, const struct source *document, const struct source *text, struct diag *d)
{
	const char *string = document->bytes + value->at;
	uint32_t first = place_in(string, value->len, text, d->at);
	uint32_t last = place_in(string, value->len, text, d->at + d->len - 1);

	if (d->at == NOWHERE || first == value->len || last == value->len) {
		d->at = value->at;
		d->len = value->len;
		return;
	}
	d->at = value->at + first;
	d->len = last - first + 1;
}

void profile_options_tell_of(struct arena *arena, const struct source *document, struct diags *diags)
{
	struct profile_options options;
	struct diags found;
	const struct json *json;
	struct source text;
	uint32_t value;

	if (!find_text(arena, document, &text, &json, &value, diags) || !text.name)
		return;
	diags_init(&found, diags->arena, &text);
	profile_options_read(&options, arena, &text, &found);
	for (struct diag *d = found.first; d; d = d->next) {
		for (struct diag *n = d; n; n = n->note)
			move(&json->node[value], document, &text, n);
	}
	diags_add(diags, &found);
}
