/*
 * The boundary between text and profile: every type error, every unknown or misspelt key is found
 * here, so that profile_read.c reads like the formats it describes. Reading goes on behind an error: a
 * value that is wrong counts as absent, and the run ends when all have been reported.
 */

#include "reader.h"

#include "dialect.h"
#include "../base/suggest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool reader_is(struct reader *r, uint32_t node, enum json_type type, const char *what)
{
	enum json_type found = r->json->node[node].type;

	if (found == type)
		return true;
	return diag(r->diags, DIAG_TYPE, NODE_PLACE(r, node), "%s wants %s, this is %s", what,
		json_type_name(type), json_type_name(found));
}

/* Keys people write as comments: comment, _comment, $schema, // note, x-origin. */
static bool private_key(const struct text *key)
{
	return text_is(key, "comment") || (key->s[0] && strchr("_$#/", key->s[0])) ||
		strncasecmp(key->s, "x-", 2) == 0;
}

static bool has_member(const struct reader *r, uint32_t object, const char *name)
{
	for (uint32_t k = r->json->node[object].child; k != JSON_NONE; k = r->json->node[k].next) {
		const struct text key = json_text(r->json, r->arena, k);
		if (text_is(&key, name))
			return true;
	}
	return false;
}

/* A key that is there already is not to be written once more. */
static void unknown_key(
	struct reader *r, uint32_t object, const struct text *key, const char *const *keys, size_t count)
{
	if (private_key(key)) {
		diag(r->diags, DIAG_PRIVATE_KEY, key->at, key->at_len,
			"key '%s' is taken for a comment", key->s);
		return;
	}
	struct suggestion near = suggest_start(key->s, key->len);
	for (size_t i = 0; i < count; i++) {
		if (text_is(key, keys[i])) { /* another format's */
			diag(r->diags, DIAG_UNKNOWN_KEY, key->at, key->at_len,
				"this format has no key '%s': what it holds is ignored", key->s);
			if (text_is(key, "archMap"))
				diag_note(r->diags, key->at, key->at_len,
					"list the architectures in 'architectures'");
			return;
		}
		if (!(dialect_key(keys[i]) & ~r->keys))
			suggest_offer(&near, keys[i]);
	}
	diag(r->diags, DIAG_UNKNOWN_KEY, key->at, key->at_len,
		"unknown key '%s': every runtime ignores it and what it holds", key->s);
	if (near.best && has_member(r, object, near.best))
		diag_note(r->diags, key->at, key->at_len, "did you mean '%s'?", near.best);
	else
		diag_meant(r->diags, near.best);
}

/* Has the format such a key? If so it has been seen. */
static bool has_key(struct reader *r, const char *key)
{
	uint8_t keys = dialect_key(key);

	if (keys & ~r->keys)
		return false;
	r->keys_seen |= keys;
	return true;
}

static size_t find_key(
	struct reader *r, const struct text *key, const char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text_is(key, keys[i]))
			return has_key(r, keys[i]) ? i : count;
	}
	for (size_t i = 0; i < count; i++) {
		if (key->len == strlen(keys[i]) && strcasecmp(key->s, keys[i]) == 0 &&
			has_key(r, keys[i])) {
			diag(r->diags, DIAG_KEY_CASE, key->at, key->at_len,
				"key '%s' is spelt '%s': Docker and runc take both, crun ignores "
				"this one",
				key->s, keys[i]);
			struct profile_key *inexact = arena_alloc(r->arena, 1, sizeof(*inexact));
			*inexact = (struct profile_key){*key, keys[i], r->inexact};
			r->inexact = inexact;
			return i;
		}
	}
	return count;
}

void reader_members(
	struct reader *r, uint32_t object, const char *const *keys, size_t count, uint32_t *value)
{
	const struct json_node *node = r->json->node;
	uint32_t place[32]; /* the key that filled value[i] */

	assert(count <= countof(place));
	for (size_t i = 0; i < count; i++)
		place[i] = value[i] = JSON_NONE;
	for (uint32_t k = node[object].child; k != JSON_NONE; k = node[k].next) {
		struct text key = json_text(r->json, r->arena, k);
		size_t i = find_key(r, &key, keys, count);
		if (i == count) {
			unknown_key(r, object, &key, keys, count);
			continue;
		}
		if (place[i] != JSON_NONE) {
			diag(r->diags, DIAG_DUPLICATE_KEY, key.at, key.at_len,
				"key '%s' is given twice, in other case", key.s);
			diag_note(r->diags, NODE_PLACE(r, place[i]), "first given here");
			continue;
		}
		place[i] = k;
		if (node[json_value(r->json, k)].type != JSON_NULL)
			value[i] = json_value(r->json, k);
	}
}

bool reader_uint(struct reader *r, uint32_t node, const char *what, uint64_t max, uint64_t *value)
{
	*value = 0;
	if (node == JSON_NONE)
		return true;
	if (!reader_is(r, node, JSON_NUMBER, what))
		return false;
	switch (json_uint(r->json, node, value)) {
	case JSON_UINT_OK:
		break;
	case JSON_UINT_NEGATIVE:
		return diag(r->diags, DIAG_NUMBER, NODE_PLACE(r, node),
			"%s wants an unsigned integer, this is negative", what);
	case JSON_UINT_FRACTION:
		return diag(r->diags, DIAG_NUMBER, NODE_PLACE(r, node),
			"%s wants an integer written without fraction or exponent", what);
	case JSON_UINT_TOO_BIG:
		*value = UINT64_MAX;
		diag(r->diags, DIAG_NUMBER, NODE_PLACE(r, node),
			"%s is beyond 64 bits (18446744073709551615 at most)", what);
		if (json_number_is(r->json, node, "18446744073709552000"))
			diag_note(r->diags, NOWHERE, 1,
				"programs that keep numbers as doubles (JavaScript, jq before 1.7) write that for "
				"any number from 18446744073709550592 on");
		return false;
	}
	if (*value > max)
		return diag(r->diags, DIAG_NUMBER, NODE_PLACE(r, node), "%s is %" PRIu64 " at most",
			what, max);
	return true;
}

struct text reader_text(struct reader *r, uint32_t node, const char *what)
{
	if (node == JSON_NONE || !reader_is(r, node, JSON_STRING, what))
		return (struct text){0};
	struct text text = json_text(r->json, r->arena, node);
	if (!memchr(text.s, '\0', text.len))
		return text;
	diag(r->diags, DIAG_NUL, text.at, text.at_len,
		"the string in %s holds U+0000: C programs, libseccomp too, read it as '%s'", what, text.s);
	return (struct text){0};
}

/* No string, as all elements should be. */
static void refuse_element(struct reader *r, uint32_t node, const char *what)
{
	char element[64];

	snprintf(element, sizeof(element), "an element of %s", what);
	reader_is(r, node, JSON_STRING, element);
}

struct texts reader_texts(struct reader *r, uint32_t node, const char *what)
{
	struct texts list = {0};

	if (node == JSON_NONE || !reader_is(r, node, JSON_ARRAY, what))
		return list;
	struct text *text = arena_alloc(r->arena, r->json->node[node].count, sizeof(*text));
	uint32_t n = r->json->node[node].child;
	for (; n != JSON_NONE; n = r->json->node[n].next) {
		if (r->json->node[n].type != JSON_STRING)
			refuse_element(r, n, what);
		else if ((text[list.count] = reader_text(r, n, what)).s)
			list.count++;
	}
	list.text = text;
	list.present = true;
	return list;
}
