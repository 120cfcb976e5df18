/*
 * In: two policies. Out: one, number by number. The product of two lists, of which the first clause that
 * holds decides, is every pair of clauses in order; a pair that no call comes to is left out, and so is
 * a condition that changes nothing for the calls that come to it. Several conditions on one argument
 * are left where both sides bound it.
 */

#include "stack.h"

#include "../base/base.h"
#include "../kernel/action.h"
#include "../kernel/undecided.h"
#include "combine.h"
#include "meaning.h"
#include "verdict.h"

#include <string.h>

#define NO_PLACE UINT32_MAX /* NOWHERE: it is in no one file */

/* --- answers --- */

/*
 * The kernel compares actions as signed numbers (kernel/seccomp.c ACTION_ONLY()): one that it does not know
 * counts by its number here, though it kills if it is obeyed.
 */
static int32_t strictness(uint32_t ret)
{
	uint32_t action = RET_ACTION(ret);

	return action <= INT32_MAX ? (int32_t)action : (int32_t)(action - INT32_MAX - 1) + INT32_MIN;
}

uint32_t stack_ret(enum stacked how, uint32_t first, uint32_t then)
{
	if (how == STACK_STRICTEST)
		return strictness(then) <= strictness(first) ? then : first;
	return verdict_rank(then) >= verdict_rank(first) ? then : first;
}

uint64_t stack_answer(uint64_t first, uint64_t then)
{
	if (is_undecided(first) || is_undecided(then))
		return is_undecided(first) ? first : then;
	return stack_ret(STACK_STRICTEST, (uint32_t)first, (uint32_t)then);
}

static uint64_t laxest(uint64_t f, uint64_t g)
{
	return stack_ret(STACK_LAXEST, (uint32_t)f, (uint32_t)g);
}

uint32_t stack_function(struct bdd *b, enum stacked how, uint32_t first, uint32_t then)
{
	return combine(b, first, then, how == STACK_STRICTEST ? stack_answer : laxest);
}

/* --- clauses --- */

struct list {
	struct clause *clause;
	size_t count, room;
};

/* Conditions of both, sorted by argument. */
static void join_conds(struct arena *arena, const struct clause *a, const struct clause *b, struct clause *to)
{
	struct cond *cond = arena_raw(arena, a->conds + b->conds, sizeof(*cond));
	size_t i = 0, k = 0;

	while (i < a->conds || k < b->conds) {
		bool left = k == b->conds || (i < a->conds && a->cond[i].arg <= b->cond[k].arg);
		cond[i + k] = left ? a->cond[i] : b->cond[k];
		*(left ? &i : &k) += 1;
	}
	to->cond = cond;
	to->conds = a->conds + b->conds;
}

/* Leaves out conditions that are no news for the calls in `left`; what the clause then takes of them. */
static uint32_t simplify(struct bdd *b, uint32_t left, struct clause *clause)
{
	struct cond *cond = arena_raw(b->arena, clause->conds, sizeof(*cond));
	uint32_t takes = bdd_ite(b, left, meaning_clause(b, clause), BDD_FALSE);

	memcpy(cond, clause->cond, clause->conds * sizeof(*cond));
	clause->cond = cond;
	for (size_t i = clause->conds; i-- > 0;) {
		struct cond dropped = cond[i];
		memmove(&cond[i], &cond[i + 1], (clause->conds - i - 1) * sizeof(*cond));
		clause->conds--;
		if (bdd_ite(b, left, meaning_clause(b, clause), BDD_FALSE) == takes)
			continue;
		memmove(&cond[i + 1], &cond[i], (clause->conds - i) * sizeof(*cond));
		cond[i] = dropped;
		clause->conds++;
	}
	return takes;
}

static void add_clause(struct arena *arena, struct list *list, struct clause clause)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 4;
		list->clause = arena_grow(arena, list->clause, list->room, room, sizeof(*list->clause));
		list->room = room;
	}
	list->clause[list->count++] = clause;
}

/* Clauses at the end that say what the last one says. */
static void trim(struct list *list)
{
	while (list->count > 1 &&
		list->clause[list->count - 2].ret == list->clause[list->count - 1].ret) {
		list->clause[list->count - 2] = list->clause[list->count - 1];
		list->count--;
	}
}

/* False: too many. */
static bool product(struct bdd *b, enum stacked how, const struct range *first, const struct range *then,
	struct range *to)
{
	struct list list = {0};
	uint32_t left = BDD_TRUE; /* calls that no clause has taken */

	for (size_t i = 0; i < first->clauses && left != BDD_FALSE; i++) {
		for (size_t k = 0; k < then->clauses && left != BDD_FALSE; k++) {
			const struct clause *one = &first->clause[i], *other = &then->clause[k];
			struct clause both = {.ret = stack_ret(how, one->ret, other->ret), .at = NO_PLACE};
			join_conds(b->arena, one, other, &both);
			uint32_t takes = both.conds ? simplify(b, left, &both) : left;
			if (takes == BDD_FALSE)
				continue;
			left = bdd_ite(b, takes, BDD_FALSE, left);
			if (left == BDD_FALSE)
				both.conds = 0;
			add_clause(b->arena, &list, both);
			if (b->full || list.count > STACK_CLAUSES)
				return false;
		}
	}
	trim(&list);
	to->clause = list.clause;
	to->clauses = list.count;
	return list.count && !list.clause[list.count - 1].conds;
}

