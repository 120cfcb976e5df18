/*
 * The step that saves most if it is stored once goes ahead of the clauses that have it; the same again for what they
 * have left, and for the others, until no two have one in common. What is then left is tested clause after clause,
 * those that want some value of the same word in a row, since that word is loaded already.
 *
 * Where a clause fails, the next one is asked from the first step on that is not settled: behind "a0 is 5" no step
 * is asked that wants a0 to be 6, nor any other clause of that row. Clauses then come to share their ends, and nothing
 * but their function tells which of them holds there: where there are many, that takes too long to prove, and the next
 * one is asked from its start on.
 */

#include "common.h"

#include <stdlib.h>
#include <string.h>

#define WORK_MAX    (1u << 16) /* steps looked at; what is left then stays in its order */
#define FOLLOWS_MAX 96u        /* steps of clauses that are left as soon as something is settled */

struct common {
	struct graph *graph;
	const struct step **known; /* values of words, above what is built */
	size_t knowns;
	uint32_t yes;
	size_t work;
	bool follows;
};

/* Clauses first..first + count - 1, of which all had `step`; one that keeps its steps if it is NULL. */
struct lot {
	const struct step *step;
	size_t first, count;
};

/* --- what is known --- */

static void learn(struct common *c, const struct step *s)
{
	if (step_is_value(s))
		c->known[c->knowns++] = s;
}

static void forget(struct common *c, const struct step *s)
{
	c->knowns -= step_is_value(s);
}

/* The value of the bits the node looks at. */
static bool knows(const struct common *c, const struct node *n, uint32_t *value)
{
	uint32_t mask = n->test == TEST_SET ? n->k : n->mask;

	for (size_t i = 0; i < c->knowns; i++) {
		const struct step *s = c->known[i];
		*value = (uint32_t)s->k & mask;
		if (s->word == n->word && !(mask & ~s->mask))
			return true;
	}
	return false;
}

static bool holds(const struct node *n, uint32_t value)
{
	switch ((enum test)n->test) {
	case TEST_EQ:
		return value == n->k;
	case TEST_GT:
		return value > n->k;
	case TEST_GE:
		return value >= n->k;
	case TEST_SET:
		return value & n->k;
	case TEST_NONE:
		break;
	}
	unreachable();
}

/* The first node from this one on that what is known does not decide. */
static uint32_t follow(const struct common *c, uint32_t node)
{
	const struct node *n = &c->graph->node[node];
	uint32_t value;

	for (; c->follows && n->word != WORD_NONE && knows(c, n, &value); n = &c->graph->node[node])
		node = holds(n, value) ? n->yes : n->no;
	return node;
}

/* --- which steps --- */

static int by_step(const void *pa, const void *pb)
{
	return step_compare(*(const struct step *const *)pa, *(const struct step *const *)pb);
}

/* The steps that clauses have left, sorted; how many. */
static size_t sort_steps(struct common *c, const struct steps *clause, size_t clauses, const struct step ***sorted)
{
	size_t all = 0, count = 0;

	for (size_t t = 0; t < clauses; t++)
		all += clause[t].count;
	const struct step **step = scratch_take(&c->graph->scratch, all, sizeof(*step));
	for (size_t t = 0; t < clauses; t++) {
		for (size_t i = 0; i < clause[t].count; i++)
			step[count++] = clause[t].step[i];
	}
	qsort(step, count, sizeof(*step), by_step);
	c->work += count;
	*sorted = step;
	return count;
}

/* The step that is worth most to be had in common; NULL: none is. */
static const struct step *find_common(struct common *c, const struct steps *clause, size_t clauses)
{
	struct scratch_mark mark = scratch_mark(&c->graph->scratch);
	const struct step **step, *best = NULL;
	size_t saved = 0, count = sort_steps(c, clause, clauses, &step);

	for (size_t i = 0, same; i < count; i += same) {
		for (same = 1; i + same < count && step_compare(step[i], step[i + same]) == 0;)
			same++;
		if ((same - 1) * step_size(step[i]) <= saved)
			continue;
		saved = (same - 1) * step_size(step[i]);
		best = step[i];
	}
	scratch_release(&c->graph->scratch, mark);
	return best;
}

static bool same_word(const struct step *a, const struct step *b)
{
	return step_is_value(a) && step_is_value(b) && a->word == b->word && a->mask == b->mask;
}

