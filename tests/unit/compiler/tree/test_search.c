/*
 * Search trees against exhaustive search. What is claimed, and checked here on random instances:
 *
 *   Up to SUBSET_DP_MAX runs the tree is the best of all there are: any threshold, any equality and any
 *   mask at any place, as long as no run is divided. Costs are weight times tests plus `size` for
 *   each test stored, in a tree: nothing is known of what other trees share with it.
 *
 *   Beyond, as far as a table reaches, it is the best of all made of thresholds at run boundaries
 *   whose leaves are closed intervals: a run, single values peeled off one other label (six at
 * most; the label is one of the first two), or two labels told apart by one mask. A thorough search
 * has few runs as a fourth kind of leaf, with the best of all trees inside. Window and units may
 * miss the best by a little; hot values are tested ahead greedily, and only where that is cheaper.
 * How far a thorough search stays from the best of all is measured and printed.
 *
 *   No tree is worse than a balanced one.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "compiler/tree/subset_dp.h"
#include "compiler/tree/equality_chain.h"
#include "compiler/tree/search.h"
#include "tests/lib/arbitrary.h"

#define SMALL  8   /* runs, for which the tree is the best of all */
#define MIDDLE 11  /* for which all trees are looked at, too */
#define LARGE  700 /* for which they are not */
#define ODDS   32  /* for which what is missed is counted */
#define NONE   UINT64_MAX

static_assert(SMALL == SUBSET_DP_MAX, "what is claimed");

struct instance {
	struct run run[LARGE];
	size_t runs;
	uint64_t size;
	unsigned miss;
};

struct result {
	uint64_t cost; /* weight times tests, size times tests stored, miss times what is missed */
	uint64_t tests, stored, missed;
	unsigned depth; /* instructions from the first test to the farthest RET */
};

/* --- instances --- */

static uint64_t make_weight(struct dice *d, unsigned kind)
{
	switch (kind) {
	case 0:
		return 1;
	case 1:
		return dice_below(d, 1000);
	case 2:
		return 100000 / (1 + dice_below(d, 200));
	default:
		return dice_below(d, 6) ? dice_below(d, 3) : 1000;
	}
}

static void make_instance(
	struct dice *d, struct instance *in, size_t least, size_t most, unsigned labels)
{
	static const uint64_t sizes[] = {0, 0, 5, 300, 1000000};
	unsigned kind = dice_below(d, 4), singles = 1 + dice_below(d, 4);
	uint32_t next = dice_below(d, 12);

	in->miss = 0;
	in->runs = least + dice_below(d, (unsigned)(most - least + 1));
	in->size = sizes[dice_below(d, countof(sizes))];
	for (size_t i = 0; i < in->runs; i++) {
		uint32_t len = dice_below(d, singles) ? 1 : 1 + dice_below(d, 6);
		uint32_t child = dice_below(d, labels);
		if (i && child == in->run[i - 1].child)
			child = (child + 1) % labels;
		in->run[i] = (struct run){next, next + len - 1, child, make_weight(d, kind)};
		next += len;
	}
}

static uint64_t weigh(const struct instance *in, size_t i, size_t j)
{
	uint64_t weight = 0;

	for (; i <= j; i++)
		weight += in->run[i].weight;
	return weight;
}

/* --- trees --- */

#define LABELS 4

/* Leaves 0..LABELS-1 in this order, so that a label is its node. */
static void start_graph(struct graph *g, struct arena *arena)
{
	graph_init(g, arena);
	for (uint32_t i = 0; i < LABELS; i++)
		assert_int_equal(graph_leaf(g, i), i);
}

static uint32_t walk(const struct graph *g, uint32_t node, uint32_t value, uint64_t *tests)
{
	for (*tests = 0; !graph_is_leaf(g, node); ++*tests) {
		const struct node *n = &g->node[node];
		bool yes = n->test == TEST_EQ ? value == n->k
			: n->test == TEST_GE  ? value >= n->k
					      : (value & n->k) != 0;
		assert_true(n->mask == UINT32_MAX && n->test != TEST_GT && n->test != TEST_NONE);
		node = yes ? n->yes : n->no;
	}
	return node;
}

