/* A leaf holds the answer that is given, which actions will do, and whether nothing but that answer does. */

#include "derive_want.h"

#include "../../compiler/kernel/action.h"
#include "../../compiler/logic/combine.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"

#define EXACT   ((uint64_t)1 << 40)
#define PRESENT ((uint64_t)1 << 41)

static uint64_t leaf_of(const struct derive_claim *c, uint32_t default_ret)
{
	uint64_t leaf = c->ret | (uint64_t)c->actions << 32 | (c->exact ? EXACT : 0) | PRESENT;

	return derive_meets(default_ret, leaf) ? (leaf & ~(uint64_t)UINT32_MAX) | default_ret : leaf;
}

bool derive_meets(uint32_t ret, uint64_t claim)
{
	enum action action;

	if (claim & EXACT)
		return ret == derive_ret(claim);
	return action_of(ret, &action) && (claim >> 32 & 1u << action);
}

/* --- value by value --- */

static uint64_t unmet(uint64_t f, uint64_t w)
{
	return w && !derive_meets((uint32_t)f, w);
}

static uint64_t met(uint64_t f, uint64_t w)
{
	return w && derive_meets((uint32_t)f, w);
}

static uint64_t present(uint64_t w, uint64_t again)
{
	(void)again;
	return w != 0;
}

static uint64_t target(uint64_t f, uint64_t w)
{
	return unmet(f, w) ? derive_ret(w) : f;
}

/* What meets both: one of the two answers does where any can, as sets of actions hold each other or do not meet. */
static uint64_t both(uint64_t a, uint64_t b)
{
	uint64_t actions = (a & b) >> 32 & 0xff;
	uint64_t first = a & EXACT ? a : b, then = a & EXACT ? b : a;

	if (!a || !b)
		return a | b;
	if ((a | b) & DERIVE_CONTRADICTION)
		return DERIVE_CONTRADICTION;
	uint64_t claim = (actions << 32) | ((a | b) & EXACT) | PRESENT;
	if (derive_meets(derive_ret(first), then) && derive_meets(derive_ret(first), first))
		return claim | derive_ret(first);
	if (derive_meets(derive_ret(then), first))
		return claim | derive_ret(then);
	return DERIVE_CONTRADICTION;
}

uint32_t derive_unmet(struct bdd *b, uint32_t answers, uint32_t want)
{
	return combine(b, answers, want, unmet);
}

uint32_t derive_met(struct bdd *b, uint32_t answers, uint32_t want)
{
	return combine(b, answers, want, met);
}

uint32_t derive_present(struct bdd *b, uint32_t want)
{
	return combine(b, want, want, present);
}

uint32_t derive_target(struct bdd *b, uint32_t answers, uint32_t want)
{
	return combine(b, answers, want, target);
}

/* --- calls --- */

uint32_t derive_region(struct bdd *b, const struct derive_wish *w, const struct abi *abi)
{
	const struct derive_on *on = &w->on[abi - arch_abis];
	const struct clause clause = {.cond = on->cond, .conds = on->conds};
	uint32_t nr;

	if (!on->meant || !arch_nr(abi, w->syscall, &nr))
		return BDD_FALSE;
	return bdd_ite(b, meaning_numbers(b, abi->audit, nr, nr), meaning_clause(b, &clause), BDD_FALSE);
}

/* Boolean: calls of the multiplexer for the syscall, whose rules are written for both. */
static uint32_t door_region(struct bdd *b, const struct derive_wish *w, const struct abi *abi)
{
	const struct derive_on *on = &w->on[abi - arch_abis];
	uint32_t nr, code;

	if (!on->meant || on->conds || !arch_multiplexer(abi, w->syscall, &nr, &code))
		return BDD_FALSE;
	const struct cond cond = {.op = COND_EQ, .mask = UINT32_MAX, .value = code};
	const struct clause clause = {.cond = &cond, .conds = 1};
	return bdd_ite(b, meaning_numbers(b, abi->audit, nr, nr), meaning_clause(b, &clause), BDD_FALSE);
}

void derive_want(struct bdd *b, struct derive_view *v, const struct derive_wish *wish, size_t wishes,
	uint32_t default_ret)
{
	v->want = v->open = BDD_FALSE;
	for (size_t i = 0; i < wishes; i++) {
		for (size_t a = 0; a < v->before->abis; a++) {
			const struct abi *abi = v->before->abi[a];
			uint32_t leaf = bdd_leaf(b, leaf_of(&wish[i].on[abi - arch_abis].claim, default_ret));
			uint32_t region = derive_region(b, &wish[i], abi);
			uint32_t before = bdd_ite(b, region, v->want, BDD_FALSE);
			uint32_t here = combine(b, before, bdd_ite(b, region, leaf, BDD_FALSE), both);
			v->want = bdd_ite(b, region, here, v->want);
			v->open = bdd_ite(b, door_region(b, &wish[i], abi), leaf, v->open);
		}
	}
}

uint32_t derive_wrong(struct bdd *b, const struct derive_view *v)
{
	uint32_t follows = derive_met(b, v->is, v->open);
	uint32_t right = bdd_ite(b, derive_present(b, v->want), derive_met(b, v->is, v->want), follows);

	return bdd_ite(b, right, bdd_leaf(b, DIFF_SAME),
		diff_function(b, derive_target(b, v->was, v->want), v->is));
}
