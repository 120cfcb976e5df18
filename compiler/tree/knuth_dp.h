#ifndef COMPILER_TREE_KNUTH_DP_H
#define COMPILER_TREE_KNUTH_DP_H

/*
 * The best trees over all intervals of a part of a row, by dynamic programming. A tree is a
 * closing, or a threshold between two trees.
 */

#include "intervals.h"

struct knuth_dp {
	const struct intervals *row;
	size_t first, width; /* the part; cells count from 0 */
	uint64_t *cost; /* [i][j]; [j][i] is the same, so that what a threshold adds lies in two
			   rows */
	uint16_t *cut;  /* [i][j], i < j: last run of the left part, or KNUTH_DP_CLOSED; [j][i]: best
			   threshold, whatever closes the interval */
};

#define KNUTH_DP_CLOSED SIZE_MAX

/* Runs first..last of the row, in memory of the scratch. */
void knuth_dp_init(struct knuth_dp *, struct scratch *, const struct intervals *, size_t first, size_t last);
void knuth_dp_fill(struct knuth_dp *);

/* Of the tree over runs i..j. */
uint64_t knuth_dp_cost(const struct knuth_dp *, size_t i, size_t j);
/* The last run of its left part, or KNUTH_DP_CLOSED. i < j */
size_t knuth_dp_cut(const struct knuth_dp *, size_t i, size_t j);

#endif