static uint64_t count_tests(const struct graph *g, uint32_t node)
{
	if (graph_is_leaf(g, node))
		return 0;
	return 1 + count_tests(g, g->node[node].yes) + count_tests(g, g->node[node].no);
}

/* Weight of the runs of `alive` that go against the odds of some test. */
static uint64_t count_missed(const struct instance *in, const struct graph *g, uint32_t node, unsigned alive)
{
	const struct node *n = &g->node[node];
	unsigned with = 0;
	uint64_t yes = 0, no = 0;

	if (graph_is_leaf(g, node))
		return 0;
	for (size_t k = 0; k < in->runs; k++) {
		const struct run *r = &in->run[k];
		if (!(alive >> k & 1))
			continue;
		bool way = n->test == TEST_EQ ? r->first == n->k
			: n->test == TEST_GE  ? r->first >= n->k
					      : (r->first & n->k) != 0;
		with |= (unsigned)way << k;
		*(way ? &yes : &no) += r->weight;
	}
	return (yes < no ? yes : no) + count_missed(in, g, n->yes, with) +
		count_missed(in, g, n->no, alive & ~with);
}

/* Every number leads where its run does; what that costs, hot values apart. */
static struct result measure(const struct instance *in, const struct graph *g, uint32_t root)
{
	struct result r = {.stored = count_tests(g, root),
		.depth = graph_depth(g, root) - !graph_is_leaf(g, root)};
	uint64_t tests;

	for (size_t i = 0; i < in->runs; i++) {
		const struct run *run = &in->run[i];
		for (uint32_t value = run->first; value <= run->last; value++)
			assert_int_equal(walk(g, root, value, &tests), run->child);
		r.tests += run->weight * tests;
	}
	if (in->miss)
		r.missed = count_missed(in, g, root, UINT32_MAX >> (ODDS - in->runs));
	r.cost = r.tests + in->size * r.stored + in->miss * r.missed;
	return r;
}

static struct result search(const struct instance *in, const struct search_goal *goal)
{
	struct arena arena;
	struct graph g;
	uint64_t tests;

	ARENA_START(&arena);
	start_graph(&g, &arena);
	uint32_t root = search_build(&g, WORD_NR, in->run, in->runs, goal, &tests);
	struct result r = measure(in, &g, root);
	if (!goal->hots)
		assert_int_equal(r.tests, tests);
	arena_free(&arena);
	return r;
}

static const enum search_effort efforts[] = {SEARCH_USUAL, SEARCH_QUICK, SEARCH_THOROUGH};

static struct result search_plainly(const struct instance *in, enum search_effort effort)
{
	return search(in, &(struct search_goal){.price = {in->size, in->miss}, .effort = effort});
}

/* --- all trees of the kinds the search makes --- */

/* Is there a mask that the numbers of label `zero` have no bit of, and all others one? */
static bool masked(const struct instance *in, size_t i, size_t j, uint32_t zero)
{
	for (uint32_t mask = 0; mask < 128; mask++) {
		bool works = true;
		for (size_t k = i; k <= j && works; k++) {
			for (uint32_t n = in->run[k].first; n <= in->run[k].last; n++)
				works &= !(n & mask) == (in->run[k].child == zero);
		}
		if (works)
			return true;
	}
	return false;
}

static bool two_labels(const struct instance *in, size_t i, size_t j)
{
	for (size_t k = i; k <= j; k++) {
		if (in->run[k].child != in->run[i].child &&
			in->run[k].child != in->run[i + 1].child)
			return false;
	}
	return true;
}

/* Peeling with one label left: every order of the values is tried. */
static uint64_t peel(const struct instance *in, size_t i, size_t j, uint32_t label, unsigned gone)
{
	uint64_t best = NONE, arriving = 0;
	unsigned values = 0;

	for (size_t k = i; k <= j; k++) {
		bool left = !(gone >> k & 1);
		values += in->run[k].child != label;
		arriving += left ? in->run[k].weight : 0;
	}
	if (values == (unsigned)__builtin_popcount(gone))
		return 0;
	if (values > PEEL_MAX)
		return NONE;
	for (size_t k = i; k <= j; k++) {
		if (gone >> k & 1 || in->run[k].child == label ||
			in->run[k].first != in->run[k].last)
			continue;
		uint64_t rest = peel(in, i, j, label, gone | 1u << k);
		if (rest != NONE && rest + arriving + in->size < best)
			best = rest + arriving + in->size;
	}
	return best;
}

