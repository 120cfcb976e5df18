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

#endif
