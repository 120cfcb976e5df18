/*
 * A scope is the profile itself with another list of ABIs, so that all of winnow runs as it does
 * for a user: resolve, layout, proof. libseccomp gets the ruleset that select_rules() makes of the same
 * profile.
 *
 * libseccomp skips names it does not have. To compare like with like such names are taken out of
 * the profile for everybody: that is the common scope.
 */

#include "filters.h"

#include "balanced.h"
#include "rival.h"

#include "../backends/bpf/check.h"
#include "../backends/bpf/sim.h"
#include "../compiler/meaning/rules.h"
#include "../tools/cli/files.h"

#include <string.h>

#define BEYOND 64 /* numbers tried above the highest that has a name */

const struct row rows[] = {
	{.name = "winnow", .file = "winnow", .layout = {.objective = OBJECTIVE_TODAY}},
	{.name = "winnow -O mix", .file = "winnow-mix", .layout = {.objective = OBJECTIVE_MIX}},
	{.name = "winnow -O mix --mispredict 4",
		.file = "winnow-odds",
		.layout = {.objective = OBJECTIVE_MIX, .miss = 4}},
	{.name = "winnow -O uniform",
		.file = "winnow-uniform",
		.layout = {.objective = OBJECTIVE_UNIFORM}},
	{.name = "winnow -O size", .file = "winnow-size", .layout = {.objective = OBJECTIVE_SIZE}},
	{.name = "winnow --target-kernel 6.1",
		.file = "winnow-6.1",
		.layout = {.objective = OBJECTIVE_BITMAP}},
	{.name = "winnow --max-path 18",
		.file = "winnow-18",
		.layout = {.objective = OBJECTIVE_TODAY, .max_path = 18}},
	{.name = "balanced ranges", .file = "balanced", .maker = MAKER_BALANCED},
	{.name = "libseccomp 1", .file = "libseccomp-1", .maker = MAKER_LIBSECCOMP, .level = 1},
	{.name = "libseccomp 2", .file = "libseccomp-2", .maker = MAKER_LIBSECCOMP, .level = 2},
};
const size_t row_count = countof(rows);

const struct profile *filters_profile(struct arena *arena, const char *path)
{
	struct source *source = arena_alloc(arena, 1, sizeof(*source));
	struct diags diags;

	if (!files_read(arena, path, SOURCE_MAX, source))
		return NULL;
	diags_init(&diags, arena, source);
	const struct profile *profile = build_profile(arena, source, &diags);
	if (!profile)
		files_diags(arena, &diags, true, "never");
	return profile;
}

/* --- scopes --- */

static const struct abi *x86_64(void)
{
	return arch_find("x86_64", strlen("x86_64"));
}

/* Rules and policy of a scope whose profile and nodes are there. */
static bool scope_fill(struct arena *arena, struct scope *s)
{
	const struct ruleset *set[SCOPE_NODES];
	struct diags diags;

	diags_init(&diags, arena, NULL);
	for (size_t i = 0; i < s->nodes; i++) {
		set[i] = select_rules(arena, s->profile, &s->node[i], &diags);
		if (!set[i])
			return false;
	}
	s->set = s->nodes == 1 ? set[0] : NULL;
	s->policy = rules_policy(arena, set, s->nodes, &diags);
	return s->policy;
}

bool scope_own(struct arena *arena, const struct profile *profile, struct scope *s)
{
	*s = (struct scope){.profile = profile, .node = {{.native = x86_64()}}, .nodes = 1};
	return scope_fill(arena, s);
}

bool scope_listed(struct arena *arena, const struct profile *profile, const struct abi *const *abi,
	size_t abis, struct scope *s)
{
	struct profile *listed = arena_alloc(arena, 1, sizeof(*listed));
	struct profile_arch *arch = arena_alloc(arena, abis, sizeof(*arch));

	for (size_t i = 0; i < abis; i++)
		arch[i].abi = abi[i];
	*listed = *profile;
	listed->arch_maps = 0;
	listed->architectures = (struct profile_arches){arch, abis};
	*s = (struct scope){.profile = listed, .node = {{.native = abi[0]}}, .nodes = 1};
	return scope_fill(arena, s);
}

bool scope_alone(struct arena *arena, const struct profile *profile, struct scope *s)
{
	const struct abi *abi = x86_64();

	return scope_listed(arena, profile, &abi, 1, s);
}