/* Of what closes i..j and of all thresholds, by interval. */
static uint64_t best_of_kind(
	const struct instance *in, uint64_t best[MIDDLE][MIDDLE], size_t i, size_t j)
{
	uint64_t test = weigh(in, i, j) + in->size;

	if (i == j)
		return 0;
	if (best[i][j])
		return best[i][j] - 1;
	best[i][j] = NONE;
	for (size_t k = i; k < j; k++) {
		uint64_t cost =
			test + best_of_kind(in, best, i, k) + best_of_kind(in, best, k + 1, j);
		best[i][j] = cost < best[i][j] ? cost : best[i][j];
	}
	for (size_t k = i; k <= i + 1; k++) {
		uint64_t cost = peel(in, i, j, in->run[k].child, 0);
		best[i][j] = cost < best[i][j] ? cost : best[i][j];
	}
	bool split = two_labels(in, i, j) &&
		(masked(in, i, j, in->run[i].child) || masked(in, i, j, in->run[i + 1].child));
	best[i][j] = split && test < best[i][j] ? test : best[i][j];
	return best[i][j]++;
}

static void larger_trees_are_the_best_of_their_kind(void **state)
{
	struct dice d = {1};
	struct instance in;

	(void)state;
	for (unsigned round = 0; round < 1500; round++) {
		uint64_t best[MIDDLE][MIDDLE] = {{0}};
		make_instance(&d, &in, SMALL + 1, MIDDLE, 2 + dice_below(&d, 2));
		uint64_t least = best_of_kind(&in, best, 0, in.runs - 1);
		assert_int_equal(search_plainly(&in, SEARCH_USUAL).cost, least);
		assert_int_equal(search_plainly(&in, SEARCH_QUICK).cost, least);
		assert_true(search_plainly(&in, SEARCH_THOROUGH).cost <= least);
	}
}

/* --- all trees there are: any test of a threshold, an equality or a mask, anywhere --- */

struct all {
	const struct instance *in;
	/* by the runs that can still arrive; 0: not known, else cost + 1 */
	uint64_t memo[1u << MIDDLE];
};

static bool one_label(const struct instance *in, unsigned alive)
{
	uint32_t label = NONE & UINT32_MAX;

	for (size_t k = 0; k < in->runs; k++) {
		if (!(alive >> k & 1))
			continue;
		if (label != UINT32_MAX && in->run[k].child != label)
			return false;
		label = in->run[k].child;
	}
	return true;
}

/* Which of the alive runs a mask sends one way; false if it divides a run. */
static bool divide(const struct instance *in, unsigned alive, uint32_t mask, unsigned *with)
{
	*with = 0;
	for (size_t k = 0; k < in->runs; k++) {
		const struct run *r = &in->run[k];
		if (!(alive >> k & 1))
			continue;
		for (uint32_t n = r->first; n <= r->last; n++) {
			if (!(n & mask) != !(r->first & mask))
				return false;
		}
		*with |= (unsigned)((r->first & mask) != 0) << k;
	}
	return true;
}

static uint64_t weigh_set(const struct instance *in, unsigned set)
{
	uint64_t weight = 0;

	for (; set; set &= set - 1)
		weight += in->run[__builtin_ctz(set)].weight;
	return weight;
}

static uint64_t best_of_all(struct all *a, unsigned alive);

static void try_division(struct all *a, unsigned alive, unsigned part, uint64_t *best)
{
	if (!part || part == alive)
		return;
	struct price price = {a->in->size, a->in->miss};
	uint64_t cost = price_test(&price, weigh_set(a->in, alive), weigh_set(a->in, part)) +
		best_of_all(a, part) + best_of_all(a, alive & ~part);
	*best = cost < *best ? cost : *best;
}

