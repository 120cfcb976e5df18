/*
 * In: a sample and a call. Out: the values a filter may return for it.
 *
 * The rules are walked in file order for each question anew. First come those that are about the
 * call's number on its ABI, each as its list of conditions cut to the ABI's width: the candidates.
 * If one of them has no conditions the first such decides; otherwise those that match do. Where
 * these disagree, the order is taken from the two classes for which it is known: one condition
 * each, with values and arguments below 2^32, and conjunctions of equalities.
 */

#include "reference.h"

#include <string.h>

#define AUDIT_X86_64 0xc000003eu /* shared with x32, whose numbers have bit 30 */
#define BIT_X32      0x40000000u
#define NR_SKIPPED   UINT32_MAX

#define CANDIDATES 2048 /* about one number of one ABI */

/* One test of an argument, ready for its ABI's width. */
struct test_cond {
	unsigned arg;
	enum profile_op op;
	uint64_t mask, value;
};

struct candidate {
	uint32_t ret;
	struct test_cond cond[CALL_ARGS]; /* sorted by argument */
	size_t conds;
};

struct candidates {
	const struct sample *sample;
	const struct abi *abi;
	struct candidate list[CANDIDATES];
	size_t count;
};

/* --- which ABIs --- */

static bool node_has(const struct sample *s, size_t node, const struct abi *abi)
{
	bool found = s->native[node] == abi;

	for (size_t i = 0; i < s->subs; i++)
		found |= s->sub[i] == abi;
	return found;
}

/* The node whose rules hold on the ABI: the first that has it. NULL: no node has. */
static const struct abi *node_of(const struct sample *s, const struct abi *abi)
{
	for (size_t n = 0; n < s->natives; n++) {
		if (node_has(s, n, abi))
			return s->native[n];
	}
	return NULL;
}

#define EM_MIPS 8

/* A MIPS kernel has a table of a thousand numbers for each of o32, n64 and n32. */
static bool is_foreign(const struct abi *abi, uint32_t nr)
{
	uint32_t table = nr / 1000;
	uint32_t own = abi->numbering == NUMBERING_mips_o32 ? 4
		: abi->numbering == NUMBERING_mips_n64      ? 5
							    : 6;

	return (abi->audit & 0xffff) == EM_MIPS && table >= 4 && table <= 6 && table != own;
}

/* The ABI a call was made through; NULL if the filter has none for it. */
static const struct abi *abi_of(const struct sample *s, const struct call *call, bool *audit_known)
{
	const struct abi *found = NULL;

	*audit_known = false;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		if (abi->audit != call->arch || !node_of(s, abi))
			continue;
		*audit_known = true;
		bool x32 = abi->guest;
		if (is_foreign(abi, call->nr))
			return NULL;
		if (abi->audit != AUDIT_X86_64 || x32 == (call->nr >= BIT_X32))
			found = abi;
	}
	return found;
}

/* --- which rules --- */

static uint64_t width(const struct abi *abi)
{
	return abi->bits == 32 ? UINT32_MAX : UINT64_MAX;
}

/* Adds one condition in its place, unless its mask leaves nothing to compare. */
static void add_cond(struct candidate *c, const struct abi *abi, const struct profile_cond *from)
{
	bool masked = from->op == OP_MASKED_EQ;
	struct test_cond cond = {.arg = from->index, .op = from->op};
	size_t at = c->conds;

	cond.mask = width(abi) & (masked ? from->value : UINT64_MAX);
	cond.value = cond.mask & (masked ? from->value_two : from->value);
	if (!cond.mask)
		return;
	for (; at > 0 && c->cond[at - 1].arg > cond.arg; at--)
		c->cond[at] = c->cond[at - 1];
	c->cond[at] = cond;
	c->conds++;
}

static struct candidate *new_candidate(struct candidates *c, const struct sample_rule *rule)
{
	assert(c->count < CANDIDATES);
	c->list[c->count] = (struct candidate){.ret = action_ret(rule->action, rule->data)};
	return &c->list[c->count++];
}

