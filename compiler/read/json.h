#ifndef COMPILER_READ_JSON_H
#define COMPILER_READ_JSON_H

/*
 * JSON text, proven well-formed by our own recogniser (RFC 8259, UTF-8, bounded depth, unique keys)
 * and only then tokenised by jsmn. Past json_read() no reader has to doubt the text.
 *
 * YAML (yaml.h) and files within strings (configmap.h) come as the same nodes, with `decoded` beside
 * them.
 *
 * A value is an index into `node`; children of an object or array are linked in file order, so that
 * walking siblings is linear whatever they hold.
 *
 * Time is linear in the text but for the sorting of an object's keys. Memory: 44 bytes of arena a
 * value (a token of jsmn's and a node) and 16 a key of the largest object. A value takes two bytes
 * of text at least, so 22 times the text is the most: 352 MiB for SOURCE_MAX.
 */

#include "../base/arena.h"
#include "../say/diag.h"

#include <stdbool.h>
#include <stdint.h>

#define JSON_NONE UINT32_MAX

enum json_type {
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL
};

struct json_node {
	enum json_type type;
	uint32_t at, len; /* in the source: the whole value, quotes and brackets included */
	uint32_t child;   /* first element, first key (a JSON_STRING), a key's value; JSON_NONE if
			     none */
	uint32_t next;    /* next sibling element or key; JSON_NONE at the end */
	uint32_t count;   /* elements or members; 1 for a key */
};

/* What a string or number says, where that is not what stands in the source. */
struct json_decoded {
	const char *s;
	uint32_t len;
};

struct json {
	const struct source *source;
	const struct json_node *node; /* node[0] is the document */
	uint32_t nodes;
	const struct json_decoded *decoded; /* by node; NULL: the source is the JSON text */
};

/* A decoded string: NUL-ended in the arena, with the place it was written at. */
struct text {
	const char *s; /* NULL: absent */
	uint32_t len;
	uint32_t at;
	uint32_t at_len; /* bytes in the source, quotes included */
};

/* False (and diagnostics) if an object holds a key twice, or one with U+0000. json_read() has seen to it. */
bool json_keys_plain(const struct json *, struct arena *, struct diags *);

/* False (and diagnostics) if the source is not one well-formed JSON value with unique keys, none of which holds U+0000. */
bool json_read(struct json *, struct arena *, const struct source *, struct diags *);

/* The value that belongs to a key node: its only child. */
static inline uint32_t json_value(const struct json *j, uint32_t key)
{
	return j->node[key].child;
}

/* The value of a key, in any case, or JSON_NONE; also if `object` is none. For finding one's way.
 */
uint32_t json_look_up(const struct json *, struct arena *, uint32_t object, const char *key);

/* A string or key node decoded (escapes to UTF-8). May hold NUL through \u0000: compare len. */
struct text json_text(const struct json *, struct arena *, uint32_t node);

enum json_uint { JSON_UINT_OK, JSON_UINT_NEGATIVE, JSON_UINT_FRACTION, JSON_UINT_TOO_BIG };
/*
 * A JSON_NUMBER as an unsigned 64-bit integer, exact. No fraction, exponent or sign is taken ("-0"
 * is negative, "1e3" a fraction); *value is set for JSON_UINT_OK only.
 */
enum json_uint json_uint(const struct json *, uint32_t node, uint64_t *value);

/* Is the JSON_NUMBER written with these digits? */
bool json_number_is(const struct json *, uint32_t node, const char *digits);

/* "an object", "a string", "true" ... for messages */
const char *json_type_name(enum json_type);

#endif
