/*
 * By dynamic programming over the sets of runs that can arrive at a test. What a mask can do is
 * known from its zero side alone: the mask is every bit that no number of that side has, since a
 * smaller one hits less of the other side (mask_test.c), and it works if each run of the other side is
 * hit as a whole.
 *
 * 3^runs pairs of a set and a side of it are looked at, 6561 at most.
 */

#include "subset_dp.h"

#include "mask_test.h"

#include <string.h>

/* Of some runs those that a mask hits as a whole. */
static subset_dp_set find_hit(const struct subset_dp *e, unsigned runs, uint32_t mask)
{
	unsigned hit = 0;

	for (; mask && runs; runs &= runs - 1) {
		unsigned i = (unsigned)__builtin_ctz(runs);
		hit |= (unsigned)split_hits(&e->run[i], mask) << i;
	}
	return (subset_dp_set)hit;
}

/* A set's mask hits no more than that of the set without one of its runs. */
static void find_masks(struct subset_dp *e)
{
	e->bits[0] = 0;
	e->weight[0] = 0;
	e->hit[0] = (subset_dp_set)subset_dp_first(e->runs);
	for (unsigned i = 0; i < e->runs; i++) {
		uint32_t bits = split_bits(&e->run[i]);
		for (unsigned set = 1u << i; set < 2u << i; set++) {
			unsigned less = set ^ 1u << i;
			e->bits[set] = e->bits[less] | bits;
			e->weight[set] = e->weight[less] + e->run[i].weight;
			e->hit[set] = find_hit(e, e->hit[less] & ~set, ~e->bits[set]) | (subset_dp_set)set;
		}
	}
}

static bool one_place(const struct subset_dp *e, unsigned set)
{
	unsigned first = (unsigned)__builtin_ctz(set);

	for (unsigned i = first + 1; i < e->runs; i++) {
		if (set >> i & 1 && e->run[i].child != e->run[first].child)
			return false;
	}
	return true;
}

/* Instructions to a RET from a test on, on the longer of its ways. */
static uint64_t longer_way(struct subset_dp *e, unsigned yes, unsigned no)
{
	uint64_t left = subset_dp_cost(e, yes), right = subset_dp_cost(e, no);

	return 1 + (left > right ? left : right);
}

/* What a test costs, and those behind it. */
static inline void try_test(struct subset_dp *e, unsigned set, struct subset_dp_test test, uint64_t *best)
{
	unsigned no = set & ~(unsigned)test.yes;
	uint64_t cost = price_test(&e->price, e->weight[set], e->weight[test.yes]);

	if (e->below)
		cost = longer_way(e, test.yes, no);
	else if (cost < *best && (cost += subset_dp_cost(e, test.yes)) < *best)
		cost += subset_dp_cost(e, no);
	if (cost < *best) {
		*best = cost;
		e->test[set] = test;
	}
}

/* Tests that compare: all that tell some of the set from the rest. */
static void try_comparisons(struct subset_dp *e, unsigned set, uint64_t *best)
{
	for (unsigned i = 0, lower = 0; i < e->runs; i++) {
		unsigned bit = 1u << i;
		if (!(set & bit))
			continue;
		const struct run *r = &e->run[i];
		if (lower)
			try_test(e, set,
				(struct subset_dp_test){TEST_GE, r->first, (subset_dp_set)(set & ~lower)},
				best);
		if (r->first == r->last)
			try_test(e, set, (struct subset_dp_test){TEST_EQ, r->first, (subset_dp_set)bit},
				best);
		lower |= bit;
	}
}

static void try_masks(struct subset_dp *e, unsigned set, uint64_t *best)
{
	for (unsigned zero = (set - 1) & set; zero; zero = (zero - 1) & set) {
		if (!(set & ~(unsigned)e->hit[zero]))
			try_test(e, set,
				(struct subset_dp_test){TEST_SET, ~e->bits[zero], (subset_dp_set)(set & ~zero)},
				best);
	}
}

/* At most one level a run deep. */
uint64_t subset_dp_cost(struct subset_dp *e, unsigned set)
{
	uint64_t best = UINT64_MAX;

	if (e->cost[set])
		return e->cost[set] - 1;
	if (one_place(e, set)) {
		e->test[set] = (struct subset_dp_test){.kind = TEST_NONE};
		e->cost[set] = 1 + (e->below ? e->below[__builtin_ctz(set)] : 0);
		return e->cost[set] - 1;
	}
	try_comparisons(e, set, &best);
	try_masks(e, set, &best);
	e->cost[set] = best + 1;
	return best;
}

void subset_dp_init(struct subset_dp *e, const struct run *run, size_t runs, const struct price *price)
{
	assert(runs <= SUBSET_DP_MAX);
	e->run = run;
	e->runs = runs;
	e->price = *price;
	e->below = NULL;
	memset(e->cost, 0, sizeof(*e->cost) << runs);
	find_masks(e);
}

void subset_dp_init_shallow(struct subset_dp *e, const struct run *run, size_t runs, const unsigned *below)
{
	subset_dp_init(e, run, runs, &(struct price){0});
	e->below = below;
}

/* Two of the lightest become one. */
static uint64_t join_lightest(uint64_t *weight, size_t *count)
{
	for (size_t i = 0; i < 2; i++) { /* the lightest to the end, the next before it */
		for (size_t k = 0; k + 1 + i < *count; k++) {
			uint64_t w = weight[k];
			if (w >= weight[k + 1])
				continue;
			weight[k] = weight[k + 1];
			weight[k + 1] = w;
		}
	}
	--*count;
	return weight[*count - 1] += weight[*count];
}

/*
 * A tree that tells places apart is a code for them, of which Huffman's is the best, and has a test
 * less than there are places.
 */
uint64_t subset_dp_bound(const struct run *run, size_t runs, uint64_t size)
{
	uint64_t weight[SUBSET_DP_MAX], bound = 0;
	uint32_t child[SUBSET_DP_MAX];
	size_t count = 0;

	assert(runs <= SUBSET_DP_MAX);
	for (size_t i = 0; i < runs; i++) {
		size_t k = 0;
		while (k < count && child[k] != run[i].child)
			k++;
		if (k == count) {
			child[count] = run[i].child;
			weight[count++] = 0;
		}
		weight[k] += run[i].weight;
	}
	while (count > 1)
		bound += join_lightest(weight, &count) + size;
	return bound;
}
