/*
 * For each clause of a syscall: a call that meets all its conditions, and one for each condition
 * that fails this one alone, with nothing above what the kernel takes; and each of them again with
 * such bits set in one argument or, if that shows nothing, in all. Where the second answer of a pair is more
 * permissive, the bits get round a rule; where it is less, a call is refused that was meant to pass. What is shown
 * is a pair that differs in no argument that it could do without, with all others that the rules look at.
 */

#include "lint_wide_args.h"

#include "../meaning/range_index.h"
#include "../meaning/narrow.h"

#include "../../arch/width.h"

#include <string.h>

#define NAMES_MAX 4 /* syscalls named in N060 */
#define STEPS_MAX (UINT64_C(1) << 24) /* conditions looked at: 0.1 s */

struct checker {
	struct diags *diags;
	/* the syscall at hand */
	const struct abi *abi;
	uint16_t id;
	const char *name;
	const struct range *range;
	const struct range_index *first; /* of the range */
	uint64_t steps;            /* left of STEPS_MAX, for all syscalls */
	unsigned bits[CALL_ARGS]; /* that the kernel takes */
	unsigned looked_at;       /* arguments, by bits: some condition is on them */
	uint32_t told_at;         /* the last place told of, which is told of once */
	/* for N060 */
	bool *refused; /* by syscall */
	size_t refusals;
	const char *first_refused;
	uint32_t refused_at;
};

/* --- calls --- */

/* A value that passes the condition, or fails it; there need not be one. */
static uint64_t value_for(const struct cond *c, bool pass)
{
	uint64_t step = c->mask & -c->mask;

	switch (c->op) {
	case COND_EQ:
		return pass ? c->value : c->value ^ step;
	case COND_NE:
		return pass ? c->value ^ step : c->value;
	case COND_LT:
		return pass ? c->value - 1 : c->value;
	case COND_LE:
		return pass ? c->value : c->value + 1;
	case COND_GE:
		return pass ? c->value : c->value - 1;
	case COND_GT:
		return pass ? c->value + 1 : c->value;
	}
	unreachable();
}

/* As a program passes it: nothing above, or the sign of a negative one. */
static uint64_t as_passed(uint64_t value, unsigned bits)
{
	uint64_t low = narrow_low(bits);

	return (value | low) == UINT64_MAX && value >> (bits - 1) & 1 ? value : value & low;
}

/* A call that meets the clause but for the condition `but` (or the count: all). */
static struct call call_for(const struct checker *c, const struct clause *clause, size_t but)
{
	struct call call = {.arch = c->abi->audit, .nr = c->range->first};

	for (size_t i = 0; i < clause->conds; i++) {
		const struct cond *cond = &clause->cond[i];
		call.args[cond->arg] = as_passed(value_for(cond, i != but), c->bits[cond->arg]);
	}
	return call;
}

/* Other values that the kernel takes for the same one; a filter may ask about any bit above. */
static uint64_t disguised(uint64_t value, unsigned bits, unsigned way)
{
	uint64_t low = narrow_low(bits);

	switch (way) {
	case 0:
		return (value & low) | (low + 1);
	case 1:
		return value | ~low;
	default:
		return value & low;
	}
}

#define WAYS 3

/* --- findings --- */

static enum action permits(uint32_t ret)
{
	enum action action = ACTION_KILL_PROCESS;

	action_of(ret, &action);
	return action;
}

static const char *answer(const struct checker *c, uint32_t ret)
{
	struct buf b;

	buf_init(&b, c->diags->arena);
	action_print(&b, ret);
	return buf_string(&b);
}

/* The call that the rule is for. */
static const char *written(const struct checker *c, const struct clause *rule)
{
	return rule->via ? rule->via : c->name;
}

static const struct clause *decide(struct checker *c, const struct call *call)
{
	return range_index_decide(c->first, call->args, &c->steps);
}

/* Sets back what need not be set. */
static void set_back(struct checker *c, const struct call *plain, struct call *other)
{
	enum action least = permits(decide(c, plain)->ret);

	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		struct call less = *other;
		less.args[arg] = plain->args[arg];
		if (permits(decide(c, &less)->ret) > least)
			*other = less;
	}
}

