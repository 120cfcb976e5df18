/*
 * The numbers of each audit arch become runs of equal decision, as in compiler/tree/tree.c; the runs
 * become a tree by halving their count, whatever their weights. Nothing is tested but thresholds.
 */

#include "balanced.h"

#include "../backends/emit/emit.h"
#include "../compiler/tree/arg_tree.h"
#include "../compiler/tree/search.h"

/* Depth is the logarithm of the runs. */
static uint32_t halve(struct graph *g, const struct run *run, size_t runs)
{
	size_t half = runs / 2;

	if (runs == 1)
		return run->child;
	uint32_t below = halve(g, run, half);
	uint32_t above = halve(g, run + half, runs - half);
	return graph_test(g, WORD_NR, UINT32_MAX, TEST_GE, run[half].first, above, below);
}

static uint32_t domain_node(struct graph *g, struct args *args, const struct domain *domain)
{
	struct run *run = arena_alloc(g->arena, domain->ranges, sizeof(*run));
	size_t runs = 0;

	for (size_t i = 0; i < domain->ranges; i++) {
		const struct range *r = &domain->range[i];
		struct run one = {.first = r->first,
			.last = r->last,
			.child = args_build(args, r->clause, r->clauses)};
		run_append(run, &runs, &one);
	}
	return halve(g, run, runs);
}

bool balanced_program(struct arena *arena, const struct policy *policy, struct program *program)
{
	uint32_t *node = arena_alloc(arena, policy->domains, sizeof(*node));
	struct graph g;

	graph_init(&g, arena);
	struct args *args = args_start(&g, ARGS_USUAL, false, false);
	for (size_t d = 0; d < policy->domains; d++)
		node[d] = domain_node(&g, args, &policy->domain[d]);
	uint32_t root = graph_leaf(&g, policy->elsewhere.ret);
	for (size_t d = policy->domains; d-- > 0;)
		root = graph_test(
			&g, WORD_ARCH, UINT32_MAX, TEST_EQ, policy->domain[d].audit, node[d], root);
	struct tree tree = {.node = g.node, .weight = g.weight, .nodes = g.count, .root = root};
	return !g.full && emit(arena, &tree, policy->order, program);
}
