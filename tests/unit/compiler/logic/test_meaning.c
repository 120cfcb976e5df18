/* Policies as functions: they answer as policy_decide() does, and equal policies are equal
 * functions. */

#include "compiler/logic/meaning.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define POLICIES 400
#define CALLS    400 /* of each policy */

static void meaning_variables_are_the_bits_of_a_call(void **state)
{
	bool seen[WORDS] = {false};

	(void)state;
	for (unsigned word = 0; word < WORDS; word++) {
		uint32_t var = meaning_variable(word);
		assert_int_equal(var % 32, 0);
		assert_in_range(var, 0, BDD_VARS - 32);
		assert_false(seen[var / 32]);
		seen[var / 32] = true;
	}
	assert_int_equal(meaning_variable(WORD_ARCH), 0);
	assert_int_equal(meaning_variable(WORD_NR), 32);
	for (unsigned arg = 0; arg < CALL_ARGS; arg++)
		assert_int_equal(
			meaning_variable(WORD_LO(arg)), meaning_variable(WORD_HI(arg)) + 32);
}

/* Each bit alone is a call that only its own variable tells from the empty one. */
static void meaning_at_reads_each_bit_of_a_call(void **state)
{
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (uint32_t var = 0; var < BDD_VARS; var++) {
		uint32_t f = bdd_node(&b, var, BDD_FALSE, BDD_TRUE);
		struct policy none = {.domains = 0};
		struct call call = meaning_differ(&b, f, BDD_FALSE, &none);
		unsigned ones = 0;
		for (unsigned word = 0; word < WORDS; word++) {
			for (unsigned bit = 0; bit < 32; bit++) {
				bool one = call_word(&call, word) >> bit & 1;
				ones += one;
				if (one)
					assert_int_equal(meaning_variable(word) + 31 - bit, var);
			}
		}
		assert_int_equal(ones, 1);
		assert_int_equal(meaning_at(&b, f, &call), 1);
	}
	arena_free(&arena);
}

static void try_policy(struct dice *d)
{
	struct arena arena;
	struct bdd b;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	const struct policy policy = arbitrary_policy(&arena, d);
	uint32_t f = meaning_policy(&b, &policy), allowed = meaning_allowed(&b, &policy);
	assert_false(b.full);
	for (unsigned i = 0; i < CALLS; i++) {
		const struct call call = arbitrary_call(d, &policy);
		uint32_t ret = policy_decide(&policy, &call)->ret;
		assert_int_equal(meaning_at(&b, f, &call), ret);
		if (meaning_at(&b, allowed, &call))
			assert_int_equal(ret, RET_ALLOW);
	}
	arena_free(&arena);
}

static void meaning_of_a_policy_is_what_it_decides(void **state)
{
	struct dice d = {1};

	(void)state;
	for (unsigned i = 0; i < POLICIES; i++)
		try_policy(&d);
}

/* One argument, one condition: all values near it, for every operator and many masks. */
static void meaning_of_a_condition_is_exact(void **state)
{
	struct dice d = {2};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (unsigned i = 0; i < 6000; i++) {
		const struct cond cond = {(uint8_t)(i % 5), (enum cond_op)(i % 6),
			dice_below(&d, 2) ? UINT64_MAX : arbitrary_value(&d), arbitrary_value(&d)};
		const struct clause clause[] = {{.ret = 7, .cond = &cond, .conds = 1}, {.ret = 9}};
		const struct range range = {0, UINT32_MAX, clause, 2};
		const struct domain domain = {0xc000003e, &range, 1};
		const struct policy policy = {.domain = &domain, .domains = 1};
		uint32_t f = meaning_policy(&b, &policy);
		for (unsigned k = 0; k < 24; k++) {
			struct call call = {.arch = 0xc000003e};
			call.args[cond.arg] =
				k % 4 ? arbitrary_near(&d, &cond) : arbitrary_value(&d);
			assert_int_equal(
				meaning_at(&b, f, &call), policy_decide(&policy, &call)->ret);
		}
	}
	arena_free(&arena);
}

