/*
 * Thresholds alone obey Knuth's window while odds do not count: the best one moves monotonically with both ends, which
 * makes the search quadratic. Closings break that by a hair, so that the window is a few runs wider
 * than Knuth's where there are any, and short intervals have none.
 */

#include "knuth_dp.h"

#define WINDOW 2u  /* runs by which Knuth's is widened on each side */
#define FULL   16u /* runs apart up to which all thresholds are tried */
#define CLOSED UINT16_MAX

void knuth_dp_init(
	struct knuth_dp *t, struct scratch *scratch, const struct intervals *row, size_t first, size_t last)
{
	size_t width = last - first + 1;

	*t = (struct knuth_dp){.row = row, .first = first, .width = width};
	t->cost = scratch_take(scratch, width * width, sizeof(*t->cost));
	t->cut = scratch_take(scratch, width * width, sizeof(*t->cut));
}

struct window {
	size_t from, to;
};

/* Wider by WINDOW than from one to the other of the best thresholds of the two shorter intervals.
 */
static struct window find_window(size_t i, size_t j, size_t a, size_t b)
{
	size_t low = a < b ? a : b, high = a < b ? b : a;

	return (struct window){
		low > i + WINDOW ? low - WINDOW : i, high + WINDOW < j ? high + WINDOW : j - 1};
}

static size_t best_cut(const uint64_t *left, const uint64_t *right, struct window w, uint64_t *best)
{
	size_t cut = w.from;

	*best = UINT64_MAX;
	for (size_t k = w.from; k <= w.to; k++) {
		uint64_t cost = left[k] + right[k + 1];
		if (cost < *best) {
			*best = cost;
			cut = k;
		}
	}
	return cut;
}

/* The same where what goes against the odds counts, of the row's i..j; with the test itself. */
static size_t best_odds(const struct knuth_dp *t, const uint64_t *left, const uint64_t *right, size_t i,
	size_t j, uint64_t *best)
{
	size_t cut = i;

	*best = UINT64_MAX;
	for (size_t k = i; k < j; k++) {
		uint64_t cost = left[k] + right[k + 1] +
			intervals_threshold(t->row, t->first + i, t->first + k, t->first + j);
		if (cost < *best) {
			*best = cost;
			cut = k;
		}
	}
	return cut;
}

/* All intervals that end with run j, the shortest first. */
static void fill_column(const struct knuth_dp *t, size_t j)
{
	const struct intervals *row = t->row;
	uint64_t *cost = t->cost + j * t->width, best;
	uint16_t *root = t->cut + j * t->width;
	const uint16_t *before = root - t->width; /* of the column of j - 1 */

	cost[j] = 0;
	for (size_t i = j; i-- > 0;) {
		uint64_t *left = t->cost + i * t->width;
		struct window all = {i, j - 1};
		struct window w = j - i > FULL ? find_window(i, j, before[i], root[i + 1]) : all;
		size_t cut = row->price.miss ? best_odds(t, left, cost, i, j, &best)
					     : best_cut(left, cost, w, &best);
		root[i] = (uint16_t)cut;
		best += row->price.miss ? 0 : intervals_test(row, t->first + i, t->first + j);
		uint64_t closed = intervals_closed(row, t->first + i, t->first + j);
		if (closed < best) {
			best = closed;
			cut = CLOSED;
		}
		cost[i] = left[j] = best;
		t->cut[i * t->width + j] = (uint16_t)cut;
	}
}

void knuth_dp_fill(struct knuth_dp *t)
{
	for (size_t j = 0; j < t->width; j++)
		fill_column(t, j);
}

uint64_t knuth_dp_cost(const struct knuth_dp *t, size_t i, size_t j)
{
	return t->cost[(i - t->first) * t->width + j - t->first];
}

size_t knuth_dp_cut(const struct knuth_dp *t, size_t i, size_t j)
{
	uint16_t cut = t->cut[(i - t->first) * t->width + j - t->first];

	return cut == CLOSED ? KNUTH_DP_CLOSED : t->first + cut;
}
