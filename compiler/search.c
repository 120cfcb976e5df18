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
 *
 * On the way down the finished tree, a hot value may be tested ahead of everything else: the interval
 * without it is searched anew and the cheaper of both is built.
 *
 * With a bound on the depth the table has one layer a level: layer d holds the best trees that reach a
 * RET within d instructions, from those of layer d - 1.
 */

#include "search.h"

#include "split.h"

#include <string.h>

#define SEARCH_MAX 640u /* runs; the table is SEARCH_MAX^2 cells of 16 bytes at most */
#define CAPPED_MAX 200u /* runs, where every level has a table of its own */
#define WINDOW     3u   /* runs by which Knuth's window is widened on each side */
#define HOT_DEPTH  4u   /* hot values tested one after the other */
#define NEVER      (UINT64_MAX / 4) /* cost of what the depth forbids */

enum { CUT_EQUAL = 0xffff, CUT_PAIR = 0xfffe, CUT_MASK = 0xfffd, CUT_LEAST = CUT_MASK };

struct cell {
	uint64_t cost; /* of the tests inside */
	uint16_t cut;  /* last run of the left part, or one of the closing cases */
	uint16_t root; /* the best threshold's cut, for the window */
};

struct search {
	struct graph *graph;
	unsigned word;
	const struct run *run;
	size_t runs;
	const struct search_goal *goal;
	uint32_t gone;      /* bit h: goal->hot[h] was tested above and never arrives */
	unsigned hot_depth; /* how many those are */
	uint64_t *sum;      /* sum[i]: weight of the runs before i */
	unsigned *below;    /* instructions from each run's child to its farthest RET */
	uint32_t *mask;     /* by interval, like cell: the one that tells its two labels apart; 0: none */
	struct cell *cell;  /* of the layer being filled or read */
	unsigned layers;    /* 0: no bound on the depth */
	uint64_t tests;     /* weight times tests, of what was built */
};

static struct cell *cell_at(const struct search *s, size_t i, size_t j)
{
	return &s->cell[i * s->runs + j];
}

static uint64_t weigh(const struct search *s, size_t i, size_t j)
{
	return s->sum[j + 1] - s->sum[i];
}

static uint64_t test_cost(const struct search *s, uint64_t weight)
{
	return weight + s->goal->size;
}

/* --- closing cases --- */

static bool single(const struct run *r)
{
	return r->first == r->last;
}

static void close_with(struct cell *c, uint64_t cost, unsigned cut)
{
	if (cost < c->cost) {
		c->cost = cost;
		c->cut = (uint16_t)cut;
	}
}

static void close_equal(struct search *s, size_t i, size_t j, struct cell *c, uint64_t weight)
{
	const struct run *r = &s->run[i];

	if (j - i == 2 && single(&r[1]) && r[0].child == r[2].child)
		close_with(c, test_cost(s, weight), CUT_EQUAL);
	if (j - i != 4 || !single(&r[1]) || !single(&r[3]))
		return;
	uint64_t heavy = r[1].weight > r[3].weight ? r[1].weight : r[3].weight;
	if (r[0].child == r[2].child && r[0].child == r[4].child)
		close_with(c, test_cost(s, weight) + test_cost(s, weight - heavy), CUT_PAIR);
}

static void close_mask(struct search *s, size_t i, size_t j, struct cell *c, uint64_t weight)
{
	if (s->mask[i * s->runs + j])
		close_with(c, test_cost(s, weight), CUT_MASK);
}

/* The masks of all intervals with two labels. */
static void find_masks(struct search *s)
{
	const struct run *run = s->run;

	s->mask = arena_alloc(s->graph->arena, s->runs * s->runs, sizeof(*s->mask));
	for (size_t i = 0; i + 2 < s->runs; i++) {
		struct split split = split_start(&run[i]);
		uint32_t a = run[i].child, b = run[i + 1].child;
		for (size_t j = i + 1; j < s->runs && (run[j].child == a || run[j].child == b); j++) {
			split_add(&split, &run[j]);
			if (j - i >= 2)
				s->mask[i * s->runs + j] = split_mask(&split);
		}
	}
}

/* --- the table --- */

static void prepare(struct search *s)
{
	struct arena *arena = s->graph->arena;

	s->sum = arena_alloc(arena, s->runs + 1, sizeof(*s->sum));
	for (size_t i = 0; i < s->runs; i++)
		s->sum[i + 1] = s->sum[i] + s->run[i].weight;
	find_masks(s);
}

static void fill_cell(struct search *s, size_t i, size_t j)
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
	c->cost = best + test_cost(s, weight);
	if (j - i >= 2) {
		close_equal(s, i, j, c, weight);
		close_mask(s, i, j, c, weight);
	}
}

static void fill_table(struct search *s)
{
	size_t n = s->runs;

	s->cell = arena_alloc(s->graph->arena, n * n, sizeof(*s->cell));
	for (size_t i = 0; i < n; i++)
		cell_at(s, i, i)->root = (uint16_t)i;
	for (size_t len = 1; len < n; len++) {
		for (size_t i = 0; i + len < n; i++)
			fill_cell(s, i, i + len);
	}
}

