#ifndef COMPILER_BASE_SCRATCH_H
#define COMPILER_BASE_SCRATCH_H

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

/* For scratch_take(), where the block at hand does not do. */
void *scratch_take_anew(struct scratch *, size_t count, size_t size);

/* count * size bytes, aligned for any type and not zeroed. Never returns NULL (arena.h). */
static inline void *scratch_take(struct scratch *s, size_t count, size_t size)
{
	size_t want;

	/* used and room are multiples of ARENA_ALIGN */
	if (__builtin_mul_overflow(count, size, &want) || want > s->room - s->used || !s->bytes)
		return scratch_take_anew(s, count, size);
	void *p = s->bytes + s->used;
	s->used += (want + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	return p;
}

struct scratch_mark scratch_mark(const struct scratch *);

/* Everything taken since the mark may be overwritten. */
void scratch_release(struct scratch *, struct scratch_mark);

#endif
