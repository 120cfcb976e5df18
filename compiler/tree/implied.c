/*
 * A clause implies another if each condition of the other follows from one of its own. Most clauses of long lists want
 * a whole word or argument to be one value, and what they imply wants that, too, or no value: so these are looked up
 * by it, and only the others are gone through. Of those, what implied something goes first, as it will again.
 */

#include "implied.h"

#include "../meaning/policy.h"

#include <stdlib.h>

#define PAIRS_MAX  (1u << 18) /* clauses compared, */
#define PAIRS_EACH 64u        /* and so many for each there is */
#define HIGH_HALF  (UINT64_MAX << 32)

/* A clause under a value it wants. */
struct door {
	const struct atom *atom;
	uint32_t term;
};

struct implied {
	struct state *state;
	size_t *first;   /* by clause: its conditions; one more ends the list */
	uint32_t *group; /* by clause: clauses of one answer that follow each other */
	bool *gone;
	struct door *door;
	size_t doors;
	uint32_t *other; /* clauses without a value of their own */
	size_t others;
	size_t pairs;
};

/* --- conditions --- */

/* What is left of an argument under a mask lies between; none is left out, but there may be others. */
struct bounds {
	uint64_t least, most;
};

static uint64_t wide(const struct atom *a, uint64_t half)
{
	return a->part == PART_HI ? half << 32 : half;
}

/* Under its own mask. An inequality has no bounds. */
static struct bounds bounds_within(const struct atom *a)
{
	uint64_t mask = wide(a, a->mask), value = wide(a, a->value);

	switch ((enum cond_op)a->op) {
	case COND_EQ:
		return (struct bounds){value, value};
	case COND_NE:
		break;
	case COND_LT:
		return (struct bounds){0, value - 1};
	case COND_LE:
		return (struct bounds){0, value};
	case COND_GE:
		return (struct bounds){value, mask};
	case COND_GT:
		return (struct bounds){value + 1, mask};
	}
	return (struct bounds){0, mask};
}

/*
 * Of what the other's mask leaves, where the condition holds. Wider than need be where masks have holes: what is
 * concluded has to be plain to the prover as well, which is shown all clauses.
 */
static struct bounds bounds_under(const struct atom *a, uint64_t other)
{
	uint64_t mask = wide(a, a->mask);
	struct bounds b = bounds_within(a);

	if (mask == other)
		return b;
	if (a->op == COND_EQ)
		return (struct bounds){b.least & other, other & ~mask ? other : b.least & other};
	if (other != UINT64_MAX && other != HIGH_HALF)
		return (struct bounds){0, other};
	return (struct bounds){b.least & other, mask == UINT64_MAX || mask == HIGH_HALF ? (b.most | ~mask) & other : other};
}

/* Does the condition hold wherever the other does? Sometimes it does and is not seen. */
static bool follows(const struct atom *a, const struct atom *from)
{
	uint64_t value = wide(a, a->value);

	if (a->arg != from->arg)
		return false;
	if (from->op == COND_NE)
		return a->op == COND_NE && wide(a, a->mask) == wide(from, from->mask) && value == wide(from, from->value);
	struct bounds b = bounds_under(from, wide(a, a->mask));
	switch ((enum cond_op)a->op) {
	case COND_EQ:
		return b.least == value && b.most == value;
	case COND_NE:
		return value < b.least || value > b.most;
	case COND_LT:
		return b.most < value;
	case COND_LE:
		return b.most <= value;
	case COND_GE:
		return b.least >= value;
	case COND_GT:
		return b.least > value;
	}
	unreachable();
}

/* --- clauses --- */

/* Does the clause hold wherever the other does? */
static bool covers(struct implied *p, size_t clause, size_t other)
{
	const struct atom *atom = p->state->atom;

	p->pairs++;
	for (size_t i = p->first[clause]; i < p->first[clause + 1]; i++) {
		size_t k = p->first[other];
		while (k < p->first[other + 1] && !follows(&atom[i], &atom[k]))
			k++;
		if (k == p->first[other + 1])
			return false;
	}
	return true;
}

