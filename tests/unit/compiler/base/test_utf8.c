/* UTF-8: what is a character, and what of it may be shown. Limits are those of RFC 3629, section 4.
 */

#include "compiler/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *s;
	size_t len, bytes;
	uint32_t code;
} characters[] = {
	{"a", 1, 1, 'a'},
	{"\0", 1, 1, 0},
	{"\x7f", 1, 1, 0x7f},
	{"\xc2\x80", 2, 2, 0x80},
	{"\xc3\xa9!", 3, 2, 0xe9},
	{"\xdf\xbf", 2, 2, 0x7ff},
	{"\xe0\xa0\x80", 3, 3, 0x800},
	{"\xe2\x82\xac", 3, 3, 0x20ac},
	{"\xed\x9f\xbf", 3, 3, 0xd7ff},
	{"\xee\x80\x80", 3, 3, 0xe000},
	{"\xef\xbf\xbf", 3, 3, 0xffff},
	{"\xf0\x90\x80\x80", 4, 4, 0x10000},
	{"\xf0\x9f\xa6\x80", 4, 4, 0x1f980},
	{"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
};

static void characters_are_read_written_and_found_backwards(void **state)
{
	char out[4];

	(void)state;
	for (size_t i = 0; i < countof(characters); i++) {
		uint32_t code = UINT32_MAX;
		size_t n = utf8_read(characters[i].s, characters[i].len, &code);
		if (n != characters[i].bytes || code != characters[i].code)
			fail_msg("U+%04X read as %zu bytes, U+%04X", characters[i].code, n, code);
		assert_int_equal(utf8_write(out, code), n);
		assert_memory_equal(out, characters[i].s, n);
		assert_int_equal(utf8_back(characters[i].s, n), n);
	}
}

static const struct {
	const char *s;
	const char *fault;
} faults[] = {
	{"\x80", "no beginning"},
	{"\xbf", "no beginning"},
	{"\xc0\x80", "overlong"},
	{"\xc1\xbf", "overlong"},
	{"\xe0\x80\x80", "overlong"},
	{"\xe0\x9f\xbf", "overlong"},
	{"\xf0\x80\x80\x80", "overlong"},
	{"\xf0\x8f\xbf\xbf", "overlong"},
	{"\xed\xa0\x80", "surrogate"},
	{"\xed\xbf\xbf", "surrogate"},
	{"\xf4\x90\x80\x80", "beyond"},
	{"\xf5\x80\x80\x80", "beyond"},
	{"\xf7\xbf\xbf\xbf", "beyond"},
	{"\xf8\x88\x80\x80\x80", "never"},
	{"\xfe", "never"},
	{"\xff", "never"},
	{"\xc3", "cut short"},
	{"\xc3(", "cut short"},
	{"\xe2\x82", "cut short"},
	{"\xe2\x82\"", "cut short"},
	{"\xe2(\xac", "cut short"},
	{"\xf0\x9f\xa6", "cut short"},
	{"\xf0\x9f\xa6\xc3", "cut short"},
};

static void anything_else_is_refused_with_its_reason(void **state)
{
	uint32_t code;

	(void)state;
	for (size_t i = 0; i < countof(faults); i++) {
		size_t len = strlen(faults[i].s);
		if (utf8_read(faults[i].s, len, &code) != 0)
			fail_msg("row %zu is taken", i);
		if (!strstr(utf8_fault(faults[i].s, len), faults[i].fault))
			fail_msg("row %zu is %s", i, utf8_fault(faults[i].s, len));
		assert_int_equal(utf8_back(faults[i].s, len), 1);
	}
	assert_int_equal(utf8_read("", 0, &code), 0);
}

/* Every code point there is, each way. */
static void writing_and_reading_agree_on_every_code_point(void **state)
{
	char out[4];
	uint32_t again;

	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		size_t n = utf8_write(out, code);
		bool surrogate = code >= 0xd800 && code <= 0xdfff;
		if (utf8_read(out, n, &again) != (surrogate ? 0 : n) ||
			(!surrogate && again != code))
			fail_msg("U+%04X", code);
	}
}

static const struct {
	const char *text, *shown;
} texts[] = {
	{"", ""},
	{"openat", "openat"},
	{"na\xc3\xafve \xe2\x82\xac \xf0\x9f\xa6\x80",
		"na\xc3\xafve \xe2\x82\xac \xf0\x9f\xa6\x80"},
	{"\033[31mred", "\\x1b[31mred"},
	{"a\tb\nc\rd\x07", "a\\x09b\\x0ac\\x0dd\\x07"},
	{"\x7f", "\\x7f"},
	{"\xc2\x9b"
	 "31m",
		"\\xc2\\x9b31m"}, /* CSI of the C1 set */
	{"\x9b"
	 "31m",
		"\\x9b31m"}, /* the same, raw */
	{"\xc2\xa0", "\xc2\xa0"},
	{"\xe2\x80\xae"
	 "gpj",
		"\\xe2\\x80\\xaegpj"},       /* right-to-left override */
	{"\xe2\x81\xa6", "\\xe2\\x81\\xa6"}, /* isolate */
	{"\xe2\x80\xa8", "\\xe2\\x80\\xa8"}, /* line separator */
	{"\xef\xbb\xbf{", "\\xef\\xbb\\xbf{"},
	{"\xff\xfe", "\\xff\\xfe"},
	{"\xe2\x82", "\\xe2\\x82"},
	/* what the runner of a CI job would obey */
	{"::error::x", "\\x3a:error::x"},
	{" \xe3\x80\x80::x", " \xe3\x80\x80\\x3a:x"},
	{"x ::y", "x ::y"},
	{":", "\\x3a"},
	{"x ##[y]", "x \\x23#[y]"},
	{"###[y]##vso[z]", "#\\x23#[y]\\x23#vso[z]"},
	{"## x [y]", "## x [y]"},
	{"##", "##"},
	{"##x", "##x"},
};

static void what_a_terminal_would_obey_is_shown_as_bytes(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	for (size_t i = 0; i < countof(texts); i++) {
		struct buf b;
		buf_init(&b, &arena);
		utf8_print(&b, texts[i].text, strlen(texts[i].text));
		buf_add(&b, "", 1);
		assert_string_equal(b.bytes, texts[i].shown);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_read_written_and_found_backwards),
		cmocka_unit_test(anything_else_is_refused_with_its_reason),
		cmocka_unit_test(writing_and_reading_agree_on_every_code_point),
		cmocka_unit_test(what_a_terminal_would_obey_is_shown_as_bytes),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
