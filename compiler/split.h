#ifndef COMPILER_SPLIT_H
#define COMPILER_SPLIT_H

/* One JSET that tells two labels apart over a whole interval of runs. */

#include "search.h"

#include <stdbool.h>

/* An interval of runs that lead to two nodes, grown run by run to the right. */
struct split {
	uint32_t first, last; /* the interval */
	uint32_t child;       /* side 0 leads here, side 1 elsewhere */
	struct split_side {
		uint32_t bits;    /* every bit that some number of the side has */
		uint32_t probe;   /* one of its numbers */
		uint64_t numbers; /* how many it has */
	} side[2];
};

/* The interval of one run. */
struct split split_start(const struct run *);
void split_add(struct split *, const struct run *);

/*
 * A mask that the numbers of one side have no bit of, and each of the other at least one; 0 if there is
 * none. Exact over every number of the interval.
 */
uint32_t split_mask(const struct split *);

#endif
