/*
 * Both sides get the same rules: a syscall that libseccomp's tables do not have, or number
 * otherwise on some ABI of the ruleset, is taken out for both. Then both refuse the rules, or their
 * filters and the policy agree on every call that is tried: those at the policy's edges and those
 * of every number in our tables. The first difference ends the comparison of the ruleset.
 */

#include "versus.h"

#include "backends/emit/emit.h"
#include "backends/bpf/sim.h"
#include "compiler/meaning/rules.h"
#include "boundary.h"

#include <stdio.h>
#include <string.h>

bool versus_complain(struct versus *v, const char *why)
{
	v->tally.differences++;
	if (!v->quiet)
		printf("DIFFERENCE: %s: %s\n", v->what, why);
	return false;
}

/* --- the rules --- */

const struct ruleset *versus_common(
	struct arena *arena, struct versus *v, const struct ruleset *set)
{
	struct ruleset *common = arena_alloc(arena, 1, sizeof(*common));
	struct rule *rule = arena_alloc(arena, set->rules, sizeof(*rule));

	*common = *set;
	common->rule = rule;
	common->rules = 0;
	common->refuses_foreign = false; /* libseccomp does not */
	for (size_t i = 0; i < set->rules; i++) {
		if (peer_agrees(set, set->rule[i].syscall))
			rule[common->rules++] = set->rule[i];
		else
			v->left_out[set->rule[i].syscall] = true;
	}
	return common;
}

/* --- the filters --- */

bool versus_program(struct arena *arena, const struct policy *policy, struct program *program)
{
	static const struct layout layout = {.objective = OBJECTIVE_UNIFORM};
	const struct tree *tree = tree_build(arena, policy, &layout);

	return tree && emit(arena, tree, policy->order, program);
}

/* Is it a value that some rule, the default or an unknown ABI has? */
static bool known_ret(const struct ruleset *set, uint32_t ret)
{
	bool known = ret == set->default_ret || ret == RET_KILL_THREAD;

	for (size_t i = 0; i < set->rules; i++)
		known |= ret == set->rule[i].ret;
	return known;
}

/*
 * libseccomp may write a returned value for a foreign byte order in its own. Such values are known
 * by being no rule's, and are read as they were meant, so that the rest of the filter can be
 * compared.
 */
static void mend_order(struct arena *arena, const struct versus *v, struct program *p)
{
	struct insn *insn = arena_alloc(arena, p->len, sizeof(*insn));

	memcpy(insn, p->insn, p->len * sizeof(*insn));
	for (size_t i = 0; i < p->len; i++) {
		uint32_t k = insn[i].k;
		if (insn[i].code == INSN_RET && !known_ret(v->set, k))
			insn[i].k = k << 24 | (k & 0xff00) << 8 | (k >> 8 & 0xff00) | k >> 24;
	}
	p->insn = insn;
}

/* Both levels refuse the same rules, if any. */
enum peer versus_peers(struct arena *arena, struct versus *v)
{
	enum peer result = PEER_DONE;

	for (unsigned i = 0; i < PEER_LEVELS && result == PEER_DONE; i++) {
		result = peer_filter(arena, &v->file, v->set, i + 1, &v->theirs[i]);
		if (result == PEER_DONE)
			mend_order(arena, v, &v->theirs[i]);
	}
	return result;
}

/* Both build a filter, or both refuse: *built. False: they differ. */
static bool both_build(struct arena *arena, struct versus *v, bool *built)
{
	enum peer result = versus_peers(arena, v);

	*built = v->policy && result == PEER_DONE;
	if (result == PEER_FAILED)
		return versus_complain(v, "libseccomp fails");
	if (!v->policy && result == PEER_DONE)
		return versus_complain(v, "refused by winnow alone");
	if (v->policy && result == PEER_CONFLICT)
		return versus_complain(v, "refused by libseccomp alone");
	v->tally.conflicts += !v->policy;
	return true;
}

bool versus_refused_for(const struct diags *diags, enum diag_id id)
{
	for (const struct diag *found = diags->first; found; found = found->next) {
		if (found->severity == SEVERITY_ERROR && found->id != id)
			return false;
	}
	return diags_failed(diags);
}

/* --- the calls --- */

static void print_call(const struct call *call)
{
	printf("  arch %#x nr %u args", call->arch, call->nr);
	for (unsigned i = 0; i < CALL_ARGS; i++)
		printf(" %#llx", (unsigned long long)call->args[i]);
}

static bool compare(void *data, const struct call *call)
{
	struct versus *v = data;
	enum byte_order order = v->policy->order;
	uint32_t policy = policy_decide(v->policy, call)->ret, theirs[PEER_LEVELS];
	uint32_t ours =
		v->built ? sim_returned(sim_run(&v->ours, order, call, NULL, NULL)) : policy;
	bool same = ours == policy;

	for (unsigned i = 0; i < PEER_LEVELS; i++) {
		theirs[i] = sim_returned(sim_run(&v->theirs[i], order, call, NULL, NULL));
		same &= theirs[i] == policy;
	}
	v->tally.calls++;
	if (same)
		return true;
	versus_complain(v, "filters differ");
	if (!v->quiet) {
		print_call(call);
		printf("\n  policy %#x, ours %#x, libseccomp %#x %#x\n", policy, ours, theirs[0],
			theirs[1]);
	}
	return false;
}

bool versus_run(
	struct arena *arena, struct versus *v, const struct ruleset *set, struct diags *diags)
{
	v->set = versus_common(arena, v, set);
	v->policy = rules_policy(arena, &v->set, 1, diags);
	if (!v->policy && !versus_refused_for(diags, DIAG_CONFLICT))
		return versus_complain(v, diags->first->text);
	bool built, same = both_build(arena, v, &built);
	if (!built)
		return same;
	v->built = versus_program(arena, v->policy, &v->ours);
	v->tally.filters++;
	struct boundary boundary = {.policy = v->policy,
		.args_max = v->args_max,
		.rounds = 2,
		.every_name = true,
		.visit = compare,
		.data = v};
	return boundary_visit(&v->random, &boundary);
}
