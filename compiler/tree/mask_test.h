#ifndef COMPILER_TREE_MASK_TEST_H
#define COMPILER_TREE_MASK_TEST_H

/* One JSET that tells two labels apart over a whole interval of runs. */

#include "../base/scratch.h"
#include "run.h"

#include <stdbool.h>

/* Every bit that some number of the run has. */
uint32_t split_bits(const struct run *);

/* Has every number of the run a bit of the mask? */
bool split_hits(const struct run *, uint32_t mask);

/*
 * Do the numbers of the runs that lead to `zero` have no bit of *mask, and all others at least one?
 * The runs are gap-free and lead to two labels. Exact over every number of the interval.
 */
bool split_mask(const struct run *, size_t runs, uint32_t zero, uint32_t *mask);

/*
 * For every run the last one up to which a mask tells all runs apart, whichever side is zero:
 * itself or its neighbour at least. In memory of the scratch. O(runs * log(runs)).
 */
const uint16_t *split_ends(struct scratch *, const struct run *, size_t runs);

#endif
