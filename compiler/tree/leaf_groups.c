/*
 * Units are joined by thresholds, one fewer than there are units however the tree grows, and a unit
 * of weight w lies log2(W / w) tests deep in a good tree. So a cut costs a sum over its units, and
 * the best one is found from left to right: best[i] is what the runs before i cost.
 */

#include "leaf_groups.h"

#define FRACTION 8u /* bits of a logarithm behind the point */

/* log2(x) with FRACTION bits, linear between powers of two; x > 0. */
static uint64_t logarithm(uint64_t x)
{
	unsigned whole = 63u - (unsigned)__builtin_clzll(x);
	uint64_t part = whole >= FRACTION ? x >> (whole - FRACTION) : x << (FRACTION - whole);

	return ((uint64_t)whole << FRACTION) + (part & ((1u << FRACTION) - 1));
}

/* What reaching i..j costs, from the first test of the tree. */
static uint64_t reach_cost(const struct intervals *r, size_t i, size_t j, uint64_t log_all)
{
	uint64_t weight = intervals_weight(r, i, j);

	return r->price.size + (weight ? (weight * (log_all - logarithm(weight))) >> FRACTION : 0);
}

struct cutting {
	const struct intervals *row;
	size_t last;
	uint64_t log_all;
	uint64_t *best;
	size_t *from; /* from[i]: where the last unit of best[i] begins */
};

/* The runs up to j with i..j as their last unit. False: it is not closed, nor is any longer one. */
static bool try_unit(const struct cutting *c, size_t i, size_t j)
{
	uint64_t cost = intervals_closed(c->row, i, j), *best = &c->best[j + 1];

	if (cost == INTERVALS_NEVER)
		return false;
	cost += c->best[i];
	if (cost + c->row->price.size < *best) { /* few get that far */
		cost += reach_cost(c->row, i, j, c->log_all);
		c->from[j + 1] = cost < *best ? i : c->from[j + 1];
		*best = cost < *best ? cost : *best;
	}
	return true;
}

/*
 * All units that begin with run i. Of those a mask closes the longest will do: the one behind a
 * shorter one could as well begin later, and a part of what is closed costs no more to close.
 */
static void try_units(const struct cutting *c, size_t i)
{
	size_t j = i;

	while (j <= c->last && j - i < PEEL_RUNS && try_unit(c, i, j))
		j++;
	size_t end = c->row->end[i] < c->last ? c->row->end[i] : c->last;
	if (end >= j)
		try_unit(c, i, end);
}

/* The best cut of runs first..last, from left to right. */
static void find_cut(struct cutting *c, struct scratch *scratch, size_t first)
{
	c->best = scratch_take(scratch, c->last + 2, sizeof(*c->best));
	c->from = scratch_take(scratch, c->last + 2, sizeof(*c->from));
	for (size_t i = first; i <= c->last + 1; i++)
		c->best[i] = i == first ? 0 : UINT64_MAX;
	for (size_t i = first; i <= c->last; i++)
		try_units(c, i);
}

/* Where each unit begins, read off the cut from right to left. */
static void list_units(struct leaf_groups *u, const struct cutting *c, size_t first)
{
	size_t count = 0, end = c->last + 1;

	for (size_t i = end; i > first; i = c->from[i])
		count++;
	u->count = count;
	u->start[count] = end;
	for (size_t i = end; i > first; i = c->from[i])
		u->start[--count] = c->from[i];
}

void leaf_groups_find(
	struct leaf_groups *u, struct scratch *scratch, const struct intervals *r, size_t first, size_t last)
{
	size_t most = last - first + 1;
	struct cutting c = {
		.row = r, .last = last, .log_all = logarithm(intervals_weight(r, first, last) + 1)};

	u->run = scratch_take(scratch, most, sizeof(*u->run));
	u->start = scratch_take(scratch, most + 1, sizeof(*u->start));
	u->cost = scratch_take(scratch, most, sizeof(*u->cost));
	struct scratch_mark mark = scratch_mark(scratch);
	find_cut(&c, scratch, first);
	list_units(u, &c, first);
	scratch_release(scratch, mark);
	for (size_t k = 0; k < u->count; k++) {
		size_t i = u->start[k], j = u->start[k + 1] - 1;
		u->cost[k] = intervals_closed(r, i, j);
		u->run[k] = (struct run){.first = r->run[i].first,
			.last = r->run[j].last,
			.child = (uint32_t)k,
			.weight = intervals_weight(r, i, j)};
	}
}
