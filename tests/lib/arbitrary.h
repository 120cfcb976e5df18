#ifndef TESTS_LIB_ARBITRARY_H
#define TESTS_LIB_ARBITRARY_H

/*
 * Policies that no profile leads to, and calls at the edges of what they say: for the tests of the
 * prover, which must be right about any policy. Same seed, same policies and calls.
 */

#include "compiler/base/base.h"
#include "compiler/meaning/policy.h"

/* In each test, since running out jumps into a frame that must be there; behind cmocka.h. */
#define ARENA_START(arena)                                                                         \
	do {                                                                                       \
		arena_init(arena, (size_t)1 << 30);                                                \
		if (setjmp((arena)->out))                                                          \
			fail_msg("out of memory");                                                 \
	} while (0)

struct dice {
	uint64_t state; /* splitmix64: any seed is a good one */
};

static inline uint64_t dice_roll(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline uint32_t dice_below(struct dice *d, size_t n)
{
	return (uint32_t)((dice_roll(d) >> 32) % n);
}

/* A 64-bit value of a kind that comparisons go wrong about. */
static inline uint64_t arbitrary_value(struct dice *d)
{
	uint64_t any = dice_roll(d), bit = UINT64_C(1) << dice_below(d, 64);
	const uint64_t kinds[] = {0, 1, dice_below(d, 8), bit, ~bit, any, any & UINT32_MAX,
		any << 32, UINT32_MAX, UINT64_MAX, UINT64_C(1) << 31, UINT64_C(1) << 32,
		UINT64_C(1) << 63};

	return kinds[dice_below(d, countof(kinds))];
}

static inline uint32_t arbitrary_number(struct dice *d)
{
	const uint32_t kinds[] = {dice_below(d, 8), dice_below(d, 500), (uint32_t)dice_roll(d),
		0x40000000 + dice_below(d, 500), UINT32_MAX - dice_below(d, 3), 0x80000000};

	return kinds[dice_below(d, countof(kinds))];
}

static inline uint32_t arbitrary_ret(struct dice *d)
{
	const uint32_t kinds[] = {RET_ALLOW, RET_ALLOW, RET_KILL_THREAD, 1, 0x80000000, 0x00050001,
		0x00050026, 0x7ffc0000};

	return kinds[dice_below(d, countof(kinds))];
}

static inline size_t arbitrary_conds(struct dice *d, struct cond cond[CALL_ARGS])
{
	size_t conds = 0;

	for (uint8_t arg = 0; arg < CALL_ARGS; arg++) {
		if (dice_below(d, 4))
			continue;
		struct cond *c = &cond[conds++];
		*c = (struct cond){.arg = arg, .op = (enum cond_op)dice_below(d, 6)};
		const uint64_t masks[] = {UINT64_MAX, UINT64_MAX, UINT32_MAX, arbitrary_value(d)};
		c->mask = masks[dice_below(d, countof(masks))];
		c->value = arbitrary_value(d);
		if (dice_below(d, 4)) /* a value that the masked argument can have */
			c->value &= c->mask;
	}
	return conds;
}

/* Up to `most` clauses with conditions and one without. */
static inline void arbitrary_clauses(
	struct arena *arena, struct dice *d, size_t most, struct range *range)
{
	size_t clauses = dice_below(d, 2) ? dice_below(d, most + 1) + 1 : 1;
	struct clause *clause = arena_alloc(arena, clauses, sizeof(*clause));

	for (size_t i = 0; i < clauses; i++) {
		struct cond *cond = arena_alloc(arena, CALL_ARGS, sizeof(*cond));
		clause[i] = (struct clause){.ret = arbitrary_ret(d), .cond = cond};
		if (i + 1 < clauses)
			clause[i].conds = arbitrary_conds(d, cond);
	}
	range->clause = clause;
	range->clauses = clauses;
}

#define ARBITRARY_RANGES 10 /* of a domain, at most */

static inline struct domain arbitrary_domain(struct arena *arena, struct dice *d, uint32_t audit)
{
	struct range *range = arena_alloc(arena, ARBITRARY_RANGES, sizeof(*range));
	size_t want = dice_below(d, ARBITRARY_RANGES) + 1, ranges = 0;
	uint32_t last;

	for (uint32_t first = 0;; first = last + 1) { /* cut where a random number happens to lie */
		last = UINT32_MAX;
		for (size_t i = ranges + 1; i < want; i++) {
			uint32_t cut = arbitrary_number(d);
			if (cut >= first && cut < last)
				last = cut;
		}
		range[ranges] = (struct range){.first = first, .last = last};
		arbitrary_clauses(arena, d, 3, &range[ranges++]);
		if (last == UINT32_MAX)
			return (struct domain){audit, range, ranges};
	}
}

#define ARBITRARY_DOMAINS 3

static inline struct policy arbitrary_policy(struct arena *arena, struct dice *d)
{
	static const uint32_t audits[] = {0xc000003e, 0x40000003, 0xc00000b7, 0xc000003f, 0,
		UINT32_MAX, 0x00000016, 0x80000016};
	struct domain *domain = arena_alloc(arena, ARBITRARY_DOMAINS, sizeof(*domain));
	size_t domains = dice_below(d, ARBITRARY_DOMAINS + 1);

	for (size_t i = 0; i < domains; i++)
		domain[i] = arbitrary_domain(arena, d, audits[dice_below(d, countof(audits))]);
	return (struct policy){
		.order = dice_below(d, 2) ? ORDER_LITTLE : ORDER_BIG,
		.domain = domain,
		.domains = domains,
		.elsewhere = {.ret = arbitrary_ret(d)},
	};
}

/* An argument just at a condition, or off it by little. */
static inline uint64_t arbitrary_near(struct dice *d, const struct cond *c)
{
	uint64_t bit = UINT64_C(1) << dice_below(d, 64), other = dice_roll(d) & ~c->mask;
	const uint64_t kinds[] = {c->value, c->value - 1, c->value + 1, c->value ^ bit,
		c->value | other, (c->value & c->mask) | other, c->mask, ~c->mask};

	return kinds[dice_below(d, countof(kinds))];
}

static inline uint64_t arbitrary_arg(struct dice *d, const struct range *range, uint8_t arg)
{
	const struct clause *clause = &range->clause[dice_below(d, range->clauses)];

	for (size_t i = 0; i < clause->conds; i++) {
		if (clause->cond[i].arg == arg)
			return arbitrary_near(d, &clause->cond[i]);
	}
	return arbitrary_value(d);
}

/* A call at the edges of the policy, or anywhere. */
static inline struct call arbitrary_call(struct dice *d, const struct policy *policy)
{
	struct call call = {.arch = (uint32_t)dice_roll(d), .nr = arbitrary_number(d)};

	call.ip = arbitrary_value(d);
	for (unsigned i = 0; i < CALL_ARGS; i++)
		call.args[i] = arbitrary_value(d);
	if (!policy->domains || !dice_below(d, 16))
		return call;
	const struct domain *domain = &policy->domain[dice_below(d, policy->domains)];
	const struct range *range = &domain->range[dice_below(d, domain->ranges)];
	call.arch = domain->audit ^ (dice_below(d, 8) ? 0 : 1u << dice_below(d, 32));
	call.nr = dice_below(d, 2) ? range->first : range->last;
	call.nr += dice_below(d, 4) ? 0 : dice_below(d, 3) - 1;
	for (uint8_t i = 0; i < CALL_ARGS; i++)
		call.args[i] = arbitrary_arg(d, range, i);
	return call;
}

#endif
