#ifndef COMPILER_TREE_ALPHABETIC_H
#define COMPILER_TREE_ALPHABETIC_H

/*
 * The best tree of thresholds over a whole row of which nothing but single runs is closed, in a
 * fraction of the time and room a table takes.
 */

#include "row.h"

/* A part of the tree that begins or ends with a known run. */
struct alphabetic_part {
	uint64_t cost;
	uint16_t other; /* the run it ends or begins with */
	uint16_t cut;   /* the last run of its left part */
};

struct alphabetic {
	const struct row *row;
	const uint64_t *leaf;         /* what each run costs by itself */
	struct alphabetic_part *from; /* by run: the largest part that begins with it */
	struct alphabetic_part *to;   /* by run: the largest part that ends with it */
};

/* In memory of the scratch; row and leaf are not copied. */
void alphabetic_init(
	struct alphabetic *, struct scratch *, const struct row *, const uint64_t *leaf);

/* Of the tree over all runs and its parts, no other intervals. */
uint64_t alphabetic_cost(const struct alphabetic *, size_t i, size_t j);
/* The last run of the left part. i < j */
size_t alphabetic_cut(const struct alphabetic *, size_t i, size_t j);

#endif
