#ifndef COMPILER_TREE_LISTING_H
#define COMPILER_TREE_LISTING_H

/* Clauses tested one after the other, condition by condition: never larger than they are, whatever they ask. */

#include "graph.h"
#include "state.h"

enum listing_way {
	LISTING_PLAIN,
	LISTING_TAIL,   /* what all have in common, or are likely to have with other lists, is asked last: stored once */
	LISTING_COMMON, /* what some of the others have in common is asked once, ahead of what else they ask */
	LISTING_AHEAD,  /* the same of all: high halves that are 0, so that what is behind them is a 32-bit ABI's */
	LISTINGS,
};

/* The node where it starts. */
uint32_t listing_build(struct graph *, const struct state *, enum listing_way);

#endif
