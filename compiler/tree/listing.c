/*
 * What fails leads to the next clause, so steps that two clauses have are shared by themselves only where they are
 * the last ones of a clause whose failing means the default: there go the steps that all clauses of one answer have,
 * and those that some other syscall may well have, too: that a half is 0. What some clauses have in common is left to
 * common.h.
 */

#include "listing.h"

#include "common.h"

struct listing {
	struct graph *graph;
	const struct state *state;
	struct step *step;
	size_t *first;        /* by clause: its steps; one more ends the list */
	const struct step *tail; /* what all clauses from `group` on have */
	size_t tails, group;
};

/* --- steps --- */

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
		if (step_compare(&step[i], wanted) == 0)
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
			steps += step_make(&l->step[steps], a++);
	}
	l->first[s->terms] = steps;
}

/* --- the graph --- */

/* The steps of a clause but those of the tail. */
static uint32_t build_clause(const struct listing *l, size_t t, uint32_t yes, uint32_t no)
{
	for (size_t i = l->first[t + 1]; i-- > l->first[t];) {
		if (t < l->group || !has_step(l->tail, l->tails, &l->step[i]))
			yes = step_build(l->graph, &l->step[i], yes, no);
	}
	return yes;
}

/* --- the tail --- */

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

/* --- what some have in common --- */

/* The clauses from..end - 1, which answer alike. */
static uint32_t build_common(const struct listing *l, size_t from, size_t end, uint32_t yes, uint32_t no)
{
	struct scratch *scratch = &l->graph->scratch;
	struct scratch_mark mark = scratch_mark(scratch);
	struct steps *clause = scratch_take(scratch, end - from, sizeof(*clause));

	for (size_t t = from; t < end; t++) {
		struct steps *c = &clause[t - from];
		size_t most = l->first[t + 1] - l->first[t];
		*c = (struct steps){scratch_take(scratch, most, sizeof(*c->step)), 0};
		for (size_t i = l->first[t]; i < l->first[t + 1]; i++) {
			if (t < l->group || !has_step(l->tail, l->tails, &l->step[i]))
				c->step[c->count++] = &l->step[i];
		}
	}
	uint32_t node = common_build(l->graph, clause, end - from, yes, no);
	scratch_release(scratch, mark);
	return node;
}

/* The first clause of those up to this one that answer alike. */
static size_t find_start(const struct state *s, size_t last)
{
	while (last && s->term[last - 1].ret == s->term[last].ret)
		last--;
	return last;
}

uint32_t listing_build(struct graph *g, const struct state *s, enum listing_way way)
{
	struct scratch_mark mark = scratch_mark(&g->scratch);
	struct listing l = {.graph = g, .state = s, .group = s->terms,
		.step = scratch_take(&g->scratch, STEPS_EACH * s->atoms, sizeof(*l.step)),
		.first = scratch_take(&g->scratch, s->terms + 1, sizeof(*l.first))};
	uint32_t node = graph_leaf(g, s->term[s->terms - 1].ret), tail = node;

	find_steps(&l);
	if ((way == LISTING_TAIL || way == LISTING_COMMON) && s->terms > 1) {
		for (size_t t = 0; t < s->terms; t++)
			sort_steps(l.step + l.first[t], l.first[t + 1] - l.first[t]);
		l.group = find_start(s, s->terms - 2);
		find_tail(&l);
		tail = graph_leaf(g, s->term[s->terms - 2].ret);
		for (size_t i = l.tails; i-- > 0;)
			tail = step_build(g, &l.tail[i], tail, node);
	}
	for (size_t t = s->terms - 1; t-- > 0;) {
		uint32_t yes = t < l.group ? graph_leaf(g, s->term[t].ret) : tail;
		size_t end = t + 1;
		bool common = way == LISTING_COMMON || way == LISTING_AHEAD;
		if (common)
			t = find_start(s, t);
		node = common ? build_common(&l, t, end, yes, node) : build_clause(&l, t, yes, node);
	}
	scratch_release(&g->scratch, mark);
	return node;
}
