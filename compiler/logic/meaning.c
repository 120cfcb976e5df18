/*
 * Each bit of a call is a variable: the audit arch's first, then the number's, then the arguments'
 * and the instruction pointer's, heavy bits before light ones. Filters decide in about that order,
 * which keeps their diagrams small.
 *
 * In: a policy. Out: its function. It is built from the policy's definition alone, bit by bit, and
 * shares nothing with the way programs are read but the store. A condition is a chain over the 64
 * bits of an argument; clauses are nested from the last to the first; the ranges of a domain become
 * a tree over the number's bits without any search.
 */

#include "meaning.h"

#include "../base/base.h"

#include <stdlib.h>

#define WORD_BITS 32u

static_assert(WORDS * WORD_BITS == BDD_VARS, "a variable for each bit of a call");

static const uint8_t words[WORDS] = {WORD_ARCH, WORD_NR, WORD_HI(0), WORD_LO(0), WORD_HI(1),
	WORD_LO(1), WORD_HI(2), WORD_LO(2), WORD_HI(3), WORD_LO(3), WORD_HI(4), WORD_LO(4),
	WORD_HI(5), WORD_LO(5), WORD_IP_HI, WORD_IP_LO};

uint32_t meaning_variable(unsigned word)
{
	uint32_t place = 0;

	while (words[place] != word)
		place++;
	return place * WORD_BITS;
}

/*
 * (args[arg] & mask) OP value, from the lightest bit up: `result` is the answer where the heavier
 * bits of both are equal. A bit outside the mask counts as 0.
 */
static uint32_t cond_function(struct bdd *b, const struct cond *c)
{
	static const uint32_t answer[][3] = {
		/* less, equal, more */
		[COND_EQ] = {BDD_FALSE, BDD_TRUE, BDD_FALSE},
		[COND_NE] = {BDD_TRUE, BDD_FALSE, BDD_TRUE},
		[COND_LT] = {BDD_TRUE, BDD_FALSE, BDD_FALSE},
		[COND_LE] = {BDD_TRUE, BDD_TRUE, BDD_FALSE},
		[COND_GE] = {BDD_FALSE, BDD_TRUE, BDD_TRUE},
		[COND_GT] = {BDD_FALSE, BDD_FALSE, BDD_TRUE},
	};
	const uint32_t less = answer[c->op][0], more = answer[c->op][2];
	uint32_t result = answer[c->op][1];
	uint32_t lightest = meaning_variable(WORD_LO(c->arg)) + WORD_BITS - 1;

	for (uint32_t i = 0; i < 64; i++) {
		bool one = c->value >> i & 1;
		uint32_t lo = one ? less : result, hi = one ? result : more;
		result = c->mask >> i & 1 ? bdd_node(b, lightest - i, lo, hi) : lo;
	}
	return result;
}

uint32_t meaning_clause(struct bdd *b, const struct clause *clause)
{
	uint32_t holds = BDD_TRUE;

	for (size_t k = clause->conds; k--;)
		holds = bdd_ite(b, cond_function(b, &clause->cond[k]), holds, BDD_FALSE);
	return holds;
}

/* Does a clause want one value, of the same bits and for the same answer as another one? */
static bool wants_value_like(const struct clause *clause, const struct clause *other)
{
	const struct cond *c = clause->cond, *o = other->cond;

	return clause->conds == 1 && other->conds == 1 && clause->ret == other->ret &&
		c->op == COND_EQ && o->op == COND_EQ && c->arg == o->arg && c->mask == o->mask &&
		!(c->value & ~c->mask);
}

