/*
 * One block of an arena, used as a stack. When it is too small a larger one takes its place; what
 * was taken from the old one stays good until the arena goes, and a mark made in it means the start
 * of the new one.
 */

#include "scratch.h"

#include <stdint.h>

#define ROOM_FIRST ((size_t)32 << 10)

void *scratch_take_anew(struct scratch *s, size_t count, size_t size)
{
	size_t want, room = s->room ? s->room * 2 : ROOM_FIRST;

	if (__builtin_mul_overflow(count, size, &want) || want > SIZE_MAX / 4)
		longjmp(s->arena->out, 1);
	want = (want + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	s->room = room < want ? want : room;
	s->bytes = arena_raw(s->arena, s->room, 1);
	s->used = want;
	return s->bytes;
}

struct scratch_mark scratch_mark(const struct scratch *s)
{
	return (struct scratch_mark){s->bytes, s->used};
}

void scratch_release(struct scratch *s, struct scratch_mark mark)
{
	s->used = mark.bytes == s->bytes ? mark.used : 0;
}
