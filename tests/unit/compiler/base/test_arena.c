/* The arena and the buffer in it: zeroed, aligned, bounded; running out jumps and leaks nothing. */

#include "compiler/base/arena.h"
#include "compiler/base/buf.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	size_t count, size;
} sizes[] = {
	{0, 1},
	{1, 0},
	{0, 0},
	{1, 1},
	{3, 5},
	{1, 16},
	{1, 17},
	{100, 1000},
	{1, 65536},
	{1, 65537},
	{5, 1 << 20},
	{1, 9 << 20},
	{7, 3},
};

static void memory_is_zeroed_aligned_and_apart(void **state)
{
	struct arena arena;
	unsigned char *block[countof(sizes)];

	(void)state;
	arena_init(&arena, 64 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	for (size_t i = 0; i < countof(sizes); i++) {
		size_t len = sizes[i].count * sizes[i].size;
		block[i] = arena_alloc(&arena, sizes[i].count, sizes[i].size);
		assert_non_null(block[i]);
		assert_int_equal((uintptr_t)block[i] % alignof(max_align_t), 0);
		for (size_t k = 0; k < len; k++)
			assert_int_equal(block[i][k], 0);
		memset(block[i], (int)i + 1, len);
	}
	for (size_t i = 0; i < countof(sizes); i++) {
		for (size_t k = 0; k < sizes[i].count * sizes[i].size; k++)
			assert_int_equal(block[i][k], i + 1);
	}
	arena_free(&arena);
	assert_int_equal(arena.used, 0);
}

static void an_arena_can_be_reset(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	arena_reset(&arena);
	for (int i = 0; i < 5; i++) {
		for (int k = 0; k < 3; k++) {
			unsigned char *block = arena_alloc(&arena, 1, 300000);
			assert_int_equal(block[0] | block[299999], 0);
			memset(block, 0xff, 300000);
		}
		assert_true(arena.used >= 900000);
		arena_reset(&arena);
		assert_int_equal(arena.used, 0);
	}
	arena_free(&arena);
}

static void what_came_after_a_mark_is_given_back(void **state)
{
	struct arena arena;
	struct arena_mark empty, mark;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	empty = arena_mark(&arena);
	char *kept = arena_text(&arena, "kept", 4);
	mark = arena_mark(&arena);
	for (int i = 0; i < 100; i++) { /* more than the cap, were it kept */
		memset(arena_alloc(&arena, 1, 16), 0xff, 16);
		for (int k = 0; k < 3; k++) {
			unsigned char *block = arena_alloc(&arena, 1, 300000);
			assert_int_equal(block[0] | block[299999], 0);
			memset(block, 0xff, 300000);
		}
		arena_release(&arena, mark);
		assert_int_equal(arena.used, mark.used);
	}
	assert_string_equal(kept, "kept");
	arena_release(&arena, empty);
	assert_int_equal(arena.used, 0);
	assert_null(arena.chunk);
	memset(arena_alloc(&arena, 1, 1000000), 0xff, 1000000);
	arena_free(&arena);
}

struct lender {
	size_t lent, most;
};

static void *lend(void *context, size_t size)
{
	struct lender *l = context;
	size_t *bytes = malloc(sizeof(max_align_t) + size);

	assert_non_null(bytes);
	*bytes = size;
	l->lent += size;
	l->most = l->lent > l->most ? l->lent : l->most;
	return (char *)bytes + sizeof(max_align_t);
}

static void take_back(void *context, void *chunk)
{
	struct lender *l = context;
	size_t *bytes = (void *)((char *)chunk - sizeof(max_align_t));

	l->lent -= *bytes;
	free(bytes);
}

/* Of lent memory all is counted; what is beside an arena keeps within what that left. */
static void what_is_lent_is_bounded(void **state)
{
	struct lender lender = {0};
	const struct arena_memory memory = {lend, take_back, &lender};
	struct arena arena, beside;

	(void)state;
	for (volatile size_t cap = 0; cap < 3000000; cap += 99991) {
		arena_init_in(&arena, cap, &memory);
		for (volatile int round = 0; round < 3; round++) {
			if (!setjmp(arena.out)) {
				for (;;) {
					memset(arena_alloc(&arena, 1, 30000), 0xff, 30000);
					assert_int_equal(arena.taken, lender.lent);
				}
			}
			assert_true(arena.full);
			assert_true(arena.used + 200000 > cap);
			arena_reset(&arena);
			assert_int_equal(arena.taken, lender.lent);
		}
		arena_init_beside(&beside, (size_t)1 << 30, &arena);
		if (!setjmp(beside.out)) {
			for (;;)
				memset(arena_alloc(&beside, 1, 1000), 0xff, 1000);
		}
		assert_true(beside.full);
		assert_in_range(lender.most, 0, cap);
		arena_free(&beside);
		arena_free(&arena);
		assert_int_equal(lender.lent, 0);
		lender.most = 0;
	}
}

static void an_arena_can_be_used_again_once_freed(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1000);
	assert_int_equal(setjmp(arena.out), 0);
	for (int i = 0; i < 3; i++) {
		memset(arena_alloc(&arena, 1, 900), 0xff, 900);
		arena_free(&arena);
	}
	unsigned char *fresh = arena_alloc(&arena, 1, 900);
	assert_int_equal(fresh[0] | fresh[899], 0);
	arena_free(&arena);
}

