#ifndef TESTS_LIB_PLAIN_H
#define TESTS_LIB_PLAIN_H

/*
 * A compiler as plain as can be: ranges one after the other, every comparison in full, every way by
 * JA. It shares nothing with winnow's own, so that programs for the prover's tests have no common
 * fault with it. Include behind cmocka.h.
 */

#include "backends/bpf/bytes.h"
#include "compiler/base/base.h"
#include "compiler/meaning/policy.h"

struct draft {
	struct insn insn[PROGRAM_MAX];
	size_t len;
	enum byte_order order;
};

/* JAs whose target is not known yet. */
struct jumps {
	size_t pc[64];
	size_t count;
};

static inline void plain_add(struct draft *d, unsigned code, uint8_t jt, uint8_t jf, uint32_t k)
{
	assert_true(d->len < countof(d->insn));
	d->insn[d->len++] = (struct insn){(uint16_t)code, jt, jf, k};
}

static inline void plain_jump(struct draft *d, struct jumps *to)
{
	assert_true(to->count < countof(to->pc));
	to->pc[to->count++] = d->len;
	plain_add(d, INSN_JA, 0, 0, 0);
}

static inline void plain_land(struct draft *d, const struct jumps *here)
{
	for (size_t i = 0; i < here->count; i++)
		d->insn[here->pc[i]].k = (uint32_t)(d->len - here->pc[i] - 1);
}

static inline void plain_cond(struct draft *d, const struct cond *c, struct jumps *fail)
{
	bool less = c->op == COND_LT || c->op == COND_LE || c->op == COND_NE;
	bool equal = c->op == COND_EQ || c->op == COND_LE || c->op == COND_GE;
	bool more = c->op == COND_GT || c->op == COND_GE || c->op == COND_NE;
	struct jumps pass = {.count = 0};

	for (unsigned high = 2; high-- > 0;) {
		unsigned word = high ? WORD_HI(c->arg) : WORD_LO(c->arg);
		uint32_t value = (uint32_t)(high ? c->value >> 32 : c->value);
		plain_add(d, INSN_LD, 0, 0, word_offset(word, d->order));
		plain_add(d, INSN_AND, 0, 0, (uint32_t)(high ? c->mask >> 32 : c->mask));
		plain_add(d, INSN_JGT, 0, 1, value);
		plain_jump(d, more ? &pass : fail);
		plain_add(d, INSN_JEQ, 1, 0, value);
		plain_jump(d, less ? &pass : fail);
	}
	plain_jump(d, equal ? &pass : fail);
	plain_land(d, &pass);
}

static inline void plain_range(struct draft *d, const struct range *range)
{
	struct jumps over = {.count = 0};

	plain_add(d, INSN_LD, 0, 0, word_offset(WORD_NR, d->order));
	plain_add(d, INSN_JGT, 0, 1, range->last);
	plain_jump(d, &over);
	for (size_t i = 0; i < range->clauses; i++) {
		const struct clause *clause = &range->clause[i];
		struct jumps fail = {.count = 0};
		for (size_t k = 0; k < clause->conds; k++)
			plain_cond(d, &clause->cond[k], &fail);
		plain_add(d, INSN_RET, 0, 0, clause->ret);
		plain_land(d, &fail);
	}
	plain_land(d, &over);
}

static inline struct program plain_compile(struct draft *d, const struct policy *policy)
{
	d->len = 0;
	d->order = policy->order;
	for (size_t i = 0; i < policy->domains; i++) {
		const struct domain *domain = &policy->domain[i];
		struct jumps other = {.count = 0};
		plain_add(d, INSN_LD, 0, 0, word_offset(WORD_ARCH, d->order));
		plain_add(d, INSN_JEQ, 1, 0, domain->audit);
		plain_jump(d, &other);
		for (size_t k = 0; k < domain->ranges; k++)
			plain_range(d, &domain->range[k]);
		plain_land(d, &other);
	}
	plain_add(d, INSN_RET, 0, 0, policy->elsewhere.ret);
	return (struct program){d->insn, d->len};
}

#endif