#define LIST 12

/* Clauses that want a value each, of few masks and answers, so that many stand side by side. */
static void try_list(struct dice *d, struct bdd *b)
{
	static const uint64_t masks[] = {UINT64_MAX, UINT32_MAX, 0xff00000f, 0};
	struct cond cond[LIST];
	struct clause clause[LIST + 1] = {{.conds = 0}};
	size_t clauses = dice_below(d, LIST + 1);

	for (size_t i = 0; i < clauses; i++) {
		bool odd = dice_below(d, 8) == 0;
		uint64_t mask = masks[dice_below(d, odd ? 4 : 1 + i / 6)];
		uint64_t value = dice_below(d, 2) ? dice_below(d, 9) : arbitrary_value(d);
		cond[i] = (struct cond){(uint8_t)(dice_below(d, 9) == 0), odd ? COND_NE : COND_EQ,
			mask, dice_below(d, 4) ? value & mask : value};
		clause[i] = (struct clause){
			.ret = 1 + (dice_below(d, 5) == 0), .cond = &cond[i], .conds = 1};
	}
	clause[clauses].ret = dice_below(d, 3);
	const struct range range = {0, UINT32_MAX, clause, clauses + 1};
	const struct domain domain = {0xc000003e, &range, 1};
	const struct policy policy = {.domain = &domain, .domains = 1};
	uint32_t f = meaning_policy(b, &policy);
	for (unsigned k = 0; k < 60; k++) {
		struct call call = {.arch = 0xc000003e, .args = {dice_below(d, 10)}};
		if (clauses && k % 3)
			call.args[0] = arbitrary_near(d, &cond[dice_below(d, (unsigned)clauses)]);
		assert_int_equal(meaning_at(b, f, &call), policy_decide(&policy, &call)->ret);
	}
}

static void meaning_of_a_list_of_values_is_exact(void **state)
{
	struct dice d = {4};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (unsigned i = 0; i < 2000; i++)
		try_list(&d, &b);
	arena_free(&arena);
}

#define ALL  UINT64_MAX
#define HIGH (ALL << 32)
#define LOW  (ALL >> 32)

#define WHEN(arg, op, mask, value, to) \
	{.ret = to, .cond = (const struct cond[]){{arg, op, mask, value}}, .conds = 1}
#define ELSE(to) {.ret = to}

