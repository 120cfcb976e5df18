/* Field by field, as struct ruleset has them (select_rules.h): padding says nothing. */

#include "same_rules.h"

#include <string.h>

static bool same_cond(const struct profile_cond *a, const struct profile_cond *b)
{
	return a->index == b->index && a->op == b->op && a->value == b->value && a->value_two == b->value_two &&
		a->at == b->at && a->len == b->len && a->two_given == b->two_given;
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
	if (a->syscall != b->syscall || a->ret != b->ret || a->conds != b->conds || a->at != b->at ||
		a->len != b->len || a->alternative != b->alternative)
		return false;
	for (size_t i = 0; i < a->conds; i++) {
		if (!same_cond(&a->cond[i], &b->cond[i]))
			return false;
	}
	return true;
}

static bool same_names(const bool *a, const bool *b)
{
	return a == b || (a && b && memcmp(a, b, arch_syscall_count() * sizeof(*a)) == 0);
}

bool same_rules(const struct ruleset *a, const struct ruleset *b)
{
	if (a->abis != b->abis || a->rules != b->rules || a->default_ret != b->default_ret ||
		a->default_at != b->default_at || a->enosys != b->enosys || a->libseccomp != b->libseccomp ||
		a->bare_native != b->bare_native || a->stub_listed != b->stub_listed ||
		a->nameless_native != b->nameless_native || a->narrow != b->narrow ||
		a->refuses_foreign != b->refuses_foreign || !same_names(a->handed, b->handed) ||
		!same_names(a->known, b->known))
		return false;
	for (size_t i = 0; i < a->abis; i++) {
		if (a->abi[i] != b->abi[i])
			return false;
	}
	for (size_t i = 0; i < a->rules; i++) {
		if (!same_rule(&a->rule[i], &b->rule[i]))
			return false;
	}
	return true;
}

/* A copy of `bytes` bytes; NULL of NULL. */
static void *copy(struct arena *arena, const void *from, size_t bytes)
{
	void *to = from ? arena_raw(arena, bytes, 1) : NULL;

	return to ? memcpy(to, from, bytes) : NULL;
}

const struct ruleset *copy_rules(struct arena *arena, const struct ruleset *from)
{
	const size_t names = arch_syscall_count() * sizeof(bool);
	struct rule *rule = arena_alloc(arena, from->rules, sizeof(*rule));
	struct ruleset *to = arena_alloc(arena, 1, sizeof(*to));

	*to = *from;
	for (size_t i = 0; i < from->rules; i++) {
		rule[i] = from->rule[i];
		rule[i].cond = copy(arena, from->rule[i].cond, from->rule[i].conds * sizeof(*rule[i].cond));
	}
	to->rule = rule;
	to->abi = copy(arena, (const void *)from->abi, from->abis * sizeof(const struct abi *));
	to->handed = copy(arena, from->handed, names);
	to->known = copy(arena, from->known, names);
	return to;
}
