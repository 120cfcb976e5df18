/*
 * An optimal alphabetic tree by dynamic programming over intervals of runs. Adjacent runs differ, so
 * every boundary must be tested by some threshold, unless one of these closes an interval first:
 *
 *   A x A        x a single value: one equality
 *   A x A y A    two equalities, the likelier first
 *   any two labels that one bit mask tells apart: one JSET
 *
 * Thresholds alone obey Knuth's window (the best root moves monotonically), which makes the search
 * quadratic. The closing cases break that by a hair, so the window is a few runs wider than Knuth's.
 * Above SEARCH_MAX runs the table would not pay: the interval is halved by weight until it fits.
 */

#include "search.h"

#include <string.h>

#define SEARCH_MAX 640u /* runs; the table is SEARCH_MAX^2 cells of 16 bytes at most */
#define WINDOW     3u   /* runs by which Knuth's window is widened on each side */
#define PAIR_CUT   0xfffeu
#define MASK_CUT   0xfffdu
#define EQUAL_CUT  0xfffcu

struct cell {
	uint64_t cost; /* of the tests inside */
	uint32_t mask; /* of MASK_CUT */
	uint16_t cut;  /* last run of the left part, or one of the closing cases */
	uint16_t root; /* the best threshold's cut, for the window */
};

struct search {
	struct graph *graph;
	unsigned word;
	const struct run *run;
	size_t runs;
	uint64_t *sum; /* sum[i]: weight of the runs before i */
	struct cell *cell;
	uint64_t size;
	uint64_t tests; /* weight times tests, of what was built */
};

static struct cell *cell_at(struct search *s, size_t i, size_t j)
{
	return &s->cell[i * s->runs + j];
}

static uint64_t weigh(const struct search *s, size_t i, size_t j)
{
	return s->sum[j + 1] - s->sum[i];
}

/* --- one JSET --- */

/* Every bit that some number of first..last has. */
static uint32_t bits_of(uint32_t first, uint32_t last)
{
	uint32_t below = first ^ last;

	for (unsigned shift = 1; shift < 32; shift *= 2)
		below |= below >> shift;
	return last | below;
}

/* How many n <= limit have no bit outside `bits`. */
static uint64_t count_within(uint32_t bits, uint32_t limit)
{
	uint64_t count = 0;

	for (unsigned i = 32; i-- > 0;) {
		uint32_t bit = (uint32_t)1 << i, below = bits & (bit - 1);
		if (!(limit & bit))
			continue;
		/* numbers that agree so far and have 0 here, where `limit` has 1 */
		count += (uint64_t)1 << __builtin_popcount(below);
		if (!(bits & bit))
			return count;
	}
	return count + 1;
}

/*
 * Do the numbers of the runs i..j that lead to `zero` have no bit of some mask, and all others one? The
 * mask can only be the bits they all lack; then none of the others may lie within theirs.
 */
static bool mask_tells(const struct search *s, size_t i, size_t j, uint32_t zero, uint32_t *mask)
{
	const struct run *run = s->run;
	uint64_t numbers = 0;
	uint32_t bits = 0;

	for (size_t k = i; k <= j; k++) {
		if (run[k].child != zero)
			continue;
		bits |= bits_of(run[k].first, run[k].last);
		numbers += (uint64_t)run[k].last - run[k].first + 1;
	}
	uint64_t within = count_within(bits, run[j].last);
	if (run[i].first)
		within -= count_within(bits, run[i].first - 1);
	*mask = ~bits;
	return within == numbers;
}

/* Where the two-label interval that starts at i ends. */
static size_t two_labels_end(const struct search *s, size_t i)
{
	uint32_t a = s->run[i].child, b = i + 1 < s->runs ? s->run[i + 1].child : a;
	size_t j = i + 1;

	while (j < s->runs && (s->run[j].child == a || s->run[j].child == b))
		j++;
	return j - 1;
}

/* --- the table --- */

static bool single(const struct run *r)
{
	return r->first == r->last;
}

static void close_equal(struct search *s, size_t i, size_t j, struct cell *c, uint64_t weight)
{
	const struct run *r = &s->run[i];

	if (j - i == 2 && single(&r[1]) && r[0].child == r[2].child) {
		c->cost = weight + s->size;
		c->cut = EQUAL_CUT;
	} else if (j - i == 4 && single(&r[1]) && single(&r[3]) && r[0].child == r[2].child &&
		   r[0].child == r[4].child) {
		uint64_t heavy = r[1].weight > r[3].weight ? r[1].weight : r[3].weight;
		uint64_t cost = weight + (weight - heavy) + 2 * s->size;
		if (cost < c->cost) {
			c->cost = cost;
			c->cut = PAIR_CUT;
		}
	}
}

static void close_mask(struct search *s, size_t i, size_t j, struct cell *c, uint64_t weight)
{
	uint32_t mask, zero = s->run[i].child;

	if (weight + s->size >= c->cost)
		return;
	if (!mask_tells(s, i, j, zero, &mask)) {
		zero = s->run[i + 1].child;
		if (!mask_tells(s, i, j, zero, &mask))
			return;
	}
	c->cost = weight + s->size;
	c->cut = MASK_CUT;
	c->mask = mask;
}

