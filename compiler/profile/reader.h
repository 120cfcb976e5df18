#ifndef COMPILER_PROFILE_READER_H
#define COMPILER_PROFILE_READER_H

/*
 * Typed reading of JSON values with a diagnostic for each surprise. A key that is absent and one
 * that is null are the same to every reader of profiles: JSON_NONE.
 */

#include "../say/diag.h"
#include "../read/json.h"
#include "profile.h"

struct reader {
	struct arena *arena;
	const struct json *json;
	struct diags *diags;
	uint8_t keys;  /* enum dialect_keys the format has; others are unknown */
	bool resource; /* a SeccompProfile */
	bool base_known; /* profile_read.h */
	const struct profile_key *inexact; /* collected: the last one found is first */
	uint8_t keys_seen;                 /* enum dialect_keys */
};

/* The value is of that type; else says so, naming `what` ("names", "an element of names"). */
bool reader_is(struct reader *, uint32_t node, enum json_type, const char *what);

/*
 * The members of an object by key: value[i] belongs to keys[i], JSON_NONE where absent or null.
 * Keys match like Go's decoder does, exactly or but for case (which is reported). Others are
 * reported as unknown, unless they read like comments.
 */
void reader_members(struct reader *, uint32_t object, const char *const *keys, size_t count,
	uint32_t *value);

/* An unsigned integer up to max; `node` may be JSON_NONE, which is 0. */
bool reader_uint(struct reader *, uint32_t node, const char *what, uint64_t max, uint64_t *);

/* An array of strings; JSON_NONE is an absent list. Strings with U+0000 are errors. */
struct texts reader_texts(struct reader *, uint32_t node, const char *what);

/* A string; JSON_NONE is absent (s NULL), and so is one with U+0000, which is an error. */
struct text reader_text(struct reader *, uint32_t node, const char *what);

/* Place and length of a node. */
#define NODE_PLACE(r, n) (r)->json->node[n].at, (r)->json->node[n].len

#endif
