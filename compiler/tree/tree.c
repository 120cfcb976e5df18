/*
 * Each range's clauses become an argument graph; neighbours with one graph become one run; the runs
 * of an audit arch become a search tree; the audit archs are compared one after the other, likeliest
 * first. Arguments are asked only below the numbers that need them, so every number that is allowed
 * whatever its arguments is decided by words the kernel's constant-action emulator knows.
 *
 * Nothing is assumed of numbers no ABI has: gaps keep the policy's answer.
 */

#include "tree.h"

#include "arg_tree.h"
#include "guest_delta.h"
#include "../meaning/policy.h"
#include "search.h"

#define HOTS_MAX 8u /* numbers that may be tested ahead of their turn */

/* The argument graph of a range; what says the same as the range before is built once. */
static uint32_t range_node(struct args *args, const struct range *r, const struct range *before,
	uint32_t node_before)
{
	bool plain = before && before->clauses == 1 && r->clauses == 1;

	if (before && (before->clause == r->clause || (plain && before->clause->ret == r->clause->ret)))
		return node_before;
	return args_build(args, r->clause, r->clauses);
}

/* The weights of one audit arch's ranges, and its hot numbers. */
struct weights {
	uint64_t *range;
	struct hot hot[HOTS_MAX];
	size_t hots;
	uint64_t refused, all;
	bool foreign; /* the mix is not what programs under this filter do: most of it is refused */
};

/* Keeps the heaviest HOTS_MAX numbers, heaviest first. */
static void add_hot(struct weights *w, uint32_t nr, uint64_t weight)
{
	size_t at = w->hots;

	while (at && w->hot[at - 1].weight < weight)
		at--;
	if (at == HOTS_MAX)
		return;
	w->hots += w->hots < HOTS_MAX;
	for (size_t i = w->hots - 1; i > at; i--)
		w->hot[i] = w->hot[i - 1];
	w->hot[at] = (struct hot){nr, weight};
}

#define NEAR 1024u /* numbers of an ABI, from its first on, that most of its syscalls have */

/* domain_find() for the ABI's first NEAR numbers, as indices. */
static const uint32_t *find_near(struct graph *g, const struct domain *domain, const struct abi *abi)
{
	uint32_t *near = scratch_take(&g->scratch, NEAR, sizeof(*near));
	const struct range *r = domain_find(domain, abi->nr_first);

	for (uint32_t i = 0; i < NEAR; r++) {
		uint32_t left = r->last - abi->nr_first; /* the last one's last is no less than NEAR */
		for (; i < NEAR && i <= left; i++)
			near[i] = (uint32_t)(r - domain->range);
	}
	return near;
}

/* Every named syscall adds its weight to the range its number lies in. */
static void weigh_abi(struct graph *g, const struct layout *layout, const struct domain *domain,
	const struct abi *abi, struct weights *w)
{
	struct scratch_mark mark = scratch_mark(&g->scratch);
	uint32_t nr;

	if (abi->guest)
		return; /* it has no weight (layout.h) */
	const uint32_t *near = find_near(g, domain, abi);
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (!arch_nr(abi, (uint16_t)id, &nr))
			continue;
		const struct range *r = nr - abi->nr_first < NEAR
			? &domain->range[near[nr - abi->nr_first]] : domain_find(domain, nr);
		bool allowed = r->clauses == 1 && r->clause->ret == RET_ALLOW;
		bool refused = r->clauses == 1 && !allowed;
		uint64_t weight = w->foreign ? layout_foreign_weight(abi, allowed, refused)
					     : layout_weight(layout, abi, (uint16_t)id, allowed);
		w->range[r - domain->range] += weight;
		w->refused += refused ? weight : 0;
		w->all += weight;
		add_hot(w, nr, weight);
	}
	scratch_release(&g->scratch, mark);
}

/* The bit that tells a guest ABI's numbers from its host's, where the domain has both; else 0. */
static uint32_t guest_bit(const struct policy *policy, const struct domain *domain)
{
	uint32_t bit = 0;
	bool host = false;

	for (size_t i = 0; i < policy->abis; i++) {
		const struct abi *abi = policy->abi[i];
		if (abi->audit == domain->audit && abi->guest)
			bit = abi->nr_first;
		else if (abi->audit == domain->audit)
			host = true;
	}
	return host ? bit : 0;
}

