/*
 * Calls that can exist, on every ABI: settled functions against policy_decide() for them, programs
 * that differ for other calls only (equal, with one hash), and for one that exists (different, and
 * the witness is a call that exists).
 */

#include "compiler/logic/diff.h"
#include "backends/prove/hash.h"
#include "compiler/logic/meaning.h"
#include "compiler/logic/settle.h"
#include "compiler/logic/verdict.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/plain.h"

#define TRIES 12
#define CALLS 100

/* A policy of one audit arch. */
struct one_profile {
	struct domain domain;
	struct policy policy;
};

static void make_one(struct one_profile *one, const struct abi *abi, struct domain domain, uint32_t other)
{
	one->domain = domain;
	one->policy = (struct policy){.order = abi->order,
		.domain = &one->domain,
		.domains = 1,
		.elsewhere = {.ret = other}};
}

/* The same with one more clause before all others of one range. */
static struct domain preceded(struct arena *arena, struct dice *d, const struct domain *domain,
	const struct clause *first)
{
	struct range *range =
		arena_grow(arena, domain->range, domain->ranges, domain->ranges, sizeof(*range));
	struct range *r = &range[dice_below(d, domain->ranges)];
	struct clause *clause = arena_alloc(arena, r->clauses + 1, sizeof(*clause));

	clause[0] = *first;
	memcpy(clause + 1, r->clause, r->clauses * sizeof(*clause));
	r->clause = clause;
	r->clauses++;
	return (struct domain){domain->audit, range, domain->ranges};
}

static bool same_hash(struct bdd *b, uint32_t f, uint32_t g)
{
	uint8_t left[SHA256_SIZE], right[SHA256_SIZE];

	assert_true(hash_function(b, f, left) && hash_function(b, g, right));
	return memcmp(left, right, SHA256_SIZE) == 0;
}

/* What settled functions say of a difference is what both policies do for a call that exists. */
static void check_difference(
	struct bdd *b, const struct policy *p, const struct policy *q, bool differ)
{
	uint32_t f = meaning_policy(b, p), g = meaning_policy(b, q);
	uint32_t x = settle(b, verdict_function(b, f)), y = settle(b, verdict_function(b, g));
	struct call call;

	assert_int_equal(x != y, differ);
	assert_int_equal(same_hash(b, f, g), !differ);
	if (!differ)
		return;
	uint64_t leaf = diff_witness(b, diff_function(b, x, y), &call);
	assert_true(settle_exists(&call));
	assert_int_equal(verdict_of(policy_decide(p, &call)->ret), diff_left(leaf));
	assert_int_equal(verdict_of(policy_decide(q, &call)->ret), diff_right(leaf));
	assert_int_not_equal(diff_left(leaf), diff_right(leaf));
}

#define HIGH (UINT64_MAX << 32)

/* Where one argument is what no program of some kind of ABI can pass, and which kinds those are. */
static const struct {
	struct cond cond;
	bool exists[3]; /* by enum upper */
} odd[] = {
	{{.op = COND_NE, .mask = HIGH, .value = 0}, {true, false, true}},
	{{.op = COND_EQ, .mask = HIGH, .value = UINT64_C(1) << 32}, {true, false, false}},
	{{.op = COND_EQ, .mask = HIGH, .value = HIGH}, {true, false, true}},
	{{.op = COND_EQ, .mask = HIGH | 0x80000000, .value = HIGH}, {true, false, false}},
	{{.op = COND_EQ, .mask = UINT64_C(1) << 63, .value = UINT64_C(1) << 63},
		{true, false, true}},
	{{.op = COND_EQ, .mask = UINT64_MAX, .value = UINT64_C(0xfffffffffffffffe)},
		{true, false, true}},
	{{.op = COND_GT, .mask = UINT64_MAX, .value = UINT32_MAX}, {true, false, true}},
	{{.op = COND_EQ, .mask = UINT32_MAX, .value = 0x80000001}, {true, true, true}},
};

static void try_odd(struct dice *d, const struct abi *abi, size_t i, unsigned arg)
{
	struct cond cond = odd[i].cond;
	const struct clause clause = {.ret = 0x00050021, .cond = &cond, .conds = 1};
	struct arena arena;
	struct one_profile p, q;
	struct bdd b;

	cond.arg = (uint8_t)arg;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	make_one(&p, abi, arbitrary_domain(&arena, d, abi->audit), RET_KILL_THREAD);
	make_one(&q, abi, preceded(&arena, d, &p.domain, &clause), RET_KILL_THREAD);
	check_difference(&b, &p.policy, &q.policy, odd[i].exists[arch_upper(abi, arg)]);
	arena_free(&arena);
}

