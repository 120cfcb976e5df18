/*
 * Conditions that decide nothing: no value passes them on an ABI, or all do. Each is looked at as
 * the ABI cuts it, so a value that is too wide shows what becomes of it.
 */

#include "syscall_outcome.h"

enum holds { HOLDS_AT_TIMES, HOLDS_NEVER, HOLDS_ALWAYS };

static enum holds cond_holds(const struct profile_cond *c, uint64_t width)
{
	uint64_t value = c->value & width;

	switch (c->op) {
	case OP_LT:
		return value == 0 ? HOLDS_NEVER : HOLDS_AT_TIMES;
	case OP_GT:
		return value == width ? HOLDS_NEVER : HOLDS_AT_TIMES;
	case OP_LE:
		return value == width ? HOLDS_ALWAYS : HOLDS_AT_TIMES;
	case OP_GE:
	case OP_MASKED_EQ:
		return value == 0 ? HOLDS_ALWAYS : HOLDS_AT_TIMES;
	case OP_EQ:
	case OP_NE:
		return HOLDS_AT_TIMES;
	case PROFILE_OPS:
		break;
	}
	unreachable();
}

static void note_fix(const struct lint *l, const struct profile_cond *c, uint64_t width)
{
	if (c->value & ~width)
		diag_note(l->diags, NOWHERE, 1,
			"arguments have 32 bits there, and the value is cut to 0x%llx",
			(unsigned long long)(c->value & width));
	else if (c->op == OP_MASKED_EQ && c->value_two)
		diag_note(l->diags, NOWHERE, 1,
			"'value' is the mask and 'valueTwo' what is compared: write \"value\": "
			"%llu, \"valueTwo\": 0, or what the bits are to be",
			(unsigned long long)c->value_two);
	else if (c->op == OP_MASKED_EQ)
		diag_note(
			l->diags, NOWHERE, 1, "'value' is the mask; an empty one compares nothing");
}

static void check_cond(const struct lint *l, const struct abi *abi, const struct rule *rule,
	const struct profile_cond *c)
{
	uint64_t width = abi->bits == 32 ? UINT32_MAX : UINT64_MAX;
	enum holds holds = cond_holds(c, width);

	if (holds == HOLDS_AT_TIMES)
		return;
	diag(l->diags, holds == HOLDS_NEVER ? DIAG_COND_NEVER : DIAG_COND_ALWAYS, c->at, c->len,
		"this condition on argument %u %s", c->index,
		rule->alternative ? (holds == HOLDS_NEVER
						    ? "never holds: of the alternatives, it adds nothing"
						    : "always holds: so does the rule, its conditions "
						      "being alternatives")
		: holds == HOLDS_NEVER ? "never holds, so the rule never applies"
				       : "always holds: it asks for nothing");
	if (abi != l->policy->abi[0])
		diag_note(l->diags, NOWHERE, 1, "for '%s' on %s", arch_syscall_name(rule->syscall),
			abi->name);
	note_fix(l, c, width);
}

void lint_conds(const struct lint *l)
{
	uint32_t nr;

	for (size_t a = 0; a < l->policy->abis; a++) {
		for (size_t i = 0; i < l->set->rules; i++) {
			const struct rule *rule = &l->set->rule[i];
			if (!arch_nr(l->policy->abi[a], rule->syscall, &nr))
				continue;
			for (size_t k = 0; k < rule->conds; k++)
				check_cond(l, l->policy->abi[a], rule, &rule->cond[k]);
		}
	}
}