static void add_candidate(struct candidates *c, const struct sample_rule *rule,
	const struct profile_cond *cond, size_t conds)
{
	struct candidate *to = new_candidate(c, rule);

	for (size_t i = 0; i < conds; i++)
		add_cond(to, c->abi, &cond[i]);
}

/* The same through socketcall or ipc: argument 0 is the call's code, whatever the rule says of it.
 */
static void add_multiplexed(struct candidates *c, const struct sample_rule *rule,
	const struct profile_cond *cond, size_t conds, uint32_t code)
{
	struct candidate *to = new_candidate(c, rule);
	struct profile_cond first = {.index = 0, .op = OP_EQ, .value = code};

	add_cond(to, c->abi, &first);
	for (size_t i = 0; i < conds; i++) {
		if (cond[i].index != 0)
			add_cond(to, c->abi, &cond[i]);
	}
}

/* A number of the ABI, or a syscall the ABI has not. */
struct subject {
	bool absent;
	uint32_t nr;
	uint16_t id;
};

/* One conjunction under one name: once through the multiplexer, once direct, if about the subject.
 */
static void add_conjunction(struct candidates *c, const struct subject *about, uint16_t id,
	const struct sample_rule *rule, const struct profile_cond *cond, size_t conds)
{
	uint32_t nr, code;

	if (!about->absent && arch_multiplexer(c->abi, id, &nr, &code) && nr == about->nr)
		add_multiplexed(c, rule, cond, conds, code);
	bool there = arch_nr(c->abi, id, &nr);
	if (about->absent ? !there && id == about->id : there && nr == about->nr)
		add_candidate(c, rule, cond, conds);
}

static bool repeats(const struct sample_rule *rule)
{
	unsigned seen = 0;

	for (size_t i = 0; i < rule->conds; i++) {
		if (seen >> rule->cond[i].index & 1)
			return true;
		seen |= 1u << rule->cond[i].index;
	}
	return false;
}

static void find_candidates(struct candidates *c, const struct subject *about)
{
	const struct sample *s = c->sample;
	const struct abi *node = node_of(s, c->abi);

	c->count = 0;
	for (size_t r = 0; r < s->rules; r++) {
		const struct sample_rule *rule = &s->rule[r];
		if (rule->only && rule->only != node)
			continue;
		if (action_ret(rule->action, rule->data) == action_ret(s->action, s->data))
			continue;
		for (size_t n = 0; n < rule->names; n++) {
			if (rule->name[n] == NAME_UNKNOWN)
				continue;
			if (!repeats(rule))
				add_conjunction(
					c, about, rule->name[n], rule, rule->cond, rule->conds);
			for (size_t i = 0; repeats(rule) && i < rule->conds; i++)
				add_conjunction(c, about, rule->name[n], rule, &rule->cond[i], 1);
		}
	}
}

/* --- X --- */

static bool same_cond(const struct test_cond *a, const struct test_cond *b)
{
	return a->arg == b->arg && a->op == b->op && a->mask == b->mask && a->value == b->value;
}

/* Are all of `part`'s conditions the first of `whole`? */
static bool begins(const struct candidate *part, const struct candidate *whole)
{
	if (part->conds > whole->conds)
		return false;
	for (size_t i = 0; i < part->conds; i++) {
		if (!same_cond(&part->cond[i], &whole->cond[i]))
			return false;
	}
	return true;
}

/* A rule that an earlier, shorter one begins never decides. */
static bool is_dead(const struct candidates *c, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (c->list[k].conds < c->list[i].conds && begins(&c->list[k], &c->list[i]))
			return true;
	}
	return false;
}

/* What libseccomp's tree has one test for, if the values fit. */
static int kind_of(enum profile_op op)
{
	return op == OP_MASKED_EQ ? 1 : op == OP_EQ || op == OP_NE ? 2 : 3;
}

/* Could the later rule come upon a test of the earlier one? On 64-bit ABIs upper halves are one by one. */
static bool touch(const struct candidate *a, const struct candidate *b)
{
	for (size_t i = 0; i < a->conds; i++) {
		for (size_t k = 0; k < b->conds; k++) {
			const struct test_cond *x = &a->cond[i], *y = &b->cond[k];
			if (x->arg == y->arg && kind_of(x->op) == kind_of(y->op) &&
				(x->value >> 32 == y->value >> 32 || x->value == y->value))
				return true;
		}
	}
	return false;
}