/* Does an arena of `cap` bytes, `used` of them taken, run out over this? */
static bool runs_out(size_t cap, size_t used, size_t count, size_t size)
{
	struct arena arena;
	volatile bool out = true;

	arena_init(&arena, cap);
	if (setjmp(arena.out) == 0) {
		arena_alloc(&arena, used, 1);
		arena_alloc(&arena, count, size);
		out = false;
	}
	arena_free(&arena);
	return out;
}

static const struct {
	size_t cap, used, count, size;
	bool out;
} limits[] = {
	{0, 0, 0, 1, false},
	{0, 0, 1, 1, true},
	{16, 0, 16, 1, false},
	{16, 0, 17, 1, true},
	{alignof(max_align_t), 1, 1, 1, true}, /* each allocation ends aligned */
	{2 * alignof(max_align_t), 1, 1, 1, false},
	{1 << 20, 0, 1 << 20, 1, false},
	{1 << 20, 0, (1 << 20) + 1, 1, true},
	{1 << 20, 1 << 19, 1 << 19, 1, false},
	{1 << 20, (1 << 19) + 1, 1 << 19, 1, true},
	{1 << 20, 1 << 20, 0, 8, false},
	{1 << 20, 0, SIZE_MAX, 0, false},
	/* products that wrap around */
	{1 << 20, 0, SIZE_MAX, 1, true},
	{1 << 20, 0, SIZE_MAX, 2, true},
	{1 << 20, 0, SIZE_MAX / 2 + 1, 2, true},
	{1 << 20, 0, SIZE_MAX / 16 + 1, 16, true},
	{1 << 20, 0, 2, SIZE_MAX, true},
	{1 << 20, 16, SIZE_MAX / 8, 8, true},
};

static void running_out_jumps(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(limits); i++) {
		if (runs_out(limits[i].cap, limits[i].used, limits[i].count, limits[i].size) !=
			limits[i].out)
			fail_msg("row %zu: %zu times %zu", i, limits[i].count, limits[i].size);
	}
}

/* AddressSanitizer asks for this: let its calloc fail, as calloc does, instead of ending the test.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void memory_the_system_has_not_jumps(void **state)
{
	(void)state;
	/* within the cap, so that malloc itself is asked; more than PTRDIFF_MAX it never gives */
	assert_true(runs_out(SIZE_MAX, 0, SIZE_MAX / 2 + 1, 1));
}

static void growing_copies_and_zeroes_the_rest(void **state)
{
	static const uint32_t old[] = {1, 2, 3};
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	uint32_t *grown = arena_grow(&arena, old, 3, 6, sizeof(*old));
	assert_memory_equal(grown, old, sizeof(old));
	assert_int_equal(grown[3] | grown[4] | grown[5], 0);
	assert_non_null(arena_grow(&arena, NULL, 0, 4, sizeof(*old)));
	arena_free(&arena);
}

