/* Nodes to filters. All are built before one is used: a set is complete or not begun. */

#include "target.h"

#include "add_trailer.h"

#include "../../backends/prove/hash.h"

/* --- which --- */

static void add_abi(struct targets *t, struct arena *arena, const struct node_facts *facts,
	const struct abi *abi)
{
	struct node_facts *node = arena_alloc(arena, 1, sizeof(*node));

	*node = *facts;
	node->native = abi;
	t->target[t->count++] = (struct target){node, 1};
}

void targets_all(struct targets *t, struct arena *arena, const struct profile *p,
	const struct node_facts *facts)
{
	bool ordered[2] = {false, false};

	t->count = 0;
	t->target = arena_alloc(arena, p->arch_maps + arch_abi_count, sizeof(*t->target));
	for (size_t i = 0; i < p->arch_maps; i++)
		add_abi(t, arena, facts, p->arch_map[i].main.abi);
	for (size_t i = 0; i < p->architectures.count && !p->arch_maps; i++) {
		const struct abi *abi = p->architectures.arch[i].abi;
		if (!abi || abi->guest || ordered[abi->order])
			continue;
		ordered[abi->order] = true;
		add_abi(t, arena, facts, abi);
	}
	for (size_t i = 0; i < arch_abi_count && !p->arch_maps && !p->architectures.count; i++) {
		if (!arch_abis[i].guest)
			add_abi(t, arena, facts, &arch_abis[i]);
	}
}

static void name_abi(bool *named, const struct profile_arch *arch)
{
	if (arch->abi)
		named[arch->abi - arch_abis] = true;
}

void targets_each(struct targets *t, struct arena *arena, const struct profile *p, const struct node_facts *facts)
{
	bool *named = arena_alloc(arena, arch_abi_count, sizeof(*named));
	const bool any = p->arch_maps || p->architectures.count;

	for (size_t i = 0; i < p->arch_maps; i++) {
		name_abi(named, &p->arch_map[i].main);
		for (size_t k = 0; k < p->arch_map[i].subs.count; k++)
			name_abi(named, &p->arch_map[i].subs.arch[k]);
	}
	for (size_t i = 0; i < p->architectures.count; i++)
		name_abi(named, &p->architectures.arch[i]);
	t->count = 0;
	t->target = arena_alloc(arena, arch_abi_count, sizeof(*t->target));
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (!arch_abis[i].guest && (named[i] || !any))
			add_abi(t, arena, facts, &arch_abis[i]);
	}
}

/* Once, however often and in whatever spellings it is given. */
void targets_add_node(struct node_facts *node, size_t *nodes, const struct node_facts *facts,
	const struct abi *abi)
{
	for (size_t i = 0; i < *nodes; i++) {
		if (node[i].native == abi)
			return;
	}
	node[*nodes] = *facts;
	node[(*nodes)++].native = abi;
}

/* An ABI that is entered beside another one only, in a filter without that one; NULL if none is. */
const struct abi *target_lone_guest(const struct target *t)
{
	for (size_t i = 0; i < t->nodes; i++) {
		const struct abi *guest = t->node[i].native;
		bool alone = guest->guest;
		for (size_t k = 0; k < t->nodes && alone; k++) {
			const struct abi *host = t->node[k].native;
			alone = host->guest || host->audit != guest->audit;
		}
		if (alone)
			return guest;
	}
	return NULL;
}

/* --- made --- */

static void check_budget(const struct recipe *r, const struct filter *f, struct diags *diags)
{
	if (r->max_insns && f->program.len > r->max_insns)
		diag(diags, DIAG_OVER_BUDGET, NOWHERE, 1,
			"the filter for %s has %zu instructions, %s allows %zu", f->policy->abi[0]->name,
			f->program.len, r->max_insns_called ? r->max_insns_called : "--max-insns", r->max_insns);
}

/* What a filter does not say of itself though it was meant to. */
static void tell_unsaid(const struct target *t, bool fits, bool hashed, struct diags *diags)
{
	const char *name = t->node[0].native->name;

	if (!fits)
		diag(diags, DIAG_NO_TRAILER, NOWHERE, 1,
			"the filter for %s says nothing of itself: with a trailer it would have more than %d "
			"instructions",
			name, PROGRAM_MAX);
	else if (!hashed)
		diag(diags, DIAG_NO_HASH, NOWHERE, 1,
			"the filter for %s has no semantic hash: its diagram takes more than %u nodes or "
			"%u steps",
			name, HASH_NODES, HASH_STEPS);
}

bool targets_trailer(struct arena *arena, const struct target *t, const struct recipe *r,
	struct diags *diags, struct product *p, struct mistake *m)
{
	struct origin origin = {.source = r->source, .node = t->node, .nodes = t->nodes, .wish = r->wish,
		.policy = p->filter.policy, .bases = r->profile ? r->profile->bases : NULL, .merged = r->merged};

	p->written = p->filter.program;
	if (r->no_trailer)
		return true;
	switch (add_trailer(arena, &p->filter, &origin, &p->written, m)) {
	case BUILD_DONE:
		tell_unsaid(t, true, p->filter.proven.hashed, diags);
		return true;
	case BUILD_REFUSED:
		tell_unsaid(t, false, false, diags);
		p->written = p->filter.program;
		return true;
	case BUILD_MISTAKEN:
		return false;
	}
	unreachable();
}

enum build targets_build(struct arena *arena, const struct targets *t, const struct recipe *r,
	struct diags *diags, struct product *product, struct mistake *m)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct target *target = &t->target[i];
		if (r->begins)
			r->begins(r->progress, i, t->count);
		switch (build_filter(arena, r->profile, target->node, target->nodes, r->layout,
			diags, &product[i].filter, m)) {
		case BUILD_DONE:
			check_budget(r, &product[i].filter, diags);
			break;
		case BUILD_REFUSED:
			break;
		case BUILD_MISTAKEN:
			return BUILD_MISTAKEN;
		}
	}
	if (diags_failed(diags))
		return BUILD_REFUSED;
	for (size_t i = 0; i < t->count; i++) {
		if (!targets_trailer(arena, &t->target[i], r, diags, &product[i], m))
			return BUILD_MISTAKEN;
	}
	return BUILD_DONE;
}
