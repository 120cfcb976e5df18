#ifndef COMPILER_SEARCH_H
#define COMPILER_SEARCH_H

/*
 * A word's values in runs, each with what follows for it, become a search tree of tests: the best one
 * by expected instructions, from thresholds (JGE), single values cut out (JEQ) and bit tests (JSET).
 */

#include "graph.h"

struct run {
	uint32_t first, last; /* gap-free, sorted */
	uint32_t child;       /* node; differs from the neighbours' */
	uint64_t weight;      /* share of calls, in any unit; sums stay below 2^50 */
};

/*
 * What a test costs: its interval's weight (it is executed that often) plus `size` (it is stored
 * once). size 0 is the fastest tree, weights 0 the smallest.
 */
struct search_cost {
	uint64_t size;
};

/*
 * The root of a tree over runs (at least one, covering any interval of the word). *tests, if not NULL,
 * is the sum over the runs of weight times tests on the way there.
 */
uint32_t search_build(struct graph *, unsigned word, const struct run *, size_t runs, struct search_cost,
	uint64_t *tests);

#endif