static const struct {
	const char *name;
	struct clause one[3], other[3];
	bool equal;
} rows[] = {
	{"less than 5 is at most 4",
		{WHEN(0, COND_LT, ALL, 5, 1), ELSE(2)},
		{WHEN(0, COND_LE, ALL, 4, 1), ELSE(2)}, true},
	{"less than 5 is not at most 5",
		{WHEN(0, COND_LT, ALL, 5, 1), ELSE(2)},
		{WHEN(0, COND_LE, ALL, 5, 1), ELSE(2)}, false},
	{"over 2^32 - 1 is from 2^32 on",
		{WHEN(0, COND_GT, ALL, LOW, 1), ELSE(2)},
		{WHEN(0, COND_GE, ALL, LOW + 1, 1), ELSE(2)}, true},
	{"from 2^32 on is a high half that is not 0",
		{WHEN(0, COND_GE, ALL, LOW + 1, 1), ELSE(2)},
		{WHEN(0, COND_NE, HIGH, 0, 1), ELSE(2)}, true},
	{"equality turned round",
		{WHEN(0, COND_EQ, ALL, 5, 1), ELSE(2)},
		{WHEN(0, COND_NE, ALL, 5, 2), ELSE(1)}, true},
	{"a value outside the mask is never equal",
		{WHEN(0, COND_EQ, 0xf0, 0x10f, 1), ELSE(2)}, {ELSE(2)}, true},
	{"a value outside the mask bounds all",
		{WHEN(0, COND_LT, 0xf0, 0x10f, 1), ELSE(2)}, {ELSE(1)}, true},
	{"light bits outside the mask still count",
		{WHEN(0, COND_LE, 0xf0, 0x2f, 1), ELSE(2)},
		{WHEN(0, COND_LT, 0xf0, 0x30, 1), ELSE(2)}, true},
	{"mask 0 compares 0",
		{WHEN(0, COND_GE, 0, 0, 1), ELSE(2)}, {ELSE(1)}, true},
	{"mask 0 is not above 0",
		{WHEN(0, COND_GT, 0, 0, 1), ELSE(2)}, {ELSE(2)}, true},
	{"bit 3 by equality or by order",
		{WHEN(0, COND_EQ, 8, 8, 1), ELSE(2)},
		{WHEN(0, COND_GT, 8, 7, 1), ELSE(2)}, true},
	{"another argument",
		{WHEN(0, COND_EQ, ALL, 5, 1), ELSE(2)},
		{WHEN(1, COND_EQ, ALL, 5, 1), ELSE(2)}, false},
	{"the other half",
		{WHEN(0, COND_EQ, LOW, 5, 1), ELSE(2)},
		{WHEN(0, COND_EQ, HIGH, 5ull << 32, 1), ELSE(2)}, false},
	{"order of clauses that exclude each other",
		{WHEN(0, COND_EQ, ALL, 1, 1), WHEN(0, COND_EQ, ALL, 2, 3), ELSE(2)},
		{WHEN(0, COND_EQ, ALL, 2, 3), WHEN(0, COND_EQ, ALL, 1, 1), ELSE(2)}, true},
	{"order of clauses that do not",
		{WHEN(0, COND_EQ, 1, 1, 1), WHEN(0, COND_EQ, 2, 2, 3), ELSE(2)},
		{WHEN(0, COND_EQ, 2, 2, 3), WHEN(0, COND_EQ, 1, 1, 1), ELSE(2)}, false},
	{"a clause that never decides",
		{WHEN(0, COND_LE, ALL, 9, 1), WHEN(0, COND_LT, ALL, 9, 3), ELSE(2)},
		{WHEN(0, COND_LE, ALL, 9, 1), ELSE(2)}, true},
};

static uint32_t clauses_meaning(struct bdd *b, const struct clause clause[3])
{
	size_t clauses = 1;

	while (clause[clauses - 1].conds)
		clauses++;
	const struct range range = {0, UINT32_MAX, clause, clauses};
	const struct domain domain = {0xc000003e, &range, 1};
	const struct policy policy = {.domain = &domain, .domains = 1};
	return meaning_policy(b, &policy);
}

static void meaning_is_equal_where_answers_are(void **state)
{
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (size_t i = 0; i < countof(rows); i++) {
		bool equal = clauses_meaning(&b, rows[i].one) == clauses_meaning(&b, rows[i].other);
		if (equal != rows[i].equal)
			fail_msg("%s", rows[i].name);
	}
	arena_free(&arena);
}

static void meaning_does_not_see_where_ranges_are_cut(void **state)
{
	static const struct clause allow = {.ret = RET_ALLOW}, deny = {.ret = 0x50001};
	static const struct range one[] = {{0, 9, &allow, 1}, {10, UINT32_MAX, &deny, 1}};
	static const struct range same[] = {{0, 0, &allow, 1}, {1, 6, &allow, 1}, {7, 9, &allow, 1},
		{10, 0x7fffffff, &deny, 1}, {0x80000000, UINT32_MAX - 1, &deny, 1},
		{UINT32_MAX, UINT32_MAX, &deny, 1}};
	const struct domain domain[] = {{5, one, countof(one)}, {5, same, countof(same)}};
	static const struct range other[] = {{0, UINT32_MAX, &deny, 1}};
	const struct domain twice[] = {domain[0], {5, other, 1}};
	const struct policy first = {.domain = domain, .domains = 1};
	const struct policy second = {.domain = domain + 1, .domains = 1};
	const struct policy third = {
		.domain = twice, .domains = 2}; /* the first of an arch counts */
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	assert_int_equal(meaning_policy(&b, &first), meaning_policy(&b, &second));
	assert_int_equal(meaning_policy(&b, &first), meaning_policy(&b, &third));
	assert_int_equal(meaning_allowed(&b, &first), meaning_allowed(&b, &second));
	arena_free(&arena);
}

