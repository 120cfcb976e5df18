#ifndef COMPILER_TREE_EXACT_H
#define COMPILER_TREE_EXACT_H

/*
 * The best of all trees over a few runs: any threshold, equality or mask may be tested anywhere, as
 * long as it leaves every run whole.
 */

#include "graph.h"
#include "run.h"

#define EXACT_MAX 8u /* runs */

/* A set of runs, bit by bit. */
typedef uint8_t exact_set;

/* What to ask where only the runs of a set can arrive; those of `yes` answer so. */
struct exact_test {
	enum test kind; /* TEST_NONE: all runs of the set lead to one place */
	uint32_t k;
	exact_set yes;
};

struct exact {
	const struct run *run;
	size_t runs;
	struct price price;
	uint64_t cost[1u << EXACT_MAX]; /* by set; + 1, 0: not known */
	struct exact_test test[1u << EXACT_MAX];
	uint32_t bits[1u << EXACT_MAX]; /* by set: those that some number of it has */
	exact_set hit[1u << EXACT_MAX]; /* by set: the runs of which every number has another bit */
	uint64_t weight[1u << EXACT_MAX];
};

/* EXACT_MAX runs at most. */
void exact_init(struct exact *, const struct run *, size_t runs, const struct price *);

/* What the best tree over a set of runs costs, not 0; test[] then has its tests. */
uint64_t exact_cost(struct exact *, unsigned set);

/* The first runs of all. */
static inline unsigned exact_first(size_t runs)
{
	return (1u << runs) - 1;
}

/* No tree over the runs costs less. */
uint64_t exact_bound(const struct run *, size_t runs, uint64_t size);

#endif
