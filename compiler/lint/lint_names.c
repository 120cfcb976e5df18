/* Rules that refuse by names which no ABI of the filter has, and programs that no ABI of it is for. */

#include "syscall_outcome.h"

#include <string.h>

static bool is_there(const struct lint *l, uint16_t id)
{
	uint32_t nr, code;

	for (size_t i = 0; i < l->policy->abis; i++) {
		const struct abi *abi = l->policy->abi[i];
		if (arch_nr(abi, id, &nr) || arch_multiplexer(abi, id, &nr, &code))
			return true;
	}
	return false;
}

/* The rule of the set that this name of the file became. NULL: none on this node. */
static const struct rule *find_rule(const struct lint *l, uint32_t at)
{
	for (size_t i = 0; i < l->set->rules; i++) {
		if (l->set->rule[i].at == at)
			return &l->set->rule[i];
	}
	return NULL;
}

/* All of its names, where it refuses and is for this node. */
static void check_rule(const struct lint *l, const struct profile_rule *rule)
{
	const struct rule *first = NULL;
	struct word_list names = {.count = 0}, abis = {.count = 0};

	for (size_t i = 0; i < rule->names.count; i++) {
		const struct rule *one = find_rule(l, rule->names.text[i].at);
		if (!one)
			continue;
		if (!outcome_refuses(one->ret) || is_there(l, one->syscall))
			return;
		first = first ? first : one;
		word_list_add(&names, arch_syscall_name(one->syscall));
	}
	if (!first)
		return;
	for (size_t i = 0; i < l->policy->abis; i++)
		word_list_add(&abis, l->policy->abi[i]->name);
	diag(l->diags, DIAG_NAMES_ELSEWHERE, first->at, first->len,
		"this rule refuses nothing here: there is no %s on %s", word_list_text(l->arena, &names),
		word_list_text(l->arena, &abis));
}

/* Neither key is there, so nobody chose; where all else passes, those programs were not thought of. */
static void check_killed(const struct lint *l)
{
	const struct abi *own = l->policy->abi[0];
	struct word_list killed = {.count = 0};

	if (l->profile->architectures.count || l->profile->arch_maps || l->policy->abis > 1)
		return;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		if (abi->host && strcmp(abi->host, own->name) == 0 && abi != own && !abi->guest &&
			abi->bits == 32)
			word_list_add(&killed, abi->name);
	}
	if (!killed.count)
		return;
	const char *names = word_list_text(l->arena, &killed);
	diag(l->diags, DIAG_ABI_KILLED, l->set->default_at, outcome_len(l, l->set->default_at),
		"what is not named passes, and programs of %s are killed at their first call: no ABI is "
		"listed but the node's own",
		names);
	diag_note(l->diags, NOWHERE, 1,
		"list them under \"architectures\", or the node's own if that is meant");
}

void lint_names(const struct lint *l)
{
	if (lint_lacks_base(l) || !outcome_passes(l->set->default_ret))
		return;
	for (size_t i = 0; i < l->profile->rules; i++)
		check_rule(l, &l->profile->rule[i]);
	check_killed(l);
}