/* --- policies --- */

/* The policy's, or one range in which every number is answered as elsewhere. */
static struct domain domain_or_elsewhere(struct arena *arena, const struct policy *p, uint32_t audit)
{
	const struct domain *found = policy_domain(p, audit);
	struct range *all;

	if (found)
		return *found;
	all = arena_alloc(arena, 1, sizeof(*all));
	*all = (struct range){0, UINT32_MAX, &p->elsewhere, 1};
	return (struct domain){audit, all, 1};
}

static bool stack_domain(
	struct bdd *b, enum stacked how, struct domain first, struct domain then, struct domain *to)
{
	struct range *range = arena_raw(b->arena, first.ranges + then.ranges, sizeof(*range));
	size_t i = 0, k = 0, count = 0;
	uint32_t next = 0;

	while (i < first.ranges && k < then.ranges) {
		uint32_t end = first.range[i].last, other = then.range[k].last;
		struct range *r = &range[count++];
		r->first = next;
		r->last = end < other ? end : other;
		if (!product(b, how, &first.range[i], &then.range[k], r))
			return false;
		next = r->last + 1; /* 0 behind the last, where both lists end */
		i += end <= other;
		k += other <= end;
	}
	*to = (struct domain){first.audit, range, count};
	return true;
}

bool stack_speaks_of(const struct policy *p, const struct abi *abi)
{
	const struct domain *d = policy_domain(p, abi->audit);

	for (size_t i = 0; d && i < d->ranges; i++) {
		const struct range *r = &d->range[i];
		bool within = r->first <= abi->nr_last && r->last >= abi->nr_first &&
			r->first != UINT32_MAX; /* -1 is no ABI's own */
		if (within && (r->clauses > 1 || r->clause->ret != p->elsewhere.ret))
			return true;
	}
	return false;
}

static bool has_abi(const struct policy *p, const struct abi *abi)
{
	for (size_t i = 0; i < p->abis; i++) {
		if (p->abi[i] == abi)
			return true;
	}
	return false;
}

/* The first's own, and those the result says something of. */
static void find_abis(struct arena *arena, struct policy *to, const struct policy *first,
	const struct policy *then)
{
	const struct abi **list = arena_alloc(arena, arch_abi_count, sizeof(const struct abi *));
	const struct policy *from[] = {first, then};

	to->abi = list;
	list[to->abis++] = first->abi[0];
	for (size_t s = 0; s < countof(from); s++) {
		for (size_t i = 0; i < from[s]->abis; i++) {
			const struct abi *abi = from[s]->abi[i];
			if (!has_abi(to, abi) && stack_speaks_of(to, abi))
				list[to->abis++] = abi;
		}
	}
}

/* Is any number answered otherwise than on audit archs the policy does not have? */
static bool says_more(const struct policy *p, const struct domain *d)
{
	for (size_t i = 0; i < d->ranges; i++) {
		if (d->range[i].clauses > 1 || d->range[i].clause->ret != p->elsewhere.ret)
			return true;
	}
	return false;
}

/*
 * Audit archs with an ABI of the result, and those of whose numbers one is answered all the same: two ABIs of which each side
 * has another share -1. All others are answered as elsewhere.
 */
static void drop_domains(struct policy *p, struct domain *domain)
{
	size_t kept = 0;

	for (size_t d = 0; d < p->domains; d++) {
		bool spoken_of = says_more(p, &domain[d]);
		for (size_t i = 0; i < p->abis; i++)
			spoken_of |= p->abi[i]->audit == domain[d].audit;
		if (spoken_of)
			domain[kept++] = domain[d];
	}
	p->domains = kept;
}

const struct policy *stack_policy(
	struct bdd *b, enum stacked how, const struct policy *first, const struct policy *then)
{
	struct arena *arena = b->arena;
	struct policy *p = arena_alloc(arena, 1, sizeof(*p));
	struct domain *domain = arena_alloc(arena, first->domains + then->domains, sizeof(*domain));
	const struct policy *from[] = {first, then};

	*p = (struct policy){.order = first->order, .domain = domain,
		.elsewhere = {.ret = stack_ret(how, first->elsewhere.ret, then->elsewhere.ret), .at = NO_PLACE}};
	for (size_t s = 0; s < countof(from); s++) {
		for (size_t d = 0; d < from[s]->domains; d++) {
			uint32_t audit = from[s]->domain[d].audit;
			if (policy_domain(p, audit))
				continue;
			if (!stack_domain(b, how, domain_or_elsewhere(arena, first, audit),
				    domain_or_elsewhere(arena, then, audit), &domain[p->domains]))
				return NULL;
			p->domains++;
		}
	}
	find_abis(arena, p, first, then);
	drop_domains(p, domain);
	return p;
}
