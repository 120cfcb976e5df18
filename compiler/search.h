#ifndef COMPILER_SEARCH_H
#define COMPILER_SEARCH_H

/*
 * A word's values in runs, each with what follows for it, become a search tree of tests: the best
 * one by expected instructions, from thresholds (JGE), single values cut out (JEQ) and bit tests
 * (JSET).
 */

#include "graph.h"

struct run {
	uint32_t first, last; /* gap-free, sorted */
	uint32_t child;       /* node; differs from the neighbours' */
	uint64_t weight;      /* share of calls, in any unit; sums stay below 2^50 */
};

/* Add a run behind others, joined to the last if both lead to one node. */
void run_append(struct run *, size_t *runs, const struct run *);

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

/*
 * What a test costs: the weight that comes to it (it is executed that often), `size` (it is stored
 * once), and the weight that goes the rarer way `miss` times (a processor expects the other). Size 0
 * makes the fastest tree, weights 0 the smallest, a high miss one with few even odds.
 */
struct price {
	uint64_t size;
	unsigned miss; /* PRICE_MISS_MAX at most */
};

#define PRICE_MISS_MAX 64u

/* Of the weight that comes to the test, `side` goes one way. */
static inline uint64_t price_test(const struct price *p, uint64_t weight, uint64_t side)
{
	uint64_t other = weight - side;

	return weight + p->size + p->miss * (side < other ? side : other);
}

/* What a tree is to be like. */
struct search_goal {
	struct price price;
	unsigned depth; /* instructions at most from the tree's first test to a RET; 0: no bound */
	const struct hot *hot;
	size_t hots; /* 32 at most */
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
