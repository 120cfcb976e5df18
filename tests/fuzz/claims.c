/*
 * What `winnow assert` says of lines, held against brute force: calls at the edges of the lines and
 * of the policy, cut as the kernel cuts them, and the policy's own answers. None of it asks the
 * code that judges.
 *
 * A "yes" is contradicted by no call tried. A "no" shows a call that the line is about, that can
 * exist, and whose answer is another. A line and its opposite are not both "yes". What is refused
 * speaks of an argument that cannot be, and what is not refused of one that can.
 */

#include "claims.h"

#include "target.h"
#include "fake_io.h"

#include "arch/width.h"
#include "compiler/logic/settle.h"
#include "compiler/logic/verdict.h"
#include "tools/lib/assertion.h"
#include "tools/cli/assertion_told.h"
#include "tools/cli/options.h"
#include "tools/lib/bypass.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EDGES 512   /* values of one argument */
#define CALLS 20000 /* tried on one ABI for one line */

struct edges {
	uint64_t value[EDGES];
	size_t values;
};

/* --- what a line says --- */

static uint64_t low_bits(unsigned bits)
{
	return bits < 64 ? ((uint64_t)1 << bits) - 1 : UINT64_MAX;
}

/* What the kernel takes of the argument that most ABIs have at `arg`. */
static uint64_t taken_bits(const struct abi *abi, const struct assertion *a, unsigned arg)
{
	return low_bits(arch_param_bits(abi, a->syscall, bypass_place(abi, a->syscall, arg)));
}

static uint64_t number_of(const struct value *v, const struct abi *abi)
{
	const struct term *missing;
	uint64_t number;
	bool there = terms_on(v, abi, &number, &missing);

	assert(there); /* such a line is refused */
	return number;
}

static bool arg_holds(const struct assertion *a, unsigned i, const struct abi *abi, uint64_t value)
{
	const struct assertion_arg *arg = &a->arg[i];
	uint64_t low = taken_bits(abi, a, i), mask = low;

	if (arg->any)
		return true;
	uint64_t wanted = number_of(&arg->value, abi) & low;
	if (arg->masked)
		mask = number_of(&arg->mask, abi) & low;
	value &= mask;
	switch (arg->op) {
	case COND_EQ:
		return value == wanted;
	case COND_NE:
		return value != wanted;
	case COND_LT:
		return value < wanted;
	case COND_LE:
		return value <= wanted;
	case COND_GE:
		return value >= wanted;
	case COND_GT:
		return value > wanted;
	}
	unreachable();
}

static bool met(const struct assertion *a, const struct abi *abi, uint32_t ret)
{
	switch (a->claim) {
	case CLAIM_ALLOW:
		return verdict_lets_through(ret);
	case CLAIM_DENY:
		return verdict_rank(ret) <= ACTION_ERRNO;
	case CLAIM_KILL:
		return verdict_rank(ret) <= ACTION_KILL_THREAD;
	case CLAIM_ACTION:
		if (RET_ACTION(ret) != action_ret(a->action, 0))
			return false;
		return !a->has_data || RET_DATA(ret) == number_of(&a->data, abi);
	}
	unreachable();
}

/* --- edges --- */

static void add_edge(struct edges *e, uint64_t value)
{
	for (size_t i = 0; i < e->values; i++) {
		if (e->value[i] == value)
			return;
	}
	if (e->values < EDGES)
		e->value[e->values++] = value;
}

/* Beside a value, and what the kernel takes for the same. */
static void add_around(struct edges *e, uint64_t value, unsigned bits)
{
	uint64_t low = low_bits(bits);

	for (unsigned i = 0; i < 3; i++) {
		uint64_t near = value + i - 1;
		add_edge(e, near);
		if (bits == 64)
			continue;
		add_edge(e, near & low);
		add_edge(e, (near & low) | (low + 1));
		add_edge(e, near | ~low);
	}
}

static void add_compared(struct edges *e, uint64_t value, uint64_t mask, unsigned bits)
{
	add_around(e, value, bits);
	if (mask & low_bits(bits) & (mask + 1)) {
		add_around(e, value | ~mask, bits);
		add_around(e, value ^ (mask & -mask), bits);
		add_around(e, mask, bits);
	}
}