bool scope_fat(struct arena *arena, const struct profile *profile, const struct abi *const *abi,
	size_t abis, struct scope *s)
{
	*s = (struct scope){.profile = profile, .nodes = abis};
	assert(abis <= SCOPE_NODES);
	for (size_t i = 0; i < abis; i++)
		s->node[i].native = abi[i];
	return scope_fill(arena, s);
}

/* The names of a rule that both sides know, in the arena. */
static struct texts common_names(
	struct arena *arena, const struct scope *s, const struct texts *names, bool *left_out)
{
	struct text *kept = arena_alloc(arena, names->count, sizeof(*kept));
	struct texts common = {.text = kept, .present = names->present};
	uint16_t id;

	for (size_t i = 0; i < names->count; i++) {
		const struct text *name = &names->text[i];
		if (!arch_syscall_find(name->s, name->len, &id) || rival_agrees(s->set, id))
			kept[common.count++] = *name;
		else
			left_out[id] = true;
	}
	return common;
}

bool scope_common(struct arena *arena, const struct scope *s, struct scope *common, size_t *names)
{
	struct profile *profile = arena_alloc(arena, 1, sizeof(*profile));
	struct profile_rule *rule = arena_alloc(arena, s->profile->rules, sizeof(*rule));
	bool *left_out = arena_alloc(arena, arch_syscall_count(), sizeof(*left_out));

	if (!s->set || !rival_knows(s->set))
		return false;
	*names = 0;
	*profile = *s->profile;
	profile->rule = rule;
	for (size_t i = 0; i < profile->rules; i++) {
		rule[i] = s->profile->rule[i];
		rule[i].names = common_names(arena, s, &rule[i].names, left_out);
	}
	for (size_t id = 0; id < arch_syscall_count(); id++)
		*names += left_out[id];
	*common = *s;
	common->profile = profile;
	return scope_fill(arena, common);
}

/* --- filters --- */

static const char *make_winnow(
	struct arena *arena, const struct scope *s, const struct row *row, struct program *program)
{
	struct layout layout = row->layout;
	struct mistake mistake;
	struct diags diags;
	struct filter f;

	if (!layout.share)
		layout.share = layout_mix(arena);
	diags_init(&diags, arena, NULL);
	switch (build_filter(arena, s->profile, s->node, s->nodes, &layout, &diags, &f, &mistake)) {
	case BUILD_DONE:
		*program = f.program;
		return NULL;
	case BUILD_REFUSED:
		return diags.last ? diags.last->text : "refused";
	case BUILD_MISTAKEN:
		return mistake.what;
	}
	unreachable();
}

const char *filter_build(
	struct arena *arena, const struct scope *s, const struct row *row, struct program *program)
{
	switch (row->maker) {
	case MAKER_WINNOW:
		return make_winnow(arena, s, row, program);
	case MAKER_BALANCED:
		return balanced_program(arena, s->policy, program) ? NULL : "too long";
	case MAKER_LIBSECCOMP:
		return s->set ? rival_program(arena, s->set, row->level, program)
			      : "it has one set of rules for all ABIs";
	}
	unreachable();
}

const char *filter_make(
	struct arena *arena, const struct scope *s, const struct row *row, struct program *program)
{
	const char *why = filter_build(arena, s, row, program);
	struct fault *fault;
	struct call witness;

	if (!why && check_program(arena, program, &fault))
		why = fault[0].why;
	if (!why && !filter_agrees(s, program, &witness))
		why = "its verdicts are others";
	return why;
}

static uint32_t highest_nr(const struct abi *abi)
{
	uint32_t highest = abi->nr_first, nr;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (arch_nr(abi, (uint16_t)id, &nr) && nr > highest)
			highest = nr;
	}
	return highest;
}

bool filter_agrees(const struct scope *s, const struct program *program, struct call *witness)
{
	for (size_t i = 0; i < s->policy->abis; i++) {
		const struct abi *abi = s->policy->abi[i];
		uint32_t last = highest_nr(abi) + BEYOND;
		for (uint32_t nr = abi->nr_first; nr <= last; nr++) {
			*witness = (struct call){.arch = abi->audit, .nr = nr};
			if (sim_run(program, s->policy->order, witness, NULL, NULL) !=
				policy_decide(s->policy, witness)->ret)
				return false;
		}
	}
	return true;
}
