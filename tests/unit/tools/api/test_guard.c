/* What libwinnow's calls come back with when a pass does not come back: full, out of memory, mistaken. */

#include "tools/api/caught/assert.h"
#include "tools/api/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void *take(void *context, size_t size)
{
	size_t *left = context;

	return *left ? (--*left, malloc(size)) : NULL;
}

static void give(void *context, void *bytes)
{
	(void)context;
	free(bytes);
}

static enum winnow_status mistaken(void *zero)
{
	assert(zero == NULL);
	return WINNOW_DONE;
}

static enum winnow_status greedy(void *context)
{
	struct owned *owned = context;

	while (arena_alloc(&owned->arena, 1, 4096))
		continue;
	return WINNOW_DONE;
}

static enum winnow_status nested(void *context)
{
	struct owned *outer = context;
	struct owned *inner = owned_make(&outer->memory, sizeof(*inner), 1 << 20);

	assert_int_equal(guarded(inner, mistaken, inner), WINNOW_MISTAKE);
	owned_free(inner);
	return mistaken(outer);
}

static enum winnow_status outcome(size_t blocks, size_t most, enum winnow_status (*work)(void *), const char **mistake)
{
	const struct arena_memory memory = {take, give, &blocks};
	struct owned *owned = owned_make(&memory, sizeof(*owned), most);

	if (!owned)
		return WINNOW_NO_MEMORY;
	enum winnow_status status = guarded(owned, work, owned);
	*mistake = owned->mistake;
	owned_free(owned);
	return status;
}

static void whatever_ends_the_work_is_a_status(void **state)
{
	const char *mistake = NULL;

	(void)state;
	assert_int_equal(outcome(0, 1 << 20, greedy, &mistake), WINNOW_NO_MEMORY);
	assert_int_equal(outcome(2, 1 << 20, greedy, &mistake), WINNOW_NO_MEMORY);
	assert_int_equal(outcome(SIZE_MAX, 1 << 20, greedy, &mistake), WINNOW_UNDECIDED);
	assert_null(mistake);
	assert_int_equal(outcome(SIZE_MAX, 1 << 20, nested, &mistake), WINNOW_MISTAKE);
	assert_non_null(strstr(mistake, "zero == NULL"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(whatever_ends_the_work_is_a_status)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
