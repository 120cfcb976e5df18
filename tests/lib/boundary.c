/*
 * In: a finished policy. Out: calls, each given to the visitor. Numbers are the first and last of
 * each range, which are all numbers next to a change, and those where ABIs and signs meet.
 * Arguments are, for each condition on a number, the values around its own and its mask's, in both
 * halves; the other arguments are drawn from what is interesting about them.
 */

#include "boundary.h"

#include <string.h>

#define CANDIDATES 400 /* values of one argument looked at for one number */

struct caller {
	struct random *random;
	const struct boundary *boundary;
	uint64_t value[CALL_ARGS][CANDIDATES];
	size_t values[CALL_ARGS];
};

static void add_value(struct caller *c, unsigned arg, uint64_t value)
{
	if (c->values[arg] < CANDIDATES)
		c->value[arg][c->values[arg]++] = value & c->boundary->args_max;
}

static void add_values_around(struct caller *c, unsigned arg, uint64_t v)
{
	uint64_t bit32 = (uint64_t)1 << 32;

	add_value(c, arg, v - 1);
	add_value(c, arg, v);
	add_value(c, arg, v + 1);
	add_value(c, arg, v + bit32);
	add_value(c, arg, v ^ (uint64_t)1 << random_below(c->random, 64));
	add_value(c, arg, (v & ~(uint64_t)UINT32_MAX) | (uint32_t)random_next(c->random));
}

static void add_values_anywhere(struct caller *c, unsigned arg)
{
	static const uint64_t anywhere[] = {
		0, 1, 0x80000000, 0xffffffff, 0x100000000, 0x8000000000000000, 0xffffffffffffffff};

	for (size_t i = 0; i < countof(anywhere); i++)
		add_value(c, arg, anywhere[i]);
}

static void find_values(struct caller *c, const struct range *range)
{
	unsigned used = 0;

	for (size_t i = 0; i < range->clauses; i++) {
		for (size_t k = 0; k < range->clause[i].conds; k++) {
			const struct cond *cond = &range->clause[i].cond[k];
			used |= 1u << cond->arg;
			add_values_around(c, cond->arg, cond->value);
			if (cond->mask & (cond->mask + 1)) {
				add_values_around(c, cond->arg, cond->mask);
				add_value(c, cond->arg, cond->value | ~cond->mask);
				add_value(c, cond->arg,
					cond->value | (random_next(c->random) & ~cond->mask));
			}
		}
	}
	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		if (used >> arg & 1)
			add_values_anywhere(c, arg);
	}
}

static void random_args(struct caller *c, struct call *call)
{
	call->ip = random_next(c->random);
	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		size_t values = c->values[arg];
		call->args[arg] = values ? c->value[arg][random_below(c->random, values)]
					 : random_next(c->random) & c->boundary->args_max;
	}
}

static bool visit(struct caller *c, const struct call *call)
{
	return c->boundary->visit(c->boundary->data, call);
}

/* One number of a domain, or of an audit arch the policy does not know (range NULL). */
static bool visit_number(struct caller *c, uint32_t audit, uint32_t nr, const struct range *range)
{
	struct call call = {.arch = audit, .nr = nr};

	memset(c->values, 0, sizeof(c->values));
	if (!visit(c, &call))
		return false;
	if (range)
		find_values(c, range);
	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		for (size_t i = 0; i < c->values[arg] * c->boundary->rounds; i++) {
			random_args(c, &call);
			call.args[arg] = c->value[arg][i % c->values[arg]];
			if (!visit(c, &call))
				return false;
		}
	}
	random_args(c, &call);
	return visit(c, &call);
}

static const uint32_t odd_numbers[] = {
	0, 1, 0x3fffffff, 0x40000000, 0x40000001, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

/* Every number of the tables that is the audit arch's. */

static bool visit_names(struct caller *c, const struct domain *d)
{
	uint32_t nr;

	for (size_t i = 0; i < arch_abi_count; i++) {
		if (arch_abis[i].audit != d->audit)
			continue;
		for (size_t id = 0; id < arch_syscall_count(); id++) {
			if (arch_nr(&arch_abis[i], (uint16_t)id, &nr) &&
				!visit_number(c, d->audit, nr, domain_find(d, nr)))
				return false;
		}
	}
	return true;
}

static bool visit_domain(struct caller *c, const struct domain *d)
{
	for (size_t i = 0; i < countof(odd_numbers); i++) {
		if (!visit_number(c, d->audit, odd_numbers[i], domain_find(d, odd_numbers[i])))
			return false;
	}
	if (c->boundary->every_name && !visit_names(c, d))
		return false;
	for (size_t i = 0; i < d->ranges; i++) {
		const struct range *r = &d->range[i];
		if (!visit_number(c, d->audit, r->first, r))
			return false;
		if (r->first != r->last && !visit_number(c, d->audit, r->last, r))
			return false;
	}
	return true;
}

static bool visit_foreign(struct caller *c, uint32_t audit)
{
	for (size_t i = 0; i < countof(odd_numbers); i++) {
		if (!visit_number(c, audit, odd_numbers[i], NULL))
			return false;
	}
	return true;
}

bool boundary_visit(struct random *random, const struct boundary *boundary)
{
	static const uint32_t nowhere[] = {0, 1, 0x3e, 0x4000003e, 0x80000000, 0xffffffff};
	struct caller c = {.random = random, .boundary = boundary};

	for (size_t i = 0; i < boundary->policy->domains; i++) {
		if (!visit_domain(&c, &boundary->policy->domain[i]))
			return false;
	}
	for (size_t i = 0; i < arch_abi_count; i++) { /* those the policy has are visited again */
		if (!visit_foreign(&c, arch_abis[i].audit))
			return false;
	}
	for (size_t i = 0; i < countof(nowhere); i++) {
		if (!visit_foreign(&c, nowhere[i]))
			return false;
	}
	return true;
}
