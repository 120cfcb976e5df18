/*
 * A table for each level: that of level d holds the best trees that reach a RET within d
 * instructions, made from those of level d - 1. All thresholds are tried: with a bound the best
 * ones do not move monotonically. Cuts lie as in knuth_dp.h.
 */

#include "depth_limited.h"

#define BEYOND_MAX 64u /* levels above the bound: any tree over children within it that is nearly balanced fits in */

struct bound {
	const struct intervals *row;
	const unsigned *below;
	unsigned depth;
};

/* Can what closes i..j be had within the depth? */
static bool closes_within(const struct bound *b, size_t i, size_t j, enum closing closing)
{
	unsigned deepest = 0;
	size_t tests = 1;
	struct peel p;

	if (closing == CLOSED_PEEL && peel_find(&p, b->row->run, i, j, &b->row->price))
		tests = p.count;
	for (size_t k = i; k <= j; k++)
		deepest = b->below[k] > deepest ? b->below[k] : deepest;
	return closing != CLOSED_NOT && deepest + tests <= b->depth;
}

static void fill_cell(const struct bound *b, const struct knuth_dp *t, const struct knuth_dp *before,
	size_t i, size_t j)
{
	uint64_t best = INTERVALS_NEVER;
	const uint64_t *left = before ? before->cost + i * before->width : NULL;
	const uint64_t *right = before ? before->cost + j * before->width : NULL;
	size_t cut = 0;

	for (size_t k = i; k < j && before; k++) {
		uint64_t cost = left[k] + right[k + 1] + intervals_threshold(b->row, i, k, j);
		if (cost < best) {
			best = cost;
			cut = k;
		}
	}
	uint64_t closed = intervals_closed(b->row, i, j);
	if (closed < best && closes_within(b, i, j, intervals_close(b->row, i, j))) {
		best = closed;
		cut = UINT16_MAX;
	}
	t->cost[i * t->width + j] = t->cost[j * t->width + i] = best;
	t->cut[i * t->width + j] = (uint16_t)cut;
}

static void fill_level(const struct bound *b, const struct knuth_dp *t, const struct knuth_dp *before)
{
	for (size_t i = 0; i < t->width; i++)
		t->cost[i * t->width + i] = b->below[i] <= b->depth ? 0 : INTERVALS_NEVER;
	for (size_t len = 1; len < t->width; len++) {
		for (size_t i = 0; i + len < t->width; i++)
			fill_cell(b, t, before, i, i + len);
	}
}

struct depth_limited depth_limited_fill(
	struct scratch *scratch, const struct intervals *row, const unsigned *below, unsigned depth)
{
	struct depth_limited l = {.top = 0};
	struct bound b = {.row = row, .below = below};

	l.table = scratch_take(scratch, depth + BEYOND_MAX + 1, sizeof(*l.table));
	for (;; l.top++) {
		struct knuth_dp *t = &l.table[l.top];
		knuth_dp_init(t, scratch, row, 0, row->runs - 1);
		b.depth = l.top;
		fill_level(&b, t, l.top ? t - 1 : NULL);
		l.found = knuth_dp_cost(t, 0, row->runs - 1) < INTERVALS_NEVER;
		if ((l.top >= depth && l.found) || l.top == depth + BEYOND_MAX)
			return l;
	}
}
