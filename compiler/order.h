#ifndef COMPILER_ORDER_H
#define COMPILER_ORDER_H

/* Order P of merge.h: which of several matching rules with different actions decides. */

#include "policy.h"

struct merge_rule {
	const struct cond *cond; /* sorted by arg, no arg twice, masks never 0 */
	size_t conds;
	uint32_t ret;
	uint32_t at, len; /* of the syscall's name in the rule */
};

/* Sorts rules (given in file order) so that the first that matches decides. bits: 32 or 64. */
void order_rules(struct arena *, const struct merge_rule **, size_t rules, unsigned bits);

#endif
