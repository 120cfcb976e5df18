#include "fix_conditions.h"

#include "../../compiler/lint/lint_args.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/meaning/rules.h"

#include <stdlib.h>
#include <string.h>

#define EDITS_MAX 256u       /* a file; further ones wait for the next run */
#define NODES_MAX (1u << 20) /* of diagrams: 48 MiB */

/* A condition and what takes its place. */
struct edit {
	uint32_t at, len;
	struct profile_cond now;
	bool clashes; /* it was meant otherwise for another syscall or node, or as it is */
};

struct fix {
	struct arena *arena;
	const struct source *source;
	const struct profile *profile;
	struct edit edit[EDITS_MAX];
	size_t edits;
};

/* --- what is to be done --- */

static struct edit *find(struct fix *f, uint32_t at)
{
	for (size_t i = 0; i < f->edits; i++) {
		if (f->edit[i].at == at)
			return &f->edit[i];
	}
	return NULL;
}

/* In the file it is {...}, as JSON has it. */
static bool is_braced(const struct fix *f, const struct profile_cond *c)
{
	const char *s = f->source->bytes + c->at;

	return c->at < f->source->len && c->len <= f->source->len - c->at && c->len > 1 && s[0] == '{' &&
		s[c->len - 1] == '}';
}

static void look(struct fix *f, const struct lint *l, const struct rule *rule, const struct profile_cond *c)
{
	struct profile_cond now = {.index = c->index, .op = OP_MASKED_EQ};
	struct edit *edit = find(f, c->at);

	if (!is_braced(f, c) || (!edit && f->edits == EDITS_MAX))
		return;
	bool meant = lint_args_meant(l, rule, c, &now.value, &now.value_two);
	if (!edit) {
		f->edit[f->edits++] = (struct edit){c->at, c->len, now, !meant};
		return;
	}
	edit->clashes |= !meant || now.value != edit->now.value || now.value_two != edit->now.value_two;
}

/* Those of rules that the node has; a condition of several names is looked at for each. */
static void look_on(struct fix *f, const struct node_facts *node)
{
	struct diags quiet;
	uint32_t nr;

	diags_init(&quiet, f->arena, NULL);
	const struct ruleset *set = select_rules(f->arena, f->profile, node, &quiet);
	const struct policy *policy = set ? rules_policy(f->arena, &set, 1, &quiet) : NULL;
	const struct lint l = {.arena = f->arena, .profile = f->profile, .node = node, .set = set, .policy = policy,
		.diags = &quiet};

	for (size_t i = 0; policy && i < set->rules; i++) {
		const struct rule *rule = &set->rule[i];
		for (size_t k = 0; arch_nr(policy->abi[0], rule->syscall, &nr) && k < rule->conds; k++)
			look(f, &l, rule, &rule->cond[k]);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static void keep_sure(struct fix *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->edits; i++) {
		if (!f->edit[i].clashes)
			f->edit[kept++] = f->edit[i];
	}
	f->edits = kept;
	qsort(f->edit, f->edits, sizeof(*f->edit), by_place);
}

static void write_text(struct fix *f, struct buf *text)
{
	size_t at = 0;

	buf_init(text, f->arena);
	for (size_t i = 0; i < f->edits; i++) {
		const struct edit *e = &f->edit[i];
		buf_add(text, f->source->bytes + at, e->at - at);
		buf_printf(text, "{\"index\": %u, \"value\": %llu, \"valueTwo\": %llu, \"op\": \"SCMP_CMP_MASKED_EQ\"}",
			e->now.index, (unsigned long long)e->now.value, (unsigned long long)e->now.value_two);
		at = e->at + e->len;
	}
	buf_add(text, f->source->bytes + at, f->source->len - at);
}

/* --- is it that, and nothing else? --- */

static struct profile_cond changed(struct fix *f, const struct profile_cond *c)
{
	const struct edit *e = find(f, c->at);

	return e ? e->now : *c;
}

static bool is_same_rule(struct fix *f, const struct profile_rule *was, const struct profile_rule *is)
{
	bool same = was->conds == is->conds && was->names.count == is->names.count;

	for (size_t i = 0; same && i < was->conds; i++) {
		const struct profile_cond want = changed(f, &was->cond[i]), *c = &is->cond[i];
		same = want.index == c->index && want.op == c->op && want.value == c->value && want.value_two == c->value_two;
	}
	for (size_t i = 0; same && i < was->names.count; i++)
		same = strcmp(was->names.text[i].s, is->names.text[i].s) == 0;
	return same;
}

/* On the node it means what the old rules do with those conditions in place. */
static bool means_that(struct fix *f, const struct profile *is, const struct node_facts *node)
{
	struct diags quiet;
	struct bdd b;

	diags_init(&quiet, f->arena, NULL);
	const struct ruleset *old = select_rules(f->arena, f->profile, node, &quiet), *new = select_rules(f->arena, is, node, &quiet);
	if (!old || !new)
		return !old && !new;
	struct ruleset want = *old;
	struct rule *rule = arena_alloc(f->arena, old->rules, sizeof(*rule));
	for (size_t i = 0; i < old->rules; i++) {
		struct profile_cond *cond = arena_alloc(f->arena, old->rule[i].conds, sizeof(*cond));
		for (size_t k = 0; k < old->rule[i].conds; k++)
			cond[k] = changed(f, &old->rule[i].cond[k]);
		rule[i] = old->rule[i];
		rule[i].cond = cond;
	}
	want.rule = rule;
	const struct ruleset *wanted = &want;
	const struct policy *p = rules_policy(f->arena, &wanted, 1, &quiet), *q = rules_policy(f->arena, &new, 1, &quiet);
	bdd_init(&b, f->arena);
	b.most = NODES_MAX;
	return p && q && meaning_policy(&b, p) == meaning_policy(&b, q) && !b.full;
}

static bool is_right(struct fix *f, const struct buf *text, const struct node_facts *node, size_t nodes)
{
	const struct source source = {f->source->name, text->bytes, text->len, false};
	struct diags quiet;

	diags_init(&quiet, f->arena, &source);
	const struct profile *is = build_profile(f->arena, &source, &quiet);
	bool right = is && is->rules == f->profile->rules;
	for (size_t i = 0; right && i < is->rules; i++)
		right = is_same_rule(f, &f->profile->rule[i], &is->rule[i]);
	for (size_t i = 0; right && i < nodes; i++)
		right = means_that(f, is, &node[i]);
	return right;
}

void fix_conditions(struct arena *arena, const struct source *source, const struct node_facts *node, size_t nodes,
	struct buf *text, size_t *fixed, const char **doubt)
{
	struct fix *f = arena_alloc(arena, 1, sizeof(*f));
	struct diags quiet;

	*fixed = 0;
	*doubt = NULL;
	diags_init(&quiet, arena, source);
	*f = (struct fix){.arena = arena, .source = source};
	f->profile = build_profile(arena, source, &quiet);
	if (!f->profile || f->profile->base.len)
		return;
	for (size_t i = 0; i < nodes; i++)
		look_on(f, &node[i]);
	keep_sure(f);
	if (!f->edits)
		return;
	write_text(f, text);
	if (is_right(f, text, node, nodes))
		*fixed = f->edits;
	else
		*doubt = "with its conditions put right the profile would mean something else besides";
}