static void fill_cell(struct search *s, size_t i, size_t j, bool two_labels)
{
	struct cell *c = cell_at(s, i, j);
	uint64_t weight = weigh(s, i, j), best = UINT64_MAX;
	size_t from = i, to = j - 1;

	if (j - i > 2) { /* the roots of both shorter intervals bound ours */
		size_t left = cell_at(s, i, j - 1)->root, right = cell_at(s, i + 1, j)->root;
		from = left > i + WINDOW ? left - WINDOW : i;
		to = right + WINDOW < j ? right + WINDOW : j - 1;
	}
	for (size_t t = from; t <= to; t++) {
		uint64_t cost = cell_at(s, i, t)->cost + cell_at(s, t + 1, j)->cost;
		if (cost < best) {
			best = cost;
			c->root = (uint16_t)t;
		}
	}
	c->cut = c->root;
	c->cost = best + weight + s->size;
	close_equal(s, i, j, c, weight);
	if (two_labels && j - i >= 2)
		close_mask(s, i, j, c, weight);
}

static void fill_table(struct search *s)
{
	size_t n = s->runs;
	size_t *two = arena_alloc(s->graph->arena, n, sizeof(*two));

	s->cell = arena_alloc(s->graph->arena, n * n, sizeof(*s->cell));
	for (size_t i = 0; i < n; i++) {
		two[i] = two_labels_end(s, i);
		cell_at(s, i, i)->root = (uint16_t)i;
	}
	for (size_t len = 1; len < n; len++) {
		for (size_t i = 0; i + len < n; i++)
			fill_cell(s, i, i + len, i + len <= two[i]);
	}
}

/* --- the tree --- */

static uint32_t test(struct search *s, enum test kind, uint32_t k, uint32_t yes, uint32_t no,
	uint64_t weight)
{
	uint32_t node = graph_test(s->graph, s->word, UINT32_MAX, kind, k, yes, no);

	s->graph->weight[node] += weight;
	s->tests += weight;
	return node;
}

/* The tree of runs i..j; the recursion is as deep as the tree, SEARCH_MAX at most. */
static uint32_t build(struct search *s, size_t i, size_t j)
{
	const struct cell *c = cell_at(s, i, j);
	const struct run *r = &s->run[i];
	uint64_t weight = weigh(s, i, j);

	if (i == j) {
		s->graph->weight[r->child] += weight;
		return r->child;
	}
	if (c->cut == EQUAL_CUT || c->cut == PAIR_CUT || c->cut == MASK_CUT) {
		for (size_t k = i; k <= j; k++)
			s->graph->weight[s->run[k].child] += s->run[k].weight;
	}
	if (c->cut == EQUAL_CUT)
		return test(s, TEST_EQ, r[1].first, r[1].child, r[0].child, weight);
	if (c->cut == PAIR_CUT) {
		const struct run *heavy = r[1].weight >= r[3].weight ? &r[1] : &r[3];
		const struct run *light = heavy == &r[1] ? &r[3] : &r[1];
		uint32_t rest = test(s, TEST_EQ, light->first, light->child, r[0].child,
			weight - heavy->weight);
		return test(s, TEST_EQ, heavy->first, heavy->child, rest, weight);
	}
	if (c->cut == MASK_CUT) {
		/* the side without bits of the mask: r[0]'s, if its first number has none */
		bool first = !(r[0].first & c->mask);
		return test(s, TEST_SET, c->mask, r[first].child, r[!first].child, weight);
	}
	uint32_t low = build(s, i, c->cut), high = build(s, c->cut + 1u, j);
	return test(s, TEST_GE, s->run[c->cut + 1u].first, high, low, weight);
}

static uint32_t build_small(struct search *s, size_t i, size_t j)
{
	struct search part = *s;

	part.run = s->run + i;
	part.runs = j - i + 1;
	part.sum = s->sum + i;
	fill_table(&part);
	uint32_t root = build(&part, 0, part.runs - 1);
	s->tests = part.tests;
	return root;
}

/* Halves by weight (and never more lopsided than 1 to 7) until the table fits. */
static uint32_t build_large(struct search *s, size_t i, size_t j)
{
	size_t runs = j - i + 1;

	if (runs <= SEARCH_MAX)
		return build_small(s, i, j);
	size_t cut = i + runs / 8, last = j - runs / 8;
	while (cut < last && weigh(s, i, cut) * 2 < weigh(s, i, j))
		cut++;
	uint32_t low = build_large(s, i, cut), high = build_large(s, cut + 1, j);
	return test(s, TEST_GE, s->run[cut + 1].first, high, low, weigh(s, i, j));
}

uint32_t search_build(struct graph *graph, unsigned word, const struct run *run, size_t runs,
	struct search_cost cost, uint64_t *tests)
{
	struct search s = {.graph = graph, .word = word, .run = run, .runs = runs, .size = cost.size};

	s.sum = arena_alloc(graph->arena, runs + 1, sizeof(*s.sum));
	for (size_t i = 0; i < runs; i++)
		s.sum[i + 1] = s.sum[i] + run[i].weight;
	uint32_t root = build_large(&s, 0, runs - 1);
	if (tests)
		*tests = s.tests;
	return root;
}
