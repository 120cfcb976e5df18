#ifndef COMPILER_TREE_GUEST_DELTA_H
#define COMPILER_TREE_GUEST_DELTA_H

/*
 * A guest ABI told as its difference from the host. x32 has x86_64's numbers with one bit more, and for
 * most of them the same answer: where it has, the bit is cleared and x86_64's own tree decides. Smaller
 * by a third than two trees; costs every call of the host one test, so it is for the smallest program.
 */

#include "search.h"

/* The tree over all runs of a word whose values from `guest` (one bit) up are the host's plus that bit. */
uint32_t guest_delta_build(struct graph *, unsigned word, const struct run *, size_t runs, uint32_t guest,
	const struct search_goal *);

#endif
