/*
 * Conditions that do not ask what their author meant to: of a pointer, of an argument that is not there, of a
 * file's mode in place of its flags, of a word of flags as if it were a number. Where a rule is said to let a
 * call pass, the policy was asked about that call.
 */

#include "lint_args.h"
#include "syscall_outcome.h"

#include "../../arch/width.h"

#include <string.h>

static const struct {
	char name[24], kinds[8]; /* in place, so that the loader has nothing to relocate */
} arguments[] = {
#define ARGUMENTS(name, kinds) {#name, kinds},
#include "arguments.tbl"
#undef ARGUMENTS
};

/* '\0': not known. */
static char kind_of(const struct abi *abi, const char *name, unsigned arg)
{
	if (abi->clone_swapped && strcmp(name, "clone") == 0 && arg < 2)
		arg = 1 - arg;
	for (size_t i = 0; i < countof(arguments); i++) {
		if (strcmp(arguments[i].name, name) == 0 && arg < strlen(arguments[i].kinds))
			return arguments[i].kinds[arg];
	}
	return '\0';
}

/* A value that meets the condition, if there is one. */
static uint64_t value_for(const struct profile_cond *c)
{
	switch (c->op) {
	case OP_EQ:
	case OP_LE:
	case OP_GE:
		return c->value;
	case OP_NE:
		return c->value ^ 1;
	case OP_LT:
		return c->value - 1;
	case OP_GT:
		return c->value + 1;
	case OP_MASKED_EQ:
		return c->value_two;
	case PROFILE_OPS:
		break;
	}
	unreachable();
}

struct asked {
	const struct lint *l;
	const struct abi *abi;
	const struct rule *rule;
	const struct profile_cond *cond;
	const char *name;
	uint32_t nr;
};

/* Does a call pass that meets the rule's other conditions and has this value in the argument? */
static bool passes(const struct asked *a, uint64_t value)
{
	struct call call = {.arch = a->abi->audit, .nr = a->nr};

	for (size_t i = 0; i < a->rule->conds; i++)
		call.args[a->rule->cond[i].index] = value_for(&a->rule->cond[i]);
	call.args[a->cond->index] = value;
	return outcome_passes(policy_decide(a->l->policy, &call)->ret);
}

static void warn(const struct asked *a, enum diag_id id, const char *text)
{
	diag(a->l->diags, id, a->cond->at, a->cond->len, "%s", text);
}

/* A pointer, or an argument that is not there. True: there is no more to say. */
static bool check_kind(const struct asked *a, char kind)
{
	struct arena *arena = a->l->arena;
	unsigned arg = a->cond->index, params = arch_params(a->abi, a->rule->syscall);

	if (arg >= params) {
		warn(a, DIAG_ARGUMENT_WRONG,
			buf_print(arena,
				"'%s' takes %u argument%s: argument %u is whatever its register held",
				a->name, params, params == 1 ? "" : "s", arg));
		return true;
	}
	if (kind == 'p' && a->cond->value != 0) {
		warn(a, DIAG_ARGUMENT_WRONG,
			buf_print(arena,
				"argument %u of '%s' is a pointer: its value says nothing of what is there",
				arg, a->name));
		return true;
	}
	return false;
}

#define SETID_BITS UINT64_C(06000)

/* open and openat have flags before the mode, which counts for new files alone. */
static bool check_mode(const struct asked *a, char kind)
{
	unsigned arg = a->cond->index;

	if (kind != 'm' || arg == 0 || kind_of(a->abi, a->name, arg - 1) != 'f' ||
		a->cond->value & SETID_BITS)
		return false;
	warn(a, DIAG_ARGUMENT_WRONG,
		buf_print(a->l->arena,
			"argument %u of '%s' is the mode of a new file; its flags are argument %u", arg,
			a->name, arg - 1));
	return true;
}

/* Every bit is refused by itself. */
static void note_bits(const struct asked *a, uint64_t bits)
{
	diag_note(a->l->diags, NOWHERE, 1,
		"a rule for each bit: \"op\": \"SCMP_CMP_MASKED_EQ\", \"value\": BIT, \"valueTwo\": BIT; "
		"here BIT is %s0x%llx",
		bits & (bits - 1) ? "each one of " : "", (unsigned long long)bits);
}

#define SOCK_TYPES UINT64_C(0xf)  /* linux/net.h: SOCK_TYPE_MASK */
#define SIGNAL     UINT64_C(0xff) /* uapi/linux/sched.h: CSIGNAL */
#define NAMESPACES UINT64_C(0x7e020000) /* the same: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET */

/* Bits that ask for something each, and not together. */
static bool count_alone(char kind, uint64_t bits)
{
	return (kind == 'u' || kind == 's') && !(bits & ~NAMESPACES);
}

/* The same bits, whatever others there are; an empty mask: there is no such condition. */
static uint64_t word_mask(char kind, uint64_t value, uint64_t *two)
{
	*two = kind == 't' ? value & SOCK_TYPES : kind == 's' ? value & ~SIGNAL : value;
	return kind == 't' ? SOCK_TYPES : *two;
}