static uint64_t best_of_all(struct all *a, unsigned alive)
{
	const struct instance *in = a->in;
	uint64_t best = NONE / 2;
	unsigned part;

	if (one_label(in, alive))
		return 0;
	if (a->memo[alive])
		return a->memo[alive] - 1;
	for (size_t k = 0; k < in->runs; k++) {
		if (!(alive >> k & 1))
			continue;
		try_division(a, alive, alive & ((2u << k) - 1), &best);
		if (in->run[k].first == in->run[k].last)
			try_division(a, alive, 1u << k, &best);
	}
	for (uint32_t mask = 1; mask < 128; mask++) {
		if (divide(in, alive, mask, &part))
			try_division(a, alive, part, &best);
	}
	a->memo[alive] = best + 1;
	return best;
}

static uint64_t best_there_is(const struct instance *in)
{
	static struct all all;

	all = (struct all){.in = in};
	return best_of_all(&all, (1u << in->runs) - 1);
}

static size_t find_hots(const struct instance *in, struct hot *hot)
{
	size_t hots = 0;

	for (size_t i = 0; i < in->runs; i++) {
		if (in->run[i].first == in->run[i].last)
			hot[hots++] = (struct hot){in->run[i].first, in->run[i].weight};
	}
	return hots;
}

static void small_trees_are_the_best_of_all(void **state)
{
	struct dice d = {2};
	struct instance in;
	struct hot hot[SMALL];

	(void)state;
	for (unsigned round = 0; round < 1500; round++) {
		make_instance(&d, &in, 1, SMALL, 2 + dice_below(&d, 3));
		in.miss = round % 3 ? 0 : dice_below(&d, 20);
		uint64_t best = best_there_is(&in);
		for (size_t i = 0; i < countof(efforts); i++) {
			struct search_goal goal = {.price = {in.size, in.miss}, .effort = efforts[i]};
			assert_int_equal(search(&in, &goal).cost, best);
			goal.hot = hot;
			goal.hots = find_hots(&in, hot);
			assert_int_equal(search(&in, &goal).cost, best);
		}
	}
}

/* The worst ratio seen is part of the test: a change that makes it larger has to be looked at. */
static void larger_trees_are_near_the_best_of_all(void **state)
{
	struct dice d = {8};
	struct instance in;
	struct hot hot[MIDDLE];
	double worst = 1, sum = 0;
	unsigned rounds = 300, equal = 0;

	(void)state;
	for (unsigned round = 0; round < rounds; round++) {
		make_instance(&d, &in, SMALL + 1, MIDDLE, 2 + dice_below(&d, 2));
		uint64_t best = best_there_is(&in);
		struct search_goal goal = {.price = {in.size, in.miss},
			.hot = hot,
			.hots = find_hots(&in, hot),
			.effort = SEARCH_THOROUGH};
		uint64_t cost = search(&in, &goal).cost;
		assert_true(cost >= best);
		equal += cost == best;
		double ratio = best ? (double)cost / (double)best : 1;
		worst = ratio > worst ? ratio : worst;
		sum += ratio;
	}
	printf("NOTE: %u of %u trees of %d to %d runs are the best of all, the mean is %.4f times "
	       "it, the worst %.3f\n",
		equal, rounds, SMALL + 1, MIDDLE, sum / rounds, worst);
	assert_true(worst < 2 && sum / rounds < 1.05);
}

/* What is missed counts: the tree costs no more than one that was found without looking at it. */
static void odds_are_worth_looking_at(void **state)
{
	struct dice d = {9};
	struct instance in;
	unsigned fewer = 0;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		make_instance(&d, &in, SMALL + 1, ODDS, 2 + dice_below(&d, 2));
		in.miss = 1 + dice_below(&d, 20);
		struct search_goal blind = {.price = {in.size, 0}};
		struct result with = search_plainly(&in, SEARCH_USUAL), without = search(&in, &blind);
		assert_true(with.cost <= without.cost);
		assert_true(search_plainly(&in, SEARCH_QUICK).cost <= without.cost);
		assert_true(search_plainly(&in, SEARCH_THOROUGH).cost <= with.cost);
		fewer += with.missed < without.missed;
	}
	assert_true(fewer > 100);
}

/* --- larger instances --- */

static void balance(const struct instance *in, size_t i, size_t j, struct result *r)
{
	if (i == j)
		return;
	size_t cut = i + (j - i) / 2;
	r->tests += weigh(in, i, j);
	r->stored++;
	balance(in, i, cut, r);
	balance(in, cut + 1, j, r);
}

