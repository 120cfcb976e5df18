/* The best alphabetic trees against all there are, by the plain recurrence over intervals. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/tree/garsia_wachs.h"
#include "tests/lib/arbitrary.h"

#define RUNS 60

static struct run run[RUNS];
static uint64_t leaf[RUNS], best[RUNS][RUNS];

static void make_runs(struct dice *d, size_t runs)
{
	unsigned most = 1u << dice_below(d, 20);

	for (uint32_t i = 0; i < runs; i++) {
		run[i] = (struct run){i, i, i, dice_below(d, 5) ? dice_below(d, most) : 0};
		leaf[i] = dice_below(d, 3) ? 0 : dice_below(d, 100);
	}
}

static void fill_best(size_t runs, uint64_t size)
{
	for (size_t j = 0; j < runs; j++) {
		uint64_t weight = run[j].weight;
		best[j][j] = leaf[j];
		for (size_t i = j; i-- > 0;) {
			weight += run[i].weight;
			best[i][j] = UINT64_MAX;
			for (size_t k = i; k < j; k++) {
				uint64_t cost = best[i][k] + best[k + 1][j] + weight + size;
				best[i][j] = cost < best[i][j] ? cost : best[i][j];
			}
		}
	}
}

/* What a tree costs is what its parts say, down to the runs. */
static uint64_t walk(const struct garsia_wachs *a, size_t i, size_t j)
{
	if (i == j)
		return leaf[i];
	size_t cut = garsia_wachs_cut(a, i, j);
	assert_in_range(cut, i, j - 1);
	uint64_t cost = walk(a, i, cut) + walk(a, cut + 1, j) + intervals_test(a->row, i, j);
	assert_int_equal(cost, garsia_wachs_cost(a, i, j));
	return cost;
}

static void try_runs(struct dice *d, size_t runs)
{
	uint64_t size = dice_below(d, 3) * 100;
	struct arena arena;
	struct scratch scratch = {.arena = &arena};
	struct garsia_wachs a;
	struct intervals row;

	ARENA_START(&arena);
	make_runs(d, runs);
	intervals_init_open(&row, &scratch, run, runs, &(struct price){size, 0});
	garsia_wachs_init(&a, &scratch, &row, leaf);
	fill_best(runs, size);
	assert_int_equal(walk(&a, 0, runs - 1), best[0][runs - 1]);
	arena_free(&arena);
}

static void trees_are_the_best_there_are(void **state)
{
	struct dice d = {1};

	(void)state;
	for (unsigned round = 0; round < 3000; round++)
		try_runs(&d, 1 + dice_below(&d, round % 10 ? 12 : RUNS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees_are_the_best_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
