/*
 * The diagnostics as people look them up. The page in doc/ is the one that the table makes: a row
 * added to diag.tbl without `make docs` fails here.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/textfile.h"

#include "compiler/say/catalogue.h"

#include <string.h>

/* What a printer writes, NUL-ended, in an arena the caller frees. */
static const char *printed(struct arena *arena, void (*print)(struct buf *))
{
	struct buf b;

	arena_init(arena, (size_t)1 << 20);
	if (setjmp(arena->out))
		fail_msg("out of memory");
	buf_init(&b, arena);
	print(&b);
	buf_add(&b, "", 1);
	return b.bytes;
}

static void print_w001(struct buf *b)
{
	enum diag_id id;

	assert_true(diag_find("UNKNOWN-SYSCALL", &id));
	catalogue_print(b, id);
}

static void test_one_is_told_with_code_slug_severity_and_meaning(void **state)
{
	struct arena arena;
	const char *text = printed(&arena, print_w001);

	(void)state;
	assert_ptr_equal(strstr(text, "W001 unknown-syscall (warning)\n\n"), text);
	assert_non_null(strstr(text, "No ABI has a syscall of this name"));
	arena_free(&arena);
}

static void test_the_list_has_every_code_in_order(void **state)
{
	struct arena arena;
	const char *line = printed(&arena, catalogue_list), *before = NULL;
	size_t lines = 0;

	(void)state;
	for (; *line; line = strchr(line, '\n') + 1, lines++) {
		assert_true(!before || strncmp(before, line, 4) < 0);
		before = line;
	}
	assert_int_equal(lines, DIAG_IDS);
	arena_free(&arena);
}

static void test_no_line_is_wider_than_a_terminal(void **state)
{
	struct arena arena;
	const char *line = printed(&arena, catalogue_page);

	(void)state;
	for (; *line; line = strchr(line, '\n') + 1)
		assert_in_range(strcspn(line, "\n"), 0, 80);
	arena_free(&arena);
}

static void test_the_page_in_doc_is_the_tables(void **state)
{
	struct arena arena;
	const char *made = printed(&arena, catalogue_page);
	size_t len;
	char *kept = textfile_read("doc/diagnostics.md", &len);

	(void)state;
	if (strcmp(made, kept) != 0)
		fail_msg("doc/diagnostics.md is not what compiler/say/diag.tbl makes; run 'make docs'");
	free(kept);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_is_told_with_code_slug_severity_and_meaning),
		cmocka_unit_test(test_the_list_has_every_code_in_order),
		cmocka_unit_test(test_no_line_is_wider_than_a_terminal),
		cmocka_unit_test(test_the_page_in_doc_is_the_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