static void no_tree_is_worse_than_a_balanced_one(void **state)
{
	static struct instance in;
	struct dice d = {3};

	(void)state;
	for (unsigned round = 0; round < 600; round++) {
		struct result balanced = {0};
		make_instance(&d, &in, 1, LARGE, 2 + dice_below(&d, 2));
		balance(&in, 0, in.runs - 1, &balanced);
		uint64_t size = in.size;
		for (size_t i = 0; i < countof(efforts); i++) {
			in.size = size;
			struct result r = search_plainly(&in, efforts[i]);
			assert_true(r.cost <= balanced.tests + in.size * balanced.stored);
			in.size = 0;
			assert_true(search_plainly(&in, efforts[i]).tests <= balanced.tests);
			in.size = UINT64_C(1) << 40; /* nothing else counts */
			assert_true(search_plainly(&in, efforts[i]).stored <= balanced.stored);
		}
	}
}

/* The fewest tests there can be: found from left to right, since thresholds cost one each. */
static uint64_t fewest_tests(const struct instance *in)
{
	uint64_t best[MIDDLE + 1] = {0};

	for (size_t j = 0; j < in->runs; j++) {
		best[j + 1] = NONE;
		for (size_t i = 0; i <= j; i++) {
			struct instance part = {.runs = j - i + 1, .size = 1};
			for (size_t k = i; k <= j; k++) {
				part.run[k - i] = in->run[k];
				part.run[k - i].weight = 0;
			}
			uint64_t closed = part.runs == 1 ? 0 : NONE;
			for (size_t k = 0; k < 2 && closed; k++) {
				uint64_t cost = peel(&part, 0, part.runs - 1, part.run[k].child, 0);
				closed = cost < closed ? cost : closed;
			}
			if (part.runs > 1 && two_labels(&part, 0, part.runs - 1) &&
				(masked(&part, 0, part.runs - 1, part.run[0].child) ||
					masked(&part, 0, part.runs - 1, part.run[1].child)))
				closed = 1;
			if (closed != NONE && best[i] + closed + (i > 0) < best[j + 1])
				best[j + 1] = best[i] + closed + (i > 0);
		}
	}
	return best[in->runs];
}

static void the_smallest_tree_has_the_fewest_tests(void **state)
{
	static struct instance in;
	struct dice d = {4};

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		make_instance(&d, &in, SMALL + 1, MIDDLE, 2 + dice_below(&d, 2));
		in.size = UINT64_C(1) << 40;
		assert_int_equal(search_plainly(&in, SEARCH_QUICK).stored, fewest_tests(&in));
	}
}

static void hot_values_change_costs_only(void **state)
{
	static struct instance in;
	struct dice d = {5};
	struct hot hot[LARGE];

	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		make_instance(&d, &in, 1, 60, 2 + dice_below(&d, 2));
		for (unsigned i = 0; i < 3; i++)
			in.run[dice_below(&d, in.runs)].weight += 20000;
		size_t hots = find_hots(&in, hot);
		struct search_goal goal = {
			.price = {in.size, in.miss}, .hot = hot, .hots = hots < 32 ? hots : 32};
		goal.effort = SEARCH_THOROUGH;
		uint64_t plain = search_plainly(&in, SEARCH_THOROUGH).cost;
		assert_true(search(&in, &goal).cost <= plain);
		goal.effort = SEARCH_QUICK;
		search(&in, &goal);
	}
}

/* A hot value inside a run: the run's other values go their way. */
static void a_hot_value_inside_a_run_is_cut_out(void **state)
{
	const struct instance in = {.runs = 5,
		.run = {{0, 9, 0, 10}, {10, 19, 1, 1000}, {20, 29, 2, 10}, {30, 39, 1, 5},
			{40, 49, 0, 10}}};
	struct hot hot = {15, 990};
	struct search_goal goal = {.hot = &hot, .hots = 1};
	struct arena arena;
	struct graph g;
	uint64_t tests;

	(void)state;
	ARENA_START(&arena);
	start_graph(&g, &arena);
	uint32_t root = search_build(&g, WORD_NR, in.run, in.runs, &goal, NULL);
	measure(&in, &g, root);
	assert_int_equal(walk(&g, root, 15, &tests), 1);
	assert_int_equal(tests, 1);
	arena_free(&arena);
}

