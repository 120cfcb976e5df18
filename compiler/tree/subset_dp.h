#ifndef COMPILER_TREE_SUBSET_DP_H
#define COMPILER_TREE_SUBSET_DP_H

/*
 * The best of all trees over a few runs: any threshold, equality or mask may be tested anywhere, as
 * long as it leaves every run whole.
 */

#include "graph.h"
#include "run.h"

#define SUBSET_DP_MAX 8u /* runs */

/* A set of runs, bit by bit. */
typedef uint8_t subset_dp_set;

/* What to ask where only the runs of a set can arrive; those of `yes` answer so. */
struct subset_dp_test {
	enum test kind; /* TEST_NONE: all runs of the set lead to one place */
	uint32_t k;
	subset_dp_set yes;
};

struct subset_dp {
	const struct run *run;
	size_t runs;
	struct price price;
	/* Of each run, instructions from where it leads to the farthest RET: what a tree costs is how many a call takes. NULL:
	 * the price. */
	const unsigned *below;
	uint64_t cost[1u << SUBSET_DP_MAX]; /* by set; + 1, 0: not known */
	struct subset_dp_test test[1u << SUBSET_DP_MAX];
	uint32_t bits[1u << SUBSET_DP_MAX]; /* by set: those that some number of it has */
	subset_dp_set hit[1u << SUBSET_DP_MAX]; /* by set: the runs of which every number has another bit, and the set */
	uint64_t weight[1u << SUBSET_DP_MAX];
};

/* SUBSET_DP_MAX runs at most. */
void subset_dp_init(struct subset_dp *, const struct run *, size_t runs, const struct price *);

/* The same for the tree that takes the fewest instructions to a RET, the farthest one. */
void subset_dp_init_shallow(struct subset_dp *, const struct run *, size_t runs, const unsigned *below);

/* What the best tree over a set of runs costs, not 0; test[] then has its tests. */
uint64_t subset_dp_cost(struct subset_dp *, unsigned set);

/* The first runs of all. */
static inline unsigned subset_dp_first(size_t runs)
{
	return (1u << runs) - 1;
}

/* No tree over the runs costs less. */
uint64_t subset_dp_bound(const struct run *, size_t runs, uint64_t size);

#endif
