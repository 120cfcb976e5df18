#ifndef COMPILER_TREE_INTERVALS_H
#define COMPILER_TREE_INTERVALS_H

/*
 * Runs side by side, and which intervals of them are closed: decided by a fixed pattern of tests,
 * with no threshold inside. A single run is closed, and decided by none.
 */

#include "subset_dp.h"
#include "equality_chain.h"
#include "../base/scratch.h"
#include "run.h"

#define INTERVALS_NEVER (UINT64_MAX / 4) /* a cost: there is no such tree */

enum closing { CLOSED_NOT, CLOSED_RUN, CLOSED_PEEL, CLOSED_MASK, CLOSED_EXACT };

struct intervals {
	const struct run *run;
	size_t runs;
	struct price price;
	uint64_t *sum;       /* sum[i]: weight of the runs before i */
	uint64_t *even;      /* the same of every other run, the first among them; only with a miss */
	uint64_t *peeled;    /* peeled[i * PEEL_RUNS + n]: cost of peeling i..i + n, or INTERVALS_NEVER */
	const uint16_t *end; /* mask_test.h */
	uint64_t *exact; /* exact[i * SUBSET_DP_MAX + n]: cost of the best of all trees over i..i + n,
			    or INTERVALS_NEVER; NULL: not looked for */
};

/* In memory of the scratch; the runs are not copied. */
void intervals_init(
	struct intervals *, struct scratch *, const struct run *, size_t runs, const struct price *);

/*
 * From here on intervals of up to SUBSET_DP_MAX runs are closed by the best of all trees (subset_dp.h). `like`: a row at the
 * same price that has much of this one from its run `at` on, and something left out or joined; NULL: there is none.
 */
void intervals_find_exact(struct intervals *, struct scratch *, const struct intervals *like, size_t at);

/* The same for the whole row alone, which has SUBSET_DP_MAX runs at most. */
void intervals_close_exact(struct intervals *, struct scratch *);

/* The same for runs of which no interval is closed but a single run; intervals_close() is not to be
 * asked. */
void intervals_init_open(
	struct intervals *, struct scratch *, const struct run *, size_t runs, const struct price *);

/* The cheapest closing of i..j. */
enum closing intervals_close(const struct intervals *, size_t i, size_t j);

static inline uint64_t intervals_weight(const struct intervals *r, size_t i, size_t j)
{
	return r->sum[j + 1] - r->sum[i];
}

/* What a test costs that everything of i..j comes to, but for what goes against the odds. */
static inline uint64_t intervals_test(const struct intervals *r, size_t i, size_t j)
{
	return intervals_weight(r, i, j) + r->price.size;
}

/* What a threshold costs that tells i..k from the others of i..j. */
static inline uint64_t intervals_threshold(const struct intervals *r, size_t i, size_t k, size_t j)
{
	return price_test(&r->price, intervals_weight(r, i, j), intervals_weight(r, i, k));
}

/* What a mask costs that tells every other run of i..j from the rest. */
static inline uint64_t intervals_masked(const struct intervals *r, size_t i, size_t j)
{
	return r->price.miss
		? price_test(&r->price, intervals_weight(r, i, j), r->even[j + 1] - r->even[i])
		: intervals_test(r, i, j);
}

/* What the cheapest closing of i..j costs, which is i == j or closed; else INTERVALS_NEVER. */
static inline uint64_t intervals_closed(const struct intervals *r, size_t i, size_t j)
{
	uint64_t cost = j - i < PEEL_RUNS ? r->peeled[i * PEEL_RUNS + j - i] : INTERVALS_NEVER;
	uint64_t masked = j - i >= 2 && j <= r->end[i] ? intervals_masked(r, i, j) : INTERVALS_NEVER;

	if (masked < cost)
		cost = masked;
	if (r->exact && j - i < SUBSET_DP_MAX && r->exact[i * SUBSET_DP_MAX + j - i] < cost)
		cost = r->exact[i * SUBSET_DP_MAX + j - i];
	return cost;
}

#endif