static void separate(struct buf *b, size_t nth, size_t count)
{
	buf_text(b, nth == 0 ? "" : nth + 1 < count ? ", " : " and ");
}

/* "0x26", or of several arguments "0x2 and 0x0"; without a call "argument 0", "arguments 0 and 1". */
static const char *list(const struct checker *c, unsigned args, const struct call *call)
{
	size_t count = 0, nth = 0;
	struct buf b;

	buf_init(&b, c->diags->arena);
	for (unsigned arg = 0; arg < CALL_ARGS; arg++)
		count += args >> arg & 1;
	if (!call)
		buf_text(&b, count == 1 ? "argument " : "arguments ");
	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		if (!(args >> arg & 1))
			continue;
		separate(&b, nth++, count);
		if (call)
			buf_printf(&b, "0x%llx", (unsigned long long)call->args[arg]);
		else
			buf_printf(&b, "%u", arg);
	}
	return buf_string(&b);
}

/* " with argument 1 0x3": what else the answers hang on. */
static const char *given(const struct checker *c, unsigned args, const struct call *call)
{
	return args ? buf_print(c->diags->arena, " with %s %s", list(c, args, NULL), list(c, args, call)) : "";
}

static void got_round(struct checker *c, const struct clause *rule, const struct call *plain, const struct call *other)
{
	const char *first = answer(c, decide(c, plain)->ret), *second = answer(c, decide(c, other)->ret);
	const char *through = rule->via ? " through " : "", *name = rule->via ? c->name : "";
	unsigned set = 0, arg = 0;

	c->told_at = rule->at;
	for (unsigned i = 0; i < CALL_ARGS; i++)
		set |= (unsigned)(plain->args[i] != other->args[i]) << i;
	while (!(set >> arg & 1))
		arg++;
	const char *with = given(c, c->looked_at & ~set, plain);
	if (set == 1u << arg)
		diag(c->diags, DIAG_EXCESS_BITS, rule->at, (uint32_t)strlen(written(c, rule)),
			"%s%s%s on %s%s answers %s where argument %u is 0x%llx and %s where it is 0x%llx: the "
			"kernel takes %u bits of it, and both for the same",
			written(c, rule), through, name, c->abi->name, with, first, arg,
			(unsigned long long)plain->args[arg], second, (unsigned long long)other->args[arg], c->bits[arg]);
	else
		diag(c->diags, DIAG_EXCESS_BITS, rule->at, (uint32_t)strlen(written(c, rule)),
			"%s%s%s on %s%s answers %s where %s are %s and %s where they are %s: the kernel cuts each, and "
			"takes both calls for the same",
			written(c, rule), through, name, c->abi->name, with, first, list(c, set, NULL), list(c, set, plain),
			second, list(c, set, other));
	diag_note(c->diags, NOWHERE, 1,
		"--narrow-int-args compares no more than the kernel takes; in JSON, "
		"SCMP_CMP_MASKED_EQ with the mask 0x%llx is SCMP_CMP_EQ without the bits above",
		(unsigned long long)narrow_low(c->bits[arg]));
}

static void refused(struct checker *c, const struct clause *rule)
{
	uint16_t id = c->id;

	if (rule->via && !arch_syscall_find(rule->via, strlen(rule->via), &id))
		unreachable();
	if (c->refused[id])
		return;
	c->refused[id] = true;
	if (c->refusals++)
		return;
	c->first_refused = written(c, rule);
	c->refused_at = rule->at;
}

/* A rule against such bits: none of its calls would be without. */
static bool is_guard(const struct checker *c, const struct clause *clause)
{
	for (size_t i = 0; i < clause->conds; i++) {
		struct cond cond = clause->cond[i];
		if (narrow_cond(&cond, c->bits[cond.arg]) == NARROWED_FAILS ||
			(cond.op == COND_GT && cond.value == cond.mask))
			return true;
	}
	return false;
}

