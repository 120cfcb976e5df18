/*
 * An optimal alphabetic tree over intervals of runs (knuth_dp.h): adjacent runs differ, so every
 * boundary must be tested by some threshold unless a closing decides an interval first (intervals.h):
 *
 *   A x A y A    all lead to one place but for single values: an equality each (equality_chain.h)
 *   A B A B      one bit mask tells both labels apart: one JSET (mask_test.h)
 *   few runs     the best of all trees (subset_dp.h): where the whole row has no more, and where the
 * goal is worth the time
 *
 * The table takes time and room by the square of the runs. A quick search therefore cuts the runs
 * into closed units first (leaf_groups.h), finds the best tree over these (garsia_wachs.h), and what is
 * best for the runs only below nodes with few of them. Above ROW_MAX runs the row is halved by
 * weight until it fits.
 *
 * On the way down the finished tree, a hot value may be tested ahead of everything else: the
 * interval without it is searched anew and the cheaper of both is built. With a bound on the depth
 * there is a table for each level (depth_limited.h), and nothing is tested ahead.
 */

#include "search.h"

#include "garsia_wachs.h"
#include "subset_dp.h"
#include "depth_limited.h"
#include "mask_test.h"
#include "leaf_groups.h"

#define ROW_MAX      640u /* runs searched together */
#define TABLE_MAX    320u /* runs a search has a table for */
#define QUICK_MAX    16u  /* the same for a quick one */
#define THOROUGH_MAX 160u /* runs of which any few are searched exactly */
#define BOUND_MAX    200u /* runs, where every level has a table of its own */
#define HOT_DEPTH    4u   /* hot values tested one after the other */

struct search {
	struct graph *graph;
	unsigned word;
	const struct search_goal *goal;
	struct intervals *row;
	uint32_t gone;      /* bit h: goal->hot[h] was tested above and never arrives */
	unsigned hot_depth; /* how many those are */
	uint64_t tests;     /* weight times tests, of what was built */
	unsigned depth;     /* goal->depth, less the thresholds above */
	const unsigned *below;          /* of each run, where there is a bound: depth_limited.h, */
	const uint16_t *shallow;        /* as this */
	const struct knuth_dp *levels; /* a table for each level */
};

/* The trees to choose from, for a part of the row. */
struct plan {
	const struct intervals *row;
	const struct knuth_dp *table;      /* NULL: order is there */
	const struct garsia_wachs *order; /* of units */
	const struct leaf_groups *units;      /* what the row's runs are; NULL: the search's */
	bool leveled;                   /* both parts of a tree are in the table before */
};

static uint64_t plan_cost(const struct plan *p, size_t i, size_t j)
{
	return p->order ? garsia_wachs_cost(p->order, i, j) : knuth_dp_cost(p->table, i, j);
}

/* The last run of the left part, or KNUTH_DP_CLOSED. */
static size_t plan_cut(const struct plan *p, size_t i, size_t j)
{
	if (i == j)
		return KNUTH_DP_CLOSED;
	return p->order ? garsia_wachs_cut(p->order, i, j) : knuth_dp_cut(p->table, i, j);
}

static struct scratch *scratch(const struct search *s)
{
	return &s->graph->scratch;
}

/* `like`, from its run `at` on: as for intervals_find_exact(). */
static struct intervals *make_row(
	const struct search *s, const struct run *run, size_t runs, const struct intervals *like, size_t at)
{
	struct intervals *row = scratch_take(scratch(s), 1, sizeof(*row));

	intervals_init(row, scratch(s), run, runs, &s->goal->price);
	if (s->goal->effort == SEARCH_THOROUGH && !s->goal->depth && runs <= THOROUGH_MAX)
		intervals_find_exact(row, scratch(s), like, at);
	return row;
}

static uint32_t test(
	struct search *s, enum test kind, uint32_t k, uint32_t yes, uint32_t no, uint64_t weight)
{
	uint32_t held = s->goal->held;
	uint32_t node = held ? graph_test_held(s->graph, s->word, held, kind, k, yes, no)
			     : graph_test(s->graph, s->word, UINT32_MAX, kind, k, yes, no);

