#ifndef COMPILER_BASE_SLOTS_H
#define COMPILER_BASE_SLOTS_H

/*
 * A hash table over somebody's array: which element equals this one? It holds indices alone, and the array
 * may move. Elements are only added, at most half of the places are taken, so that a search ends, and what
 * index one has does not depend on the hash.
 *
 * Tables that are none of these: caches, which forget (the memo of logic/bdd.c, evidence/reader.c); what has no array
 * but is in the table itself (logic/combine.c, whose scratch is gone after each question; say/diag.c, a set of numbers);
 * chains of what has no index (tree/arg_tree.c, lint/lint_dead_rules.c, verbs/judge.c); names known when winnow is built
 * (arch.c).
 */

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

struct slots {
	uint32_t *slot; /* index + 1; 0: free */
	uint32_t mask;  /* places - 1; a power of two of them */
};

/* Is the element at an index of `of` the one looked for? */
typedef bool slots_same(const void *of, uint32_t index, const void *wanted);

/* For `room` elements, a power of two, none of them in it. */
static inline struct slots slots_make(struct arena *arena, uint32_t room)
{
	return (struct slots){arena_alloc(arena, (size_t)2 * room, sizeof(uint32_t)), 2 * room - 1};
}

/* The place of an equal element, or the free one where its index + 1 belongs. Always in line: `same` is then no call. */
__attribute__((always_inline)) static inline uint32_t *slots_find(
	const struct slots *s, uint32_t hash, slots_same *same, const void *of, const void *wanted)
{
	uint32_t at = hash & s->mask;

	while (s->slot[at] && !same(of, s->slot[at] - 1, wanted))
		at = (at + 1) & s->mask;
	return &s->slot[at];
}

#endif
