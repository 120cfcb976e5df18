/*
 * Each range's clauses become an argument graph; neighbours with one graph become one run; the runs
 * of an audit arch become a search tree; the audit archs are compared one after the other, likeliest
 * first. Arguments are asked only below the numbers that need them, so every number that is allowed
 * whatever its arguments is decided by words the kernel's constant-action emulator knows.
 *
 * Nothing is assumed of numbers no ABI has: gaps keep the policy's answer.
 */

#include "tree.h"

#include "args.h"
#include "search.h"

#include <string.h>

#define WEIGHT_CALL 1024u /* of one syscall, beside 1 for any run, so that rare ones stay shallow */

/* The argument graph of a range; equal lists of clauses, one after the other, are built once. */
static uint32_t range_node(struct graph *g, const struct range *r, const struct range *before,
	uint32_t node_before)
{
	if (before && before->clause == r->clause)
		return node_before;
	return args_build(g, r->clause, r->clauses);
}

/* How many calls a range stands for: those of the ABI that have a name. */
static uint64_t range_weight(const struct domain *domain, const struct range *r)
{
	const struct abi *abi = arch_of_call(domain->audit, r->first);

	if (r->first != r->last || !abi || abi->guest)
		return 1;
	return r->clause[0].ret == RET_ALLOW ? WEIGHT_CALL : 1;
}

static uint32_t domain_node(struct graph *g, const struct domain *domain)
{
	struct run *run = arena_alloc(g->arena, domain->ranges, sizeof(*run));
	size_t runs = 0;
	uint32_t node = 0;

	for (size_t i = 0; i < domain->ranges; i++) {
		const struct range *r = &domain->range[i];
		node = range_node(g, r, i ? r - 1 : NULL, node);
		if (!runs || run[runs - 1].child != node)
			run[runs++] = (struct run){.first = r->first, .child = node};
		run[runs - 1].last = r->last;
		run[runs - 1].weight += range_weight(domain, r);
	}
	return search_build(g, WORD_NR, run, runs, (struct search_cost){0}, NULL);
}

const struct tree *tree_build(struct arena *arena, const struct policy *policy)
{
	struct tree *tree = arena_alloc(arena, 1, sizeof(*tree));
	struct graph g;
	uint32_t *root = arena_alloc(arena, policy->domains, sizeof(*root));

	graph_init(&g, arena);
	for (size_t d = 0; d < policy->domains; d++)
		root[d] = domain_node(&g, &policy->domain[d]);
	tree->root = graph_leaf(&g, policy->elsewhere.ret);
	for (size_t d = policy->domains; d-- > 0;) {
		tree->root = graph_test(&g, WORD_ARCH, UINT32_MAX, TEST_EQ, policy->domain[d].audit,
			root[d], tree->root);
	}
	tree->node = g.node;
	tree->weight = g.weight;
	tree->nodes = g.count;
	return g.full ? NULL : tree;
}

void tree_print(struct buf *b, const struct tree *tree)
{
	graph_print(b, tree->node, tree->root);
}
