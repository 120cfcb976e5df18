/*
 * A clause is a row of steps that all have to hold. Most are one test; an order of both halves, and "not this
 * value", is a few tests that belong together. What fails leads to the next clause, so the only steps that two clauses
 * can share are the last ones of a clause whose failing means the default: there, with `tail`, go the steps that all
 * clauses of one answer have, and those that some other syscall may well have, too: that a half is 0.
 */

#include "listing.h"

#include "../meaning/policy.h"

struct step {
	uint8_t word, test; /* enum test, the word being under `mask` */
	bool negated;
	uint32_t mask, k;
	const struct atom *whole; /* both halves, in place of all that; else NULL */
};

struct listing {
	struct graph *graph;
	const struct state *state;
	struct step *step;
	size_t *first;        /* by clause: its steps; one more ends the list */
	const struct step *tail; /* what all clauses from `group` on have */
	size_t tails, group;
};

/* --- steps --- */

static bool is_less(const struct atom *a)
{
	return a->op == COND_LT || a->op == COND_LE;
}

static enum test test_of(const struct atom *a)
{
	static const uint8_t tests[] = {[COND_EQ] = TEST_EQ, [COND_NE] = TEST_EQ, [COND_LT] = TEST_GE,
		[COND_LE] = TEST_GT, [COND_GE] = TEST_GE, [COND_GT] = TEST_GT};

	return (enum test)tests[a->op];
}

/* The steps of a condition; how many. An order with nothing above it asks that the high half is 0. */
static size_t add_steps(struct step *step, const struct atom *a)
{
	struct step high = {.word = (uint8_t)WORD_HI(a->arg), .test = TEST_EQ, .mask = (uint32_t)(a->mask >> 32),
		.k = (uint32_t)(a->value >> 32)};
	struct step low = {.word = (uint8_t)(a->part == PART_HI ? WORD_HI(a->arg) : WORD_LO(a->arg)),
		.test = (uint8_t)test_of(a), .negated = a->op == COND_NE || is_less(a), .mask = (uint32_t)a->mask,
		.k = (uint32_t)a->value};

	if (a->part != PART_BOTH) {
		step[0] = low;
		return 1;
	}
	if (a->op != COND_EQ && !(is_less(a) && high.k == 0)) {
		step[0] = (struct step){.whole = a};
		return 1;
	}
	step[0] = high;
	step[1] = low;
	return 2;
}

static bool same_step(const struct step *a, const struct step *b)
{
	if (a->whole && b->whole)
		return a->whole->arg == b->whole->arg && a->whole->op == b->whole->op &&
		       a->whole->mask == b->whole->mask && a->whole->value == b->whole->value;
	return !a->whole && !b->whole && a->word == b->word && a->test == b->test && a->negated == b->negated &&
	       a->mask == b->mask && a->k == b->k;
}

static bool is_common_place(const struct step *s)
{
	return !s->whole && s->test == TEST_EQ && !s->negated && s->k == 0;
}

static bool is_before(const struct step *a, const struct step *b)
{
	bool last_a = is_common_place(a), last_b = is_common_place(b);

	return last_a != last_b ? last_b : last_a && a->word < b->word;
}

/* In a clause, what others may have goes last, in one order. */
static void sort_steps(struct step *step, size_t steps)
{
	for (size_t i = 1; i < steps; i++) {
		struct step s = step[i];
		size_t k = i;
		for (; k && is_before(&s, &step[k - 1]); k--)
			step[k] = step[k - 1];
		step[k] = s;
	}
}

static bool has_step(const struct step *step, size_t steps, const struct step *wanted)
{
	for (size_t i = 0; i < steps; i++) {
		if (same_step(&step[i], wanted))
			return true;
	}
	return false;
}

static void find_steps(struct listing *l)
{
	const struct state *s = l->state;
	const struct atom *a = s->atom;
	size_t steps = 0;

	for (size_t t = 0; t < s->terms; t++) {
		l->first[t] = steps;
		for (uint32_t i = 0; i < s->term[t].atoms; i++)
			steps += add_steps(&l->step[steps], a++);
	}
	l->first[s->terms] = steps;
}

/* --- the graph --- */