/*
 * A guest's numbers lie above its host's, and nobody waits for them: its tree is searched apart and hangs
 * off the end of the host's as one more run. Two small searches take half the time of a large one.
 */
static uint32_t search_apart(struct graph *g, const struct run *run, size_t runs, uint32_t guest,
	const struct search_goal *goal)
{
	struct run *host = arena_alloc(g->arena, runs, sizeof(*host));
	size_t hosts = 0, first = 0;
	struct run all = {.first = guest, .last = UINT32_MAX};

	while (run[first].last < guest)
		run_append(host, &hosts, &run[first++]);
	if (run[first].first < guest) /* lies on both sides */
		return search_build(g, WORD_NR, run, runs, goal, NULL);
	for (size_t i = first; i < runs; i++)
		all.weight += run[i].weight;
	all.child = search_build(g, WORD_NR, run + first, runs - first, goal, NULL);
	run_append(host, &hosts, &all);
	return search_build(g, WORD_NR, host, hosts, goal, NULL);
}

/* Of all ABIs of the domain. */
static struct weights weigh(struct graph *g, const struct layout *layout, const struct policy *policy,
	const struct domain *domain, bool foreign)
{
	struct weights w = {.range = arena_alloc(g->arena, domain->ranges, sizeof(*w.range)), .foreign = foreign};

	for (size_t i = 0; i < policy->abis; i++) {
		if (policy->abi[i]->audit == domain->audit)
			weigh_abi(g, layout, domain, policy->abi[i], &w);
	}
	return w;
}

static uint32_t domain_node(struct graph *g, struct args *args, const struct layout *layout,
	const struct policy *policy, const struct domain *domain)
{
	struct run *run = arena_alloc(g->arena, domain->ranges, sizeof(*run));
	struct weights w = weigh(g, layout, policy, domain, false);
	size_t runs = 0;
	uint32_t node = 0;

	if (layout_is_foreign(layout, w.refused))
		w = weigh(g, layout, policy, domain, true);
	for (size_t i = 0; i < domain->ranges; i++) {
		const struct range *r = &domain->range[i];
		node = range_node(args, r, i ? r - 1 : NULL, node);
		if (!runs || run[runs - 1].child != node)
			run[runs++] = (struct run){.first = r->first, .child = node, .weight = 1};
		run[runs - 1].last = r->last;
		run[runs - 1].weight += w.range[i];
	}
	unsigned above = (unsigned)(domain - policy->domain) + 3; /* ld arch, jeq each, ld nr */
	struct search_goal goal = {.price = {layout_size(layout), layout->miss}, .hot = w.hot, .hots = w.hots,
		.effort = layout->objective == OBJECTIVE_TODAY ? SEARCH_QUICK : SEARCH_THOROUGH};
	if (w.foreign) {
		goal.price.size = w.all; /* a test stored for one that every call is spared */
		goal.effort = SEARCH_THOROUGH;
	}
	if (layout->max_path)
		goal.depth = layout->max_path > above ? layout->max_path - above : 1;
	uint32_t guest = guest_bit(policy, domain);
	if (guest && layout->objective == OBJECTIVE_SIZE)
		return guest_delta_build(g, WORD_NR, run, runs, guest, &goal);
	if (guest && !goal.depth)
		return search_apart(g, run, runs, guest, &goal);
	return search_build(g, WORD_NR, run, runs, &goal, NULL);
}

const struct tree *tree_build(struct arena *arena, const struct policy *policy,
	const struct layout *layout)
{
	struct tree *tree = arena_alloc(arena, 1, sizeof(*tree));
	struct graph g;
	uint32_t *root = arena_alloc(arena, policy->domains, sizeof(*root));

	graph_init(&g, arena);
	bool small = layout->objective == OBJECTIVE_SIZE || layout->alike;
	enum args_aim aim = small ? ARGS_SMALL : layout->max_path ? ARGS_SHALLOW : ARGS_USUAL;
	struct args *args = args_start(&g, aim, layout->alike, layout->plain);
	for (size_t d = 0; d < policy->domains; d++)
		root[d] = domain_node(&g, args, layout, policy, &policy->domain[d]);
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