/* A step that wants some value of the word that most clauses want one of; NULL: there is no second one. */
static const struct step *find_row(struct common *c, const struct steps *clause, size_t clauses)
{
	struct scratch_mark mark = scratch_mark(&c->graph->scratch);
	const struct step **step, *best = NULL;
	size_t most = 1, count = sort_steps(c, clause, clauses, &step);

	for (size_t i = 0, row; i < count; i += row) {
		for (row = 1; i + row < count && same_word(step[i], step[i + row]);)
			row++;
		if (row <= most)
			continue;
		most = row;
		best = step[i];
	}
	scratch_release(&c->graph->scratch, mark);
	return best;
}

/* Where the clause has a step like that; its count: nowhere. */
static size_t find_step(const struct steps *clause, const struct step *like, bool exact)
{
	size_t i = 0;

	while (i < clause->count &&
		!(exact ? step_compare(clause->step[i], like) == 0 : same_word(clause->step[i], like)))
		i++;
	return i;
}

/* The clauses that have a step like that go first, in their order, and it first in each; how many there are. */
static size_t bring(struct common *c, struct steps *clause, size_t clauses, const struct step *like, bool exact)
{
	struct scratch_mark mark = scratch_mark(&c->graph->scratch);
	struct steps *other = scratch_take(&c->graph->scratch, clauses, sizeof(*other));
	size_t having = 0, others = 0;

	for (size_t t = 0; t < clauses; t++) {
		struct steps s = clause[t];
		size_t at = find_step(&s, like, exact);
		if (at == s.count) {
			other[others++] = s;
			continue;
		}
		const struct step *found = s.step[at];
		memmove(&s.step[1], &s.step[0], at * sizeof(*s.step));
		s.step[0] = found;
		clause[having++] = s;
	}
	memcpy(&clause[having], other, others * sizeof(*other));
	scratch_release(&c->graph->scratch, mark);
	return having;
}

/* --- lots --- */

/* Clauses with a step in common, each time as many as there are. */
static size_t share(struct common *c, struct steps *clause, size_t clauses, struct lot *lot)
{
	size_t lots = 0, at = 0;
	const struct step *s;

	while (c->work < WORK_MAX && (s = find_common(c, clause + at, clauses - at)) != NULL) {
		struct lot *p = &lot[lots++];
		*p = (struct lot){s, at, bring(c, clause + at, clauses - at, s, true)};
		for (; at < p->first + p->count; at++) {
			clause[at].step++;
			clause[at].count--;
		}
	}
	while (at < clauses) {
		const struct step *row = c->work < WORK_MAX ? find_row(c, clause + at, clauses - at) : NULL;
		size_t end = at + (row ? bring(c, clause + at, clauses - at, row, false) : clauses - at);
		for (; at < end; at++)
			lot[lots++] = (struct lot){NULL, at, 1};
	}
	return lots;
}

static uint32_t build_clause(struct common *c, const struct steps *clause, uint32_t no)
{
	uint32_t node = c->yes;

	for (size_t i = 0; i < clause->count; i++)
		learn(c, clause->step[i]);
	for (size_t i = clause->count; i-- > 0;) {
		forget(c, clause->step[i]);
		node = step_build(c->graph, clause->step[i], node, follow(c, no));
	}
	return node;
}

/* At most as many levels deep as a clause has steps. */
static uint32_t build(struct common *c, struct steps *clause, size_t clauses, uint32_t no)
{
	struct scratch_mark mark = scratch_mark(&c->graph->scratch);
	struct lot *lot = scratch_take(&c->graph->scratch, clauses, sizeof(*lot));

	for (size_t i = share(c, clause, clauses, lot); i-- > 0;) {
		const struct lot *p = &lot[i];
		if (!p->step) {
			no = build_clause(c, &clause[p->first], no);
			continue;
		}
		learn(c, p->step);
		uint32_t yes = build(c, clause + p->first, p->count, no);
		forget(c, p->step);
		no = step_build(c->graph, p->step, yes, follow(c, no));
	}
	scratch_release(&c->graph->scratch, mark);
	return no;
}

uint32_t common_build(struct graph *g, struct steps *clause, size_t clauses, uint32_t yes, uint32_t no)
{
	struct scratch_mark mark = scratch_mark(&g->scratch);
	struct common c = {.graph = g, .yes = yes};
	size_t all = 0, most = 0;

	for (size_t t = 0; t < clauses; t++) {
		all += clause[t].count;
		most = clause[t].count > most ? clause[t].count : most;
	}
	c.follows = all <= FOLLOWS_MAX;
	c.known = scratch_take(&g->scratch, most, sizeof(*c.known));
	uint32_t root = build(&c, clause, clauses, no);
	scratch_release(&g->scratch, mark);
	return root;
}
