#ifndef COMPILER_EXPLAIN_OVERVIEW_H
#define COMPILER_EXPLAIN_OVERVIEW_H

/*
 * What a policy allows, ABI by ABI and action by action, in words: Markdown that reads as well on a
 * terminal and can be pasted into a review. Numbers nobody has named yet are told of by what becomes of them.
 */

#include "explain.h"

/* question.abi says of which ABI alone; NULL: of all that the filter covers. */
void overview_print(struct buf *, const struct question *);

/* Numbers of an ABI that have no name, none between them that has one, and what becomes of them. */
struct unnamed {
	uint32_t first, last;
	uint32_t ret;
};

/* All of them in order, each as long as it can be, in the arena. The policy covers the ABI. */
size_t overview_unnamed(struct arena *, const struct policy *, const struct abi *, struct unnamed **);

#endif
