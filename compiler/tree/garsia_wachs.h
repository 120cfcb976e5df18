#ifndef COMPILER_TREE_GARSIA_WACHS_H
#define COMPILER_TREE_GARSIA_WACHS_H

/*
 * The best tree of thresholds over a whole row of which nothing but single runs is closed, in a
 * fraction of the time and room a table takes.
 */

#include "intervals.h"

/* A part of the tree that begins or ends with a known run. */
struct garsia_wachs_part {
	uint64_t cost;
	uint16_t other; /* the run it ends or begins with */
	uint16_t cut;   /* the last run of its left part */
};

struct garsia_wachs {
	const struct intervals *row;
	const uint64_t *leaf;         /* what each run costs by itself */
	struct garsia_wachs_part *from; /* by run: the largest part that begins with it */
	struct garsia_wachs_part *to;   /* by run: the largest part that ends with it */
};

/* In memory of the scratch; row and leaf are not copied. */
void garsia_wachs_init(
	struct garsia_wachs *, struct scratch *, const struct intervals *, const uint64_t *leaf);

/* Of the tree over all runs and its parts, no other intervals. */
uint64_t garsia_wachs_cost(const struct garsia_wachs *, size_t i, size_t j);
/* The last run of the left part. i < j */
size_t garsia_wachs_cut(const struct garsia_wachs *, size_t i, size_t j);

#endif
