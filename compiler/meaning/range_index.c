/*
 * Clauses of equalities are sorted by which bits of which arguments they look at, a shape, then by what they
 * want there, then by their place. For a call, one search in each shape finds the first that holds; all
 * other clauses are asked one by one, as far as they come before the best one found.
 */

#include "range_index.h"

#include "../base/base.h"

#include <stdlib.h>
#include <string.h>

#define SHAPES_MAX 32u

struct shape {
	uint64_t mask[CALL_ARGS]; /* 0: not looked at */
};

struct wish {
	uint32_t shape, clause;
	uint64_t value[CALL_ARGS];
};

struct range_index {
	const struct range *range;
	struct shape shape[SHAPES_MAX];
	uint32_t shapes;
	struct wish *wish; /* sorted */
	size_t wishes;
	uint32_t *other;   /* clauses, in order */
	size_t others;
};

/* Does it want equal bits, and which? */
static bool has_shape(const struct clause *c, struct shape *shape, uint64_t value[CALL_ARGS])
{
	memset(shape, 0, sizeof(*shape));
	memset(value, 0, CALL_ARGS * sizeof(*value));
	for (size_t i = 0; i < c->conds; i++) {
		const struct cond *cond = &c->cond[i];
		if (cond->op != COND_EQ || !cond->mask || shape->mask[cond->arg])
			return false;
		shape->mask[cond->arg] = cond->mask;
		value[cond->arg] = cond->value;
	}
	return c->conds != 0;
}

/* SHAPES_MAX: there is no room for one more. */
static uint32_t find_shape(struct range_index *f, const struct shape *shape)
{
	uint32_t at = 0;

	while (at < f->shapes && memcmp(&f->shape[at], shape, sizeof(*shape)) != 0)
		at++;
	if (at == f->shapes && at < SHAPES_MAX)
		f->shape[f->shapes++] = *shape;
	return at;
}

static int compare(const struct wish *a, const struct wish *b)
{
	if (a->shape != b->shape)
		return a->shape < b->shape ? -1 : 1;
	for (unsigned i = 0; i < CALL_ARGS; i++) {
		if (a->value[i] != b->value[i])
			return a->value[i] < b->value[i] ? -1 : 1;
	}
	return 0;
}

static int by_wish(const void *pa, const void *pb)
{
	const struct wish *a = pa, *b = pb;
	int order = compare(a, b);

	return order ? order : (a->clause > b->clause) - (a->clause < b->clause);
}

struct range_index *range_index_of(struct arena *arena, const struct range *range)
{
	struct range_index *f = arena_alloc(arena, 1, sizeof(*f));

	f->range = range;
	f->wish = arena_raw(arena, range->clauses, sizeof(*f->wish));
	f->other = arena_raw(arena, range->clauses, sizeof(*f->other));
	for (size_t i = 0; i < range->clauses; i++) {
		struct wish *w = &f->wish[f->wishes];
		struct shape shape;
		w->clause = (uint32_t)i;
		w->shape = has_shape(&range->clause[i], &shape, w->value) ? find_shape(f, &shape) : SHAPES_MAX;
		if (w->shape < SHAPES_MAX)
			f->wishes++;
		else
			f->other[f->others++] = (uint32_t)i;
	}
	qsort(f->wish, f->wishes, sizeof(*f->wish), by_wish);
	return f;
}

/* The first clause of the shape that holds, or `best` if that comes before. */
static uint32_t look_up(const struct range_index *f, uint32_t shape, const uint64_t args[CALL_ARGS], uint32_t best)
{
	struct wish wanted = {.shape = shape};
	size_t lo = 0, hi = f->wishes;

	for (unsigned i = 0; i < CALL_ARGS; i++)
		wanted.value[i] = args[i] & f->shape[shape].mask[i];
	while (lo < hi) { /* those before lo come before it, those from hi on do not */
		size_t middle = lo + (hi - lo) / 2;
		if (compare(&f->wish[middle], &wanted) < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	if (lo < f->wishes && compare(&f->wish[lo], &wanted) == 0 && f->wish[lo].clause < best)
		return f->wish[lo].clause;
	return best;
}

static void pay(uint64_t *steps, uint64_t cost)
{
	*steps -= cost < *steps ? cost : *steps;
}

const struct clause *range_index_decide(const struct range_index *f, const uint64_t args[CALL_ARGS], uint64_t *steps)
{
	uint32_t best = (uint32_t)(f->range->clauses - 1);

	for (uint32_t i = 0; i < f->shapes; i++)
		best = look_up(f, i, args, best);
	pay(steps, 4 * (uint64_t)f->shapes + 1);
	for (size_t i = 0; i < f->others && f->other[i] < best && *steps; i++) {
		const struct clause *clause = &f->range->clause[f->other[i]];
		pay(steps, clause->conds + 1);
		if (clause_holds(clause, args))
			best = f->other[i];
	}
	return &f->range->clause[best];
}
