#ifndef COMPILER_EXPLAIN_OVERVIEW_H
#define COMPILER_EXPLAIN_OVERVIEW_H

/*
 * What a policy allows, ABI by ABI and action by action, in words: Markdown that reads as well on a
 * terminal and can be pasted into a review. Numbers nobody has named yet are told of as one.
 */

#include "explain.h"

/* question.abi says of which ABI alone; NULL: of all that the filter covers. */
void overview_print(struct buf *, const struct question *);

#endif