static int by_value(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

struct values {
	struct bdd *bdd;
	uint64_t mask;
	uint32_t lightest; /* variable of bit 0 */
};

/* Is it one of these sorted values, which differ in no bit from `bits` on? 64 levels deep. */
static uint32_t values_function(
	const struct values *v, const uint64_t *value, size_t count, unsigned bits)
{
	size_t zeros = 0;

	if (!count)
		return BDD_FALSE;
	while (bits && !(v->mask >> (bits - 1) & 1))
		bits--;
	if (!bits--)
		return BDD_TRUE;
	while (zeros < count && !(value[zeros] >> bits & 1))
		zeros++;
	uint32_t lo = values_function(v, value, zeros, bits);
	uint32_t hi = values_function(v, value + zeros, count - zeros, bits);
	return bdd_node(v->bdd, v->lightest - bits, lo, hi);
}

/* Some of the clauses hold, all of which want a value like the first. */
static uint32_t any_function(struct bdd *b, const struct clause *clause, size_t clauses)
{
	struct values v = {.bdd = b,
		.mask = clause->cond->mask,
		.lightest = meaning_variable(WORD_LO(clause->cond->arg)) + WORD_BITS - 1};
	uint64_t *value = arena_raw(b->arena, clauses, sizeof(*value));

	for (size_t i = 0; i < clauses; i++)
		value[i] = clause[i].cond->value;
	qsort(value, clauses, sizeof(*value), by_value);
	return values_function(&v, value, clauses, 64);
}

/* The first clause that holds decides. Of those side by side that want a value each and give one
 * answer it does not matter which: lists of thousands are made of them. */
uint32_t meaning_range(struct bdd *b, const struct range *range)
{
	size_t last = range->clauses - 1;
	uint32_t result = bdd_leaf(b, range->clause[last].ret);

	assert(!range->clause[last].conds);
	for (size_t end = last, i; end; end = i) {
		const struct clause *clause = &range->clause[end - 1];
		i = end - 1;
		while (i && wants_value_like(&range->clause[i - 1], clause))
			i--;
		bool many = end - i > 1 && wants_value_like(clause, clause);
		if (!many)
			i = end - 1;
		uint32_t holds = many ? any_function(b, &range->clause[i], end - i)
				      : meaning_clause(b, clause);
		result = bdd_ite(b, holds, bdd_leaf(b, clause->ret), result);
	}
	return result;
}

/*
 * Boolean: is the number allowed without a look at its arguments? Conditions that only together
 * cover everything are not seen through: nobody has promised them a place in the bitmap.
 */
static uint32_t clauses_allow(struct bdd *b, const struct range *range)
{
	(void)b;
	for (size_t i = 0; i < range->clauses; i++) {
		if (range->clause[i].ret != RET_ALLOW)
			return BDD_FALSE;
		if (!range->clause[i].conds)
			break;
	}
	return BDD_TRUE;
}

/* A domain's ranges, in order, and what answers for each: a function of the arguments. */
struct selector {
	struct bdd *bdd;
	const struct range *range;
	const uint32_t *answer;
};

/* The function of the numbers first..first + 2^bits - 1; depth is the number's 32 bits. */
static uint32_t select(struct selector *s, uint32_t first, unsigned bits)
{
	uint32_t last = first + (uint32_t)((UINT64_C(1) << bits) - 1);

	while (s->range->last < first) {
		s->range++;
		s->answer++;
	}
	if (s->range->last >= last)
		return *s->answer;
	uint32_t half = UINT32_C(1) << (bits - 1);
	uint32_t lo = select(s, first, bits - 1);
	uint32_t hi = select(s, first + half, bits - 1);
	return bdd_node(s->bdd, meaning_variable(WORD_NR) + WORD_BITS - bits, lo, hi);
}

static uint32_t arch_is(struct bdd *b, uint32_t audit)
{
	uint32_t lightest = meaning_variable(WORD_ARCH) + WORD_BITS - 1;
	uint32_t result = BDD_TRUE;

	for (uint32_t i = 0; i < WORD_BITS; i++) {
		bool one = audit >> i & 1;
		result = bdd_node(
			b, lightest - i, one ? BDD_FALSE : result, one ? result : BDD_FALSE);
	}
	return result;
}

uint32_t meaning_on(struct bdd *b, uint32_t audit, uint32_t here, uint32_t elsewhere)
{
	return bdd_ite(b, arch_is(b, audit), here, elsewhere);
}

/* On each audit arch what answers for the number's range, `elsewhere` on all others. */
static uint32_t policy_function(struct bdd *b, const struct policy *policy,
	uint32_t (*answer)(struct bdd *, const struct range *), uint32_t elsewhere)
{
	uint32_t result = elsewhere;

	for (size_t d = policy->domains; d--;) { /* the first of an audit arch counts */
		const struct domain *domain = &policy->domain[d];
		uint32_t *answers = arena_alloc(b->arena, domain->ranges, sizeof(*answers));
		for (size_t i = 0; i < domain->ranges; i++)
			answers[i] = answer(b, &domain->range[i]);
		struct selector s = {b, domain->range, answers};
		uint32_t here = select(&s, 0, WORD_BITS);
		result = meaning_on(b, domain->audit, here, result);
	}
	return result;
}

uint32_t meaning_policy(struct bdd *b, const struct policy *policy)
{
	return policy_function(b, policy, meaning_range, bdd_leaf(b, policy->elsewhere.ret));
}

uint32_t meaning_numbers(struct bdd *b, uint32_t audit, uint32_t first, uint32_t last)
{
	static const struct clause no, yes = {.ret = 1};
	const struct range range[] = {{0, first - 1, &no, 1}, {first, last, &yes, 1}, {last + 1, UINT32_MAX, &no, 1}};
	size_t from = first == 0, to = last == UINT32_MAX ? 2 : 3;
	const struct domain domain = {audit, range + from, to - from};
	const struct policy p = {.domain = &domain, .domains = 1, .elsewhere = no};

	return meaning_policy(b, &p);
}

uint32_t meaning_allowed(struct bdd *b, const struct policy *policy)
{
	return policy_function(b, policy, clauses_allow, BDD_FALSE);
}

/* The word a variable is a bit of, and which. */
static unsigned variable_word(uint32_t var, uint32_t *bit)
{
	*bit = UINT32_C(1) << (WORD_BITS - 1 - var % WORD_BITS);
	return words[var / WORD_BITS];
}

uint64_t meaning_at(const struct bdd *b, uint32_t function, const struct call *call)
{
	while (!bdd_is_leaf(b, function)) {
		uint32_t bit, var = bdd_first(b, function, function);
		unsigned word = variable_word(var, &bit);
		function = bdd_given(b, function, var, call_word(call, word) & bit);
	}
	return bdd_value(b, function);
}

void meaning_set(struct call *call, uint32_t var)
{
	uint32_t bit;
	unsigned word = variable_word(var, &bit);

	if (word == WORD_NR) {
		call->nr |= bit;
	} else if (word == WORD_ARCH) {
		call->arch |= bit;
	} else {
		uint64_t *field =
			word < WORD_ARG_LO ? &call->ip : &call->args[(word - WORD_ARG_LO) / 2];
		*field |= word % 2 ? (uint64_t)bit << 32 : bit;
	}
}

uint32_t meaning_given(const struct bdd *b, uint32_t function, unsigned word, uint32_t value)
{
	uint32_t first = meaning_variable(word);

	for (uint32_t i = 0; i < WORD_BITS; i++)
		function = bdd_given(b, function, first + i, value >> (WORD_BITS - 1 - i) & 1);
	return function;
}

static uint32_t given_arch(const struct bdd *b, uint32_t function, uint32_t audit)
{
	return meaning_given(b, function, WORD_ARCH, audit);
}

struct call meaning_differ(const struct bdd *b, uint32_t f, uint32_t g, const struct policy *policy)
{
	struct call call = {0};

	assert(f != g);
	for (size_t d = 0; d < policy->domains; d++) {
		uint32_t audit = policy->domain[d].audit;
		if (given_arch(b, f, audit) == given_arch(b, g, audit))
			continue;
		f = given_arch(b, f, audit);
		g = given_arch(b, g, audit);
		call.arch = audit;
		break;
	}
	while (!bdd_is_leaf(b, f) || !bdd_is_leaf(b, g)) {
		uint32_t var = bdd_first(b, f, g);
		bool one = bdd_given(b, f, var, false) == bdd_given(b, g, var, false);
		if (one) /* only there they differ */
			meaning_set(&call, var);
		f = bdd_given(b, f, var, one);
		g = bdd_given(b, g, var, one);
	}
	return call;
}
