/* An index over an array: each element is found, nothing else is, whatever the hashes are. */

#include "compiler/base/slots.h"

#include "compiler/base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROOM 64u

static bool same(const void *of, uint32_t index, const void *wanted)
{
	return ((const uint32_t *)of)[index] == *(const uint32_t *)wanted;
}

static uint32_t spread(uint32_t n)
{
	return (uint32_t)(hash_mix(0, n) >> 32);
}

static uint32_t at_the_end(uint32_t n)
{
	(void)n;
	return UINT32_MAX; /* so that a search goes on at the start */
}

static uint32_t number(uint32_t n)
{
	return n;
}

static void elements_are_found_and_no_others(void **state)
{
	uint32_t (*const hashes[])(uint32_t) = {spread, at_the_end, number};

	(void)state;
	for (size_t h = 0; h < countof(hashes); h++) {
		uint32_t element[ROOM];
		struct arena arena;

		arena_init(&arena, 1 << 20);
		if (setjmp(arena.out))
			fail_msg("out of memory");
		struct slots s = slots_make(&arena, ROOM);
		for (uint32_t i = 0; i < ROOM; i++) {
			uint32_t *place;
			element[i] = 7 * i + 1;
			place = slots_find(&s, hashes[h](element[i]), same, element, &element[i]);
			assert_int_equal(*place, 0);
			*place = i + 1;
		}
		for (uint32_t n = 0; n < 8 * ROOM; n++) {
			bool there = n % 7 == 1 && n / 7 < ROOM;
			uint32_t found = *slots_find(&s, hashes[h](n), same, element, &n);
			assert_int_equal(found, there ? n / 7 + 1 : 0);
		}
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_found_and_no_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