/*
 * Whether libseccomp refuses rules is asked of itself (refused.c). Here it is said where that is plain:
 * two rules that touch nowhere are no conflict, and two alone, of which the later begins the earlier, are
 * one.
 */
static enum refuses refuses(const struct candidates *c)
{
	enum refuses answer = REFUSES_NOT;

	for (size_t i = 0; i < c->count && c->list[i].conds; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct candidate *a = &c->list[k], *b = &c->list[i];
			if (a->ret == b->ret || !touch(a, b))
				continue;
			if (c->count == 2 && begins(b, a))
				return REFUSES;
			answer = REFUSES_PERHAPS;
		}
	}
	return answer;
}

static enum refuses worse(enum refuses a, enum refuses b)
{
	return a > b ? a : b;
}

/* On one ABI: every number and every absent syscall that some rule names. */
static enum refuses abi_refuses(const struct sample *s, const struct abi *abi)
{
	struct candidates c; /* large: not cleared, find_candidates() does what is needed */
	enum refuses answer = REFUSES_NOT;
	uint32_t nr, code;

	c.sample = s;
	c.abi = abi;

	for (size_t r = 0; r < s->rules; r++) {
		for (size_t n = 0; n < s->rule[r].names; n++) {
			uint16_t id = s->rule[r].name[n];
			if (id == NAME_UNKNOWN)
				continue;
			bool there = arch_nr(abi, id, &nr);
			find_candidates(&c, &(struct subject){!there, nr, id});
			bool multiplexed = arch_multiplexer(abi, id, &nr, &code);
			if (there || multiplexed || !abi->multiplexed)
				answer = worse(answer, refuses(&c));
			if (!multiplexed)
				continue;
			find_candidates(&c, &(struct subject){false, nr, 0});
			answer = worse(answer, refuses(&c));
		}
	}
	return answer;
}

enum refuses reference_refuses(const struct sample *s)
{
	enum refuses answer = REFUSES_NOT;

	for (size_t i = 0; i < arch_abi_count; i++) {
		if (node_of(s, &arch_abis[i]))
			answer = worse(answer, abi_refuses(s, &arch_abis[i]));
	}
	return answer;
}

/* --- which of them match --- */

static bool cond_matches(const struct test_cond *c, const struct call *call)
{
	uint64_t datum = call->args[c->arg] & c->mask;

	switch (c->op) {
	case OP_NE:
		return datum != c->value;
	case OP_LT:
		return datum < c->value;
	case OP_LE:
		return datum <= c->value;
	case OP_EQ:
	case OP_MASKED_EQ:
		return datum == c->value;
	case OP_GE:
		return datum >= c->value;
	case OP_GT:
		return datum > c->value;
	case PROFILE_OPS:
		break;
	}
	unreachable();
}

static bool matches(const struct candidate *c, const struct call *call)
{
	for (size_t i = 0; i < c->conds; i++) {
		if (!cond_matches(&c->cond[i], call))
			return false;
	}
	return true;
}

/* --- P, where it is known --- */

static bool equality(enum profile_op op)
{
	return op == OP_EQ || op == OP_NE || op == OP_MASKED_EQ;
}

/* Is the call's decision within the first class: single conditions, everything below 2^32? */
static bool all_single(const struct candidates *c, const struct call *call)
{
	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		if (c->abi->bits == 64 && call->args[arg] > UINT32_MAX)
			return false;
	}
	for (size_t i = 0; i < c->count; i++) {
		const struct candidate *a = &c->list[i];
		if (a->conds != 1 || a->cond[0].value > UINT32_MAX ||
			(a->cond[0].mask > UINT32_MAX &&
				(a->cond[0].mask != UINT64_MAX || a->cond[0].op == OP_MASKED_EQ)))
			return false;
		for (size_t k = 0; k < i; k++) { /* a condition and its opposite are left out */
			const struct test_cond *x = &a->cond[0], *y = &c->list[k].cond[0];
			if (x->arg == y->arg && x->value == y->value && x->op != y->op)
				return false;
		}
	}
	return true;
}