/* --- depth --- */

/* Instructions to the farthest RET of the shallowest tree, the leaf's included. */
static unsigned shallowest(const struct instance *in, size_t i, size_t j)
{
	unsigned best = 1;

	if (i == j)
		return best;
	if (two_labels(in, i, j) &&
		(masked(in, i, j, in->run[i].child) || masked(in, i, j, in->run[i + 1].child)))
		return 2;
	best = UINT32_MAX;
	for (size_t k = i; k < j; k++) {
		unsigned low = shallowest(in, i, k), high = shallowest(in, k + 1, j);
		unsigned depth = 1 + (low > high ? low : high);
		best = depth < best ? depth : best;
	}
	unsigned singles = 0, wide = 0; /* a peeled interval is no shallower unless it is A x A */
	for (size_t k = i; k <= j; k++) {
		singles += in->run[k].child != in->run[i].child;
		wide += in->run[k].child != in->run[i].child && in->run[k].first != in->run[k].last;
	}
	return singles == 1 && !wide && best > 2 ? 2 : best;
}

static void a_bound_on_the_depth_is_kept_if_it_can_be(void **state)
{
	struct dice d = {6};
	struct instance in;

	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		make_instance(&d, &in, 1, SMALL - 1, 2 + dice_below(&d, 2));
		unsigned least = shallowest(&in, 0, in.runs - 1);
		for (unsigned depth = 1; depth <= least + 2; depth++) {
			struct search_goal goal = {.price = {in.size, in.miss}, .depth = depth};
			struct result r = search(&in, &goal);
			assert_true(r.depth <= (depth > least ? depth : least));
		}
	}
}

static void large_trees_keep_a_bound_a_balanced_one_keeps(void **state)
{
	static struct instance in;
	struct dice d = {7};

	(void)state;
	for (unsigned round = 0; round < 24; round++) {
		make_instance(&d, &in, round < 20 ? 1 : 201, round < 20 ? 150 : LARGE, 2 + dice_below(&d, 2));
		unsigned depth = 1;
		while ((size_t)1 << (depth - 1) < in.runs)
			depth++;
		struct search_goal goal = {.price = {in.size, in.miss}, .depth = depth};
		struct result bounded = search(&in, &goal);
		assert_true(bounded.depth <= depth);
		goal.depth = 64;
		assert_true(in.runs > 150 || search(&in, &goal).cost <= bounded.cost);
	}
}

/* --- depth, of all trees --- */

#define VALUES 8u /* numbers 0 to 7, each a cell */

struct cells {
	unsigned label[VALUES], below[LABELS]; /* of a label: instructions from where it leads to the farthest RET */
	unsigned least[1u << VALUES];          /* by set of numbers; 0: not known */
};

/* Numbers of the set that answer yes to the test; 0: none do, or it divides a run. */
static unsigned answer_yes(const struct cells *c, unsigned set, enum test test, unsigned k)
{
	unsigned yes = 0, runs = 0;

	for (unsigned v = 0; v < VALUES; v++) {
		bool way = test == TEST_EQ ? v == k : test == TEST_GE ? v >= k : (v & k) != 0;
		yes |= (unsigned)way << v;
		runs |= (unsigned)(v && c->label[v] == c->label[v - 1]) << v;
	}
	return (yes ^ yes << 1) & runs & set ? 0 : yes & set;
}

/* Instructions to the farthest RET of the shallowest of all trees of equalities, thresholds and masks that divide no run. */
static unsigned least_of_all(struct cells *c, unsigned set)
{
	static const enum test tests[] = {TEST_EQ, TEST_GE, TEST_SET};
	unsigned first = c->label[__builtin_ctz(set)], best = UINT32_MAX;
	bool alike = true;

	if (c->least[set])
		return c->least[set];
	for (unsigned v = 0; v < VALUES; v++)
		alike &= !(set >> v & 1) || c->label[v] == first;
	for (unsigned i = 0; i < countof(tests) * VALUES && !alike; i++) {
		unsigned yes = answer_yes(c, set, tests[i / VALUES], i % VALUES);
		if (!yes || yes == set)
			continue;
		unsigned left = least_of_all(c, yes), right = least_of_all(c, set & ~yes);
		unsigned depth = 1 + (left > right ? left : right);
		best = depth < best ? depth : best;
	}
	return c->least[set] = alike ? c->below[first] : best;
}

