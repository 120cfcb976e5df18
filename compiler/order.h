#ifndef COMPILER_ORDER_H
#define COMPILER_ORDER_H

/* Order P of merge.h: which of several matching rules with different actions decides. */

#include "merge.h"

/* Sorts rules (given in file order) so that the first that matches decides. bits: 32 or 64. */
void order_rules(struct arena *, const struct merge_rule **, size_t rules, unsigned bits);

#endif
