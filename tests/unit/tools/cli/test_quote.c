/* Names of files can hold anything but NUL; what is written stays JSON and XML. */

#include "compiler/base/base.h"
#include "tools/cli/quote.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check(void (*quote)(struct buf *, const char *), const char *text, const char *quoted)
{
	struct arena arena;
	struct buf b;

	arena_init(&arena, 1 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	buf_init(&b, &arena);
	quote(&b, text);
	buf_add(&b, "", 1);
	assert_string_equal(b.bytes, quoted);
	arena_free(&arena);
}

static void what_is_quoted_says_the_same(void **state)
{
	static const struct {
		const char *text, *json, *xml;
	} rows[] = {
		{"", "\"\"", ""},
		{"plain.bpf", "\"plain.bpf\"", "plain.bpf"},
		{"a\"b\\c", "\"a\\\"b\\\\c\"", "a&#34;b\\c"},
		{"<a & 'b'>", "\"<a & 'b'>\"", "&#60;a &#38; &#39;b&#39;&#62;"},
		{"\n\x1b", "\"\\u000a\\u001b\"", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"\x7f\xc2\x9b", "\"\\u007f\\u009b\"", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xe2\x80\xae\xd8\x9c", "\"\\u202e\\u061c\"", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"##[a]##vso[b", "\"\\u0023#[a]\\u0023#vso[b\"", "&#35;#[a]&#35;#vso[b"},
		{"n\xc3\xa4me", "\"n\xc3\xa4me\"", "n\xc3\xa4me"},
		{"\xff\xc3", "\"\xef\xbf\xbd\xef\xbf\xbd\"", "\xef\xbf\xbd\xef\xbf\xbd"},
	};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		check(quote_json, rows[i].text, rows[i].json);
		check(quote_xml, rows[i].text, rows[i].xml);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_quoted_says_the_same)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
