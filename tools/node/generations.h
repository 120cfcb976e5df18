#ifndef TOOLS_NODE_GENERATIONS_H
#define TOOLS_NODE_GENERATIONS_H

/*
 * What is kept of a profile, and is it what was written? Whoever is rolled back to a generation gets what is in its
 * folder, so what has happened to that is to be known before it is needed.
 */

#include "exposed.h"
#include "record.h"

/* How closely. */
enum look {
	LOOK_OUTSIDE, /* names, kinds and sizes, and the bytes of what is in force, too: nothing is digested */
	LOOK_INSIDE,  /* every byte */
};

struct generation {
	unsigned number;
	bool complete;     /* it has its record: all its files were written */
	bool whole;        /* and they are what was written: it can be rolled back to */
	bool other;        /* it has a record of another version of winnow, which is left alone */
	bool stub;         /* it has none: winnow was stopped, or somebody removed it */
	bool strange;      /* what is not winnow's is in its folder: that cannot be removed */
	const char *wrong; /* a line each: "PATH is not there"; "" if all is as it was written */
	struct record record;
};

struct generations {
	struct generation *one; /* by number, ascending */
	size_t count;
	const char *strays; /* lines of what is not winnow's beside them */
};

/*
 * `in_force` are the digests of the files in force, by place; NULL: none that is known. What others may write is
 * added. False: something cannot be read, and a message said so.
 */
bool generations_read(struct generations *, struct exposures *, struct arena *, const struct root *, const char *name,
	const char *const in_force[static PLACES], enum look);

/* Lines of what is wrong as one: "PATH is not there; PATH is not winnow's". */
const char *generations_joined(struct arena *, const char *lines);

#endif