static void text_is_copied_and_ended(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	assert_string_equal(arena_text(&arena, "opened", 4), "open");
	assert_string_equal(arena_text(&arena, NULL, 0), "");
	assert_memory_equal(arena_text(&arena, "a\0b", 3), "a\0b", 4);
	arena_free(&arena);
}

/* --- buf --- */

static void expect(const struct buf *b, const char *text)
{
	assert_int_equal(b->len, strlen(text));
	assert_memory_equal(b->bytes, text, b->len);
}

static void a_buffer_grows_by_doubling(void **state)
{
	struct arena arena;
	struct buf b;
	char line[100];

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	buf_init(&b, &arena);
	for (unsigned i = 0; i < 1000; i++) {
		memset(line, 'a' + (int)(i % 26), sizeof(line));
		buf_add(&b, line, sizeof(line));
	}
	assert_int_equal(b.len, 100000);
	for (size_t i = 0; i < b.len; i++)
		assert_int_equal(b.bytes[i], 'a' + (int)(i / 100 % 26));
	assert_true(arena.used <= 4 * b.len);
	arena_free(&arena);
}

static void a_buffer_takes_more_than_twice_its_room(void **state)
{
	static char large[50000];
	struct arena arena;
	struct buf b;

	(void)state;
	memset(large, 'x', sizeof(large));
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	buf_init(&b, &arena);
	buf_text(&b, "-");
	buf_add(&b, large, sizeof(large));
	buf_add(&b, NULL, 0);
	assert_int_equal(b.len, sizeof(large) + 1);
	assert_memory_equal(b.bytes + 1, large, sizeof(large));
	arena_free(&arena);
}

static void formatted_text_of_any_length_fits(void **state)
{
	struct arena arena;
	struct buf b;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	for (int width = 4090; width < 4100; width++) { /* around the first room, 4096 */
		buf_init(&b, &arena);
		buf_printf(&b, "%*d", width, 7);
		buf_printf(&b, "%s%%%u", "|", 42u);
		assert_int_equal(b.len, width + 4);
		assert_memory_equal(b.bytes + width - 1, "7|%42", 5);
	}
	arena_free(&arena);
}

static const struct {
	const char *before;
	size_t column;
	const char *after;
} pads[] = {
	{"", 0, " "},
	{"", 3, "   "},
	{"ab", 4, "ab  "},
	{"abcd", 4, "abcd "},
	{"abcdef", 4, "abcdef "},
	{"line\n", 2, "line\n  "},
	{"line\nab", 4, "line\nab  "},
};

static void pads_reach_a_column_and_part_what_is_longer(void **state)
{
	struct arena arena;
	struct buf b;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	for (size_t i = 0; i < countof(pads); i++) {
		buf_init(&b, &arena);
		buf_text(&b, pads[i].before);
		buf_pad(&b, pads[i].column);
		expect(&b, pads[i].after);
	}
	arena_free(&arena);
}

static void a_buffer_that_runs_out_jumps(void **state)
{
	struct arena arena;
	struct buf b;
	volatile size_t lines = 0;

	(void)state;
	arena_init(&arena, 100000);
	buf_init(&b, &arena);
	if (setjmp(arena.out) == 0) {
		for (;; lines++)
			buf_printf(&b, "%099u\n", 0u);
	}
	assert_true(lines > 100 && lines < 1000);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(an_arena_can_be_reset),
		cmocka_unit_test(what_came_after_a_mark_is_given_back),
		cmocka_unit_test(what_is_lent_is_bounded),
		cmocka_unit_test(an_arena_can_be_used_again_once_freed),
		cmocka_unit_test(running_out_jumps),
		cmocka_unit_test(memory_the_system_has_not_jumps),
		cmocka_unit_test(growing_copies_and_zeroes_the_rest),
		cmocka_unit_test(text_is_copied_and_ended),
		cmocka_unit_test(a_buffer_grows_by_doubling),
		cmocka_unit_test(a_buffer_takes_more_than_twice_its_room),
		cmocka_unit_test(formatted_text_of_any_length_fits),
		cmocka_unit_test(pads_reach_a_column_and_part_what_is_longer),
		cmocka_unit_test(a_buffer_that_runs_out_jumps),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
