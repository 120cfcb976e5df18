/*
 * Four passes, each linear: recognise the text (recognise.c), let jsmn cut it into tokens, link the
 * tokens into nodes, and look for keys an object holds twice. The count of values known from the
 * first pass makes every array exact, and must be what jsmn finds: two readers, one opinion.
 *
 * A node has the index of its token, so a child always follows its parent; a key's only child is
 * its value. Behind json_read() text is proven, and decoding it cannot fail.
 */

#include "json.h"

#include "recognise.h"
#include "../base/utf8.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS /* else each comma walks back over all siblings */
#include <jsmn.h>

static_assert(sizeof(jsmntok_t) == 20 && sizeof(struct json_node) == 24, "json.h states the bound");
static_assert(SOURCE_MAX <= INT_MAX, "jsmn counts in int");

/* --- tokens to nodes --- */

static const jsmntok_t *tokenise(
	struct arena *arena, const struct source *source, const struct recognised *found)
{
	jsmntok_t *token = arena_raw(arena, found->values, sizeof(*token));
	jsmn_parser parser;

	if (!memchr("{[\"", source->bytes[found->at], 3)) {
		/* in strict mode jsmn wants a delimiter behind a number; here the text may end */
		token[0] = (jsmntok_t){
			JSMN_PRIMITIVE, (int)found->at, (int)(found->at + found->len), 0, -1};
		return token;
	}
	jsmn_init(&parser);
	int count = jsmn_parse(&parser, source->bytes, source->len, token, found->values);
	assert(count >= 0 && (uint32_t)count == found->values);
	(void)count;
	return token;
}

static enum json_type primitive_type(char first)
{
	switch (first) {
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}

static struct json_node unlinked_node(const struct source *source, const jsmntok_t *token)
{
	uint32_t start = (uint32_t)token->start, end = (uint32_t)token->end;
	struct json_node node = {
		.at = start, .len = end - start, .child = JSON_NONE, .next = JSON_NONE};

	switch (token->type) {
	case JSMN_OBJECT:
		node.type = JSON_OBJECT;
		return node;
	case JSMN_ARRAY:
		node.type = JSON_ARRAY;
		return node;
	case JSMN_STRING: /* jsmn leaves the quotes out */
		node.type = JSON_STRING;
		node.at -= 1;
		node.len += 2;
		return node;
	case JSMN_PRIMITIVE:
		node.type = primitive_type(source->bytes[start]);
		return node;
	case JSMN_UNDEFINED:
		break;
	}
	unreachable();
}

/* Backwards, so that putting each node before its later siblings leaves them in file order. */
static const struct json_node *link_nodes(
	struct arena *arena, const struct source *source, const jsmntok_t *token, uint32_t count)
{
	struct json_node *node = arena_raw(arena, count, sizeof(*node));

	for (uint32_t i = 0; i < count; i++)
		node[i] = unlinked_node(source, &token[i]);
	for (uint32_t i = count - 1; i > 0; i--) {
		struct json_node *parent = &node[token[i].parent];
		node[i].next = parent->child;
		parent->child = i;
		parent->count++;
	}
	return node;
}

/* --- keys --- */

struct key {
	const char *s; /* decoded */
	uint32_t len, node;
};

static struct key key_of(const struct json *json, struct arena *arena, uint32_t node)
{
	if (json->decoded)
		return (struct key){json->decoded[node].s, json->decoded[node].len, node};
	const char *s = json->source->bytes + json->node[node].at + 1;
	uint32_t len = json->node[node].len - 2;

