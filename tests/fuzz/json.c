/*
 * Any bytes as JSON. What is taken has nodes that nest, follow the file, and are each
 * reached once; strings decode to UTF-8, numbers are what strtoull reads. What is refused gets one
 * syntax error, or duplicate keys only, at places in the text. And whatever is printed about either
 * is fit for a terminal.
 */

#include "target.h"

#include "compiler/read/json.h"
#include "compiler/base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)64 << 20)

static void check_utf8(const char *s, size_t len)
{
	uint32_t code;

	for (size_t at = 0, n; at < len; at += n) {
		n = utf8_read(s + at, len - at, &code);
		assert(n > 0);
	}
}

static void check_string(const struct json *json, struct arena *arena, uint32_t i)
{
	struct text text = json_text(json, arena, i);

	assert(text.at == json->node[i].at && text.at_len == json->node[i].len);
	assert(text.len <= text.at_len - 2 && text.s[text.len] == '\0');
	check_utf8(text.s, text.len);
	if (!memchr(json->source->bytes + text.at, '\\', text.at_len))
		assert(text.len == text.at_len - 2 &&
			memcmp(text.s, json->source->bytes + text.at + 1, text.len) == 0);
}

static void check_number(const struct json *json, struct arena *arena, uint32_t i)
{
	const struct json_node *node = &json->node[i];
	const char *s = arena_text(arena, json->source->bytes + node->at, node->len);
	uint64_t value;

	switch (json_uint(json, i, &value)) {
	case JSON_UINT_NEGATIVE:
		assert(s[0] == '-');
		return;
	case JSON_UINT_FRACTION:
		assert(strpbrk(s, ".eE"));
		return;
	case JSON_UINT_TOO_BIG:
		errno = 0;
		assert(strtoull(s, NULL, 10) == UINT64_MAX && errno == ERANGE);
		return;
	case JSON_UINT_OK:
		errno = 0;
		assert(strtoull(s, NULL, 10) == value && errno == 0);
		assert(strspn(s, "0123456789") == node->len);
		return;
	}
	unreachable();
}

static void check_value(const struct json *json, struct arena *arena, uint32_t i)
{
	const struct json_node *node = &json->node[i];
	const char *s = json->source->bytes + node->at;
	char last = s[node->len - 1];

	switch (node->type) {
	case JSON_OBJECT:
		assert(s[0] == '{' && last == '}');
		return;
	case JSON_ARRAY:
		assert(s[0] == '[' && last == ']');
		return;
	case JSON_STRING:
		assert(s[0] == '"' && last == '"');
		check_string(json, arena, i);
		return;
	case JSON_NUMBER:
		check_number(json, arena, i);
		return;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		assert(strlen(json_type_name(node->type)) == node->len);
		assert(memcmp(json_type_name(node->type), s, node->len) == 0);
		return;
	}
	unreachable();
}

static void check_key_unlike(const struct json *json, struct arena *arena, uint32_t key)
{
	struct text a = json_text(json, arena, key);
	unsigned most = 16; /* this is quadratic */

	for (uint32_t k = json->node[key].next; k != JSON_NONE && most--; k = json->node[k].next) {
		struct text b = json_text(json, arena, k);
		assert(a.len != b.len || memcmp(a.s, b.s, a.len) != 0);
	}
}

/* The children of a node; returns how many. Every node but the first is somebody's child once. */
static uint32_t check_children(const struct json *json, struct arena *arena, uint32_t parent)
{
	const struct json_node *p = &json->node[parent];
	bool key = p->type == JSON_STRING;
	uint32_t count = 0, before = parent;
	uint32_t from = key ? p->at + p->len : p->at + 1;
	uint32_t to = key ? (uint32_t)json->source->len : p->at + p->len - 1;

	for (uint32_t i = p->child; i != JSON_NONE; i = json->node[i].next, count++) {
		const struct json_node *node = &json->node[i];
		assert(i > before && i < json->nodes);
		assert(node->at >= from && node->len <= to && node->at <= to - node->len);
		before = i;
		from = node->at + node->len;
		if (p->type != JSON_OBJECT)
			continue;
		assert(node->type == JSON_STRING && node->count == 1);
		assert(node->child == i + 1 && json->node[i + 1].next == JSON_NONE);
		check_key_unlike(json, arena, i);
	}
	assert(count == p->count);
	return count;
}

static void check_taken(const struct json *json, struct arena *arena)
{
	uint32_t reached = 1;

	assert(json->nodes > 0 && json->node[0].next == JSON_NONE);
	for (uint32_t i = 0; i < json->nodes; i++) {
		check_value(json, arena, i);
		reached += check_children(json, arena, i);
	}
	assert(reached == json->nodes);
}

/* Any number of those may be told; all else ends the reading. */
static bool is_of_key(const struct diag *d)
{
	return d->id == DIAG_DUPLICATE_KEY || d->id == DIAG_NUL;
}

static void check_refused(const struct diags *diags, size_t len)
{
	const struct diag *d = diags->first;

	assert(d && diags_exit(diags) == 3);
	assert(is_of_key(d) || (!d->next && diags->unshown == 0));
	for (; d; d = d->next) {
		assert(d->at <= len && d->len > 0 && d->len <= len - d->at + 1);
		assert(is_of_key(d) || diags->first == d);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena;

	if (len > SOURCE_MAX)
		return 0;
	arena_init(&arena, ARENA_CAP);
	if (setjmp(arena.out) == 0) {
		struct source source = {"fuzz\033.json", (const char *)bytes, len, false};
		struct diags diags;
		struct json json;
		diags_init(&diags, &arena, &source);
		if (json_read(&json, &arena, &source, &diags))
			check_taken(&json, &arena);
		else
			check_refused(&diags, len);
		assert(diags_failed(&diags) == (diags.first != NULL));
		check_diags(&diags);
	}
	arena_free(&arena);
	return 0;
}