static void compare(struct checker *c, const struct call *plain, struct call other)
{
	const struct clause *first = decide(c, plain), *second = decide(c, &other);
	if (!c->steps)
		return;
	const struct clause *last = &c->range->clause[c->range->clauses - 1];
	const struct clause *rule = first != last ? first : second;

	if (permits(second->ret) > permits(first->ret) && rule->at != c->told_at) {
		set_back(c, plain, &other);
		if (c->steps)
			got_round(c, rule, plain, &other);
	}
	if (permits(second->ret) < permits(first->ret) && !is_guard(c, second))
		refused(c, rule);
}

/* --- the walk --- */

static void try_each(struct checker *c, const struct call *plain)
{
	for (unsigned way = 0; way < WAYS; way++) {
		for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
			struct call one = *plain;
			if (c->bits[arg] >= c->abi->bits)
				continue;
			one.args[arg] = disguised(plain->args[arg], c->bits[arg], way);
			compare(c, plain, one);
		}
	}
}

static void try_all(struct checker *c, const struct call *plain)
{
	for (unsigned way = 0; way < WAYS; way++) {
		struct call all = *plain;
		for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
			if (c->bits[arg] < c->abi->bits)
				all.args[arg] = disguised(plain->args[arg], c->bits[arg], way);
		}
		compare(c, plain, all);
	}
}

/* A place is told of once, so what is tried first is what is shown. */
static void try_clauses(struct checker *c, void (*try)(struct checker *, const struct call *plain))
{
	const struct range *range = c->range;

	for (size_t i = 0; i + 1 < range->clauses && c->steps; i++) {
		const struct clause *clause = &range->clause[i];
		for (size_t but = 0; but <= clause->conds; but++) {
			struct call call = call_for(c, clause, but);
			try(c, &call);
		}
		if (!c->steps)
			diag(c->diags, DIAG_EXCESS_BITS, clause->at, (uint32_t)strlen(c->name),
				"more than %llu conditions to look at: whether bits above the arguments get "
				"round this rule for %s and those behind it was not looked for",
				(unsigned long long)STEPS_MAX, c->name);
	}
}

static void check_range(struct checker *c, const struct domain *domain, const struct range *range)
{
	c->abi = arch_of_call(domain->audit, range->first);
	c->name = c->abi ? arch_nr_name(c->abi, range->first) : NULL;
	if (!c->name || !arch_syscall_find(c->name, strlen(c->name), &c->id))
		return;
	c->range = range;
	c->first = range_index_of(c->diags->arena, range);
	for (unsigned arg = 0; arg < CALL_ARGS; arg++)
		c->bits[arg] = arch_param_bits(c->abi, c->id, arg);
	c->looked_at = 0;
	for (size_t i = 0; i < range->clauses; i++) {
		for (size_t k = 0; k < range->clause[i].conds; k++)
			c->looked_at |= 1u << range->clause[i].cond[k].arg;
	}
	try_clauses(c, try_each);
	try_clauses(c, try_all);
}

/* One for all: nearly every profile has such rules, and they fail on the safe side. */
static void tell_refused(struct checker *c)
{
	size_t named = 0;
	struct buf b;

	if (!c->refusals)
		return;
	buf_init(&b, c->diags->arena);
	for (size_t id = 0; id < arch_syscall_count() && named < NAMES_MAX; id++) {
		if (c->refused[id])
			buf_printf(&b, "%s%s", named++ ? ", " : "", arch_syscall_name((uint16_t)id));
	}
	if (c->refusals > NAMES_MAX)
		buf_printf(&b, " and %zu more", c->refusals - NAMES_MAX);
	diag(c->diags, DIAG_EXCESS_REFUSED, c->refused_at, (uint32_t)strlen(c->first_refused),
		"calls are refused for what stands above an argument that the kernel cuts: %s",
		buf_string(&b));
}

void lint_wide_args(const struct policy *policy, struct diags *diags)
{
	struct checker c = {.diags = diags, .steps = STEPS_MAX, .told_at = NOWHERE};

	c.refused = arena_alloc(diags->arena, arch_syscall_count(), sizeof(*c.refused));
	for (size_t d = 0; d < policy->domains; d++) {
		const struct domain *domain = &policy->domain[d];
		for (size_t r = 0; r < domain->ranges; r++) {
			const struct range *range = &domain->range[r];
			if (range->clauses > 1 && range->first == range->last)
				check_range(&c, domain, range);
		}
	}
	tell_refused(&c);
}
