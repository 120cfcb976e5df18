#ifndef COMPILER_TREE_LEAF_GROUPS_H
#define COMPILER_TREE_LEAF_GROUPS_H

/*
 * A row cut into closed intervals: what is left to decide is the order of the thresholds between
 * them. Where only stored tests count the cut is the best there is; else it goes by what a tree
 * over the units may be expected to cost.
 */

#include "intervals.h"

struct leaf_groups {
	struct run *run; /* a unit as a run; what it leads to means nothing */
	size_t *start;   /* the row's run each unit begins with; one more ends the list */
	uint64_t *cost;  /* of closing it */
	size_t count;
};

void leaf_groups_find(struct leaf_groups *, struct scratch *, const struct intervals *, size_t first, size_t last);

#endif
