/*
 * Whatever rules come from, it is their reading that counts. One that is exact is better than one that is not,
 * one that libseccomp is known to compile right better than others, then the shorter.
 */

#include "candidates.h"

#include "../logic/combine.h"
#include "../logic/diff.h"
#include "../logic/meaning.h"
#include "../logic/verdict.h"
#include "../meaning/classes.h"

#include <stdlib.h>
#include <string.h>

#define ANSWERS_MAX 8u  /* different ones of a syscall */
#define TRIED_MAX   64u /* rules of a hint that are left out one by one */

/* --- the best --- */

static size_t size_of(const struct rule *rule, size_t rules)
{
	size_t size = rules;

	for (size_t i = 0; i < rules; i++)
		size += rule[i].conds;
	return size;
}

static bool is_better(const struct candidate *a, const struct candidate *b)
{
	if (a->fit != b->fit)
		return a->fit > b->fit;
	if (a->fit != FIT_EXACT && a->exact != b->exact)
		return a->exact > b->exact;
	if (a->in_class != b->in_class)
		return a->in_class;
	return a->size < b->size;
}

bool candidate_is_good(const struct goal *g)
{
	return g->best.fit == FIT_EXACT && g->best.in_class;
}

/* The rules with those that are given. */
static const struct rule *with_given(
	struct reader *r, const struct goal *g, const struct rule *rule, size_t rules)
{
	struct rule *all;

	if (!g->givens)
		return rule;
	all = arena_raw(r->bdd->arena, g->givens + rules, sizeof(*all));
	memcpy(all + (g->leads ? rules : 0), g->given, g->givens * sizeof(*all));
	if (rules)
		memcpy(all + (g->leads ? 0 : g->givens), rule, rules * sizeof(*all));
	return all;
}

static void try_one(struct reader *r, struct goal *g, const struct rule *rule, size_t rules)
{
	struct candidate c = {.rule = rule, .rules = rules, .size = size_of(rule, rules)};
	const struct rule *all = with_given(r, g, rule, rules);
	const struct ruleset set = fit_ruleset(r, all, g->givens + rules);

	c.fit = fit_rules(r, all, g->givens + rules, g->wanted, g->count, &c.exact);
	c.in_class = g->givens + rules < 2 || classes_hold(r->bdd->arena, &set, true);
	if (!g->tried || is_better(&c, &g->best))
		g->best = c;
	g->tried = true;
}

void candidate_try(struct reader *r, struct goal *g, const struct rule *rule, size_t rules)
{
	const struct ruleset set = fit_ruleset(r, rule, rules);
	const struct ruleset *settled = rules < 2 ? &set : classes_settle(r->bdd->arena, &set, true);

	try_one(r, g, rule, rules);
	if (settled != &set)
		try_one(r, g, settled->rule, settled->rules);
}

/* --- made --- */

bool candidate_is_constant(const struct bdd *b, uint32_t function, uint32_t *ret)
{
	if (!bdd_is_leaf(b, function))
		return false;
	*ret = (uint32_t)bdd_value(b, function);
	return true;
}

void candidate_constant(struct reader *r, struct goal *g, uint32_t ret)
{
	struct rule *rule = arena_alloc(r->bdd->arena, 1, sizeof(*rule));

	*rule = (struct rule){.syscall = g->syscall, .ret = ret, .at = NOWHERE, .len = 1};
	candidate_try(r, g, rule, ret != r->node.default_ret);
}

/* The values a function has. False: too many. */
static bool find_answers(struct bdd *b, uint32_t function, uint32_t *ret, size_t *count)
{
	uint32_t same = bdd_leaf(b, DIFF_SAME);

	for (*count = 0; function != same && !b->full; ++*count) {
		struct call call = {0};
		if (*count == ANSWERS_MAX)
			return false;
		uint64_t leaf = diff_call(b, function, &call);
		ret[*count] = (uint32_t)leaf;
		function = diff_without(b, function, leaf);
	}
	return !b->full;
}

