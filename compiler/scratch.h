#ifndef COMPILER_SCRATCH_H
#define COMPILER_SCRATCH_H

/*
 * Memory for a while: what is taken last is given back first, and used again. For tables that are
 * large, needed once and filled by whoever takes them.
 */

#include "arena.h"

struct scratch {
	struct arena *arena;
	unsigned char *bytes;
	size_t used, room;
};

/* What was taken so far; to be given back to. */
struct scratch_mark {
	const unsigned char *bytes;
	size_t used;
};

/* count * size bytes, aligned for any type and not zeroed. Never returns NULL (arena.h). */
void *scratch_take(struct scratch *, size_t count, size_t size);

struct scratch_mark scratch_mark(const struct scratch *);

/* Everything taken since the mark may be overwritten. */
void scratch_release(struct scratch *, struct scratch_mark);

#endif
