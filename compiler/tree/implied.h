#ifndef COMPILER_TREE_IMPLIED_H
#define COMPILER_TREE_IMPLIED_H

/* Clauses that decide nothing, because another one decides alike whatever holds them. */

#include "state.h"
#include "../base/scratch.h"

/*
 * Leaves out clauses that only hold where an earlier one does, or a later one with nothing but its own answer
 * between. Not all: clauses are compared one with one, and after some 2^18 comparisons no more.
 */
void implied_drop(struct state *, struct scratch *);

#endif
