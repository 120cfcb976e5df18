/* Order statistics: the interval's ranks are those of the textbook, and it holds what it promises.
 */

#include "tools/timing/sample_stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct sample_stats of_counting(size_t count)
{
	double sample[SAMPLES_MAX];

	for (size_t i = 0; i < count; i++)
		sample[i] = (double)(count - i); /* count, ..., 2, 1: to be sorted */
	return sample_stats(sample, count);
}

static void nothing_is_known_of_no_samples(void **state)
{
	struct sample_stats s = sample_stats(NULL, 0);

	(void)state;
	assert_int_equal(s.count, 0);
	assert_true(s.min == 0 && s.median == 0 && s.low == 0 && s.high == 0);
}

static void the_median_of_an_even_number_lies_between(void **state)
{
	(void)state;
	assert_true(of_counting(1).median == 1);
	assert_true(of_counting(2).median == 1.5);
	assert_true(of_counting(7).median == 4);
	assert_true(of_counting(8).median == 4.5);
	assert_true(of_counting(8).min == 1);
}

/* Ranks as tables of the sign test have them. */
static void ranks_are_those_of_the_binomial(void **state)
{
	static const struct {
		size_t count, low, high;
	} rows[] = {{1, 1, 1}, {5, 1, 5}, {6, 1, 6}, {8, 1, 8}, {9, 2, 8}, {10, 2, 9}, {12, 3, 10},
		{20, 6, 15}, {25, 8, 18}, {50, 18, 33}, {100, 40, 61}, {1000, 469, 532}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sample_stats s = of_counting(rows[i].count);
		assert_int_equal(s.low, rows[i].low);
		assert_int_equal(s.high, rows[i].high);
	}
}

static uint64_t next(uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random;
}

/* Of a skewed distribution, with outliers: the squares of numbers from 0 to 1, whose median is 1/4.
 */
static void the_interval_holds_the_median_as_often_as_it_says(void **state)
{
	enum { TRIALS = 4000, COUNT = 30 };
	uint64_t random = 88172645463325252u;
	unsigned held = 0;

	(void)state;
	for (unsigned trial = 0; trial < TRIALS; trial++) {
		double sample[COUNT];
		for (unsigned i = 0; i < COUNT; i++) {
			double x = (double)(next(&random) >> 11) / 9007199254740992.0;
			sample[i] = x * x * (x > 0.95 ? 100 : 1);
		}
		struct sample_stats s = sample_stats(sample, COUNT);
		held += s.low <= 0.25 && 0.25 <= s.high;
	}
	assert_in_range(held, TRIALS * 95 / 100, TRIALS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known_of_no_samples),
		cmocka_unit_test(the_median_of_an_even_number_lies_between),
		cmocka_unit_test(ranks_are_those_of_the_binomial),
		cmocka_unit_test(the_interval_holds_the_median_as_often_as_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
