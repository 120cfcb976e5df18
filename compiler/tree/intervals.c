/* All is found once for a row, so that asking for one of its intervals takes a look-up or two. */

#include "intervals.h"

#include "subset_dp.h"
#include "mask_test.h"

#include <string.h>

/* What it costs to peel each interval that starts at i. */
static void find_peeled(struct intervals *r, size_t i)
{
	uint64_t *cost = &r->peeled[i * PEEL_RUNS];

	for (size_t n = 0; n < PEEL_RUNS; n++)
		cost[n] = INTERVALS_NEVER;
	for (size_t label = i; label <= i + 1 && label < r->runs; label++) {
		struct peel p = {.run = r->run, .child = r->run[label].child};
		for (size_t n = 0; n < PEEL_RUNS && i + n < r->runs && peel_add(&p, i + n); n++) {
			uint64_t now = peel_cost(&p, &r->price);
			cost[n] = now < cost[n] ? now : cost[n];
		}
	}
}

void intervals_init_open(
	struct intervals *r, struct scratch *scratch, const struct run *run, size_t runs,
	const struct price *price)
{
	*r = (struct intervals){.run = run, .runs = runs, .price = *price};
	r->sum = scratch_take(scratch, runs + 1, sizeof(*r->sum));
	r->sum[0] = 0;
	for (size_t i = 0; i < runs; i++)
		r->sum[i + 1] = r->sum[i] + run[i].weight;
}

static void sum_even(struct intervals *r, struct scratch *scratch)
{
	r->even = scratch_take(scratch, r->runs + 1, sizeof(*r->even));
	r->even[0] = 0;
	for (size_t i = 0; i < r->runs; i++)
		r->even[i + 1] = r->even[i] + (i % 2 ? 0 : r->run[i].weight);
}

void intervals_init(
	struct intervals *r, struct scratch *scratch, const struct run *run, size_t runs,
	const struct price *price)
{
	intervals_init_open(r, scratch, run, runs, price);
	if (price->miss)
		sum_even(r, scratch);
	r->peeled = scratch_take(scratch, runs * PEEL_RUNS, sizeof(*r->peeled));
	for (size_t i = 0; i < runs; i++)
		find_peeled(r, i);
	r->end = split_ends(scratch, run, runs);
}

/* Is what is known of few runs from i on, those of the other row from k on? */
static bool same_few(const struct intervals *r, size_t i, const struct intervals *like, size_t k)
{
	size_t n = 0;

	for (; n < SUBSET_DP_MAX && i + n < r->runs && k + n < like->runs; n++) {
		const struct run *a = &r->run[i + n], *b = &like->run[k + n];
		if (a->first != b->first || a->last != b->last || a->child != b->child || a->weight != b->weight)
			return false;
	}
	return n == SUBSET_DP_MAX || (i + n == r->runs && k + n == like->runs);
}

/* What `like` knows of few runs from i on; NULL: nothing. What is left out shortens a row by two runs at most. */
static const uint64_t *known_few(const struct intervals *r, size_t i, const struct intervals *like, size_t at)
{
	for (size_t k = at + i; like && like->exact && k <= at + i + 2; k++) {
		if (same_few(r, i, like, k))
			return &like->exact[k * SUBSET_DP_MAX];
	}
	return NULL;
}

void intervals_find_exact(struct intervals *r, struct scratch *scratch, const struct intervals *like, size_t at)
{
	r->exact = scratch_take(scratch, r->runs * SUBSET_DP_MAX, sizeof(*r->exact));
	struct scratch_mark mark = scratch_mark(scratch);
	struct subset_dp *e = scratch_take(scratch, 1, sizeof(*e));

	for (size_t i = 0; i < r->runs; i++) {
		size_t runs = r->runs - i < SUBSET_DP_MAX ? r->runs - i : SUBSET_DP_MAX;
		const uint64_t *known = known_few(r, i, like, at);
		if (known) {
			memcpy(&r->exact[i * SUBSET_DP_MAX], known, SUBSET_DP_MAX * sizeof(*known));
			continue;
		}
		subset_dp_init(e, r->run + i, runs, &r->price);
		for (size_t n = 0; n < SUBSET_DP_MAX; n++)
			r->exact[i * SUBSET_DP_MAX + n] =
				n < runs ? subset_dp_cost(e, subset_dp_first(n + 1)) : INTERVALS_NEVER;
	}
	scratch_release(scratch, mark);
}

void intervals_close_exact(struct intervals *r, struct scratch *scratch)
{
	r->exact = scratch_take(scratch, r->runs * SUBSET_DP_MAX, sizeof(*r->exact));
	struct scratch_mark mark = scratch_mark(scratch);
	struct subset_dp *e = scratch_take(scratch, 1, sizeof(*e));

	for (size_t k = 0; k < r->runs * SUBSET_DP_MAX; k++)
		r->exact[k] = INTERVALS_NEVER;
	subset_dp_init(e, r->run, r->runs, &r->price);
	r->exact[r->runs - 1] = subset_dp_cost(e, subset_dp_first(r->runs));
	scratch_release(scratch, mark);
}

enum closing intervals_close(const struct intervals *r, size_t i, size_t j)
{
	uint64_t cost = intervals_closed(r, i, j);

	if (i == j)
		return CLOSED_RUN;
	if (cost == INTERVALS_NEVER)
		return CLOSED_NOT;
	if (j - i < PEEL_RUNS && r->peeled[i * PEEL_RUNS + j - i] == cost)
		return CLOSED_PEEL;
	return j - i >= 2 && j <= r->end[i] && intervals_masked(r, i, j) == cost ? CLOSED_MASK
									  : CLOSED_EXACT;
}