static void find_edges(struct edges *e, const struct assertion *a, unsigned i,
	const struct abi *abi, const struct range *range)
{
	unsigned place = bypass_place(abi, a->syscall, i),
		 bits = arch_param_bits(abi, a->syscall, place);
	const struct assertion_arg *arg = &a->arg[i];

	e->values = 0;
	add_around(e, 0, bits);
	if (i < a->args && !arg->any)
		add_compared(e, number_of(&arg->value, abi),
			arg->masked ? number_of(&arg->mask, abi) : UINT64_MAX, bits);
	for (size_t k = 0; range && k < range->clauses; k++) {
		for (size_t c = 0; c < range->clause[k].conds; c++) {
			const struct cond *cond = &range->clause[k].cond[c];
			if (cond->arg == place)
				add_compared(e, cond->value, cond->mask, bits);
		}
	}
}

/* --- trying --- */

static bool line_holds(const struct assertion *a, const struct abi *abi, const struct call *call)
{
	for (unsigned i = 0; i < a->args; i++) {
		if (!arg_holds(a, i, abi, call->args[bypass_place(abi, a->syscall, i)]))
			return false;
	}
	return true;
}

static const struct range *range_of(const struct policy *policy, const struct call *call)
{
	for (size_t i = 0; i < policy->domains; i++) {
		if (policy->domain[i].audit == call->arch)
			return domain_find(&policy->domain[i], call->nr);
	}
	return NULL;
}

/* The edges of all arguments crossed, or as many of their calls as there is time for. */
static void try_abi(const struct assertion *a, const struct abi *abi, const struct policy *policy)
{
	static struct edges edges[CALL_ARGS];
	struct call call = {.arch = abi->audit};
	uint64_t all = 1;

	if (abi->order != policy->order || !arch_nr(abi, a->syscall, &call.nr))
		return;
	for (unsigned i = 0; i < CALL_ARGS; i++) {
		find_edges(&edges[i], a, i, abi, range_of(policy, &call));
		all = all > UINT32_MAX ? all : all * edges[i].values;
	}
	for (uint64_t n = 0; n < all && n < CALLS; n++) {
		uint64_t rest = all <= CALLS ? n : (n * UINT64_C(0x9e3779b97f4a7c15)) >> 16;
		for (unsigned i = 0; i < CALL_ARGS; i++) {
			call.args[bypass_place(abi, a->syscall, i)] =
				edges[i].value[rest % edges[i].values];
			rest /= edges[i].values;
		}
		if (settle_exists(&call) && line_holds(a, abi, &call))
			assert(met(a, abi, policy_decide(policy, &call)->ret));
	}
}

static bool is_meant(const struct assertion *a, const struct abi *abi, const struct policy *policy)
{
	bool found = a->everywhere;

	for (size_t i = 0; i < a->abis; i++)
		found = found || a->abi[i] == abi;
	for (size_t i = 0; !a->abis && i < policy->abis; i++)
		found = found || policy->abi[i] == abi;
	return found && abi->order == policy->order;
}

static void try_assertion(const struct assertion *a, const struct policy *policy)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (is_meant(a, &arch_abis[i], policy))
			try_abi(a, &arch_abis[i], policy);
	}
}

/* --- lines about nothing --- */

static bool fits(const struct value *v, const struct abi *abi, unsigned bits)
{
	int64_t number = (int64_t)number_of(v, abi);

	return bits == 64 || (number >= 0 && (uint64_t)number <= low_bits(bits)) ||
		(number < 0 && number >= -((int64_t)1 << (bits - 1)));
}

static bool is_there(const struct value *v, const struct abi *abi)
{
	const struct term *missing;
	uint64_t number;

	return terms_on(v, abi, &number, &missing);
}

/* Is there an argument like that, and does every word mean something? */
static bool arg_can_be(const struct assertion *a, unsigned i, const struct abi *abi)
{
	const struct assertion_arg *arg = &a->arg[i];
	unsigned bits = arch_param_bits(abi, a->syscall, bypass_place(abi, a->syscall, i));
	static struct edges edges;

	if (arg->any)
		return true;
	if (i >= arch_params(abi, a->syscall) || !is_there(&arg->value, abi) ||
		!fits(&arg->value, abi, bits))
		return false;
	if (arg->masked && (!is_there(&arg->mask, abi) || !fits(&arg->mask, abi, bits)))
		return false;
	if (arg->masked && !(number_of(&arg->mask, abi) & low_bits(bits)))
		return false;
	find_edges(&edges, a, i, abi, NULL);
	for (size_t k = 0; k < edges.values; k++) {
		if (arg_holds(a, i, abi, edges.value[k]))
			return true;
	}
	return false;
}

