/*
 * In: arrays of words. Out: an index for each, the same for equal arrays, counted from 0 in the
 * order of first appearance.
 */

#include "tuples.h"

#include "base.h"

#include <string.h>

#define ROOM_FIRST 64u
#define ROOM_LAST  65536u /* that is expected */

const uint32_t *tuples_at(const struct tuples *t, uint32_t index)
{
	assert(index < t->count);
	return t->word + (size_t)index * t->width;
}

static uint32_t hash(const uint32_t *tuple, uint32_t width)
{
	uint64_t h = 0;

	for (uint32_t i = 0; i < width; i++)
		h = (h ^ h >> 32 ^ tuple[i]) * 0x9e3779b97f4a7c15;
	return (uint32_t)(h >> 32);
}

static bool same(const void *of, uint32_t index, const void *tuple)
{
	const struct tuples *t = of;

	return !memcmp(tuples_at(t, index), tuple, t->width * sizeof(uint32_t));
}

static uint32_t *find_slot(const struct tuples *t, const uint32_t *tuple)
{
	return slots_find(&t->slots, hash(tuple, t->width), same, t, tuple);
}

static void add_room(struct tuples *t)
{
	uint32_t room = t->room ? 2 * t->room : t->expected;
	size_t bytes = t->width * sizeof(*t->word);

	assert(room <= UINT32_MAX / 4);
	uint32_t *word = arena_raw(t->arena, room, bytes);
	if (t->count)
		memcpy(word, t->word, t->count * bytes);
	t->word = word;
	t->room = room;
	t->slots = slots_make(t->arena, room);
	for (uint32_t i = 0; i < t->count; i++)
		*find_slot(t, tuples_at(t, i)) = i + 1;
}

void tuples_init(struct tuples *t, struct arena *arena, uint32_t width, size_t expected)
{
	assert(width);
	*t = (struct tuples){.arena = arena, .width = width, .expected = ROOM_FIRST};
	while (t->expected < expected && t->expected < ROOM_LAST)
		t->expected *= 2;
	add_room(t);
}

uint32_t tuples_index(struct tuples *t, const uint32_t *tuple)
{
	uint32_t *slot = find_slot(t, tuple);

	if (*slot)
		return *slot - 1;
	if (t->count == t->room) {
		add_room(t);
		slot = find_slot(t, tuple);
	}
	memcpy(t->word + (size_t)t->count * t->width, tuple, t->width * sizeof(*tuple));
	*slot = t->count + 1;
	return t->count++;
}
