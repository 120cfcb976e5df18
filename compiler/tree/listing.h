#ifndef COMPILER_TREE_LISTING_H
#define COMPILER_TREE_LISTING_H

/* Clauses tested one after the other, condition by condition: never larger than they are, whatever they ask. */

#include "graph.h"
#include "state.h"

/*
 * The node where it starts. `tail`: what clauses have in common with each other, or are likely to have with other
 * lists, is asked last, so that it is stored once.
 */
uint32_t listing_build(struct graph *, const struct state *, bool tail);

#endif