	s->graph->weight[node] += weight;
	s->tests += weight;
	return node;
}

/* --- closings --- */

static uint32_t build_peeled(struct search *s, const struct peel *p)
{
	uint64_t arriving = p->rest;
	uint32_t node = p->child;

	for (size_t v = p->count; v-- > 0;) {
		const struct run *r = &p->run[p->value[v]];
		arriving += r->weight;
		node = test(s, TEST_EQ, r->first, r->child, node, arriving);
	}
	return node;
}

static uint32_t build_masked(struct search *s, size_t i, size_t j)
{
	const struct run *r = &s->row->run[i];
	uint32_t mask;
	bool first = split_mask(r, j - i + 1, r[0].child, &mask);

	if (!first && !split_mask(r, j - i + 1, r[1].child, &mask))
		unreachable();
	return test(s, TEST_SET, mask, r[first].child, r[!first].child, intervals_weight(s->row, i, j));
}

/* The tree for those runs of a set that can arrive. At most SUBSET_DP_MAX levels deep. */
static uint32_t build_set(struct search *s, const struct subset_dp *e, unsigned set)
{
	const struct subset_dp_test *t = &e->test[set];

	if (t->kind == TEST_NONE)
		return e->run[__builtin_ctz(set)].child;
	uint32_t yes = build_set(s, e, t->yes);
	uint32_t no = build_set(s, e, set & ~(unsigned)t->yes);
	return test(s, t->kind, t->k, yes, no, e->weight[set]);
}

static uint32_t build_few(struct search *s, size_t i, size_t j, bool shallow)
{
	struct scratch_mark mark = scratch_mark(scratch(s));
	struct subset_dp *e = scratch_take(scratch(s), 1, sizeof(*e));
	size_t runs = j - i + 1;

	if (shallow)
		subset_dp_init_shallow(e, s->row->run + i, runs, s->below + i);
	else
		subset_dp_init(e, s->row->run + i, runs, &s->row->price);
	subset_dp_cost(e, subset_dp_first(runs));
	uint32_t root = build_set(s, e, subset_dp_first(runs));
	scratch_release(scratch(s), mark);
	return root;
}

/* Within a level a chain starts with what has the longest ways on, if else it went beyond. */
static void keep_level(const struct search *s, struct peel *p, size_t i, size_t j, unsigned level)
{
	unsigned rest = 0, longest = 0;

	for (size_t k = i; k <= j; k++)
		rest = s->row->run[k].child == p->child ? s->below[k] : rest;
	for (size_t n = 0; n < p->count; n++) {
		unsigned to = (unsigned)n + 1 + s->below[p->value[n]];
		longest = to > longest ? to : longest;
	}
	if (longest > level)
		depth_limited_sort(p, s->below, rest);
}

/* `level`: instructions at most, where there is a bound. */
static uint32_t build_closed(struct search *s, size_t i, size_t j, unsigned level)
{
	struct peel p;

	for (size_t k = i; k <= j; k++)
		s->graph->weight[s->row->run[k].child] += s->row->run[k].weight;
	if (s->levels && !depth_limited_closes(s->row, s->below, i, j, level))
		return build_few(s, i, j, true);
	switch (intervals_close(s->row, i, j)) {
	case CLOSED_RUN:
		return s->row->run[i].child;
	case CLOSED_PEEL:
		if (!peel_find(&p, s->row->run, i, j, &s->row->price))
			break;
		if (s->levels)
			keep_level(s, &p, i, j, level);
		return build_peeled(s, &p);
	case CLOSED_MASK:
		return build_masked(s, i, j);
	case CLOSED_EXACT:
		return build_few(s, i, j, false);
	case CLOSED_NOT:
		break;
	}
	unreachable();
}

/* --- hot values --- */

/*
 * The runs i..j without one value, which never arrives: a run of its own goes to a neighbour, and
 * neighbours that become alike are joined.
 */
static size_t without(const struct search *s, size_t i, size_t j, const struct hot *h,
	struct run *out, uint32_t *child)
{
	size_t n = 0;