/* --- the table with a bound on the depth --- */

/* Instructions from the deepest child of runs i..j to its RET. */
static unsigned deepest(const struct search *s, size_t i, size_t j)
{
	unsigned most = 0;

	for (; i <= j; i++)
		most = s->below[i] > most ? s->below[i] : most;
	return most;
}

/* Layer `depth` from the one before it, `old`. */
static void fill_layer(struct search *s, const struct cell *old, unsigned depth)
{
	size_t n = s->runs;

	for (size_t i = 0; i < n; i++)
		cell_at(s, i, i)->cost = s->below[i] <= depth ? 0 : NEVER;
	for (size_t len = 1; len < n; len++) {
		for (size_t i = 0; i + len < n; i++) {
			size_t j = i + len;
			struct cell *c = cell_at(s, i, j);
			uint64_t weight = weigh(s, i, j);
			c->cost = NEVER;
			for (size_t t = i; t < j; t++) {
				uint64_t cost = old[i * n + t].cost + old[(t + 1) * n + j].cost;
				if (cost < NEVER)
					close_with(c, cost + test_cost(s, weight), (unsigned)t);
			}
			unsigned below = len >= 2 && len <= 4 ? deepest(s, i, j) : 0;
			if (len == 2 && below + 1 <= depth)
				close_equal(s, i, j, c, weight);
			if (len == 4 && below + 2 <= depth)
				close_equal(s, i, j, c, weight);
			if (s->mask[i * n + j] && deepest(s, i, j) + 1 <= depth)
				close_mask(s, i, j, c, weight);
		}
	}
}

