#ifndef COMPILER_READ_EDIT_H
#define COMPILER_READ_EDIT_H

/*
 * A JSON or YAML text with elements of arrays and members of objects taken out, and elements put in: every byte
 * that no change is about stays, comments, order and white space with it.
 */

#include "../base/buf.h"
#include "json.h"

struct edits {
	struct arena *arena;
	const struct json *json; /* of a whole text: no entry of a ConfigMap */
	bool yaml;
	bool *removed;           /* by node */
	const char **instead;    /* by node: what it is replaced by; NULL: nothing */
	uint32_t *parent;        /* by node; JSON_NONE: the document's root */
	struct queue *behind, *last; /* by node: what comes behind it, what is the last of it */
	struct insertion *insertion;
	size_t insertions, room;
	bool failed; /* YAML is laid out in a way that is not edited */
};

void edits_init(struct edits *, struct arena *, const struct json *, bool yaml);

/* An element of an array, or a member of an object by its key; what is changed within it is of no account then. */
void edits_remove(struct edits *, uint32_t node);

/* What stands in a string's place. The text outlives the edits. */
void edits_replace(struct edits *, uint32_t node, const char *value);

/* Is it, or something that it is within, taken out? */
bool edits_removed(const struct edits *, uint32_t node);

/* A value to be the last of an array, spaced as the array's others are. The text outlives the edits. */
void edits_append(struct edits *, uint32_t array, const char *value);

/* The same behind an element, taken out or not, and what was put there before. */
void edits_insert(struct edits *, uint32_t element, const char *value);

/* The text with all changes made. False: see `failed`. */
bool edits_write(struct edits *, struct buf *);

#endif