	for (; i <= j; i++) {
		struct run r = s->row->run[i];
		bool holds = h->value >= r.first && h->value <= r.last;
		if (holds) {
			*child = r.child;
			r.weight -= h->weight < r.weight ? h->weight : r.weight;
		}
		if (!holds || r.first != r.last) {
			run_append(out, &n, &r);
		} else if (n) {
			out[n - 1].last = r.last;
		} else {
			struct run next =
				s->row->run[++i]; /* there is one: more than two runs are left */
			next.first = r.first;
			run_append(out, &n, &next);
		}
	}
	return n;
}

/* Tests on the way to a value in a closed interval. */
static unsigned tests_closed(const struct search *s, size_t i, size_t j, uint32_t value)
{
	struct peel p;
	enum closing closing = intervals_close(s->row, i, j);
	unsigned tests = 0;

	if (closing != CLOSED_PEEL || !peel_find(&p, s->row->run, i, j, &s->row->price))
		return closing == CLOSED_MASK;
	while (tests < p.count && s->row->run[p.value[tests]].first != value)
		tests++;
	return tests + (tests < p.count);
}

static size_t first_run(const struct plan *p, size_t i)
{
	return p->units ? p->units->start[i] : i;
}

/* Tests on the way to a value in the plan's tree for i..j. */
static unsigned tests_to(
	const struct search *s, const struct plan *p, size_t i, size_t j, uint32_t value)
{
	unsigned tests = 0;
	size_t cut;

	for (; (cut = plan_cut(p, i, j)) != KNUTH_DP_CLOSED; tests++) {
		if (value > p->row->run[cut].last)
			i = cut + 1;
		else
			j = cut;
	}
	return tests + tests_closed(s, first_run(p, i), first_run(p, j + 1) - 1, value);
}

/*
 * Is a value of i..j worth a search? What testing it first saves, its own tests but one, has to
 * come near what that costs, a test for everything else. A quick search wants it nearer.
 */
static bool is_hot(const struct search *s, const struct plan *p, size_t i, size_t j, size_t hot)
{
	const struct hot *h = &s->goal->hot[hot];
	const struct intervals *row = p->row;
	unsigned near = s->goal->effort == SEARCH_QUICK ? 6 : 4;

	if (h->value < row->run[i].first || h->value > row->run[j].last || s->gone >> hot & 1)
		return false;
	unsigned tests = tests_to(s, p, i, j, h->value);
	return tests >= 2 && h->weight * tests >= intervals_weight(row, i, j) / 8 * near;
}

static struct plan make_plan(const struct search *s, size_t first, size_t last);
static uint32_t build(struct search *s, struct plan p, size_t i, size_t j);

/* The search of the plan's i..j without a value that is tested first. */
static struct search search_without(const struct search *s, const struct plan *p, size_t i,
	size_t j, size_t hot, uint32_t *child)
{
	size_t first = first_run(p, i), last = first_run(p, j + 1) - 1;
	struct run *run = scratch_take(scratch(s), last - first + 1, sizeof(*run));
	struct search rest = {.graph = s->graph,
		.word = s->word,
		.goal = s->goal,
		.gone = s->gone | 1u << hot,
		.hot_depth = s->hot_depth + 1};

	size_t runs = without(s, first, last, &s->goal->hot[hot], run, child);
	rest.row = make_row(&rest, run, runs, s->row, first);
	return rest;
}

/* The tree that tests a hot value first, if one is cheaper than what the plan has. */
static bool build_hot(struct search *s, const struct plan *p, size_t i, size_t j, uint32_t *node)
{
	uint64_t best = plan_cost(p, i, j);
	struct scratch_mark start = scratch_mark(scratch(s));
	struct search chosen;
	struct plan plan;
	const struct hot *hot = NULL;
	uint32_t child = 0;

	for (size_t h = 0; h < s->goal->hots; h++) {
		if (!is_hot(s, p, i, j, h))
			continue;
		struct scratch_mark mark = scratch_mark(scratch(s));
		uint32_t its_child = 0;
		struct search rest = search_without(s, p, i, j, h, &its_child);
		struct plan rest_plan = make_plan(&rest, 0, rest.row->runs - 1);
		uint64_t cost = price_test(&p->row->price, intervals_weight(p->row, i, j),
					s->goal->hot[h].weight) +
			plan_cost(&rest_plan, 0, rest_plan.row->runs - 1);
		if (cost >= best) {
			scratch_release(scratch(s), mark);
			continue;
		}
		best = cost;
		chosen = rest;
		plan = rest_plan;
		hot = &s->goal->hot[h];
		child = its_child;
	}
	if (!hot)
		return false;
	uint32_t others = build(&chosen, plan, 0, plan.row->runs - 1);
	s->tests += chosen.tests;
	s->graph->weight[child] += hot->weight;
	*node = test(s, TEST_EQ, hot->value, child, others, intervals_weight(p->row, i, j));
	scratch_release(scratch(s), start);
	return true;
}

