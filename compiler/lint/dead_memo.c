#include "dead_memo.h"

#include <string.h>

#define RULES_MAX 8192u /* of a ruleset that is copied: half a megabyte */

struct dead_known {
	struct ruleset set;
	const struct diags *found;
	struct dead_known *next;
};

static bool same_cond(const struct profile_cond *a, const struct profile_cond *b)
{
	return a->index == b->index && a->op == b->op && a->value == b->value && a->value_two == b->value_two;
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
	bool same = a->syscall == b->syscall && a->ret == b->ret && a->conds == b->conds && a->at == b->at &&
		a->len == b->len && a->alternative == b->alternative;

	for (size_t i = 0; same && i < a->conds; i++)
		same = same_cond(&a->cond[i], &b->cond[i]);
	return same;
}

/* In all that lint_dead_rules() looks at: what is newer than the rules is no matter of theirs. */
static bool same_set(const struct ruleset *a, const struct ruleset *b)
{
	bool same = a->abis == b->abis && a->rules == b->rules && a->default_ret == b->default_ret &&
		a->libseccomp == b->libseccomp && a->narrow == b->narrow && a->refuses_foreign == b->refuses_foreign;

	for (size_t i = 0; same && i < a->abis; i++)
		same = a->abi[i] == b->abi[i];
	for (size_t i = 0; same && i < a->rules; i++)
		same = same_rule(&a->rule[i], &b->rule[i]);
	return same;
}

const struct diags *dead_memo_find(const struct dead_memo *memo, const struct ruleset *set)
{
	for (const struct dead_known *k = memo->known; k; k = k->next) {
		if (same_set(&k->set, set))
			return k->found;
	}
	return NULL;
}

static const struct profile_cond *copy_conds(struct arena *arena, const struct rule *r)
{
	struct profile_cond *cond = arena_alloc(arena, r->conds, sizeof(*cond));

	if (r->conds)
		memcpy(cond, r->cond, r->conds * sizeof(*cond));
	return cond;
}

void dead_memo_keep(struct dead_memo *memo, const struct ruleset *set, const struct diags *found)
{
	if (set->rules > RULES_MAX)
		return;
	struct dead_known *k = arena_alloc(memo->arena, 1, sizeof(*k));
	struct rule *rule = arena_alloc(memo->arena, set->rules, sizeof(*rule));
	const struct abi **abi = arena_alloc(memo->arena, set->abis, sizeof(const struct abi *));

	for (size_t i = 0; i < set->rules; i++) {
		rule[i] = set->rule[i];
		rule[i].cond = copy_conds(memo->arena, &set->rule[i]);
	}
	for (size_t i = 0; i < set->abis; i++)
		abi[i] = set->abi[i];
	k->set = *set;
	k->set.rule = rule;
	k->set.abi = abi;
	k->found = found;
	k->next = memo->known;
	memo->known = k;
}