/* Is the clause of no use beside the other? */
static bool idle_beside(struct implied *p, size_t clause, size_t other)
{
	return other != clause && !p->gone[other] && (other < clause || p->group[other] == p->group[clause]) &&
	       covers(p, other, clause);
}

static bool wants_value(const struct atom *a)
{
	return a->op == COND_EQ && a->mask == (a->part == PART_BOTH ? UINT64_MAX : UINT32_MAX);
}

static int by_door(const void *pa, const void *pb)
{
	const struct atom *a = ((const struct door *)pa)->atom, *b = ((const struct door *)pb)->atom;

	if (a->arg != b->arg)
		return a->arg < b->arg ? -1 : 1;
	if (a->part != b->part)
		return a->part < b->part ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

/* Each under the first value it wants. */
static void sort_clauses(struct implied *p)
{
	const struct state *s = p->state;
	size_t atom = 0;

	for (uint32_t t = 0; t < s->terms; t++) {
		size_t end = atom + s->term[t].atoms, at = atom;
		p->first[t] = atom;
		p->group[t] = t && s->term[t].ret == s->term[t - 1].ret ? p->group[t - 1] : t;
		while (at < end && !wants_value(&s->atom[at]))
			at++;
		if (at < end)
			p->door[p->doors++] = (struct door){&s->atom[at], t};
		else
			p->other[p->others++] = t;
		atom = end;
	}
	p->first[s->terms] = atom;
	qsort(p->door, p->doors, sizeof(*p->door), by_door);
}

/* Among the clauses that want what this one wants, too. */
static bool is_idle_behind(struct implied *p, size_t clause, const struct atom *wanted)
{
	const struct door key = {wanted, 0};
	size_t low = 0, high = p->doors;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (by_door(&p->door[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < p->doors && by_door(&p->door[low], &key) == 0; low++) {
		if (idle_beside(p, clause, p->door[low].term))
			return true;
	}
	return false;
}

static bool is_idle(struct implied *p, size_t clause)
{
	for (size_t i = p->first[clause]; i < p->first[clause + 1]; i++) {
		const struct atom *a = &p->state->atom[i];
		if (wants_value(a) && is_idle_behind(p, clause, a))
			return true;
	}
	for (size_t i = 0; i < p->others; i++) {
		uint32_t other = p->other[i];
		if (!idle_beside(p, clause, other))
			continue;
		p->other[i] = p->other[i / 2];
		p->other[i / 2] = other;
		return true;
	}
	return false;
}

/* What is left moves up. */
static void close_gaps(const struct implied *p)
{
	struct state *s = p->state;
	size_t terms = 0, atoms = 0;

	for (size_t t = 0; t < s->terms; t++) {
		if (p->gone[t])
			continue;
		for (size_t i = p->first[t]; i < p->first[t + 1]; i++)
			s->atom[atoms++] = s->atom[i];
		s->term[terms++] = s->term[t];
	}
	s->terms = terms;
	s->atoms = atoms;
}

void implied_drop(struct state *s, struct scratch *scratch)
{
	struct scratch_mark mark = scratch_mark(scratch);
	struct implied p = {.state = s, .first = scratch_take(scratch, s->terms + 1, sizeof(*p.first)),
		.group = scratch_take(scratch, s->terms, sizeof(*p.group)),
		.gone = scratch_take(scratch, s->terms, sizeof(*p.gone)),
		.door = scratch_take(scratch, s->terms, sizeof(*p.door)),
		.other = scratch_take(scratch, s->terms, sizeof(*p.other))};

	sort_clauses(&p);
	for (size_t t = 0; t < s->terms; t++)
		p.gone[t] = false;
	for (size_t t = 0; t + 1 < s->terms && p.pairs < PAIRS_MAX + PAIRS_EACH * s->terms; t++)
		p.gone[t] = is_idle(&p, t);
	close_gaps(&p);
	scratch_release(scratch, mark);
}