/* --- the tree --- */

/* The best tree over the units of a part, whose closings are settled. */
static struct plan plan_units(const struct search *s, size_t first, size_t last)
{
	struct leaf_groups *u = scratch_take(scratch(s), 1, sizeof(*u));
	struct intervals *row = scratch_take(scratch(s), 1, sizeof(*row));
	struct garsia_wachs *order = scratch_take(scratch(s), 1, sizeof(*order));

	leaf_groups_find(u, scratch(s), s->row, first, last);
	intervals_init_open(row, scratch(s), u->run, u->count, &s->row->price);
	garsia_wachs_init(order, scratch(s), row, u->cost);
	return (struct plan){.row = row, .order = order, .units = u};
}

/* A row of few runs whose tree may not be the best of all yet. */
static bool is_worth_more(const struct search *s, uint64_t cost)
{
	const struct intervals *row = s->row;

	return !s->goal->depth && !row->exact && row->runs <= SUBSET_DP_MAX &&
		cost > subset_dp_bound(row->run, row->runs, row->price.size);
}

static struct plan make_plan(const struct search *s, size_t first, size_t last)
{
	bool quick = s->goal->effort == SEARCH_QUICK && !s->goal->price.miss;

	if (last - first >= (quick ? QUICK_MAX : TABLE_MAX))
		return plan_units(s, first, last);
	struct knuth_dp *t = scratch_take(scratch(s), 1, sizeof(*t));
	knuth_dp_init(t, scratch(s), s->row, first, last);
	knuth_dp_fill(t);
	if (is_worth_more(s, knuth_dp_cost(t, first, last))) {
		intervals_close_exact(s->row, scratch(s));
		knuth_dp_fill(t);
	}
	return (struct plan){.row = s->row, .table = t};
}

/* Few runs that were units so far. */
static uint32_t build_part(struct search *s, size_t first, size_t last)
{
	struct scratch_mark mark = scratch_mark(scratch(s));
	uint32_t root = build(s, make_plan(s, first, last), first, last);

	scratch_release(scratch(s), mark);
	return root;
}

/* The recursion is as deep as the tree, ROW_MAX at most. */
static uint32_t build(struct search *s, struct plan p, size_t i, size_t j)
{
	size_t first = first_run(&p, i), last = first_run(&p, j + 1) - 1;
	size_t cut = plan_cut(&p, i, j);
	uint32_t node;

	if (p.units && last - first < QUICK_MAX &&
		intervals_weight(s->row, first, last) / 8 >= s->row->price.size)
		return build_part(s, first, last);
	if (j - i >= 2 && s->hot_depth < HOT_DEPTH && !p.leveled && build_hot(s, &p, i, j, &node))
		return node;
	if (cut == KNUTH_DP_CLOSED)
		return build_closed(s, first, last, p.leveled ? (unsigned)(p.table - s->levels) : 0);
	if (p.leveled)
		p.table--;
	uint32_t low = build(s, p, i, cut), high = build(s, p, cut + 1, j);
	return test(
		s, TEST_GE, p.row->run[cut + 1].first, high, low, intervals_weight(s->row, first, last));
}

static uint32_t build_unbounded(struct search *s)
{
	struct plan p = make_plan(s, 0, s->row->runs - 1);

	return build(s, p, 0, p.row->runs - 1);
}

