/* profile -> ruleset -> policy -> tree -> program, as in build.c, stopped where it was asked to. */

#include "dump.h"

#include "../cli/targets.h"
#include "../lib/node_words.h"

#include "../../backends/write/disasm.h"
#include "../../backends/write/picture.h"
#include "../../compiler/explain/flatten.h"
#include "../../compiler/explain/profile_print.h"

#include <string.h>

int dump_read(struct dump *d, const struct verb *verb, const char *stage, const char *syscall, const char *abi)
{
	static const char *const stages[] = {"profile", "rules", "policy", "tree", "program"};
	size_t i = 0;
	uint16_t id;

	while (i < countof(stages) && strcmp(stages[i], stage) != 0)
		i++;
	if (i == countof(stages))
		return usage(verb, "unknown stage '%s'; one of profile, rules, policy, tree, program", stage);
	*d = (struct dump){.verb = verb, .stage = (enum stage)i, .syscall = syscall};
	d->abi = abi ? option_abi(verb, abi, strlen(abi)) : NULL;
	if (abi && !d->abi)
		return EXIT_USAGE;
	if (syscall && !arch_syscall_find(syscall, strlen(syscall), &id))
		return usage(verb, "no ABI has a syscall '%s'", syscall);
	return EXIT_DONE;
}

/* Where the ABI is among those covered; all of them, if none is asked for. */
static int cut_abis(const struct dump *d, struct ruleset *set)
{
	size_t i = 0;

	if (!d->abi)
		return EXIT_DONE;
	while (i < set->abis && set->abi[i] != d->abi)
		i++;
	if (i == set->abis)
		return usage(d->verb, "the filter for %s does not cover %s", set->abi[0]->name, d->abi->name);
	set->abi += i;
	set->abis = 1;
	set->bare_native = set->bare_native && !i;
	set->nameless_native = set->nameless_native && !i;
	return EXIT_DONE;
}

static void cut_rules(struct arena *arena, const struct dump *d, struct ruleset *set)
{
	struct rule *rule = arena_alloc(arena, set->rules, sizeof(*rule));
	size_t kept = 0;

	for (size_t i = 0; i < set->rules; i++) {
		if (!d->syscall || strcmp(arch_syscall_name(set->rule[i].syscall), d->syscall) == 0)
			rule[kept++] = set->rule[i];
	}
	set->rule = rule;
	set->rules = kept;
}

static void print_tree(struct buf *out, const struct filter *f, const struct layout *layout)
{
	const struct policy *p = f->policy;
	const char *title = buf_print(out->arena, "%s: %zu instructions",
		words_abis(out->arena, p), f->program.len);

	picture_text(out, picture_make(out->arena, f->tree, p->abi, p->abis, layout->share, title));
}

static int print_filter(struct buf *out, const struct dump *d, const struct dump_input *in,
	const struct policy *policy, struct diags *diags)
{
	struct filter filter;
	struct mistake mistake;

	switch (build_policy(out->arena, policy, in->layout, diags, &filter, &mistake)) {
	case BUILD_DONE:
		break;
	case BUILD_REFUSED:
		return diags_exit(diags);
	case BUILD_MISTAKEN:
		return targets_mistaken(out->arena, in->source->name, &mistake);
	}
	if (d->stage == STAGE_TREE)
		print_tree(out, &filter, in->layout);
	else
		disasm_print(out, &filter.program, policy->order, policy->abi[0]);
	return EXIT_DONE;
}

int dump_print(struct buf *out, const struct dump *d, const struct dump_input *in, struct diags *diags)
{
	if (d->stage == STAGE_PROFILE) {
		profile_print(out, in->profile, in->source, d->syscall);
		return EXIT_DONE;
	}
	const struct ruleset *all = select_rules(out->arena, in->profile, in->node, diags), *set = all;
	if (!all)
		return diags_exit(diags);
	struct ruleset asked = *all;
	int status = cut_abis(d, &asked);
	if (status)
		return status;
	cut_rules(out->arena, d, &asked);
	set = &asked;
	const struct policy *policy = build_rules(out->arena, &set, 1, diags);
	if (!policy)
		return diags_exit(diags);
	switch (d->stage) {
	case STAGE_PROFILE:
	case STAGE_RULES:
		flatten(out, set, in->profile, false, NULL);
		return EXIT_DONE;
	case STAGE_POLICY:
		policy_print(out, policy);
		return EXIT_DONE;
	case STAGE_TREE:
	case STAGE_PROGRAM:
		return print_filter(out, d, in, policy, diags);
	}
	unreachable();
}