static bool can_be(const struct assertion *a, const struct abi *abi)
{
	uint32_t nr, code;

	if (!arch_nr(abi, a->syscall, &nr) && !arch_multiplexer(abi, a->syscall, &nr, &code))
		return true;
	for (unsigned i = 0; i < a->args; i++) {
		if (!arg_can_be(a, i, abi))
			return false;
	}
	if (!a->has_data)
		return true;
	return is_there(&a->data, abi) &&
		number_of(&a->data, abi) <= (a->action == ACTION_ERRNO ? 4095 : UINT16_MAX);
}

static bool all_can_be(
	const struct assertion *assertions, size_t count, const struct policy *policy)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < arch_abi_count; k++) {
			if (is_meant(&assertions[i], &arch_abis[k], policy) &&
				!can_be(&assertions[i], &arch_abis[k]))
				return false;
		}
	}
	return true;
}

/* --- what was said --- */

/* "x86_64 socket(0x26, 1): ALLOW"; false: the call is another one, a multiplexer's. */
static bool read_shown(
	const char *at, const struct assertion *a, const struct abi **abi, struct call *call)
{
	size_t len = strcspn(at, " ");
	const char *name = arch_syscall_name(a->syscall);

	*abi = arch_find(at, len);
	if (!*abi || at[len] != ' ' || strncmp(at + len + 1, name, strlen(name)) != 0)
		return false;
	at += len + 1 + strlen(name);
	if (*at != '(')
		return false;
	*call = (struct call){.arch = (*abi)->audit};
	if (!arch_nr(*abi, a->syscall, &call->nr))
		return false;
	for (unsigned i = 0; i < CALL_ARGS && *at != ')'; i++) {
		char *end;
		call->args[i] = strtoull(at + 1, &end, 0);
		at = end;
	}
	return true;
}

static void check_no(const char *shown, const struct assertion *a, const struct policy *policy)
{
	const struct abi *abi;
	struct call call;

	if (strncmp(shown, "  no ABI", 8) == 0 || !read_shown(shown + 2, a, &abi, &call))
		return;
	assert(is_meant(a, abi, policy));
	assert(settle_exists(&call));
	assert(line_holds(a, abi, &call));
	assert(!met(a, abi, policy_decide(policy, &call)->ret));
}

static bool opposite(const struct assertion *a, const struct assertion *b)
{
	const char *call = strchr(a->text, ' '), *other = strchr(b->text, ' ');

	return a->claim == CLAIM_ALLOW && b->claim == CLAIM_DENY && call && other &&
		strcmp(call, other) == 0;
}

/* The answers, a line each with its assertion; true if all are yes. */
static bool check_answers(
	const struct assertion *assertions, size_t count, const struct policy *policy)
{
	const char *at = fake_io.out ? fake_io.out : "";
	char head[64];
	bool all = true, last = false;

	for (size_t i = 0; i < count; i++) {
		const char *end = strchr(at, '\n');
		assert(end);
		snprintf(head, sizeof(head), "fuzz.txt:%u: ", assertions[i].line);
		assert(strncmp(at, head, strlen(head)) == 0);
		at += strlen(head);
		bool yes = strncmp(at, "yes: ", 5) == 0, no = strncmp(at, "no: ", 4) == 0;
		assert(yes || no || strncmp(at, "undecidable: ", 13) == 0);
		at = end + 1;
		if (yes)
			try_assertion(&assertions[i], policy);
		else
			assert(at[0] == ' ' && at[1] == ' ' && at[2] > ' ');
		if (no)
			check_no(at, &assertions[i], policy);
		while (at[0] == ' ')
			at = strchr(at, '\n') + 1;
		assert(!(i && yes && last && opposite(&assertions[i - 1], &assertions[i])));
		all = all && yes;
		last = yes;
	}
	assert(!*at);
	return all;
}

void claims_check(
	struct arena *arena, int status, const struct source *source, const struct policy *policy)
{
	struct assertion *assertions;
	size_t count;

	assert(status == EXIT_DONE || status == EXIT_FINDING || status == EXIT_INPUT ||
		status == EXIT_HOST);
	if (status == EXIT_INPUT || status == EXIT_HOST) {
		assert(fake_io.said && !fake_io.out);
		assert(status == EXIT_HOST || strncmp(fake_io.said, "fuzz.txt:", 9) == 0);
		if (status == EXIT_INPUT && assertion_read(arena, source, &assertion_told, &assertions, &count))
			assert(!all_can_be(assertions, count, policy));
		return;
	}
	assert(!fake_io.said);
	bool read = assertion_read(arena, source, &assertion_told, &assertions, &count);
	assert(read && !fake_io.said);
	assert(all_can_be(assertions, count, policy));
	bool all = check_answers(assertions, count, policy);
	assert(status == (all ? EXIT_DONE : EXIT_FINDING));
}