/* Where what lies below is deeper than the bound already, as if there were none: the program tells that it is not kept. */
static uint32_t build_bounded(struct search *s)
{
	struct depth_limited l = depth_limited_fill(scratch(s), s->row, s->below, s->shallow, s->depth);
	if (!l.found)
		return build_unbounded(s);
	s->levels = l.table;
	return build(s, (struct plan){.row = s->row, .table = &l.table[l.top], .leveled = true}, 0,
		s->row->runs - 1);
}
/*
 * The tree of a row that one test decides, where nothing is to be weighed up: a threshold, or an equality
 * around whose value all leads to one place.
 */
static bool build_one(struct search *s, const struct run *run, size_t runs, uint32_t *node)
{
	bool value = runs == 3 && run[0].child == run[2].child && run[1].first == run[1].last && run[1].weight;
	uint64_t all = 0;

	if ((runs != 2 && !value) || s->goal->depth || s->goal->price.miss)
		return false;
	for (size_t i = 0; i < runs; i++) {
		s->graph->weight[run[i].child] += run[i].weight;
		all += run[i].weight;
	}
	*node = test(s, value ? TEST_EQ : TEST_GE, run[1].first, run[1].child, run[0].child, all);
	return true;
}

static void find_below(struct search *s, const struct intervals *row)
{
	unsigned *below = scratch_take(scratch(s), row->runs, sizeof(*below));

	for (size_t i = 0; i < row->runs; i++)
		below[i] = graph_depth(s->graph, row->run[i].child);
	s->below = below;
	s->shallow = depth_limited_shallow(scratch(s), row, below);
}

static uint32_t build_row(struct search *s, const struct run *run, size_t runs)
{
	struct scratch_mark mark = scratch_mark(scratch(s));
	uint32_t root;

	if (build_one(s, run, runs, &root))
		return root;
	s->row = make_row(s, run, runs, NULL, 0);
	s->levels = NULL;
	if (s->goal->depth)
		find_below(s, s->row);
	root = s->goal->depth && runs <= BOUND_MAX ? build_bounded(s) : build_unbounded(s);
	scratch_release(scratch(s), mark);
	return root;
}

/* Where to cut a row that is too long for tables of levels. */
static bool find_cut(struct search *s, const struct run *run, size_t runs, size_t *cut)
{
	struct scratch_mark mark = scratch_mark(scratch(s));

	if (!s->goal->depth || runs <= BOUND_MAX)
		return false;
	const struct intervals *row = make_row(s, run, runs, NULL, 0);
	find_below(s, row);
	bool found = depth_limited_cut(scratch(s), row, s->below, s->shallow, &s->depth, cut);
	scratch_release(scratch(s), mark);
	*cut += 1;
	return found;
}

/* Parts that are short enough: within a bound where they lie, else (and never more lopsided than 1 to 7) halves by weight. */
static uint32_t build_runs(struct search *s, const struct run *run, size_t runs)
{
	uint64_t all = 0, low_weight = 0;
	unsigned depth = s->depth;
	size_t cut = 0;
	bool bounded = find_cut(s, run, runs, &cut);

	if (!bounded && runs <= ROW_MAX)
		return build_row(s, run, runs);
	for (size_t i = 0; i < runs; i++)
		all += run[i].weight;
	for (cut = bounded ? cut : 0; !bounded && (cut < runs / 8 || (cut < runs - runs / 8 && low_weight * 2 < all));)
		low_weight += run[cut++].weight;
	unsigned below = bounded ? s->depth - 1 : depth;
	s->depth = below;
	uint32_t low = build_runs(s, run, cut);
	s->depth = below;
	uint32_t high = build_runs(s, run + cut, runs - cut);
	s->depth = depth;
	return test(s, TEST_GE, run[cut].first, high, low, all);
}

uint32_t search_build(struct graph *graph, unsigned word, const struct run *run, size_t runs,
	const struct search_goal *goal, uint64_t *tests)
{
	struct search s = {.graph = graph, .word = word, .goal = goal, .depth = goal->depth};
	uint32_t root = build_runs(&s, run, runs);

	if (tests)
		*tests = s.tests;
	return root;
}