static bool all_equalities(const struct candidates *c)
{
	for (size_t i = 0; i < c->count; i++) {
		for (size_t k = 0; k < c->list[i].conds; k++) {
			const struct test_cond *cond = &c->list[i].cond[k];
			if (cond->op != OP_EQ || cond->mask != width(c->abi))
				return false;
		}
	}
	return true;
}

/* 64 bits: equalities under a mask of the low half and all others are blocks; the first added
 * leads. */
static bool in_leading_block(const struct candidates *c, const struct test_cond *cond)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct test_cond *other = &c->list[i].cond[0];
		if (other->arg == cond->arg && equality(other->op))
			return (other->mask > UINT32_MAX) == (cond->mask > UINT32_MAX);
	}
	return true;
}

/* 0, 1, 2: equalities, then "less", then "greater" */
static int class_of(enum profile_op op)
{
	return equality(op) ? 0 : op == OP_LT || op == OP_LE ? 1 : 2;
}

/* Does a (single condition, later in the file) go before b? */
static bool single_before(
	const struct candidates *c, const struct test_cond *a, const struct test_cond *b)
{
	if (a->arg != b->arg)
		return a->arg > b->arg;
	int class = class_of(a->op);
	if (class != class_of(b->op))
		return class < class_of(b->op);
	if (class == 0 && in_leading_block(c, a) != in_leading_block(c, b))
		return in_leading_block(c, a);
	return class == 1 ? a->value < b->value : a->value > b->value;
}

/* Both match one call, so where both ask an argument they ask the same value. */
static bool equalities_before(const struct candidate *a, const struct candidate *b)
{
	for (size_t i = 0; i < a->conds && i < b->conds; i++) {
		if (a->cond[i].arg != b->cond[i].arg)
			return a->cond[i].arg > b->cond[i].arg;
	}
	return a->conds < b->conds;
}

/* The candidate that decides among those that match, in a class where that is known; else NULL. */
static const struct candidate *leader(const struct candidates *c, const struct call *call)
{
	bool single = all_single(c, call);
	const struct candidate *first = NULL;

	if (!single && !all_equalities(c))
		return NULL;
	for (size_t i = 0; i < c->count; i++) {
		const struct candidate *a = &c->list[i];
		if (!matches(a, call))
			continue;
		if (!first ||
			(single ? single_before(c, &a->cond[0], &first->cond[0])
				: equalities_before(a, first)))
			first = a;
	}
	return first;
}

/* --- the verdict --- */

static void expect(struct expected *e, uint32_t ret)
{
	if (!reference_expects(e, ret))
		e->ret[e->rets++] = ret;
}

static void decide(const struct candidates *c, const struct call *call, struct expected *e)
{
	for (size_t i = 0; i < c->count; i++) {
		if (!c->list[i].conds) {
			expect(e, c->list[i].ret);
			return;
		}
	}
	for (size_t i = 0; i < c->count; i++) {
		if (matches(&c->list[i], call) && !is_dead(c, i))
			expect(e, c->list[i].ret);
	}
	if (e->rets <= 1)
		return;
	const struct candidate *one = leader(c, call);
	if (one)
		*e = (struct expected){.ret = {one->ret}, .rets = 1};
}

void reference_decide(const struct sample *s, const struct call *call, struct expected *e)
{
	struct candidates c;
	bool audit_known;

	e->rets = 0;
	c.sample = s;
	c.abi = abi_of(s, call, &audit_known);
	if (!audit_known) {
		expect(e, RET_KILL_THREAD);
	} else if (call->nr == NR_SKIPPED) {
		expect(e, action_ret(s->action, s->data));
	} else if (!c.abi) {
		expect(e, RET_KILL_THREAD);
	} else {
		find_candidates(&c, &(struct subject){.nr = call->nr});
		decide(&c, call, e);
		if (!e->rets)
			expect(e, action_ret(s->action, s->data));
	}
}

bool reference_expects(const struct expected *e, uint32_t ret)
{
	for (size_t i = 0; i < e->rets; i++) {
		if (e->ret[i] == ret)
			return true;
	}
	return false;
}
