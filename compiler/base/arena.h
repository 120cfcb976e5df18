#ifndef COMPILER_BASE_ARENA_H
#define COMPILER_BASE_ARENA_H

/*
 * One arena a compile, or one that is reset between them: everything a pass makes lives in it and
 * dies with it. A pass counts first and allocates each array once.
 *
 * Running out (of memory or of the arena's cap) does not return: it jumps to `out`, which the
 * owner set with setjmp. Passes own nothing but arena memory, so nothing leaks, and no pass carries
 * error paths that no input can reach.
 */

#include <setjmp.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>

#define ARENA_ALIGN alignof(max_align_t)

struct arena_chunk;

/* Where chunks come from and go to; get() returns NULL when there is no more. */
struct arena_memory {
	void *(*get)(void *context, size_t size);
	void (*give)(void *context, void *chunk);
	void *context;
};

struct arena {
	struct arena_chunk *chunk;
	unsigned char *next; /* of the chunk: the first byte not handed out */
	size_t left;         /* how many may be, a multiple of ARENA_ALIGN */
	size_t used;  /* bytes handed out so far */
	size_t taken; /* bytes of all chunks, with what they are led by */
	size_t cap;   /* of `used` at most; with `memory`, of `taken` */
	const struct arena_memory *memory; /* NULL: malloc() and free() */
	bool full;    /* it was the cap that made it jump, not the machine */
	jmp_buf out;  /* where arena_alloc jumps when there is no more */
};

/* How much was handed out at a moment. */
struct arena_mark {
	struct arena_chunk *chunk;
	unsigned char *next;
	size_t left, used;
};

/* `cap` bytes at most. The caller then does: if (setjmp(arena->out)) { out of memory } */
void arena_init(struct arena *, size_t cap);
/*
 * The same with somebody else's memory (NULL: malloc's), of which no more than `cap` is taken, be it handed out or not:
 * whoever lends it counts that. Without, a bound on what is handed out is one on the work.
 */
void arena_init_in(struct arena *, size_t cap, const struct arena_memory *);
/* For what is soon given back: in the other's memory, within what that may still take, and `cap` at most. */
void arena_init_beside(struct arena *, size_t cap, const struct arena *other);
void arena_free(struct arena *);

/* Takes back everything handed out and keeps the newest chunk for what comes next. */
void arena_reset(struct arena *);

/*
 * Takes back everything handed out since the mark, which stays good: for a question that leaves nothing
 * behind but its answer. No mark made since may be used any more.
 */
struct arena_mark arena_mark(const struct arena *);
void arena_release(struct arena *, struct arena_mark);

/* For arena_raw(), where the chunk at hand does not do. */
void *arena_raw_anew(struct arena *, size_t count, size_t size);

/* The same as arena_alloc(), but whatever the bytes hold: for what is filled before it is read. */
static inline void *arena_raw(struct arena *a, size_t count, size_t size)
{
	size_t want;

	if (__builtin_mul_overflow(count, size, &want) || want > a->left)
		return arena_raw_anew(a, count, size);
	want = (want + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	unsigned char *p = a->next;
	a->next += want;
	a->left -= want;
	a->used += want;
	return p;
}

/* count * size zeroed bytes, aligned for any type; count may be 0. Never returns NULL. */
void *arena_alloc(struct arena *, size_t count, size_t size);

/* `old` (old_count elements) grown to new_count, the rest zeroed; old content is copied. */
void *arena_grow(struct arena *, const void *old, size_t old_count, size_t new_count, size_t size);

/* A NUL-ended copy of len bytes. */
char *arena_text(struct arena *, const char *s, size_t len);

#endif
