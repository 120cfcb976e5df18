#ifndef COMPILER_TREE_SEARCH_H
#define COMPILER_TREE_SEARCH_H

/*
 * A word's values in runs, each with what follows for it, become a search tree of tests: the best
 * one by expected instructions, from thresholds (JGE), single values cut out (JEQ) and bit tests
 * (JSET).
 */

#include "graph.h"
#include "run.h"

/* A single value much asked for, inside a run or a run of its own; worth a test ahead of its turn.
 */
struct hot {
	uint32_t value;
	uint64_t weight; /* part of its run's */
};

/* How hard a row of many runs is searched. */
enum search_effort {
	SEARCH_USUAL,    /* the best of closed intervals and thresholds */
	SEARCH_QUICK,    /* the best of what can be found in a few microseconds */
	SEARCH_THOROUGH, /* intervals of a few runs are closed by the best of all trees */
};

/* What a tree is to be like. */
struct search_goal {
	struct price price;
	unsigned depth; /* instructions at most from the tree's first test to a RET; 0: no bound */
	const struct hot *hot;
	size_t hots; /* 32 at most */
	uint32_t held; /* the runs are of what this mask leaves of the word (graph_test_held()); 0: of the word */
	enum search_effort effort;
};

/*
 * The root of a tree over runs (at least one, covering any interval of the word). *tests, if not
 * NULL, is the sum over the runs of weight times tests on the way there. A depth that cannot be
 * kept is exceeded by as little as possible.
 */
uint32_t search_build(struct graph *, unsigned word, const struct run *, size_t runs,
	const struct search_goal *, uint64_t *tests);

#endif
