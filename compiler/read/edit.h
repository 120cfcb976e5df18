#ifndef COMPILER_READ_EDIT_H
#define COMPILER_READ_EDIT_H

/*
 * A JSON text with elements of arrays taken out and put in: every byte that no change is about stays, comments
 * in keys, order and white space with it.
 */

#include "../base/buf.h"
#include "json.h"

struct edits {
	struct arena *arena;
	const struct json *json; /* of JSON text: nothing decoded */
	bool *removed;           /* by node */
	struct insertion *insertion;
	size_t insertions, room;
};

void edits_init(struct edits *, struct arena *, const struct json *);

/* An element of an array; what is changed within it is of no account then. */
void edits_remove(struct edits *, uint32_t element);

/* A value to be the last of an array, spaced as the array's others are. The text outlives the edits. */
void edits_append(struct edits *, uint32_t array, const char *value);

/* The text with all changes made. */
void edits_write(const struct edits *, struct buf *);

#endif
