/*
 * The semantics, in one page: look up the audit arch, then the range of the number, then take the
 * first clause whose conditions all hold. Building a policy from a profile's rules is rules.c; this
 * file only asks.
 */

#include "policy.h"

static bool cond_holds(const struct cond *c, const uint64_t args[CALL_ARGS])
{
	uint64_t datum = args[c->arg] & c->mask;

	switch (c->op) {
	case COND_EQ:
		return datum == c->value;
	case COND_NE:
		return datum != c->value;
	case COND_LT:
		return datum < c->value;
	case COND_LE:
		return datum <= c->value;
	case COND_GE:
		return datum >= c->value;
	case COND_GT:
		return datum > c->value;
	}
	unreachable();
}

bool clause_holds(const struct clause *clause, const uint64_t args[CALL_ARGS])
{
	for (size_t i = 0; i < clause->conds; i++) {
		if (!cond_holds(&clause->cond[i], args))
			return false;
	}
	return true;
}

const struct range *domain_find(const struct domain *domain, uint32_t nr)
{
	size_t lo = 0, hi = domain->ranges - 1;

	while (lo < hi) { /* the range is within lo..hi */
		size_t middle = lo + (hi - lo) / 2;
		if (nr <= domain->range[middle].last)
			hi = middle;
		else
			lo = middle + 1;
	}
	return &domain->range[lo];
}

const struct domain *policy_domain(const struct policy *policy, uint32_t audit)
{
	for (size_t d = 0; d < policy->domains; d++) {
		if (policy->domain[d].audit == audit)
			return &policy->domain[d];
	}
	return NULL;
}

const struct clause *policy_decide(const struct policy *policy, const struct call *call)
{
	const struct domain *domain = policy_domain(policy, call->arch);
	const struct clause *clause = domain ? domain_find(domain, call->nr)->clause : &policy->elsewhere;

	while (domain && !clause_holds(clause, call->args))
		clause++; /* the last one has no condition */
	return clause;
}

static void cond_print(struct buf *b, const struct cond *c)
{
	static const char *const op[] = {"==", "!=", "<", "<=", ">=", ">"};

	if (c->mask == UINT64_MAX)
		buf_printf(b, "a%u %s 0x%llx", c->arg, op[c->op], (unsigned long long)c->value);
	else
		buf_printf(b, "a%u & 0x%llx %s 0x%llx", c->arg, (unsigned long long)c->mask, op[c->op],
			(unsigned long long)c->value);
}

static void range_print(struct buf *b, const struct range *range, const struct abi *abi)
{
	const char *name = abi ? arch_nr_name(abi, range->first) : NULL;

	if (range->first == range->last)
		buf_printf(b, "  %u %s", range->first, name ? name : "");
	else
		buf_printf(b, "  %u..%u", range->first, range->last);
	buf_pad(b, 32);
	for (size_t i = 0; i < range->clauses; i++) {
		const struct clause *clause = &range->clause[i];
		if (i)
			buf_text(b, "; ");
		for (size_t k = 0; k < clause->conds; k++) {
			buf_text(b, k ? " && " : "");
			cond_print(b, &clause->cond[k]);
		}
		buf_text(b, clause->conds ? " -> " : "");
		action_print(b, clause->ret);
	}
	buf_text(b, "\n");
}

void policy_print(struct buf *b, const struct policy *policy)
{
	for (size_t d = 0; d < policy->domains; d++) {
		const struct domain *domain = &policy->domain[d];
		buf_printf(b, "audit arch 0x%08x\n", domain->audit);
		for (size_t i = 0; i < domain->ranges; i++)
			range_print(b, &domain->range[i],
				arch_of_call(domain->audit, domain->range[i].first));
	}
	buf_text(b, "any other audit arch\n  all");
	buf_pad(b, 32);
	action_print(b, policy->elsewhere.ret);
	buf_text(b, "\n");
}