	if (len && memchr(s, '\\', len)) {
		struct text text = json_text(json, arena, node);
		s = text.s;
		len = text.len;
	}
	return (struct key){s, len, node};
}

/* Equal keys side by side, in file order: sorting cannot be made slow by chosen keys, as hashing
 * can. */
static int key_order(const void *left, const void *right)
{
	const struct key *a = left, *b = right;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	int order = memcmp(a->s, b->s, a->len);
	if (order != 0)
		return order;
	return (a->node > b->node) - (a->node < b->node);
}

static bool refuse_key(const struct json *json, struct diags *diags, const struct key *again,
	const struct key *first)
{
	const struct json_node *node = json->node;

	diag(diags, DIAG_DUPLICATE_KEY, node[again->node].at, node[again->node].len,
		"key '%.*s' is given twice", (int)again->len, again->s);
	diag_note(diags, node[first->node].at, node[first->node].len, "first given here");
	return false;
}

/* crun ends a key there, and reads another than Go's programs do. */
static bool refuse_nul(const struct json *json, struct diags *diags, const struct key *key)
{
	const struct json_node *node = &json->node[key->node];

	return diag(diags, DIAG_NUL, node->at, node->len,
		"the key holds U+0000: crun reads it as '%s', programs in Go as another key", key->s);
}

static bool same_key(const struct key *a, const struct key *b)
{
	return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

#define FEW 10u /* keys that are held against each other without sorting */

static bool few_and_unique(const struct key *key, uint32_t count)
{
	if (count > FEW)
		return false;
	for (uint32_t i = 1; i < count; i++) {
		for (uint32_t k = 0; k < i; k++) {
			if (same_key(&key[i], &key[k]))
				return false;
		}
	}
	return true;
}

static bool object_keys_plain(const struct json *json, struct arena *arena, struct diags *diags,
	uint32_t object, struct key *key)
{
	uint32_t count = 0, first = 0;
	bool ok = true;

	for (uint32_t k = json->node[object].child; k != JSON_NONE; k = json->node[k].next) {
		key[count] = key_of(json, arena, k);
		if (memchr(key[count].s, '\0', key[count].len))
			ok = refuse_nul(json, diags, &key[count]);
		count++;
	}
	if (few_and_unique(key, count))
		return ok;
	qsort(key, count, sizeof(*key), key_order);
	for (uint32_t i = 1; i < count; i++) {
		if (same_key(&key[i], &key[first]))
			ok = refuse_key(json, diags, &key[i], &key[first]);
		else
			first = i;
	}
	return ok;
}

bool json_keys_plain(const struct json *json, struct arena *arena, struct diags *diags)
{
	uint32_t most = 0;
	bool ok = true;

	for (uint32_t i = 0; i < json->nodes; i++) {
		if (json->node[i].type == JSON_OBJECT && json->node[i].count > most)
			most = json->node[i].count;
	}
	struct key *key = arena_raw(arena, most, sizeof(*key));
	for (uint32_t i = 0; i < json->nodes; i++) {
		if (json->node[i].type == JSON_OBJECT)
			ok = object_keys_plain(json, arena, diags, i, key) && ok;
	}
	return ok;
}

bool json_read(
	struct json *json, struct arena *arena, const struct source *source, struct diags *diags)
{
	struct recognised found;

	if (source->len > SOURCE_MAX)
		return diag(diags, DIAG_TOO_BIG, NOWHERE, 1, "the text is larger than %u bytes",
			SOURCE_MAX);
	if (!recognise(source, diags, &found))
		return false;
	const jsmntok_t *token = tokenise(arena, source, &found);
	json->source = source;
	json->node = link_nodes(arena, source, token, found.values);
	json->nodes = found.values;
	json->decoded = NULL;
	return json_keys_plain(json, arena, diags);
}

/* --- values --- */

static uint32_t hex(const char *s)
{
	uint32_t code = 0;

	for (size_t i = 0; i < 4; i++) {
		uint32_t digit = (unsigned char)s[i];
		code = code << 4 | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
	}
	return code;
}

/* The escape at `s`; returns its bytes. A pair of surrogates is one escape. */
static size_t read_escape(const char *s, uint32_t *code)
{
	static const char escapes[] = "bfnrt", controls[] = "\b\f\n\r\t";
	const char *escape = strchr(escapes, s[1]);

	if (s[1] != 'u') {
		*code = (unsigned char)(escape ? controls[escape - escapes] : s[1]);
		return 2;
	}
	*code = hex(s + 2);
	if (*code < 0xd800 || *code > 0xdfff)
		return 6;
	*code = 0x10000 + ((*code - 0xd800) << 10) + (hex(s + 8) - 0xdc00);
	return 12;
}

uint32_t json_look_up(const struct json *json, struct arena *arena, uint32_t object, const char *key)
{
	if (object == JSON_NONE || json->node[object].type != JSON_OBJECT)
		return JSON_NONE;
	for (uint32_t k = json->node[object].child; k != JSON_NONE; k = json->node[k].next) {
		struct key found = key_of(json, arena, k);
		if (found.len == strlen(key) && strncasecmp(found.s, key, found.len) == 0)
			return json_value(json, k);
	}
	return JSON_NONE;
}

struct text json_text(const struct json *json, struct arena *arena, uint32_t index)
{
	const struct json_node *node = &json->node[index];

	assert(node->type == JSON_STRING);
	if (json->decoded)
		return (struct text){
			json->decoded[index].s, json->decoded[index].len, node->at, node->len};
	const char *from = json->source->bytes + node->at + 1;
	const char *end = from + node->len - 2, *escape;
	char *to = arena_raw(arena, node->len - 1, 1); /* no escape is shorter than what it means */
	struct text text = {.s = to, .at = node->at, .at_len = node->len};
	while ((escape = memchr(from, '\\', (size_t)(end - from)))) {
		uint32_t code;
		memcpy(to, from, (size_t)(escape - from));
		to += escape - from;
		from = escape + read_escape(escape, &code);
		to += utf8_write(to, code);
	}
	memcpy(to, from, (size_t)(end - from));
	to += end - from;
	*to = 0;
	text.len = (uint32_t)(to - text.s);
	return text;
}

/* As it is written. */
static const char *number(const struct json *json, uint32_t index, uint32_t *len)
{
	const struct json_node *node = &json->node[index];

	assert(node->type == JSON_NUMBER);
	*len = json->decoded ? json->decoded[index].len : node->len;
	return json->decoded ? json->decoded[index].s : json->source->bytes + node->at;
}

bool json_number_is(const struct json *json, uint32_t index, const char *digits)
{
	uint32_t len;
	const char *s = number(json, index, &len);

	return len == strlen(digits) && memcmp(s, digits, len) == 0;
}

enum json_uint json_uint(const struct json *json, uint32_t index, uint64_t *value)
{
	uint32_t len;
	const char *s = number(json, index, &len);
	bool fits = true;
	uint64_t sum = 0;

	if (s[0] == '-')
		return JSON_UINT_NEGATIVE;
	for (uint32_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return JSON_UINT_FRACTION;
		uint64_t digit = (uint64_t)(s[i] - '0');
		fits = fits &&
			(sum < UINT64_MAX / 10 ||
				(sum == UINT64_MAX / 10 && digit <= UINT64_MAX % 10));
		sum = sum * 10 + digit;
	}
	if (!fits)
		return JSON_UINT_TOO_BIG;
	*value = sum;
	return JSON_UINT_OK;
}

const char *json_type_name(enum json_type type)
{
	static const char *const name[] = {
		[JSON_OBJECT] = "an object",
		[JSON_ARRAY] = "an array",
		[JSON_STRING] = "a string",
		[JSON_NUMBER] = "a number",
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null",
	};

	return name[type];
}
