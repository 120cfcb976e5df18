/*
 * ABIs beside the node's own. A rule holds for all of them by name, but a 32-bit ABI sees half of
 * each argument, and an ABI nobody uses is a second door to guard.
 */

#include "syscall_outcome.h"

/* Calls that are open on the other ABI, and refused or asked for their arguments on the node's. */
static void check_weaker(const struct lint *l, const struct abi *other)
{
	const struct abi *own = l->policy->abi[0];

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		struct syscall_outcome there = outcome_of(l, other, (uint16_t)id);
		if (there.how != OUTCOME_OPEN)
			continue;
		struct syscall_outcome here = outcome_of(l, own, (uint16_t)id);
		if (here.how == OUTCOME_ABSENT || here.how == OUTCOME_OPEN)
			continue;
		diag(l->diags, DIAG_ABI_WEAKER, there.at, outcome_len(l, there.at),
			"'%s' is allowed on %s whatever its arguments, and not on %s",
			arch_syscall_name((uint16_t)id), other->name, own->name);
		if (here.at != there.at)
			diag_note(l->diags, here.at, outcome_len(l, here.at),
				"on %s this decides", own->name);
		diag_note(l->diags, NOWHERE, 1,
			"leave out %s if no such programs are run, or find a condition on the low "
			"32 bits",
			other->oci);
	}
}

/* Where the file lists it for this node. */
static const struct profile_arch *find_listed(const struct lint *l, const struct abi *abi)
{
	const struct profile *p = l->profile;

	for (size_t i = 0; i < p->arch_maps; i++) {
		const struct profile_arches *subs = &p->arch_map[i].subs;
		if (p->arch_map[i].main.abi != l->node->native)
			continue;
		for (size_t k = 0; k < subs->count; k++) {
			if (subs->arch[k].abi == abi)
				return &subs->arch[k];
		}
	}
	for (size_t i = 0; i < p->architectures.count; i++) {
		if (p->architectures.arch[i].abi == abi)
			return &p->architectures.arch[i];
	}
	return NULL;
}

/* No node is of that ABI, and kernels are built without it. */
static void check_guest(const struct lint *l, const struct abi *abi)
{
	const struct profile_arch *listed = abi->guest ? find_listed(l, abi) : NULL;

	if (!listed)
		return;
	diag(l->diags, DIAG_GUEST_ABI, listed->at, listed->len,
		"calls of %s are let in: most kernels have none, few programs make them",
		abi->name);
	diag_note(l->diags, NOWHERE, 1, "leave it out unless you run %s programs", abi->name);
}

/* A rule that refuses, where what no rule names passes, and numbers of other ABIs' tables with it. */
static void check_tables(const struct lint *l)
{
	const struct abi *abi = NULL;
	bool refuses = false;

	for (size_t i = 0; i < l->policy->abis && !abi; i++)
		abi = l->policy->abi[i]->table_last ? l->policy->abi[i] : NULL;
	for (size_t i = 0; i < l->set->rules; i++)
		refuses |= outcome_refuses(l->set->rule[i].ret);
	if (l->set->refuses_foreign || !abi || !refuses || !outcome_passes(l->set->default_ret))
		return;
	diag(l->diags, DIAG_TABLES_OPEN, l->set->default_at, outcome_len(l, l->set->default_at),
		"a list of what is refused: on a 64-bit kernel it does not hold for %s",
		abi->name);
	diag_note(l->diags, NOWHERE, 1,
		"make the default action refuse and list what is allowed, or load winnow's filter "
		"instead of the runtime's");
}

void lint_abis(const struct lint *l)
{
	check_tables(l);
	for (size_t i = 1; i < l->policy->abis; i++) {
		check_weaker(l, l->policy->abi[i]);
		check_guest(l, l->policy->abi[i]);
	}
}
