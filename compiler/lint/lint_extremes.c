/* Profiles that allow everything or nothing. */

#include "syscall_outcome.h"

struct tally {
	bool passes, logs, refuses, asks;
};

/* Over all numbers of the filter's ABIs; what is killed because no ABI owns it does not count. */
static struct tally take_tally(const struct policy *policy)
{
	struct tally tally = {false, false, false, false};

	for (size_t d = 0; d < policy->domains; d++) {
		const struct domain *domain = &policy->domain[d];
		for (size_t i = 0; i < domain->ranges; i++) {
			const struct range *range = &domain->range[i];
			for (size_t k = 0; k < range->clauses; k++) {
				uint32_t ret = range->clause[k].ret;
				bool owned = range->clause[k].at != NOWHERE;
				tally.passes |= ret == RET_ALLOW;
				tally.logs |= outcome_passes(ret) && ret != RET_ALLOW;
				tally.refuses |= owned && outcome_refuses(ret);
				tally.asks |= !outcome_passes(ret) && !outcome_refuses(ret);
			}
		}
	}
	return tally;
}

bool lint_extremes(const struct lint *l)
{
	const struct profile_action *otherwise = &l->profile->default_action;
	struct tally tally = take_tally(l->policy);

	if (!tally.refuses && !tally.asks && tally.logs)
		diag(l->diags, DIAG_LOGS_ONLY, otherwise->at, otherwise->len,
			"nothing is refused: calls are logged at most");
	else if (!tally.refuses && !tally.asks)
		diag(l->diags, DIAG_ALLOWS_ALL, otherwise->at, otherwise->len,
			"everything is allowed: the filter does nothing");
	else if (!tally.passes && !tally.logs && !tally.asks)
		diag(l->diags, DIAG_ALLOWS_NOTHING, otherwise->at, otherwise->len,
			"nothing is allowed: no program can run");
	else
		return false;
	return true;
}
