/* Several rules of a syscall, each with conditions, that together allow every call of it. */

#include "syscall_outcome.h"

#include "../logic/meaning.h"

#define NODES_MAX (1u << 16) /* of a diagram for one syscall: 3 MiB */

static bool meets(const struct profile_cond *c, uint64_t value)
{
	switch (c->op) {
	case OP_NE:
		return value != c->value;
	case OP_LT:
		return value < c->value;
	case OP_LE:
		return value <= c->value;
	case OP_EQ:
		return value == c->value;
	case OP_GE:
		return value >= c->value;
	case OP_GT:
		return value > c->value;
	case OP_MASKED_EQ:
		return (value & c->value) == c->value_two;
	case PROFILE_OPS:
		break;
	}
	unreachable();
}

static bool applies(const struct rule *rule, const struct call *call)
{
	bool all = true;

	for (size_t i = 0; i < rule->conds; i++)
		all = all && meets(&rule->cond[i], call->args[rule->cond[i].index]);
	return all;
}

/* A value that the condition turns away; there need not be one. */
static uint64_t turned_away(const struct profile_cond *c)
{
	switch (c->op) {
	case OP_NE:
	case OP_LT:
	case OP_GT:
		return c->value;
	case OP_LE:
		return c->value + 1;
	case OP_EQ:
	case OP_GE:
		return c->value - 1;
	case OP_MASKED_EQ:
		return c->value_two ^ (c->value & -c->value);
	case PROFILE_OPS:
		break;
	}
	unreachable();
}

/* Every call passes, whatever its arguments; and the default action would refuse. */
static bool all_pass(const struct lint *l, const struct range *range)
{
	struct arena_mark before = arena_mark(l->arena);
	struct bdd b;

	if (range->clauses < 2)
		return outcome_passes(range->clause[0].ret);
	bdd_init_small(&b, l->arena);
	b.most = NODES_MAX;
	uint32_t function = meaning_range(&b, range);
	bool all = !b.full && bdd_is_leaf(&b, function) && outcome_passes((uint32_t)bdd_value(&b, function));
	arena_release(l->arena, before);
	return all;
}

#define VALUES_MAX 16u /* of a syscall's argument, that rules turn away or allow one by one */

/* The values that rules of one SCMP_CMP_NE each turn away, sorted. 0: other rules, or too many. */
static size_t turned_away_all(const struct lint *l, const struct rule *first, uint64_t *value)
{
	size_t count = 0;

	for (size_t i = 0; i < l->set->rules; i++) {
		const struct rule *rule = &l->set->rule[i];
		if (rule->syscall != first->syscall)
			continue;
		if (rule->conds != 1 || rule->cond[0].op != OP_NE || rule->cond[0].index != first->cond[0].index ||
			count == VALUES_MAX)
			return 0;
		size_t at = count++;
		for (; at && value[at - 1] > rule->cond[0].value; at--)
			value[at] = value[at - 1];
		value[at] = rule->cond[0].value;
	}
	return count;
}

/* What lies below, between and above them, if that is few; or that it cannot be said in rules that allow. */
static void note_rest(const struct lint *l, const struct rule *first)
{
	uint64_t value[VALUES_MAX], between;
	size_t count = turned_away_all(l, first, value), values = 0;
	struct buf rules;

	buf_init(&rules, l->arena);
	if (count && value[0])
		buf_printf(&rules, "SCMP_CMP_LT %llu, ", (unsigned long long)value[0]);
	for (size_t i = 1; i < count; i++) {
		for (between = value[i - 1] + 1; between < value[i] && values < VALUES_MAX; between++, values++)
			buf_printf(&rules, "SCMP_CMP_EQ %llu, ", (unsigned long long)between);
	}
	if (count && values < VALUES_MAX && value[count - 1] < UINT64_MAX)
		diag_note(l->diags, NOWHERE, 1,
			"what none turns away, in a rule of one condition on argument %u each: %sSCMP_CMP_GT %llu",
			first->cond[0].index, buf_string(&rules), (unsigned long long)value[count - 1]);
	else
		diag_note(l->diags, NOWHERE, 1,
			"allow what all conditions allow, a rule for each value, or refuse by rules under a default that "
			"allows: rules, and two conditions on an argument, are alternatives");
}

static void report(const struct lint *l, const struct rule *first)
{
	const char *name = arch_syscall_name(first->syscall);
	const struct profile_cond *cond = &first->cond[0];
	struct call call = {0};

	call.args[cond->index] = turned_away(cond);
	diag(l->diags, DIAG_CONDS_TOGETHER, first->at, first->len,
		"the conditions on '%s' refuse nothing: what one rule turns away another one allows", name);
	for (size_t i = 0; i < l->set->rules; i++) {
		const struct rule *rule = &l->set->rule[i];
		if (rule->syscall != first->syscall || !outcome_passes(rule->ret) || !applies(rule, &call))
			continue;
		diag_note(l->diags, rule->at, rule->len, "%s with argument %u 0x%llx passes by this rule",
			name, cond->index, (unsigned long long)call.args[cond->index]);
		break;
	}
	note_rest(l, first);
}

/* Rules with conditions alone, at least two; `first` is the first of them. */
static bool is_conditional(const struct lint *l, const struct rule *first)
{
	size_t rules = 0;

	for (size_t i = 0; i < l->set->rules; i++) {
		const struct rule *rule = &l->set->rule[i];
		if (rule->syscall != first->syscall)
			continue;
		if ((!rules && rule != first) || !rule->conds || !outcome_passes(rule->ret) ||
			rule->alternative)
			return false;
		rules++;
	}
	return rules > 1;
}

void lint_together(const struct lint *l)
{
	const struct abi *abi = l->policy->abi[0];
	uint32_t nr;

	if (outcome_passes(l->set->default_ret))
		return;
	for (size_t i = 0; i < l->set->rules; i++) {
		const struct rule *rule = &l->set->rule[i];
		if (!rule->conds || !arch_nr(abi, rule->syscall, &nr) || !is_conditional(l, rule))
			continue;
		const struct range *range = outcome_range(l, abi, nr);
		if (range && all_pass(l, range))
			report(l, rule);
	}
}
