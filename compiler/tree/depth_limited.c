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
	const uint16_t *shallow;
	unsigned depth;
};

unsigned depth_limited_sort(struct peel *p, const unsigned *below, unsigned rest)
{
	unsigned depth = (unsigned)p->count + rest;

	for (size_t n = 1; n < p->count; n++) {
		uint16_t value = p->value[n];
		size_t k = n;
		for (; k && below[p->value[k - 1]] < below[value]; k--)
			p->value[k] = p->value[k - 1];
		p->value[k] = value;
	}
	for (size_t n = 0; n < p->count; n++) {
		unsigned to = (unsigned)n + 1 + below[p->value[n]];
		depth = to > depth ? to : depth;
	}
	return depth;
}

/* Instructions from the first test of what closes i..j to its farthest RET. */
static unsigned closing_depth(const struct bound *b, size_t i, size_t j, enum closing closing)
{
	unsigned deepest = 0, rest = 0;
	struct peel p;
	bool peeled = closing == CLOSED_PEEL && peel_find(&p, b->row->run, i, j, &b->row->price);

	for (size_t k = i; k <= j; k++) {
		deepest = b->below[k] > deepest ? b->below[k] : deepest;
		rest = peeled && b->row->run[k].child == p.child ? b->below[k] : rest;
	}
	return peeled ? depth_limited_sort(&p, b->below, rest) : deepest + 1;
}

/* Can what closes i..j be had within the depth? */
static bool closes_within(const struct bound *b, size_t i, size_t j, enum closing closing)
{
	return closing != CLOSED_NOT && closing_depth(b, i, j, closing) <= b->depth;
}

bool depth_limited_closes(const struct intervals *row, const unsigned *below, size_t i, size_t j, unsigned depth)
{
	const struct bound b = {.row = row, .below = below, .depth = depth};

	return i == j || closes_within(&b, i, j, intervals_close(row, i, j));
}

const uint16_t *depth_limited_shallow(struct scratch *scratch, const struct intervals *row, const unsigned *below)
{
	uint16_t *shallow = scratch_take(scratch, row->runs * SUBSET_DP_MAX, sizeof(*shallow));
	struct scratch_mark mark = scratch_mark(scratch);
	struct subset_dp *e = scratch_take(scratch, 1, sizeof(*e));

	for (size_t i = 0; i < row->runs; i++) {
		size_t runs = row->runs - i < SUBSET_DP_MAX ? row->runs - i : SUBSET_DP_MAX;
		subset_dp_init_shallow(e, row->run + i, runs, below + i);
		for (size_t n = 0; n < runs; n++) {
			uint64_t depth = subset_dp_cost(e, subset_dp_first(n + 1));
			shallow[i * SUBSET_DP_MAX + n] = depth < UINT16_MAX ? (uint16_t)depth : UINT16_MAX;
		}
	}
	scratch_release(scratch, mark);
	return shallow;
}

static bool is_shallow(const struct bound *b, size_t i, size_t j)
{
	return j - i < SUBSET_DP_MAX && b->shallow[i * SUBSET_DP_MAX + j - i] <= b->depth;
}

/* What the shallowest tree costs, or a little more. */
static uint64_t shallow_cost(const struct bound *b, size_t i, size_t j)
{
	return intervals_weight(b->row, i, j) * b->shallow[i * SUBSET_DP_MAX + j - i] + (j - i) * b->row->price.size;
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
	if (best == INTERVALS_NEVER && is_shallow(b, i, j)) {
		best = shallow_cost(b, i, j);
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
	struct scratch *scratch, const struct intervals *row, const unsigned *below, const uint16_t *shallow,
	unsigned depth)
{
	struct depth_limited l = {.top = 0};
	struct bound b = {.row = row, .below = below, .shallow = shallow};

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

/* --- rows without tables --- */

#define NOWHERE_AT SIZE_MAX /* not even the run itself is within the level */

/*
 * The last run that a tree within b->depth over runs from i on can have. before[i]: the same within one less; NULL:
 * b->depth is 0.
 */
static size_t reach(const struct bound *b, const size_t *before, size_t i)
{
	size_t runs = b->row->runs, last = b->below[i] <= b->depth ? i : NOWHERE_AT;
	unsigned deepest = b->below[i];

	/* what closes more than three runs closes the first of them, too */
	for (size_t j = i + 1; before && j < runs && (last == j - 1 || j == i + 2); j++) {
		enum closing closing = intervals_close(b->row, i, j);
		deepest = b->below[j] > deepest ? b->below[j] : deepest;
		if (closing == CLOSED_MASK ? deepest < b->depth : closes_within(b, i, j, closing) || is_shallow(b, i, j))
			last = j;
	}
	if (!before || before[i] == NOWHERE_AT)
		return last;
	size_t next = before[i] + 1, end = next < runs && before[next] != NOWHERE_AT ? before[next] : before[i];
	return last == NOWHERE_AT || end > last ? end : last;
}

/* *level: the least from `depth` on within which there is a tree; *before: how far those within one less reach. */
static bool find_levels(
	struct scratch *scratch, struct bound *b, unsigned depth, const size_t **before, unsigned *level)
{
	const size_t *known = NULL;
	size_t runs = b->row->runs;

	for (b->depth = 0; b->depth <= depth + BEYOND_MAX; b->depth++) {
		size_t *now = scratch_take(scratch, runs, sizeof(*now));
		for (size_t i = 0; i < runs; i++)
			now[i] = reach(b, known, i);
		*before = known;
		*level = b->depth;
		if (b->depth >= depth && now[0] == runs - 1)
			return b->depth > 0;
		known = now;
	}
	return false;
}

bool depth_limited_cut(
	struct scratch *scratch, const struct intervals *row, const unsigned *below, const uint16_t *shallow,
	unsigned *depth, size_t *cut)
{
	struct bound b = {.row = row, .below = below, .shallow = shallow};
	size_t first = row->runs - 1, last;
	const size_t *before;

	if (!find_levels(scratch, &b, *depth, &before, depth) || before[0] == NOWHERE_AT)
		return false;
	last = before[0] < row->runs - 1 ? before[0] : row->runs - 2;
	while (first && before[first] == row->runs - 1)
		first--;
	if (first > last)
		return false;
	for (*cut = first; *cut < last && 2 * intervals_weight(row, 0, *cut) < intervals_weight(row, 0, row->runs - 1);)
		++*cut;
	return true;
}
