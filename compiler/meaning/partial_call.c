/*
 * A condition is put to the least and the greatest value an argument can have, and to the bits of it that
 * are known. That may leave open what more thought would settle, and never the other way round.
 */

#include "partial_call.h"

#include "../base/base.h"

#include <string.h>

static enum holds below(uint64_t least, uint64_t most, uint64_t value)
{
	return most < value ? HOLDS : least < value ? HOLDS_MAYBE : HOLDS_NOT;
}

static enum holds opposite(enum holds h)
{
	return h == HOLDS_MAYBE ? h : h == HOLDS ? HOLDS_NOT : HOLDS;
}

static enum holds equal(const struct cond *c, uint64_t value, uint64_t known)
{
	if (c->value & ~c->mask || (value ^ c->value) & known & c->mask)
		return HOLDS_NOT;
	return (known & c->mask) == c->mask ? HOLDS : HOLDS_MAYBE;
}

static enum holds cond_seen(const struct cond *c, const struct seen *seen)
{
	uint64_t known = seen->known[c->arg] & c->mask;
	uint64_t least = seen->value[c->arg] & known, most = least | (c->mask & ~known);

	switch (c->op) {
	case COND_EQ:
		return equal(c, seen->value[c->arg], known);
	case COND_NE:
		return opposite(equal(c, seen->value[c->arg], known));
	case COND_LT:
		return below(least, most, c->value);
	case COND_GE:
		return opposite(below(least, most, c->value));
	case COND_LE:
		return c->value == UINT64_MAX ? HOLDS : below(least, most, c->value + 1);
	case COND_GT:
		return c->value == UINT64_MAX ? HOLDS_NOT : opposite(below(least, most, c->value + 1));
	}
	unreachable();
}

enum holds clause_seen(const struct clause *clause, const struct seen *seen)
{
	enum holds all = HOLDS;

	for (size_t i = 0; i < clause->conds; i++) {
		enum holds one = cond_seen(&clause->cond[i], seen);
		if (one == HOLDS_NOT)
			return HOLDS_NOT;
		if (one == HOLDS_MAYBE)
			all = HOLDS_MAYBE;
	}
	return all;
}

static const struct range *find_range(const struct policy *policy, uint32_t arch, uint32_t nr)
{
	for (size_t d = 0; d < policy->domains; d++) {
		if (policy->domain[d].audit == arch)
			return domain_find(&policy->domain[d], nr);
	}
	return NULL;
}

const struct clause *partly_decide(const struct policy *policy, uint32_t arch, uint32_t nr,
	const struct seen *seen, const struct clause **open)
{
	const struct range *range = find_range(policy, arch, nr);
	const struct clause *clause = range ? range->clause : &policy->elsewhere;
	bool differ = false;

	*open = NULL;
	for (;; clause++) { /* the last one has no condition */
		enum holds holds = clause_seen(clause, seen);
		if (holds == HOLDS_NOT)
			continue;
		differ = differ || (*open && (*open)->ret != clause->ret);
		if (holds == HOLDS)
			break;
		if (!*open)
			*open = clause;
	}
	return differ ? NULL : *open ? *open : clause;
}

void partly_looked(const struct policy *policy, uint32_t arch, uint32_t nr, uint64_t bits[CALL_ARGS])
{
	const struct range *range = find_range(policy, arch, nr);

	memset(bits, 0, CALL_ARGS * sizeof(*bits));
	for (size_t i = 0; range && i < range->clauses; i++) {
		for (size_t k = 0; k < range->clause[i].conds; k++)
			bits[range->clause[i].cond[k].arg] |= range->clause[i].cond[k].mask;
	}
}

static bool same_clause(const struct clause *a, const struct clause *b)
{
	if (a->ret != b->ret || a->conds != b->conds)
		return false;
	for (size_t i = 0; i < a->conds; i++) {
		const struct cond *x = &a->cond[i], *y = &b->cond[i];
		if (x->arg != y->arg || x->op != y->op || x->mask != y->mask || x->value != y->value)
			return false;
	}
	return true;
}

bool partly_alike(const struct policy *a, const struct policy *b, uint32_t arch, uint32_t nr)
{
	const struct range *x = find_range(a, arch, nr), *y = find_range(b, arch, nr);
	const struct clause *p = x ? x->clause : &a->elsewhere, *q = y ? y->clause : &b->elsewhere;

	while (same_clause(p, q)) {
		if (!p->conds)
			return true; /* the last of both */
		p++;
		q++;
	}
	return false;
}