/* All clauses that can be reached must say so; that two of them leave nothing over is not seen. */
static void meaning_allowed_asks_what_every_clause_says(void **state)
{
	static const struct cond cond = {2, COND_EQ, UINT64_MAX, 5};
	static const struct clause pointless[] = {
		{.ret = RET_ALLOW, .cond = &cond, .conds = 1}, {.ret = RET_ALLOW}};
	static const struct clause sometimes[] = {
		{.ret = RET_ALLOW, .cond = &cond, .conds = 1}, {.ret = 1}};
	static const struct cond other = {2, COND_NE, UINT64_MAX, 5};
	static const struct clause together[] = {{.ret = RET_ALLOW, .cond = &cond, .conds = 1},
		{.ret = RET_ALLOW, .cond = &other, .conds = 1}, {.ret = 1}};
	static const struct clause data = {.ret = RET_ALLOW | 1};
	static const struct range range[] = {{0, 9, pointless, 2}, {10, 19, sometimes, 2},
		{20, 29, pointless + 1, 1}, {30, 39, together, 3}, {40, UINT32_MAX, &data, 1}};
	static const struct domain domain = {5, range, countof(range)};
	static const struct policy policy = {
		.domain = &domain, .domains = 1, .elsewhere = {.ret = RET_ALLOW}};
	static const struct {
		uint32_t arch, nr;
		bool allowed;
	} calls[] = {{5, 0, true}, {5, 9, true}, {5, 10, false}, {5, 19, false}, {5, 20, true},
		{5, 30, false}, {5, 40, false}, {4, 0, false}, {5, UINT32_MAX, false}};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	uint32_t f = meaning_allowed(&b, &policy);
	for (size_t i = 0; i < countof(calls); i++) {
		const struct call call = {.arch = calls[i].arch, .nr = calls[i].nr};
		assert_int_equal(meaning_at(&b, f, &call), calls[i].allowed);
	}
	arena_free(&arena);
}

static void try_difference(struct dice *d)
{
	struct arena arena;
	struct bdd b;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	const struct policy one = arbitrary_policy(&arena, d), other = arbitrary_policy(&arena, d);
	uint32_t f = meaning_policy(&b, &one), g = meaning_policy(&b, &other);
	if (f != g) {
		struct call call = meaning_differ(&b, f, g, &one);
		assert_int_not_equal(
			policy_decide(&one, &call)->ret, policy_decide(&other, &call)->ret);
		assert_int_equal(call.ip, 0);
	}
	arena_free(&arena);
}

static void meaning_differ_finds_a_call(void **state)
{
	struct dice d = {3};

	(void)state;
	for (unsigned i = 0; i < POLICIES; i++)
		try_difference(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meaning_variables_are_the_bits_of_a_call),
		cmocka_unit_test(meaning_at_reads_each_bit_of_a_call),
		cmocka_unit_test(meaning_of_a_policy_is_what_it_decides),
		cmocka_unit_test(meaning_of_a_condition_is_exact),
		cmocka_unit_test(meaning_of_a_list_of_values_is_exact),
		cmocka_unit_test(meaning_is_equal_where_answers_are),
		cmocka_unit_test(meaning_does_not_see_where_ranges_are_cut),
		cmocka_unit_test(meaning_allowed_asks_what_every_clause_says),
		cmocka_unit_test(meaning_differ_finds_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
