/* Masks that tell two labels apart, against all masks there are. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/tree/mask_test.h"
#include "tests/lib/arbitrary.h"

#define BITS     6 /* of the numbers that all masks are tried on */
#define ROUNDS   20000
#define RUNS_MAX 24

/* Runs from `first` on, with two labels that alternate if asked, else with three. */
static size_t make_runs(
	struct dice *d, struct run *run, size_t most, uint32_t first, unsigned labels)
{
	size_t runs = 1 + dice_below(d, most);

	for (size_t i = 0; i < runs; i++) {
		uint32_t len = dice_below(d, 2) ? 1 : 1 + dice_below(d, 4);
		run[i] = (struct run){
			.first = first, .last = first + len - 1, .child = dice_below(d, labels)};
		if (i && run[i].child == run[i - 1].child)
			run[i].child = (run[i].child + 1) % labels;
		first += len;
	}
	return runs;
}

/* Has every number of the runs a bit of the mask if and only if its run leads elsewhere? */
static bool mask_works(const struct run *run, size_t runs, uint32_t zero, uint32_t mask)
{
	for (size_t i = 0; i < runs; i++) {
		for (uint64_t n = run[i].first; n <= run[i].last; n++) {
			if (!((uint32_t)n & mask) != (run[i].child == zero))
				return false;
		}
	}
	return true;
}

static bool any_mask_works(const struct run *run, size_t runs, uint32_t zero)
{
	for (uint32_t mask = 0; mask < 1u << BITS; mask++) {
		if (mask_works(run, runs, zero, mask))
			return true;
	}
	return false;
}

static void a_mask_is_found_if_there_is_one(void **state)
{
	struct dice d = {1};
	struct run run[RUNS_MAX];
	size_t found = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t runs = make_runs(&d, run, 8, dice_below(&d, 20), 2);
		uint32_t zero = dice_below(&d, 2), mask;
		if (run[runs - 1].last >= 1u << BITS)
			continue;
		bool works = split_mask(run, runs, zero, &mask);
		assert_int_equal(works, any_mask_works(run, runs, zero));
		if (works)
			assert_true(mask_works(run, runs, zero, mask));
		found += works && runs > 2;
	}
	assert_true(found > 100);
}

/* Large numbers, where all masks cannot be tried: what is found works. */
static void masks_of_large_numbers_work(void **state)
{
	static const uint32_t starts[] = {
		0x3ffffff8, 0x40000000, 0x7ffffffc, 0x80000000, 0xfffffe00, 0xff};
	struct dice d = {2};
	struct run run[RUNS_MAX];
	uint32_t mask;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint32_t start = starts[dice_below(&d, countof(starts))];
		size_t runs = make_runs(&d, run, 5, start, 2);
		for (uint32_t zero = 0; zero < 2; zero++) {
			if (split_mask(run, runs, zero, &mask))
				assert_true(mask_works(run, runs, zero, mask));
		}
	}
}

static void the_last_number_counts(void **state)
{
	/* odd and even up to the last of all numbers */
	struct run run[] = {{UINT32_MAX - 3, UINT32_MAX - 3, 0, 0},
		{UINT32_MAX - 2, UINT32_MAX - 2, 1, 0}, {UINT32_MAX - 1, UINT32_MAX - 1, 0, 0},
		{UINT32_MAX, UINT32_MAX, 1, 0}};
	uint32_t mask;

	(void)state;
	assert_true(split_mask(run, 4, 0, &mask) || split_mask(run, 4, 1, &mask));
	assert_true(mask_works(run, 4, 0, mask) || mask_works(run, 4, 1, mask));
	/* a run over half of all numbers */
	struct run half[] = {{0, 0x7fffffff, 0, 0}, {0x80000000, UINT32_MAX, 1, 0}};
	assert_true(split_mask(half, 2, 0, &mask));
	assert_int_equal(mask, 0x80000000);
	assert_false(split_mask(half, 2, 1, &mask));
}

/* Does a mask tell from..to apart, and are there at most two labels? */
static bool splits(const struct run *run, size_t from, size_t to)
{
	uint32_t mask, other = to > from ? run[from + 1].child : run[from].child;

	for (size_t i = from; i <= to; i++) {
		if (run[i].child != run[from].child && run[i].child != other)
			return false;
	}
	return to <= from + 1 || split_mask(run + from, to - from + 1, run[from].child, &mask) ||
		split_mask(run + from, to - from + 1, other, &mask);
}

/* Every interval up to the end has a mask, and the one beyond has none. */
static void ends_are_where_masks_end(void **state)
{
	struct dice d = {3};
	struct run run[RUNS_MAX];
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct scratch scratch = {.arena = &arena};
	for (unsigned round = 0; round < ROUNDS / 4; round++) {
		size_t runs = make_runs(&d, run, RUNS_MAX, dice_below(&d, 40), 2 + round % 2);
		const uint16_t *end = split_ends(&scratch, run, runs);
		for (size_t i = 0; i < runs; i++) {
			for (size_t j = i; j <= end[i]; j++)
				assert_true(splits(run, i, j));
			assert_true(end[i] + 1u == runs || !splits(run, i, end[i] + 1u));
		}
		scratch_release(&scratch, (struct scratch_mark){NULL, 0});
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mask_is_found_if_there_is_one),
		cmocka_unit_test(masks_of_large_numbers_work),
		cmocka_unit_test(the_last_number_counts),
		cmocka_unit_test(ends_are_where_masks_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
