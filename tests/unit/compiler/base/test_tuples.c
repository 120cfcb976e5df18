/* Equal tuples have one index, and the table keeps what it was given. */

#include "compiler/base/tuples.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void tuples_are_counted_in_order_of_appearance(void **state)
{
	static const uint32_t tuples[][2] = {{0, 0}, {0, 1}, {1, 0}, {0, 1}, {0, 0}, {9, 9}};
	static const uint32_t indices[] = {0, 1, 2, 1, 0, 3};
	struct tuples t;
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	tuples_init(&t, &arena, 2, 200);
	for (size_t i = 0; i < countof(tuples); i++)
		assert_int_equal(tuples_index(&t, tuples[i]), indices[i]);
	assert_int_equal(t.count, 4);
	arena_free(&arena);
}

/* Wide ones that differ in one word only, and growth in between. */
static void tuples_differ_in_any_word(void **state)
{
	enum { WIDTH = 32, COUNT = 5000 };
	uint32_t tuple[WIDTH] = {0};
	struct tuples t;
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	tuples_init(&t, &arena, WIDTH, 0);
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < COUNT; i++) {
			tuple[i % WIDTH] = i + 1;
			assert_int_equal(tuples_index(&t, tuple), i);
			assert_memory_equal(tuples_at(&t, i), tuple, sizeof(tuple));
			tuple[i % WIDTH] = 0;
		}
	}
	assert_int_equal(t.count, COUNT);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tuples_are_counted_in_order_of_appearance),
		cmocka_unit_test(tuples_differ_in_any_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
