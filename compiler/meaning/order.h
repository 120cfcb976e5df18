#ifndef COMPILER_MEANING_ORDER_H
#define COMPILER_MEANING_ORDER_H

/* Order P of merge.h: which of several matching rules with different actions decides. */

#include "policy.h"

#include <stdbool.h>

struct merge_rule {
	const struct cond *cond; /* sorted by arg, no arg twice, masks never 0 */
	size_t conds;
	uint32_t ret;
	uint32_t at, len; /* of the syscall's name in the rule */
	const char *via;  /* that name, where the number is a multiplexer's for it; else NULL */
	bool has_own;     /* via: there is a number of its own, too, under which the rule is */
	bool alternative; /* one condition of a rule whose conditions are alternatives */
	uint8_t masked; /* bit n: the condition on argument n is written as MASKED_EQ, which libseccomp
			   tells from EQ even under a full mask */
};

static inline bool order_is_masked(const struct merge_rule *rule, const struct cond *c)
{
	return rule->masked >> c->arg & 1;
}

/* Sorts rules (given in file order) so that the first that matches decides. bits: 32 or 64. */
void order_rules(struct arena *, const struct merge_rule **, size_t rules, unsigned bits);

#endif