/* Fills layers 0..depth, more if that bound cannot be kept; s->cell is the first of them. */
static void fill_layers(struct search *s)
{
	size_t cells = s->runs * s->runs;
	unsigned least = s->goal->depth;
	unsigned most = least + 64; /* a balanced tree of CAPPED_MAX runs and the children fit in */

	s->below = arena_alloc(s->graph->arena, s->runs, sizeof(*s->below));
	for (size_t i = 0; i < s->runs; i++)
		s->below[i] = graph_depth(s->graph, s->run[i].child);
	struct cell *all = arena_alloc(s->graph->arena, cells * (most + 1), sizeof(*all));
	for (s->layers = 0; s->layers <= most; s->layers++) {
		s->cell = all + cells * s->layers;
		fill_layer(s, s->layers ? s->cell - cells : all, s->layers);
		if (s->layers >= least && cell_at(s, 0, s->runs - 1)->cost < NEVER)
			break;
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

static uint32_t build(struct search *s, size_t i, size_t j);

static uint32_t build_closed(struct search *s, const struct cell *c, size_t i, size_t j)
{
	const struct run *r = &s->run[i];
	uint64_t weight = weigh(s, i, j);

	for (size_t k = i; k <= j; k++)
		s->graph->weight[s->run[k].child] += s->run[k].weight;
	if (c->cut == CUT_EQUAL)
		return test(s, TEST_EQ, r[1].first, r[1].child, r[0].child, weight);
	if (c->cut == CUT_PAIR) {
		const struct run *heavy = r[1].weight >= r[3].weight ? &r[1] : &r[3];
		const struct run *light = heavy == &r[1] ? &r[3] : &r[1];
		uint32_t rest = test(s, TEST_EQ, light->first, light->child, r[0].child,
			weight - heavy->weight);
		return test(s, TEST_EQ, heavy->first, heavy->child, rest, weight);
	}
	/* the side without bits of the mask is r[0]'s if its first number has none */
	uint32_t mask = s->mask[i * s->runs + j];
	bool first = !(r[0].first & mask);
	return test(s, TEST_SET, mask, r[first].child, r[!first].child, weight);
}

static uint32_t build_search(struct search *s);

void run_append(struct run *out, size_t *n, const struct run *r)
{
	if (*n && out[*n - 1].child == r->child) {
		out[*n - 1].last = r->last;
		out[*n - 1].weight += r->weight;
	} else {
		out[(*n)++] = *r;
	}
}

/*
 * The runs i..j without one value, which never arrives: a run of its own goes to a neighbour, and
 * neighbours that become alike are joined.
 */
static size_t without(const struct search *s, size_t i, size_t j, const struct hot *h, struct run *out,
	uint32_t *child)
{
	size_t n = 0;

	for (; i <= j; i++) {
		struct run r = s->run[i];
		bool holds = h->value >= r.first && h->value <= r.last;
		if (holds) {
			*child = r.child;
			r.weight -= h->weight < r.weight ? h->weight : r.weight;
		}
		if (!holds || !single(&r)) {
			run_append(out, &n, &r);
		} else if (n) {
			out[n - 1].last = r.last;
		} else {
			struct run next = s->run[++i]; /* there is one: more than two runs are left */
			next.first = r.first;
			run_append(out, &n, &next);
		}
	}
	return n;
}

/* Tests on the way to a value in the tree the table has for runs i..j. */
static unsigned tests_to(const struct search *s, size_t i, size_t j, uint32_t value)
{
	unsigned tests = 0;

	for (; i < j; tests++) {
		const struct cell *c = cell_at(s, i, j);
		if (c->cut >= CUT_LEAST)
			return tests + 1;
		if (value > s->run[c->cut].last)
			i = c->cut + 1u;
		else
			j = c->cut;
	}
	return tests;
}

/*
 * Could testing a value first pay? It saves its own calls all tests but one and costs the others one;
 * what joining its neighbours saves is taken for another test of its own.
 */
static bool may_pay(const struct search *s, size_t i, size_t j, const struct hot *h)
{
	bool inside = h->value >= s->run[i].first && h->value <= s->run[j].last;

	return inside && j - i >= 2 && h->weight * (tests_to(s, i, j, h->value) + 1) >= weigh(s, i, j);
}

/* The tree that tests a hot value first, if one is cheaper than what the table has. */
static bool build_hot(struct search *s, size_t i, size_t j, uint32_t *node)
{
	uint64_t weight = weigh(s, i, j), best = cell_at(s, i, j)->cost;
	struct run *run = NULL;
	struct search chosen = {0};
	const struct hot *hot = NULL;
	uint32_t child = 0;

	for (size_t h = 0; h < s->goal->hots && s->hot_depth < HOT_DEPTH && !s->layers; h++) {
		const struct hot *candidate = &s->goal->hot[h];
		if (s->gone >> h & 1 || !may_pay(s, i, j, candidate))
			continue;
		uint32_t its_child = 0;
		run = arena_alloc(s->graph->arena, j - i + 1, sizeof(*run));
		struct search rest = {.graph = s->graph, .word = s->word, .run = run, .goal = s->goal,
			.gone = s->gone | 1u << h, .hot_depth = s->hot_depth + 1};
		rest.runs = without(s, i, j, candidate, run, &its_child);
		prepare(&rest);
		fill_table(&rest);
		uint64_t cost = test_cost(s, weight) + cell_at(&rest, 0, rest.runs - 1)->cost;
		if (cost < best) {
			best = cost;
			chosen = rest;
			hot = candidate;
			child = its_child;
		}
	}
	if (!hot)
		return false;
	uint32_t others = build(&chosen, 0, chosen.runs - 1);
	s->tests += chosen.tests;
	s->graph->weight[child] += hot->weight;
	*node = test(s, TEST_EQ, hot->value, child, others, weight);
	return true;
}

/* The tree of runs i..j; the recursion is as deep as the tree, SEARCH_MAX at most. */
static uint32_t build(struct search *s, size_t i, size_t j)
{
	const struct cell *c = cell_at(s, i, j);
	uint32_t node;

	if (i == j) {
		s->graph->weight[s->run[i].child] += s->run[i].weight;
		return s->run[i].child;
	}
	if (build_hot(s, i, j, &node))
		return node;
	if (c->cut >= CUT_LEAST)
		return build_closed(s, c, i, j);
	size_t cells = s->layers ? s->runs * s->runs : 0; /* both parts are of the layer below */
	s->cell -= cells;
	uint32_t low = build(s, i, c->cut), high = build(s, c->cut + 1u, j);
	s->cell += cells;
	return test(s, TEST_GE, s->run[c->cut + 1u].first, high, low, weigh(s, i, j));
}

static uint32_t build_search(struct search *s)
{
	prepare(s);
	if (s->goal->depth && s->runs <= CAPPED_MAX)
		fill_layers(s);
	else
		fill_table(s);
	return build(s, 0, s->runs - 1);
}

/* Halves by weight (and never more lopsided than 1 to 7) until the table fits. */
static uint32_t build_large(struct search *s, size_t i, size_t j)
{
	size_t runs = j - i + 1;

	if (runs <= SEARCH_MAX) {
		struct search part = *s;
		part.run = s->run + i;
		part.runs = runs;
		uint32_t root = build_search(&part);
		s->tests = part.tests;
		return root;
	}
	size_t cut = i + runs / 8, last = j - runs / 8;
	while (cut < last && weigh(s, i, cut) * 2 < weigh(s, i, j))
		cut++;
	uint32_t low = build_large(s, i, cut), high = build_large(s, cut + 1, j);
	return test(s, TEST_GE, s->run[cut + 1].first, high, low, weigh(s, i, j));
}

uint32_t search_build(struct graph *graph, unsigned word, const struct run *run, size_t runs,
	const struct search_goal *goal, uint64_t *tests)
{
	struct search s = {.graph = graph, .word = word, .run = run, .runs = runs, .goal = goal};

	s.sum = arena_alloc(graph->arena, runs + 1, sizeof(*s.sum));
	for (size_t i = 0; i < runs; i++)
		s.sum[i + 1] = s.sum[i] + run[i].weight;
	uint32_t root = build_large(&s, 0, runs - 1);
	if (tests)
		*tests = s.tests;
	return root;
}