static uint32_t build_test(struct graph *g, unsigned word, uint32_t mask, enum test test, uint32_t k, uint32_t yes,
	uint32_t no)
{
	if (mask != UINT32_MAX)
		return graph_test_held(g, word, mask, test, k, yes, no);
	if (test == TEST_EQ && k == 0) /* as search.c has it */
		return graph_test(g, word, mask, TEST_GE, 1, no, yes);
	return graph_test(g, word, mask, test, k, yes, no);
}

/* The high half decides, or is the value's and leaves it to the low one. */
static uint32_t build_whole(struct graph *g, const struct atom *a, uint32_t yes, uint32_t no)
{
	uint32_t mask = (uint32_t)a->mask, above = (uint32_t)(a->mask >> 32), lo = (uint32_t)a->value,
		 hi = (uint32_t)(a->value >> 32);
	unsigned low = WORD_LO(a->arg), high = WORD_HI(a->arg);

	if (a->op == COND_NE)
		return graph_test(g, high, above, TEST_EQ, hi, graph_test(g, low, mask, TEST_EQ, lo, no, yes), yes);
	uint32_t more = is_less(a) ? no : yes, less = is_less(a) ? yes : no;
	uint32_t last = graph_test(g, low, mask, test_of(a), lo, more, less);
	if (hi == 0) /* nothing is less */
		return build_test(g, high, above, TEST_EQ, 0, last, more);
	uint32_t same = build_test(g, high, above, TEST_EQ, hi, last, less);
	return build_test(g, high, above, TEST_GT, hi, more, same);
}

static uint32_t build_step(struct graph *g, const struct step *s, uint32_t yes, uint32_t no)
{
	if (s->whole)
		return build_whole(g, s->whole, yes, no);
	uint32_t holds = s->negated ? no : yes, fails = s->negated ? yes : no;
	return s->mask == UINT32_MAX ? build_test(g, s->word, s->mask, (enum test)s->test, s->k, holds, fails)
				     : graph_test(g, s->word, s->mask, (enum test)s->test, s->k, holds, fails);
}

/* The steps of a clause but those of the tail. */
static uint32_t build_clause(const struct listing *l, size_t t, uint32_t yes, uint32_t no)
{
	for (size_t i = l->first[t + 1]; i-- > l->first[t];) {
		if (t < l->group || !has_step(l->tail, l->tails, &l->step[i]))
			yes = build_step(l->graph, &l->step[i], yes, no);
	}
	return yes;
}

/* --- the tail --- */

/* The last clauses that answer alike. */
static size_t find_group(const struct state *s)
{
	size_t group = s->terms - 1;

	while (group && s->term[group - 1].ret == s->term[s->terms - 2].ret)
		group--;
	return group;
}

/* The steps of the first clause of the group that all others have, too. */
static void find_tail(struct listing *l)
{
	size_t count = l->first[l->group + 1] - l->first[l->group], clauses = l->state->terms - 1;
	struct step *tail = scratch_take(&l->graph->scratch, count, sizeof(*tail));

	for (size_t i = 0; i < count; i++) {
		const struct step *s = &l->step[l->first[l->group] + i];
		size_t t = l->group;
		while (t < clauses && has_step(l->step + l->first[t], l->first[t + 1] - l->first[t], s))
			t++;
		if (t == clauses)
			tail[l->tails++] = *s;
	}
	l->tail = tail;
}

uint32_t listing_build(struct graph *g, const struct state *s, bool tail)
{
	struct scratch_mark mark = scratch_mark(&g->scratch);
	struct listing l = {.graph = g, .state = s, .group = s->terms,
		.step = scratch_take(&g->scratch, 2 * s->atoms, sizeof(*l.step)),
		.first = scratch_take(&g->scratch, s->terms + 1, sizeof(*l.first))};
	uint32_t node = graph_leaf(g, s->term[s->terms - 1].ret), yes = node;

	find_steps(&l);
	if (tail && s->terms > 1) {
		for (size_t t = 0; t < s->terms; t++)
			sort_steps(l.step + l.first[t], l.first[t + 1] - l.first[t]);
		l.group = find_group(s);
		find_tail(&l);
		yes = graph_leaf(g, s->term[s->terms - 2].ret);
		for (size_t i = l.tails; i-- > 0;)
			yes = build_step(g, &l.tail[i], yes, node);
	}
	for (size_t t = s->terms - 1; t-- > 0;)
		node = build_clause(&l, t, t < l.group ? graph_leaf(g, s->term[t].ret) : yes, node);
	scratch_release(&g->scratch, mark);
	return node;
}
