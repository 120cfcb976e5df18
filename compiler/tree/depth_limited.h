#ifndef COMPILER_TREE_DEPTH_LIMITED_H
#define COMPILER_TREE_DEPTH_LIMITED_H

/* The best trees that reach a RET within a number of instructions. */

#include "knuth_dp.h"

struct depth_limited {
	struct knuth_dp *table; /* of each level, 0 first */
	unsigned top;        /* the level whose table has a tree over the whole row */
	bool found;          /* false: what some run leads to is so deep that none has */
};

/*
 * below[i]: instructions from where run i leads to its farthest RET. The top is `depth`, or the
 * least level above it that has a tree, where it is not far above: else nothing is found.
 */
struct depth_limited depth_limited_fill(
	struct scratch *, const struct intervals *, const unsigned *below, unsigned depth);

#endif
