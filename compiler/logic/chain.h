#ifndef COMPILER_LOGIC_CHAIN_H
#define COMPILER_LOGIC_CHAIN_H

/*
 * The condition nearly every filter is made of: a masked word compared with a constant. Its diagram
 * is a chain, one node a bit, so choosing by it takes 32 steps and no table of results.
 */

#include "bdd.h"

/* A comparison of two numbers, by when it holds. */
struct relation {
	bool less, equal, more;
};

/* (word & mask) RELATION k */
struct chain {
	uint32_t first; /* variable of the word's top bit */
	uint32_t mask, k;
	struct relation relation;
};

/* chain ? yes : no */
uint32_t chain_choose(struct bdd *, const struct chain *, uint32_t yes, uint32_t no);

/* The words from the first to the last; none: the first is above it. */
struct words {
	uint32_t first, last;
};

#define NO_WORDS ((struct words){1, 0})

static inline bool words_none(struct words w)
{
	return w.first > w.last;
}

/* Of these words the ones for which the comparison holds, or does not, and those between them. */
struct words chain_words(const struct chain *, bool holds, struct words of);

/* chain ? yes : no for calls whose word is one of these, and anything for others: most bits need not be asked. */
uint32_t chain_choose_among(struct bdd *, const struct chain *, uint32_t yes, uint32_t no, struct words of);

#endif