static void note_word(const struct asked *a, char kind, uint64_t value)
{
	uint64_t two, mask = word_mask(kind, value, &two);

	if (mask)
		diag_note(a->l->diags, NOWHERE, 1,
			"write \"op\": \"SCMP_CMP_MASKED_EQ\", \"value\": %llu, \"valueTwo\": %llu",
			(unsigned long long)mask, (unsigned long long)two);
}

/* Refused is the value alone: with the bit, if any, it passes. 0: there is none. */
static uint64_t bit_beside(const struct asked *a)
{
	uint64_t value = a->cond->value, bit = 1;

	if (a->cond->op != OP_EQ || !value || passes(a, value))
		return 0;
	while (bit < UINT64_C(1) << 31 && (bit & value || !passes(a, value | bit)))
		bit <<= 1;
	return bit & value || !passes(a, value | bit) ? 0 : bit;
}

static bool check_equal(const struct asked *a, char kind)
{
	uint64_t value = a->cond->value, bit = bit_beside(a);

	if (!bit)
		return false;
	diag(a->l->diags, DIAG_FLAG_WORD, a->cond->at, a->cond->len,
		"argument %u of '%s' has flags: this refuses 0x%llx alone, and 0x%llx passes", a->cond->index,
		a->name, (unsigned long long)value, (unsigned long long)(value | bit));
	note_word(a, kind, value);
	return true;
}

/* All of the mask's bits at once, of which one is enough. */
static bool is_all(const struct asked *a, char kind)
{
	uint64_t mask = a->cond->value, two = a->cond->value_two & mask, lowest = mask & -mask;

	return a->cond->op == OP_MASKED_EQ && mask && !passes(a, two) && count_alone(kind, mask) && two == mask &&
		mask != lowest && passes(a, lowest);
}

/* None of the mask's bits. */
static bool is_none(const struct asked *a)
{
	uint64_t mask = a->cond->value, two = a->cond->value_two & mask;

	return a->cond->op == OP_MASKED_EQ && mask && !passes(a, two) && two == 0 && passes(a, mask);
}

static bool check_mask(const struct asked *a, char kind)
{
	uint64_t mask = a->cond->value;

	if (is_all(a, kind)) {
		diag(a->l->diags, DIAG_FLAG_WORD, a->cond->at, a->cond->len,
			"this refuses '%s' where argument %u has all of the bits 0x%llx; one alone, 0x%llx, "
			"passes",
			a->name, a->cond->index, (unsigned long long)mask, (unsigned long long)(mask & -mask));
		note_bits(a, mask);
		return true;
	}
	if (!is_none(a))
		return false;
	diag(a->l->diags, DIAG_MASK_EMPTY, a->cond->at, a->cond->len,
		"%sthis refuses '%s' where argument %u has none of the bits 0x%llx, and lets 0x%llx "
		"pass",
		a->cond->two_given ? "as written, with none of the mask in valueTwo, " : "", a->name, a->cond->index,
		(unsigned long long)mask, (unsigned long long)mask);
	if (a->cond->two_given)
		diag_note(a->l->diags, NOWHERE, 1, "right if that is meant; to refuse calls that have a bit, valueTwo has it, too");
	else if (count_alone(kind, mask))
		note_bits(a, mask);
	else
		note_word(a, kind, mask);
	return true;
}

static bool has_flags(const struct asked *a, char kind)
{
	return outcome_refuses(a->rule->ret) && kind && strchr("fust", kind);
}

bool lint_args_meant(
	const struct lint *l, const struct rule *rule, const struct profile_cond *c, uint64_t *mask, uint64_t *two)
{
	struct asked a = {l, l->policy->abi[0], rule, c, arch_syscall_name(rule->syscall), 0};
	char kind = kind_of(a.abi, a.name, c->index);

	if (rule->alternative || !arch_nr(a.abi, rule->syscall, &a.nr) || !has_flags(&a, kind) ||
		c->index >= arch_params(a.abi, rule->syscall))
		return false;
	bool word = bit_beside(&a) || (kind != 't' && !c->two_given && is_none(&a) &&
		(!count_alone(kind, c->value) || !(c->value & (c->value - 1))));
	*mask = word ? word_mask(kind, c->value, two) : 0;
	return *mask != 0;
}

static void check_cond(const struct asked *a)
{
	char kind = kind_of(a->abi, a->name, a->cond->index);

	if (check_kind(a, kind) || check_mode(a, kind))
		return;
	if (!has_flags(a, kind))
		return;
	if (!check_equal(a, kind) && kind != 't')
		check_mask(a, kind);
}

void lint_args(const struct lint *l)
{
	const struct abi *abi = l->policy->abi[0];
	uint32_t nr;

	for (size_t i = 0; i < l->set->rules; i++) {
		const struct rule *rule = &l->set->rule[i];
		if (!arch_nr(abi, rule->syscall, &nr))
			continue;
		for (size_t k = 0; k < rule->conds; k++)
			check_cond(&(struct asked){
				l, abi, rule, &rule->cond[k], arch_syscall_name(rule->syscall), nr});
	}
}