uint32_t candidate_strictest(struct bdd *b, uint32_t function)
{
	uint32_t same = bdd_leaf(b, DIFF_SAME), strictest = RET_ALLOW;

	while (function != same && !b->full) {
		struct call call = {0};
		uint64_t leaf = diff_call(b, function, &call);
		if (verdict_rank((uint32_t)leaf) <= verdict_rank(strictest))
			strictest = (uint32_t)leaf;
		function = diff_without(b, function, leaf);
	}
	return strictest;
}

static size_t add_boxes(struct arena *arena, const struct boxes *boxes, const struct goal *g, uint32_t ret,
	struct rule *rule)
{
	for (size_t i = 0; i < boxes->count; i++) {
		const struct box *box = &boxes->box[i];
		struct profile_cond *cond = arena_raw(arena, box->conds, sizeof(*cond));
		memcpy(cond, box->cond, box->conds * sizeof(*cond));
		rule[i] = (struct rule){.syscall = g->syscall, .ret = ret, .cond = cond,
			.conds = box->conds, .at = NOWHERE, .len = 1};
	}
	return boxes->count;
}

/* Rules for each answer but the default: no two of different actions meet. */
static void make_rules(struct reader *r, struct goal *g, uint32_t function, const uint32_t *ret,
	size_t answers, unsigned bits, enum box_style style)
{
	struct bdd *b = r->bdd;
	struct rule *rule = arena_alloc(b->arena, answers * BOXES_MAX, sizeof(*rule));
	struct boxes boxes;
	size_t rules = 0;

	for (size_t i = 0; i < answers; i++) {
		if (ret[i] == r->node.default_ret)
			continue;
		if (!boxes_find(b, combine_is(b, function, ret[i]), bits, style, &boxes))
			return;
		rules += add_boxes(b->arena, &boxes, g, ret[i], rule + rules);
	}
	if (rules <= BOXES_MAX)
		candidate_try(r, g, rule, rules);
}

static int by_value(const void *pa, const void *pb)
{
	const uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return (a > b) - (a < b);
}

void candidate_function(struct reader *r, struct goal *g, uint32_t function, unsigned bits)
{
	uint32_t ret[ANSWERS_MAX];
	size_t answers;

	if (!find_answers(r->bdd, function, ret, &answers))
		return;
	qsort(ret, answers, sizeof(*ret), by_value);
	make_rules(r, g, function, ret, answers, bits, BOX_ANY);
	if (!candidate_is_good(g))
		make_rules(r, g, function, ret, answers, bits, BOX_EQUALITIES);
}

#define CODES 32u /* of a multiplexer: socketcall(2) has 20, ipc(2) 24 (arch.c) */

/* Boxes of what is left of a function for one code, on arguments behind the first. */
static bool add_code(struct reader *r, const struct goal *g, uint32_t function, uint32_t code, unsigned bits,
	struct rule *rule, size_t *rules)
{
	uint32_t ret[ANSWERS_MAX];
	struct boxes boxes;
	size_t answers;

	if (!find_answers(r->bdd, function, ret, &answers))
		return false;
	for (size_t i = 0; i < answers; i++) {
		if (ret[i] == r->node.default_ret)
			continue;
		if (!boxes_find(r->bdd, combine_is(r->bdd, function, ret[i]), bits, BOX_ANY, &boxes) ||
			*rules + boxes.count > BOXES_MAX)
			return false;
		for (size_t k = 0; k < boxes.count; k++) {
			struct box *box = &boxes.box[k];
			memmove(&box->cond[1], &box->cond[0], box->conds++ * sizeof(*box->cond));
			box->cond[0] = (struct profile_cond){
				.index = 0, .op = OP_EQ, .value = code, .at = NOWHERE, .len = 1};
		}
		*rules += add_boxes(r->bdd->arena, &boxes, g, ret[i], rule + *rules);
	}
	return true;
}

