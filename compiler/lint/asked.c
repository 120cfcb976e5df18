#include "asked.h"

#include "../meaning/rules.h"
#include "../meaning/same_rules.h"
#include "lint_wide_args.h"
#include "outcome_memo.h"
#include "programs.h"
#include "lint_dead_rules.h"

#define RULES_MAX 8192u /* of a ruleset that is kept: a few megabytes with its policy */

/* What it took is given back: findings are elsewhere. */
static void ask(const struct lint *l, void (*question)(const struct lint *))
{
	struct arena_mark before = arena_mark(l->arena);

	question(l);
	arena_release(l->arena, before);
}

/* Of a finding too many nobody hears, so whether there is a filter at all comes first. */
static const struct policy *merged(struct arena *arena, const struct lint *l)
{
	struct diags *rules = arena_alloc(l->diags->arena, 1, sizeof(*rules));

	diags_init(rules, l->diags->arena, l->diags->source);
	const struct policy *policy = rules_policy(arena, &l->set, 1, rules);
	if (policy && l->tell_fit)
		l->tell_fit(l->context, policy, l->diags);
	diags_add(l->diags, rules);
	return policy;
}

static void ask_all(struct arena *arena, const struct lint *reader, struct asked *a)
{
	struct lint l = *reader;

	l.set = a->set;
	l.diags = a->found;
	l.policy = a->policy = merged(arena, &l);
	if (!a->policy)
		return;
	l.rows = a->rows = outcome_rows(arena, a->policy);
	l.verdicts = program_verdicts(arena);
	lint_wide_args(l.policy, l.diags);
	ask(&l, lint_programs);
	ask(&l, lint_names);
	struct arena_mark before = arena_mark(l.arena);
	a->goes_on = lint(&l);
	arena_release(l.arena, before);
	lint_dead_rules(&l);
}

/* Does the runtime ask for a kernel where the profile says which? */
static bool asks_kernel(const struct lint *l)
{
	return node_dialect(l->node)->keys & l->profile->keys & KEYS_KERNEL;
}

static bool is_of_author(const struct lint *l)
{
	return node_dialect(l->node) == &dialect_author;
}

static const struct asked *find(const struct asked_memo *memo, const struct lint *l)
{
	const struct asked *a = memo->first;

	while (a && (a->asks_kernel != asks_kernel(l) || a->of_author != is_of_author(l) ||
			    !same_rules(a->set, l->set)))
		a = a->next;
	return a;
}

/* In no memo. */
static const struct asked *ask_once(const struct lint *l)
{
	struct asked *a = arena_alloc(l->arena, 1, sizeof(*a));

	*a = (struct asked){.set = l->set, .found = l->diags};
	ask_all(l->arena, l, a);
	return a;
}

static const struct asked *ask_and_keep(struct asked_memo *memo, const struct lint *l)
{
	struct asked *a = arena_alloc(memo->kept, 1, sizeof(*a));

	*a = (struct asked){.set = copy_rules(memo->kept, l->set),
		.found = arena_alloc(memo->findings, 1, sizeof(*a->found)),
		.asks_kernel = asks_kernel(l),
		.of_author = is_of_author(l),
		.next = memo->first};
	diags_init(a->found, memo->findings, l->diags->source);
	ask_all(memo->kept, l, a);
	memo->first = a;
	return a;
}

const struct asked *asked_of(struct asked_memo *memo, const struct lint *l)
{
	const struct asked *a = find(memo, l);

	if (!a && l->set->rules <= RULES_MAX && memo->kept->used <= memo->kept->cap / 4)
		a = ask_and_keep(memo, l);
	if (!a)
		return ask_once(l);
	diags_add(l->diags, a->found);
	return a;
}
