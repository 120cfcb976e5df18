/*
 * A source has profiles of containers with other capabilities, or for other runtimes, and one --caps for all decides the
 * conditions of most of them wrongly. A baseline is decided by the node's options alone: who may change profiles may
 * change these files, and is not to choose what the baseline says.
 */

#include "own_options.h"

#include "../lib/node_words.h"
#include "../lib/annotations.h"
#include "../lib/parts.h"

#include "../../compiler/base/suggest.h"
#include "../../compiler/base/utf8.h"
#include "../../compiler/kernel/caps.h"
#include "../../compiler/meaning/enosys.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct node_wish *node;
	struct arena *arena;
	struct json json;
	struct diags *diags;
};

static bool refuse(struct reading *r, uint32_t node, const char *why)
{
	const struct json_node *n = &r->json.node[node];

	return diag(r->diags, DIAG_OWN_OPTIONS, n->at, n->len, "%s", why);
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

	if (r->node->baseline)
		return refuse(r, value,
			"not with --baseline: its conditions are decided by the node's own --caps");
	if (n->type != JSON_ARRAY && n->type != JSON_STRING)
		return refuse(r, value, "a list of capabilities is wanted here");
	if (n->type == JSON_STRING && !read_cap(r, value, false, &caps))
		return false;
	for (uint32_t one = n->child; n->type == JSON_ARRAY && one != JSON_NONE; one = r->json.node[one].next) {
		if (!read_cap(r, one, true, &caps))
			return false;
	}
	r->node->facts.caps = caps;
	return true;
}

static bool read_runtime(struct reading *r, uint32_t value)
{
	const char *word = word_of(r, value, "the name of a runtime");
	const struct dialect *dialect = word ? dialect_find(word, strlen(word)) : NULL;
	char stand_in[160];

	if (!word)
		return false;
	if (r->node->baseline)
		return refuse(r, value,
			"not with --baseline: it is read as the node's own --runtime reads it");
	if (!dialect)
		return refuse(
			r, value, buf_print(r->arena, "unknown runtime '%s'", utf8_string(r->arena, word)));
	if (r->node->place[PLACE_BASE_SPEC] && !dialect->takes_base_spec)
		return refuse(r, value,
			buf_print(r->arena, "%s reads no base spec, and --layout asks for them", dialect->says));
	if (dialect_stands_in(stand_in, sizeof(stand_in), word, strlen(word)))
		diag(r->diags, DIAG_VERSION_BETWEEN, r->json.node[value].at, r->json.node[value].len, "%s", stand_in);
	r->node->facts.dialect = dialect;
	if (!r->node->enosys_asked)
		r->node->facts.enosys = dialect->enosys;
	return true;
}

static bool read_enosys(struct reading *r, uint32_t value)
{
	const char *word = word_of(r, value, "off, table or runc");

	if (!word)
		return false;
	if (!enosys_find(word, &r->node->facts.enosys))
		return refuse(r, value,
			buf_print(r->arena, "unknown '%s'; one of off, table, runc", utf8_string(r->arena, word)));
	r->node->json_enosys = r->node->facts.enosys;
	r->node->enosys_asked = true;
	return true;
}

/* In this order, for a runtime brings its ENOSYS unless there is a word about it. */
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

bool own_options_read(
	struct node_wish *node, struct arena *arena, const struct source *source, struct diags *diags)
{
	struct reading r = {.node = node, .arena = arena, .diags = diags};
	bool ok;

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

/* --- annotations --- */

bool own_options_annotated(struct arena *arena, struct profile_source *source, struct diags *diags)
{
	uint32_t value;

	annotations_tell_of(arena, &source->text, diags);
	const struct json *json = parts_own_options(arena, &source->text, &value);

	if (!json)
		return true;
	struct text text = {0};
	if (json->node[value].type == JSON_STRING)
		text = json_text(json, arena, value);
	const char *why = !text.len ? "a text that is JSON is wanted here"
		: source->options.len ? "there is a file of options, too: one of both is wanted" : NULL;
	if (why)
		return diag(diags, DIAG_OWN_OPTIONS, json->node[value].at, json->node[value].len, OWN_OPTIONS_KEY ": %s", why);
	source->options = (struct source){.name = buf_print(arena, "%s (" OWN_OPTIONS_KEY ")", source->text.name),
		.bytes = text.s, .len = text.len, .hidden = source->text.hidden};
	return true;
}

void own_options_print(struct buf *b, const struct record *record)
{
	uint64_t caps = strtoull(record->fact[FACT_CAPS], NULL, 0);

	if (!record->options)
		return;
	buf_printf(b, ", own options: caps %s", caps & CAPS_ALL ? "" : "none");
	caps_list(b, caps, ",");
	buf_printf(b, ", runtime %s, enosys %s",
		utf8_string(b->arena, record->fact[FACT_RUNTIME]), utf8_string(b->arena, record->fact[FACT_ENOSYS]));
}