static void calls_that_cannot_exist_make_no_difference(void **state)
{
	struct dice d = {41};

	(void)state;
	for (size_t a = 0; a < arch_abi_count; a++) {
		for (size_t i = 0; i < countof(odd); i++) {
			for (unsigned arg = 0; arg < CALL_ARGS; arg++)
				try_odd(&d, &arch_abis[a], i, arg);
		}
	}
}

/* Cut off or extended as the ABI has it, one way or the other. */
static void make_possible(struct dice *d, const struct abi *abi, struct call *call)
{
	for (unsigned arg = 0; abi->audit == call->arch && arg < CALL_ARGS; arg++) {
		uint32_t low = (uint32_t)call->args[arg];
		bool sign = arch_upper(abi, arg) == UPPER_EXTENDED && dice_below(d, 2);
		if (arch_upper(abi, arg) != UPPER_ANY)
			call->args[arg] = sign ? (uint64_t)(int32_t)low : low;
	}
}

static void try_settled(struct dice *d, const struct abi *abi)
{
	struct arena arena;
	struct one_profile one, other;
	struct bdd b;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	make_one(&one, abi, arbitrary_domain(&arena, d, abi->audit), arbitrary_ret(d));
	make_one(&other, abi, arbitrary_domain(&arena, d, abi->audit), arbitrary_ret(d));
	const struct policy *p = &one.policy;
	uint32_t f = meaning_policy(&b, p), settled = settle(&b, f);
	assert_int_equal(settle(&b, settled), settled);
	uint32_t possible = settle_possible(&b, abi);
	bool differs = false;
	for (unsigned i = 0; i < CALLS; i++) {
		struct call call = arbitrary_call(d, p);
		if (call.arch == abi->audit)
			assert_int_equal(meaning_at(&b, possible, &call), settle_exists(&call));
		for (size_t a = 0; a < arch_abi_count; a++)
			make_possible(d, &arch_abis[a], &call);
		assert_true(settle_exists(&call));
		assert_true(call.arch != abi->audit || meaning_at(&b, possible, &call));
		assert_true(meaning_at(&b, settled, &call) == policy_decide(p, &call)->ret);
		differs |= verdict_of(policy_decide(p, &call)->ret) !=
			verdict_of(policy_decide(&other.policy, &call)->ret);
	}
	if (differs)
		check_difference(&b, p, &other.policy, true);
	arena_free(&arena);
}

static void settling_touches_no_call_that_exists(void **state)
{
	struct dice d = {42};

	(void)state;
	for (size_t a = 0; a < arch_abi_count; a++) {
		for (unsigned i = 0; i < TRIES; i++)
			try_settled(&d, &arch_abis[a]);
	}
}

static void try_narrow(const struct abi *abi)
{
	const struct cond conds[] = {
		{0, COND_EQ, UINT32_MAX, 7}, {5, COND_LT, 0xffff0000, 0x20000}};
	const struct clause clause[] = {
		{.ret = 0x00050001, .cond = conds, .conds = 2}, {.ret = RET_ALLOW}};
	const struct range range = {0, UINT32_MAX, clause, 2};
	struct arena arena;
	struct bdd b;
	struct one_profile one;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	make_one(&one, abi, (struct domain){abi->audit, &range, 1}, 0);
	uint32_t f = meaning_policy(&b, &one.policy);
	assert_int_equal(settle(&b, f), f);
	arena_free(&arena);
}

/* Winnow's filters of 32-bit ABIs ask for no upper half: their hashes are those of the functions.
 */
static void what_asks_for_no_upper_half_is_settled(void **state)
{
	(void)state;
	for (size_t a = 0; a < arch_abi_count; a++)
		try_narrow(&arch_abis[a]);
}

static void a_full_store_settles_nothing(void **state)
{
	struct arena arena;
	struct one_profile one;
	struct bdd b;
	const struct cond cond = {2, COND_NE, HIGH, 0};
	const struct clause clause[] = {{.ret = 1, .cond = &cond, .conds = 1}, {.ret = RET_ALLOW}};
	const struct range range = {0, UINT32_MAX, clause, 2};
	const struct abi *abi = arch_find("ppc", 3);

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	make_one(&one, abi, (struct domain){abi->audit, &range, 1}, 0);
	uint32_t f = meaning_policy(&b, &one.policy);
	b.steps = 0;
	settle(&b, f);
	assert_true(b.full);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_that_cannot_exist_make_no_difference),
		cmocka_unit_test(settling_touches_no_call_that_exists),
		cmocka_unit_test(what_asks_for_no_upper_half_is_settled),
		cmocka_unit_test(a_full_store_settles_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
