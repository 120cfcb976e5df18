#ifndef COMPILER_TREE_DEPTH_LIMITED_H
#define COMPILER_TREE_DEPTH_LIMITED_H

/* The best trees that reach a RET within a number of instructions. */

#include "knuth_dp.h"

struct depth_limited {
	struct knuth_dp *table; /* of each level, 0 first */
	unsigned top;        /* the level whose table has a tree over the whole row */
	bool found;          /* false: what some run leads to is so deep that none has */
};

/* By interval i..i + n, n < SUBSET_DP_MAX, at [i * SUBSET_DP_MAX + n]: what the shallowest of all trees takes to a RET. */
const uint16_t *depth_limited_shallow(struct scratch *, const struct intervals *, const unsigned *below);

/*
 * below[i]: instructions from where run i leads to its farthest RET. The top is `depth`, or the
 * least level above it that has a tree, where it is not far above: else nothing is found.
 */
struct depth_limited depth_limited_fill(
	struct scratch *, const struct intervals *, const unsigned *below, const uint16_t *shallow, unsigned depth);

/*
 * Does the cheapest closing of i..j do within the depth? Where it does not, and the interval is closed, the shallowest
 * tree does.
 */
bool depth_limited_closes(const struct intervals *, const unsigned *below, size_t i, size_t j, unsigned depth);

/* The values of a chain, those first whose ways on are long; how many instructions it is to its farthest RET then, the least. */
unsigned depth_limited_sort(struct peel *, const unsigned *below, unsigned rest);

/*
 * Rows that are too long for tables: a cut 0..cut, cut + 1..runs - 1 both parts of which are within one level less than the
 * row, *depth, or than the least level above that has a tree; that is *depth then. Of several the one nearest to half of
 * the weight. False: none was found.
 */
bool depth_limited_cut(
	struct scratch *, const struct intervals *, const unsigned *below, const uint16_t *shallow, unsigned *depth,
	size_t *cut);

#endif
