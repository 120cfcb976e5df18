/* Numbers that programs have rounded to doubles, and those that only look like it. */

#include "compiler/profile/rounded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/lib/random.h"

#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* As Python's repr() writes float(n), and the ends of those that float() takes for the same. */
static const struct {
	uint64_t value, low, high;
} rounded[] = {
	{9223372036854776000u, 9223372036854775296u, 9223372036854776832u},   /* 2^63 */
	{4611686018427388000u, 4611686018427387648u, 4611686018427388416u},   /* 2^62 */
	{288230376151711740u, 288230376151711728u, 288230376151711776u},      /* 2^58, from below */
	{144115188075855870u, 144115188075855864u, 144115188075855888u},      /* 2^57, from below */
	{72057594037927940u, 72057594037927932u, 72057594037927944u},         /* 2^56 */
	{36028797018963970u, 36028797018963966u, 36028797018963972u},         /* 2^55 */
	{18446744073709548000u, 18446744073709546496u, 18446744073709548544u},
	{15523137368101251000u, 15523137368101250049u, 15523137368101252095u}, /* an odd one */
	{4712128852136459000u, 4712128852136458753u, 4712128852136459775u},
	{751741364423228900u, 751741364423228864u, 751741364423228992u},
};

static const uint64_t exact[] = {
	0, 1, 4294967295, 4294967296, 9007199254740991, 9007199254740992,
	9007199254740993,                             /* no double, but nobody writes one so */
	18014398509481984, 144115188075855872,        /* powers of two */
	9223372036854775807, 9223372036854775808u,
	18446744073709551615u, 18446744073709551614u,
	18446744069414584320u,                        /* the high word alone */
	10000000000000000000u,                        /* a double as it stands */
	9223372036854776001u, 9223372036854775900u, 9223372036854776100u,
};

static void rounded_ones_are_told(void **state)
{
	uint64_t low, high;

	(void)state;
	for (size_t i = 0; i < countof(rounded); i++) {
		assert_true(rounded_double(rounded[i].value, &low, &high));
		assert_int_equal(low, rounded[i].low);
		assert_int_equal(high, rounded[i].high);
	}
	for (size_t i = 0; i < countof(exact); i++)
		assert_false(rounded_double(exact[i], &low, &high));
}

/* The ends are read as the same double, their neighbours are not; as this compiler's doubles have it. */
static void ends_are_ends(void **state)
{
	struct random r = random_start(1);
	uint64_t low, high;
	unsigned told = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t value = random_next(&r) >> random_below(&r, 11);
		value -= value % (i % 2 ? 1000 : 10);
		if (!rounded_double(value, &low, &high))
			continue;
		told++;
		double d = (double)value;
		assert_true(low <= value && value <= high);
		assert_true((double)low >= d && (double)high <= d);
		assert_true((double)(low - 1) < d && (double)(high + 1) > d);
		assert_true((uint64_t)d != value);
	}
	assert_true(told > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rounded_ones_are_told),
		cmocka_unit_test(ends_are_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