void candidate_codes(struct reader *r, struct goal *g, uint32_t function, unsigned bits)
{
	struct rule *rule = arena_alloc(r->bdd->arena, BOXES_MAX, sizeof(*rule));
	uint32_t low = meaning_given(r->bdd, function, WORD_HI(0), 0);
	size_t rules = 0;

	for (uint32_t code = 0; code < CODES; code++) {
		if (!add_code(r, g, meaning_given(r->bdd, low, WORD_LO(0), code), code, bits, rule, &rules))
			return;
	}
	candidate_try(r, g, rule, rules);
}

/* --- taken over --- */

static void leave_out(struct rule *rule, size_t *rules, size_t i)
{
	memmove(&rule[i], &rule[i + 1], (*rules - i - 1) * sizeof(*rule));
	--*rules;
}

static bool still_exact(struct reader *r, const struct goal *g, const struct rule *rule, size_t rules)
{
	return fit_rules(r, with_given(r, g, rule, rules), g->givens + rules, g->wanted, g->count, NULL) ==
		FIT_EXACT;
}

/* The rule without one of its conditions that is not needed, if there is one. */
static bool shorten(struct reader *r, const struct goal *g, struct rule *rule, size_t rules, size_t at)
{
	const struct rule whole = rule[at];

	for (size_t k = 0; k < whole.conds; k++) {
		struct profile_cond *less = arena_raw(r->bdd->arena, whole.conds, sizeof(*less));
		memcpy(less, whole.cond, k * sizeof(*less));
		memcpy(less + k, whole.cond + k + 1, (whole.conds - k - 1) * sizeof(*less));
		rule[at].cond = less;
		rule[at].conds = whole.conds - 1;
		if (still_exact(r, g, rule, rules))
			return true;
		rule[at] = whole;
	}
	return false;
}

/* Exact rules without those, and those conditions, that are not needed. */
static void try_reduced(struct reader *r, struct goal *g, const struct rule *from, size_t rules)
{
	struct rule *rule = arena_raw(r->bdd->arena, rules, sizeof(*rule));

	memcpy(rule, from, rules * sizeof(*rule));
	for (size_t i = rules; i-- > 0;) {
		struct rule dropped = rule[i];
		leave_out(rule, &rules, i);
		if (still_exact(r, g, rule, rules))
			continue;
		memmove(&rule[i + 1], &rule[i], (rules - i) * sizeof(*rule));
		rule[i] = dropped;
		rules++;
	}
	for (size_t i = 0; i < rules; i++) {
		while (shorten(r, g, rule, rules, i))
			;
	}
	candidate_try(r, g, rule, rules);
}

/* The hint's rules of the syscall. */
static struct rule *take_rules(struct reader *r, const struct goal *g, const struct ruleset *hint, size_t *rules)
{
	struct rule *rule = arena_raw(r->bdd->arena, hint->rules, sizeof(*rule));

	*rules = 0;
	for (size_t i = 0; i < hint->rules; i++) {
		if (hint->rule[i].syscall != g->syscall || hint->rule[i].ret == r->node.default_ret)
			continue;
		rule[*rules] = hint->rule[i];
		rule[*rules].at = NOWHERE;
		rule[(*rules)++].len = 1;
	}
	return rule;
}

void candidate_reduce(struct reader *r, struct goal *g)
{
	struct candidate best = {.rule = NULL};

	while (g->best.fit == FIT_EXACT && g->best.rules <= TRIED_MAX && g->best.rule != best.rule) {
		best = g->best;
		try_reduced(r, g, best.rule, best.rules);
	}
}

bool candidate_as_it_is(struct reader *r, struct goal *g, const struct ruleset *hint)
{
	size_t rules;
	const struct rule *rule = take_rules(r, g, hint, &rules);

	candidate_try(r, g, rule, rules);
	return g->best.fit == FIT_EXACT;
}

void candidate_hint(struct reader *r, struct goal *g, const struct ruleset *hint)
{
	size_t rules;
	const struct rule *rule = take_rules(r, g, hint, &rules);

	candidate_try(r, g, rule, rules);
	if (rules <= TRIED_MAX && still_exact(r, g, rule, rules))
		try_reduced(r, g, rule, rules);
}
