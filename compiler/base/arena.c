/*
 * A list of chunks, each at least as large as what was asked for. Chunks double in size, so that a
 * compile of n bytes takes O(log n) calls of malloc, and nothing is ever moved: pointers into the
 * arena stay good until arena_free().
 */

#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_FIRST ((size_t)64 << 10)
#define CHUNK_LAST  ((size_t)4 << 20)

struct arena_chunk {
	struct arena_chunk *older;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

/* Go on at the start of a chunk. */
static void begin_chunk(struct arena *a, struct arena_chunk *c)
{
	size_t allowed = a->memory ? c->size : a->cap - a->used;

	a->chunk = c;
	a->next = c->bytes;
	a->left = (c->size < allowed ? c->size : allowed) & ~(ARENA_ALIGN - 1);
}

void arena_init_in(struct arena *a, size_t cap, const struct arena_memory *memory)
{
	a->chunk = NULL;
	a->next = (void *)(uintptr_t)ARENA_ALIGN; /* anything aligned but NULL: what has no bytes has a place */
	a->left = 0;
	a->used = 0;
	a->taken = 0;
	a->cap = cap;
	a->memory = memory;
	a->full = false;
}

void arena_init(struct arena *a, size_t cap)
{
	arena_init_in(a, cap, NULL);
}

void arena_init_beside(struct arena *a, size_t cap, const struct arena *other)
{
	size_t left = other->memory ? other->cap - other->taken : cap;

	arena_init_in(a, left < cap ? left : cap, other->memory);
}

static void free_newest(struct arena *a)
{
	struct arena_chunk *older = a->chunk->older;

	a->taken -= sizeof(struct arena_chunk) + a->chunk->size;
	if (a->memory)
		a->memory->give(a->memory->context, a->chunk);
	else
		free(a->chunk);
	a->chunk = older;
}

void arena_free(struct arena *a)
{
	while (a->chunk)
		free_newest(a);
	arena_init_in(a, a->cap, a->memory);
}

void arena_reset(struct arena *a)
{
	struct arena_chunk *newest = a->chunk;

	if (!newest)
		return;
	a->chunk = newest->older;
	arena_free(a);
	newest->older = NULL;
	a->taken = sizeof(struct arena_chunk) + newest->size;
	begin_chunk(a, newest);
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){a->chunk, a->next, a->left, a->used};
}

void arena_release(struct arena *a, struct arena_mark mark)
{
	while (a->chunk != mark.chunk)
		free_newest(a);
	a->next = mark.next;
	a->left = mark.left;
	a->used = mark.used;
}

/* Bytes that a chunk may have; of a bound on what is handed out there is no bound on those. */
static size_t most_of_chunk(const struct arena *a)
{
	size_t left = a->cap - a->taken;

	if (!a->memory)
		return SIZE_MAX;
	return left < sizeof(struct arena_chunk) ? 0
						 : (left - sizeof(struct arena_chunk)) & ~(ARENA_ALIGN - 1);
}

static void add_chunk(struct arena *a, size_t size)
{
	size_t want = a->chunk ? a->chunk->size * 2 : CHUNK_FIRST, most = most_of_chunk(a);

	a->full = size > most;
	if (a->full)
		longjmp(a->out, 1);
	if (want > CHUNK_LAST)
		want = CHUNK_LAST;
	if (want < size)
		want = size;
	if (want > most)
		want = most;
	size_t bytes = sizeof(struct arena_chunk) + want;
	struct arena_chunk *c = a->memory ? a->memory->get(a->memory->context, bytes) : malloc(bytes);
	if (!c)
		longjmp(a->out, 1);
	*c = (struct arena_chunk){.older = a->chunk, .size = want};
	a->taken += bytes;
	begin_chunk(a, c);
}

void *arena_raw_anew(struct arena *a, size_t count, size_t size)
{
	size_t want;

	a->full = __builtin_mul_overflow(count, size, &want) || want > a->cap - a->used;
	if (a->full)
		longjmp(a->out, 1);
	want += ARENA_ALIGN - 1;
	want -= want % ARENA_ALIGN;
	a->full = want > a->cap - a->used;
	if (a->full)
		longjmp(a->out, 1);
	add_chunk(a, want);
	return arena_raw(a, want, 1);
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	return memset(arena_raw(a, count, size), 0, count * size);
}

void *arena_grow(struct arena *a, const void *old, size_t old_count, size_t new_count, size_t size)
{
	unsigned char *p = arena_raw(a, new_count, size);

	if (old_count)
		memcpy(p, old, old_count * size);
	memset(p + old_count * size, 0, (new_count - old_count) * size);
	return p;
}

char *arena_text(struct arena *a, const char *s, size_t len)
{
	char *p = arena_raw(a, len + 1, 1);

	if (len)
		memcpy(p, s, len);
	p[len] = 0;
	return p;
}