/* Labels that lead to as many tests of another word as the dice say. */
static void grow_labels(struct dice *d, struct graph *g, uint32_t node[LABELS], struct cells *c)
{
	for (uint32_t l = 0; l < LABELS; l++) {
		unsigned tests = dice_below(d, 3) ? 0 : dice_below(d, 5);
		node[l] = graph_leaf(g, l);
		for (uint32_t i = 0; i < tests; i++)
			node[l] = graph_test(g, WORD_ARCH, UINT32_MAX, TEST_EQ, 10 * l + i, graph_leaf(g, LABELS + l), node[l]);
		c->below[l] = graph_depth(g, node[l]);
	}
}

/* The shallowest tree over the numbers that a bound brings about. */
static unsigned least_bound(struct graph *g, const struct run *run, size_t runs)
{
	for (unsigned depth = 1;; depth++) {
		struct search_goal goal = {.depth = depth};
		uint32_t root = search_build(g, WORD_NR, run, runs, &goal, NULL);
		if (graph_depth(g, root) - (g->node[root].word == WORD_NR) <= depth)
			return depth;
	}
}

static void few_runs_have_the_shallowest_of_all_trees(void **state)
{
	struct dice d = {11};

	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		struct cells c = {.label = {0}};
		struct run run[VALUES];
		struct arena arena;
		struct graph g;
		uint32_t node[LABELS];
		size_t runs = 0;
		ARENA_START(&arena);
		graph_init(&g, &arena);
		grow_labels(&d, &g, node, &c);
		unsigned labels = 2 + dice_below(&d, LABELS - 1), stays = 1 + dice_below(&d, 3), label = 0;
		for (uint32_t v = 0; v < VALUES; v++) {
			label = dice_below(&d, stays) ? label : dice_below(&d, labels);
			c.label[v] = label;
			run_append(run, &runs, &(struct run){v, v, node[label], dice_below(&d, 1000)});
		}
		assert_int_equal(least_bound(&g, run, runs), least_of_all(&c, (1u << VALUES) - 1));
		arena_free(&arena);
	}
}

/* --- time --- */

/* Milliseconds. */
static double time_search(const struct run *run, size_t runs)
{
	struct arena arena;
	struct graph g;
	struct timespec from, to;

	ARENA_START(&arena);
	start_graph(&g, &arena);
	clock_gettime(CLOCK_MONOTONIC, &from);
	search_build(&g, WORD_NR, run, runs, &(struct search_goal){0}, NULL);
	clock_gettime(CLOCK_MONOTONIC, &to);
	arena_free(&arena);
	return (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

static void alternating_numbers_take_no_time(void **state)
{
	static struct run run[450];
	double best = 1e9;

	(void)state;
	for (uint32_t i = 0; i < countof(run); i++)
		run[i] = (struct run){i, i, i & 1, 100000 / (1 + i * 37 % countof(run))};
	run[countof(run) - 1].last = UINT32_MAX;
	for (unsigned round = 0; round < 20; round++) {
		double spent = time_search(run, countof(run));
		best = spent < best ? spent : best;
	}
	printf("NOTE: %zu alternating numbers take %.2f ms\n", countof(run), best);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_trees_are_the_best_of_all),
		cmocka_unit_test(larger_trees_are_the_best_of_their_kind),
		cmocka_unit_test(odds_are_worth_looking_at),
		cmocka_unit_test(larger_trees_are_near_the_best_of_all),
		cmocka_unit_test(no_tree_is_worse_than_a_balanced_one),
		cmocka_unit_test(the_smallest_tree_has_the_fewest_tests),
		cmocka_unit_test(hot_values_change_costs_only),
		cmocka_unit_test(a_hot_value_inside_a_run_is_cut_out),
		cmocka_unit_test(a_bound_on_the_depth_is_kept_if_it_can_be),
		cmocka_unit_test(few_runs_have_the_shallowest_of_all_trees),
		cmocka_unit_test(large_trees_keep_a_bound_a_balanced_one_keeps),
		cmocka_unit_test(alternating_numbers_take_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
