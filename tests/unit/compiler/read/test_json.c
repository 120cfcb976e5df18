/*
 * JSON: which texts are taken, where and why others are not, and what the nodes of the taken ones
 * say. Rows come from RFC 8259 clause by clause, and from what people and tools write by mistake.
 */

#include "compiler/base/buf.h"
#include "compiler/read/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct source source;
	struct diags diags;
	struct json json;
	bool ok;
};

/* The cap is far above what any row needs: running out here is the end of the test. */
static void read_bytes(struct fixture *f, const char *bytes, size_t len)
{
	arena_init(&f->arena, (size_t)1 << 30);
	f->source = (struct source){"test.json", bytes, len, false};
	f->ok = false;
	if (setjmp(f->arena.out) != 0)
		fail_msg("out of memory");
	diags_init(&f->diags, &f->arena, &f->source);
	f->ok = json_read(&f->json, &f->arena, &f->source, &f->diags);
	assert_int_equal(f->ok, !diags_failed(&f->diags));
	assert_int_equal(diags_exit(&f->diags), f->ok ? 0 : 3);
}

static void read_text(struct fixture *f, const char *text)
{
	read_bytes(f, text, strlen(text));
}

static void done(struct fixture *f)
{
	arena_free(&f->arena);
}

#define TEXT(literal) literal, sizeof(literal) - 1
#define DEEP16_OPEN   "[[[[[[[[[[[[[[[["
#define DEEP16_CLOSE  "]]]]]]]]]]]]]]]]"
#define DEEP63_OPEN   DEEP16_OPEN DEEP16_OPEN DEEP16_OPEN "[[[[[[[[[[[[[[["
#define DEEP63_CLOSE  DEEP16_CLOSE DEEP16_CLOSE DEEP16_CLOSE "]]]]]]]]]]]]]]]"

static const struct {
	const char *text;
	size_t len;
	uint32_t nodes;
} taken[] = {
	/* any value is a document */
	{TEXT("{}"), 1},
	{TEXT("[]"), 1},
	{TEXT("\"\""), 1},
	{TEXT("0"), 1},
	{TEXT("-1.5e+3"), 1},
	{TEXT("true"), 1},
	{TEXT("false"), 1},
	{TEXT("null"), 1},
	{TEXT(" \t\r\n null \t\r\n "), 1},
	{TEXT(" 42\n"), 1},
	/* structure */
	{TEXT("[1]"), 2},
	{TEXT("[1,2,3]"), 4},
	{TEXT("[[],{},[[]]]"), 5},
	{TEXT("{\"a\":1}"), 3},
	{TEXT("{\"a\":1,\"b\":[2],\"c\":{\"d\":null}}"), 10},
	{TEXT("{ \"a\" : { } , \"b\" : [ ] }"), 5},
	{TEXT("{\"\":\"\"}"), 3},
	{TEXT(DEEP63_OPEN "[]" DEEP63_CLOSE), 64},
	{TEXT(DEEP63_OPEN "{\"a\":1}" DEEP63_CLOSE), 66},
	/* the same key in different objects; keys that differ in case, or only past a NUL */
	{TEXT("[{\"a\":1},{\"a\":{\"a\":2}}]"), 9},
	{TEXT("{\"a\":1,\"A\":2}"), 5},
	{TEXT("{\"a\\u0001b\":\"\\u0000\",\"a\\u0001c\":2}"), 5},
	{TEXT("{\"a\":1,\"a \":2,\"\\\\u0061\":3}"), 7},
	/* strings */
	{TEXT("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uabCD\"]"), 2},
	{TEXT("[\"\\ud83e\\udd80\"]"), 2},
	{TEXT("[\"\x7f \xc2\x80 \xc3\xa9 \xe2\x82\xac \xe2\x80\xa8 \xf0\x9f\xa6\x80 "
	      "\xf4\x8f\xbf\xbf\"]"),
		2},
	{TEXT("[\"// no /* comment */ # ' ] } , :\"]"), 2},
	/* numbers */
	{TEXT("[0,-0,1,10,0.0,0e0,0E-1,1e+05,-0.10e10]"), 10},
	{TEXT("[18446744073709551615,18446744073709551616,1e999999]"), 4},
};

static void json_takes_what_rfc_8259_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(taken); i++) {
		struct fixture f;
		read_bytes(&f, taken[i].text, taken[i].len);
		if (!f.ok)
			fail_msg("%s: %s", taken[i].text, f.diags.first->text);
		if (f.json.nodes != taken[i].nodes)
			fail_msg("%s: %u nodes", taken[i].text, f.json.nodes);
		assert_null(f.diags.first);
		done(&f);
	}
}

#define NO_NOTE (UINT32_MAX - 1)

static const struct {
	const char *text;
	size_t len;
	enum diag_id id;
	uint32_t at;
	const char *says;
	uint32_t note;
} refused[] = {
	/* nothing there */
	{TEXT(""), DIAG_EMPTY, 0, "the text is empty", NO_NOTE},
	{TEXT(" \t\r\n"), DIAG_EMPTY, 0, "nothing but white space", NO_NOTE},
	/* not this encoding */
	{TEXT("\xef\xbb\xbf{}"), DIAG_BOM, 0, "byte order mark", NO_NOTE},
	{TEXT("\xef\xbb\xbf"), DIAG_BOM, 0, "byte order mark", NO_NOTE},
	{TEXT("{}\xef\xbb\xbf"), DIAG_SYNTAX, 2, "found U+FEFF", NO_NOTE},
	{TEXT("\xff\xfe{\0}\0"), DIAG_NOT_UTF8, 0, "UTF-16", NO_NOTE},
	{TEXT("\xfe\xff\0{\0}"), DIAG_NOT_UTF8, 0, "UTF-16", NO_NOTE},
	{TEXT("{\0}\0"), DIAG_SYNTAX, 1, "found byte 0x00", NO_NOTE},
	{TEXT("[\"\xff\"]"), DIAG_NOT_UTF8, 2, "byte 0xff is never used in UTF-8", NO_NOTE},
	{TEXT("[\"\x80\"]"), DIAG_NOT_UTF8, 2, "byte 0x80 is the middle", NO_NOTE},
	{TEXT("[\"\xc0\xaf\"]"), DIAG_NOT_UTF8, 2, "overlong", NO_NOTE},
	{TEXT("[\"\xe0\x80\xaf\"]"), DIAG_NOT_UTF8, 2, "overlong", NO_NOTE},
	{TEXT("[\"\xf0\x82\x82\xac\"]"), DIAG_NOT_UTF8, 2, "overlong", NO_NOTE},
	{TEXT("[\"a\xed\xa0\x80\"]"), DIAG_NOT_UTF8, 3, "surrogate", NO_NOTE},
	{TEXT("[\"a\xed\xbf\xbf\"]"), DIAG_NOT_UTF8, 3, "surrogate", NO_NOTE},
	{TEXT("[\"\xf4\x90\x80\x80\"]"), DIAG_NOT_UTF8, 2, "beyond U+10FFFF", NO_NOTE},
	{TEXT("[\"\xe2\x82\"]"), DIAG_NOT_UTF8, 2, "cut short", NO_NOTE},
	{TEXT("[\"\xe2\x82"), DIAG_NOT_UTF8, 2, "cut short", NO_NOTE},
	{TEXT("{\"\xa9\":1}"), DIAG_NOT_UTF8, 2, "the middle", NO_NOTE},
	{TEXT("[\xe9]"), DIAG_NOT_UTF8, 1, "cut short", NO_NOTE},
	{TEXT("[1]\xe9"), DIAG_NOT_UTF8, 3, "cut short", NO_NOTE},
	/* something else altogether */
	{TEXT("\x7f"
	      "ELF\2\1\1\0"),
		DIAG_SYNTAX, 0, "expected a value, found byte 0x7f", NO_NOTE},
	{TEXT("\x1f\x8b\x08\0"), DIAG_SYNTAX, 0, "found byte 0x1f", NO_NOTE},
	{TEXT("<html>"), DIAG_SYNTAX, 0, "expected a value, found '<'", NO_NOTE},
	{TEXT("defaultAction: SCMP_ACT_ALLOW"), DIAG_SYNTAX, 0, "found 'defaultAction'", NO_NOTE},
	{TEXT("- names: [a]"), DIAG_SYNTAX, 1, "expected a digit after '-', found white space",
		NO_NOTE},
	{TEXT("[ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ]"), DIAG_SYNTAX, 1,
		"found 'ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF...'", NO_NOTE},
	/* NUL */
	{TEXT("\0"), DIAG_SYNTAX, 0, "found byte 0x00", NO_NOTE},
	{TEXT("{}\0"), DIAG_SYNTAX, 2, "found byte 0x00", NO_NOTE},
	{TEXT("[1\0]"), DIAG_SYNTAX, 2, "found byte 0x00", NO_NOTE},
	{TEXT("[\"a\0b\"]"), DIAG_SYNTAX, 3, "control character 0x00", NO_NOTE},
	{TEXT("[\"\\\0\"]"), DIAG_SYNTAX, 2, "a backslash and byte 0x00", NO_NOTE},
	/* white space is four characters */
	{TEXT("\v{}"), DIAG_SYNTAX, 0, "found byte 0x0b", NO_NOTE},
	{TEXT("{}\f"), DIAG_SYNTAX, 2, "found byte 0x0c", NO_NOTE},
	{TEXT("[\xc2\xa0"
	      "1]"),
		DIAG_SYNTAX, 1, "found U+00A0", NO_NOTE},
	/* commas */
	{TEXT("[1,]"), DIAG_SYNTAX, 2, "trailing comma before ']'", NO_NOTE},
	{TEXT("[1, \n ]"), DIAG_SYNTAX, 2, "trailing comma before ']'", NO_NOTE},
	{TEXT("{\"a\":1,}"), DIAG_SYNTAX, 6, "trailing comma before '}'", NO_NOTE},
	{TEXT("[1,}"), DIAG_SYNTAX, 3, "expected a value after ',', found '}'", 0},
	{TEXT("[,1]"), DIAG_SYNTAX, 1, "expected a value or ']', found ','", NO_NOTE},
	{TEXT("[,]"), DIAG_SYNTAX, 1, "expected a value or ']', found ','", NO_NOTE},
	{TEXT("[1,,2]"), DIAG_SYNTAX, 3, "expected a value after ',', found ','", NO_NOTE},
	{TEXT("{,}"), DIAG_SYNTAX, 1, "expected a key in double quotes or '}', found ','", NO_NOTE},
	{TEXT("{\"a\":1,,\"b\":2}"), DIAG_SYNTAX, 7, "expected a key", NO_NOTE},
	{TEXT("[1 2]"), DIAG_SYNTAX, 3, "expected ',' or ']' after an element, found '2'", 2},
	{TEXT("[\"a\"\"b\"]"), DIAG_SYNTAX, 4, "expected ',' or ']' after an element, found '\"'",
		4},
	{TEXT("[1 true]"), DIAG_SYNTAX, 3, "found 'true'", 2},
	{TEXT("[[1] [2]]"), DIAG_SYNTAX, 5, "found '['", 4},
	{TEXT("{\"a\":1 \"b\":2}"), DIAG_SYNTAX, 7, "expected ',' or '}' after a value, found '\"'",
		6},
	{TEXT("{\"a\":1;\"b\":2}"), DIAG_SYNTAX, 6, "found ';'", NO_NOTE},
	/* colons */
	{TEXT("{\"a\" 1}"), DIAG_SYNTAX, 5, "expected ':' after a key, found '1'", NO_NOTE},
	{TEXT("{\"a\"}"), DIAG_SYNTAX, 4, "expected ':' after a key, found '}'", NO_NOTE},
	{TEXT("{\"a\",1}"), DIAG_SYNTAX, 4, "expected ':' after a key, found ','", NO_NOTE},
	{TEXT("{\"a\"=1}"), DIAG_SYNTAX, 4, "found '='", NO_NOTE},
	{TEXT("{\"a\":}"), DIAG_SYNTAX, 5, "expected a value after ':', found '}'", NO_NOTE},
	{TEXT("{\"a\"::1}"), DIAG_SYNTAX, 5, "expected a value after ':', found ':'", NO_NOTE},
	{TEXT("[\"a\":1]"), DIAG_SYNTAX, 4, "expected ',' or ']' after an element, found ':'",
		NO_NOTE},
	{TEXT("{\"a\":1:2}"), DIAG_SYNTAX, 6, "found ':'", NO_NOTE},
	/* keys */
	{TEXT("{1:2}"), DIAG_SYNTAX, 1, "expected a key in double quotes or '}', found '1'",
		NO_NOTE},
	{TEXT("{a:1}"), DIAG_SYNTAX, 1, "expected a key in double quotes or '}', found 'a'",
		NO_NOTE},
	{TEXT("{\"a\":1,null:2}"), DIAG_SYNTAX, 7,
		"expected a key in double quotes after ',', found 'null'", NO_NOTE},
	{TEXT("{[1]:2}"), DIAG_SYNTAX, 1, "expected a key", NO_NOTE},
	{TEXT("{{}}"), DIAG_SYNTAX, 1, "found '{'", NO_NOTE},
	/* brackets */
	{TEXT("["), DIAG_SYNTAX, 1, "the text ends inside an array: expected a value or ']'", 0},
	{TEXT("[1"), DIAG_SYNTAX, 2, "the text ends inside an array: expected ',' or ']'", 0},
	{TEXT("[1,\n"), DIAG_SYNTAX, 4, "the text ends inside an array: expected a value after ','",
		0},
	{TEXT("{"), DIAG_SYNTAX, 1, "the text ends inside an object: expected a key", 0},
	{TEXT("{\"a\""), DIAG_SYNTAX, 4, "the text ends inside an object: expected ':'", 0},
	{TEXT("{\"a\":"), DIAG_SYNTAX, 5,
		"the text ends inside an object: expected a value after ':'", 0},
	{TEXT("[{\"a\":1"), DIAG_SYNTAX, 7, "the text ends inside an object: expected ',' or '}'",
		1},
	{TEXT("[{\"a\":1}"), DIAG_SYNTAX, 8, "the text ends inside an array", 0},
	{TEXT("]"), DIAG_SYNTAX, 0, "expected a value, found ']'", NO_NOTE},
	{TEXT("}"), DIAG_SYNTAX, 0, "expected a value, found '}'", NO_NOTE},
	{TEXT("[}"), DIAG_SYNTAX, 1, "expected a value or ']', found '}'", 0},
	{TEXT("[1}"), DIAG_SYNTAX, 2, "expected ',' or ']' after an element, found '}'", 0},
	{TEXT("{\"a\":[1}"), DIAG_SYNTAX, 7, "found '}'", 5},
	{TEXT("{\"a\":1]"), DIAG_SYNTAX, 6, "expected ',' or '}' after a value, found ']'", 0},
	/* behind the document */
	{TEXT("{} {}"), DIAG_SYNTAX, 3, "expected the end of the text", NO_NOTE},
	{TEXT("{}]"), DIAG_SYNTAX, 2, "found ']'", NO_NOTE},
	{TEXT("[1]}"), DIAG_SYNTAX, 3, "found '}'", NO_NOTE},
	{TEXT("1 2"), DIAG_SYNTAX, 2, "found '2'", NO_NOTE},
	{TEXT("{},"), DIAG_SYNTAX, 2, "found ','", NO_NOTE},
	{TEXT("null x"), DIAG_SYNTAX, 5, "found 'x'", NO_NOTE},
	/* depth */
	{TEXT(DEEP63_OPEN "[[]]" DEEP63_CLOSE), DIAG_DEPTH, 64, "nested more than 64 deep",
		NO_NOTE},
	{TEXT(DEEP63_OPEN "[{\"a\":1}]" DEEP63_CLOSE), DIAG_DEPTH, 64, "more than 64", NO_NOTE},
	{TEXT(DEEP63_OPEN "[["), DIAG_DEPTH, 64, "more than 64", NO_NOTE},
	/* other languages */
	{TEXT("// c\n{}"), DIAG_SYNTAX, 0, "comments are not JSON", NO_NOTE},
	{TEXT("{ /* c */ }"), DIAG_SYNTAX, 2, "comments are not JSON", NO_NOTE},
	{TEXT("[1, # c\n2]"), DIAG_SYNTAX, 4, "comments are not JSON", NO_NOTE},
	{TEXT("[1 // c\n]"), DIAG_SYNTAX, 3, "comments are not JSON", NO_NOTE},
	{TEXT("{} // c"), DIAG_SYNTAX, 3, "comments are not JSON", NO_NOTE},
	{TEXT("[/]"), DIAG_SYNTAX, 1, "found '/'", NO_NOTE},
	{TEXT("{'a':1}"), DIAG_SYNTAX, 1, "not single ones", NO_NOTE},
	{TEXT("['a']"), DIAG_SYNTAX, 1, "not single ones", NO_NOTE},
	{TEXT("[`a`]"), DIAG_SYNTAX, 1, "not backquotes", NO_NOTE},
	{TEXT("[\xe2\x80\x9c"
	      "a\xe2\x80\x9d]"),
		DIAG_SYNTAX, 1, "not typographic ones", NO_NOTE},
	{TEXT("{\"a\xe2\x80\x9d: 1}\n"), DIAG_SYNTAX, 10, "unescaped newline", 1},
	/* literals */
	{TEXT("[True]"), DIAG_SYNTAX, 1, "'True' is spelt 'true'", NO_NOTE},
	{TEXT("[FALSE]"), DIAG_SYNTAX, 1, "'FALSE' is spelt 'false'", NO_NOTE},
	{TEXT("Null"), DIAG_SYNTAX, 0, "'Null' is spelt 'null'", NO_NOTE},
	{TEXT("[tru]"), DIAG_SYNTAX, 1, "found 'tru'", NO_NOTE},
	{TEXT("nul"), DIAG_SYNTAX, 0, "found 'nul'", NO_NOTE},
	{TEXT("[nulll]"), DIAG_SYNTAX, 1, "found 'nulll'", NO_NOTE},
	{TEXT("[true1]"), DIAG_SYNTAX, 1, "found 'true1'", NO_NOTE},
	{TEXT("[None]"), DIAG_SYNTAX, 1, "found 'None'", NO_NOTE},
	{TEXT("[NaN]"), DIAG_SYNTAX, 1, "found 'NaN'", NO_NOTE},
	{TEXT("[-Infinity]"), DIAG_SYNTAX, 2, "expected a digit after '-', found 'Infinity'",
		NO_NOTE},
	{TEXT("[SCMP_ACT_KILL]"), DIAG_SYNTAX, 1, "found 'SCMP_ACT_KILL'", NO_NOTE},
	/* numbers */
	{TEXT("[01]"), DIAG_SYNTAX, 1, "needless 0", NO_NOTE},
	{TEXT("[-01]"), DIAG_SYNTAX, 2, "needless 0", NO_NOTE},
	{TEXT("[00]"), DIAG_SYNTAX, 1, "needless 0", NO_NOTE},
	{TEXT("[0x10]"), DIAG_SYNTAX, 1, "hexadecimal", NO_NOTE},
	{TEXT("[-0Xff]"), DIAG_SYNTAX, 1, "hexadecimal", NO_NOTE},
	{TEXT("[0o7]"), DIAG_SYNTAX, 2, "'o' does not belong", NO_NOTE},
	{TEXT("[1_000]"), DIAG_SYNTAX, 2, "'_' does not belong", NO_NOTE},
	{TEXT("[+1]"), DIAG_SYNTAX, 1, "a number does not start with '+'", NO_NOTE},
	{TEXT("[.5]"), DIAG_SYNTAX, 1, "a number does not start with '.'", NO_NOTE},
	{TEXT("[-]"), DIAG_SYNTAX, 2, "expected a digit after '-', found ']'", NO_NOTE},
	{TEXT("-"), DIAG_SYNTAX, 1, "expected a digit after '-', found the end of the text",
		NO_NOTE},
	{TEXT("[--1]"), DIAG_SYNTAX, 2, "expected a digit after '-', found '-'", NO_NOTE},
	{TEXT("[1.]"), DIAG_SYNTAX, 3, "expected a digit after '.', found ']'", NO_NOTE},
	{TEXT("1."), DIAG_SYNTAX, 2, "expected a digit after '.', found the end", NO_NOTE},
	{TEXT("[1.e3]"), DIAG_SYNTAX, 3, "expected a digit after '.', found 'e3'", NO_NOTE},
	{TEXT("[1e]"), DIAG_SYNTAX, 3, "expected a digit in the exponent, found ']'", NO_NOTE},
	{TEXT("1e+"), DIAG_SYNTAX, 3, "expected a digit in the exponent, found the end", NO_NOTE},
	{TEXT("[1e+-2]"), DIAG_SYNTAX, 4, "expected a digit in the exponent, found '-'", NO_NOTE},
	{TEXT("[1.2.3]"), DIAG_SYNTAX, 4, "'.' does not belong", NO_NOTE},
	{TEXT("[1-2]"), DIAG_SYNTAX, 2, "'-' does not belong", NO_NOTE},
	{TEXT("[1e5e]"), DIAG_SYNTAX, 4, "'e' does not belong", NO_NOTE},
	{TEXT("12ms"), DIAG_SYNTAX, 2, "'m' does not belong", NO_NOTE},
	/* strings */
	{TEXT("\""), DIAG_SYNTAX, 1, "the text ends inside a string", 0},
	{TEXT("[\"abc"), DIAG_SYNTAX, 5, "the text ends inside a string", 1},
	{TEXT("[\"abc\\"), DIAG_SYNTAX, 6, "the text ends inside a string", 1},
	{TEXT("[\"abc\\\""), DIAG_SYNTAX, 7, "the text ends inside a string", 1},
	{TEXT("{\"abc\n\":1}"), DIAG_SYNTAX, 5, "unescaped newline", 1},
	{TEXT("[\"abc\r\n\"]"), DIAG_SYNTAX, 5, "unescaped newline", 1},
	{TEXT("[\"a\tb\"]"), DIAG_SYNTAX, 3, "unescaped tab", NO_NOTE},
	{TEXT("[\"\x1f\"]"), DIAG_SYNTAX, 2, "control character 0x1f in a string, write \\u001f",
		NO_NOTE},
	{TEXT("[\"\\x41\"]"), DIAG_SYNTAX, 2, "'\\x' is not an escape", NO_NOTE},
	{TEXT("[\"\\'\"]"), DIAG_SYNTAX, 2, "a backslash and '''", NO_NOTE},
	{TEXT("[\"a\\\n\"]"), DIAG_SYNTAX, 3, "a backslash and white space", NO_NOTE},
	{TEXT("[\"\\\xc3\xa9\"]"), DIAG_SYNTAX, 2, "a backslash and U+00E9", NO_NOTE},
	{TEXT("[\"\\U00e9\"]"), DIAG_SYNTAX, 2, "'\\U' is not an escape", NO_NOTE},
	{TEXT("[\"\\u12\"]"), DIAG_SYNTAX, 2, "four hexadecimal digits", NO_NOTE},
	{TEXT("[\"\\u12G4\"]"), DIAG_SYNTAX, 2, "four hexadecimal digits", NO_NOTE},
	{TEXT("[\"\\u+123\"]"), DIAG_SYNTAX, 2, "four hexadecimal digits", NO_NOTE},
	{TEXT("[\"\\u"), DIAG_SYNTAX, 2, "four hexadecimal digits", NO_NOTE},
	{TEXT("[\"\\ud800\"]"), DIAG_SYNTAX, 2, "high surrogate '\\ud800' without a low one",
		NO_NOTE},
	{TEXT("[\"\\uD800\\n\"]"), DIAG_SYNTAX, 2, "high surrogate '\\uD800'", NO_NOTE},
	{TEXT("[\"\\ud800/udc00\"]"), DIAG_SYNTAX, 2, "high surrogate", NO_NOTE},
	{TEXT("[\"\\ud800\\u0041\"]"), DIAG_SYNTAX, 2, "high surrogate", NO_NOTE},
	{TEXT("[\"\\ud800\\ud800\\udc00\"]"), DIAG_SYNTAX, 2, "high surrogate", NO_NOTE},
	{TEXT("[\"\\ud800"), DIAG_SYNTAX, 2, "high surrogate", NO_NOTE},
	{TEXT("[\"\\udc00\"]"), DIAG_SYNTAX, 2, "low surrogate '\\udc00' without a high one",
		NO_NOTE},
	{TEXT("[\"\\ud800\\udc00\\udfff\"]"), DIAG_SYNTAX, 14, "low surrogate '\\udfff'", NO_NOTE},
	/* keys given twice */
	{TEXT("{\"a\":1,\"a\":2}"), DIAG_DUPLICATE_KEY, 7, "key 'a' is given twice", 1},
	{TEXT("{\"a\":1,\"b\":2,\"\\u0061\":3}"), DIAG_DUPLICATE_KEY, 13, "key 'a' is given twice",
		1},
	{TEXT("{\"\\u0062\":1,\"b\":2}"), DIAG_DUPLICATE_KEY, 12, "key 'b' is given twice", 1},
	{TEXT("{\"\":1,\"\":2}"), DIAG_DUPLICATE_KEY, 6, "key '' is given twice", 1},
	{TEXT("[{\"x\":{\"k\":1,\"k\":1}}]"), DIAG_DUPLICATE_KEY, 13, "key 'k'", 7},
	{TEXT("{\"\xc3\xa9\":1,\"\\u00e9\":2}"), DIAG_DUPLICATE_KEY, 8, "key '\xc3\xa9'", 1},
	{TEXT("{\"\\ud83e\\udd80\":1,\"\xf0\x9f\xa6\x80\":2}"), DIAG_DUPLICATE_KEY, 18,
		"given twice", 1},
	{TEXT("{\"a\\u0000b\":1}"), DIAG_NUL, 1, "crun reads it as 'a'", NO_NOTE},
	{TEXT("[[{\"x\":{\"\\u0000\":1}}]]"), DIAG_NUL, 8, "crun reads it as ''", NO_NOTE},
};

static void json_refuses_the_rest_once_and_in_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(refused); i++) {
		struct fixture f;
		read_bytes(&f, refused[i].text, refused[i].len);
		const struct diag *d = f.diags.first;
		if (f.ok)
			fail_msg("row %zu is taken: %s", i, refused[i].text);
		if (d->id != refused[i].id || d->at != refused[i].at ||
			!strstr(d->text, refused[i].says))
			fail_msg("row %zu, %s: %s at %u: %s", i, refused[i].text,
				diag_kinds[d->id].slug, d->at, d->text);
		if ((d->note ? d->note->at : NO_NOTE) != refused[i].note)
			fail_msg("row %zu, %s: note at %u", i, refused[i].text,
				d->note ? d->note->at : NO_NOTE);
		assert_null(d->next);
		assert_true(d->len > 0);
		done(&f);
	}
}

/* Any beginning of a text is refused without reading past it: each has a block of its own. */
static void json_reads_no_byte_behind_the_text(void **state)
{
	static const char text[] =
		"{\"a\\ud83e\\udd80\\n\xf0\x9f\xa6\x80\":[-1.5e+3,true,{\"b\":null}]}";
	struct fixture f;

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		char *copy = malloc(len ? len : 1);
		assert_non_null(copy);
		memcpy(copy, text, len);
		read_bytes(&f, copy, len);
		assert_int_equal(f.ok, len == sizeof(text) - 1);
		done(&f);
		free(copy);
	}
}

static void json_refuses_a_text_that_is_too_big(void **state)
{
	struct fixture f;
	size_t len = SOURCE_MAX + 1;
	char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	memset(text, ' ', len);
	text[0] = '1';
	read_bytes(&f, text, len);
	assert_false(f.ok);
	assert_int_equal(f.diags.first->id, DIAG_TOO_BIG);
	done(&f);
	read_bytes(&f, text, len - 1);
	assert_true(f.ok);
	done(&f);
	free(text);
}

/* --- duplicate keys --- */

static void every_repetition_is_reported_against_the_first(void **state)
{
	struct fixture f;
	uint32_t at[] = {7, 13, 25}, i = 0;

	(void)state;
	read_text(&f, "{\"a\":1,\"a\":2,\"a\":3,\"b\":4,\"b\":5}");
	assert_int_equal(f.diags.count[SEVERITY_ERROR], 3);
	for (const struct diag *d = f.diags.first; d; d = d->next, i++) {
		assert_int_equal(d->at, at[i]);
		assert_int_equal(d->len, 3);
		assert_int_equal(d->note->at, i < 2 ? 1 : 19);
		assert_null(d->note->note);
	}
	assert_int_equal(i, 3);
	done(&f);
}

/* --- nodes --- */

static uint32_t child(const struct json *j, uint32_t node, uint32_t index)
{
	uint32_t n = j->node[node].child;

	while (index--)
		n = j->node[n].next;
	return n;
}

static void assert_node(
	const struct fixture *f, uint32_t n, enum json_type type, const char *text, uint32_t count)
{
	const struct json_node *node = &f->json.node[n];

	assert_int_equal(node->type, type);
	assert_int_equal(node->len, strlen(text));
	assert_memory_equal(f->source.bytes + node->at, text, node->len);
	assert_int_equal(node->count, count);
}

static void nodes_link_children_in_file_order(void **state)
{
	struct fixture f;

	(void)state;
	read_text(&f,
		" {\"a\": [1, \"x\", [], {}], \"b\": true, \"c\": {\"d\": null}, \"e\": false } ");
	const struct json *j = &f.json;
	assert_true(f.ok);
	assert_int_equal(j->node[0].type, JSON_OBJECT);
	assert_int_equal(j->node[0].at, 1);
	assert_int_equal(j->node[0].len, f.source.len - 2);
	assert_int_equal(j->node[0].count, 4);
	assert_int_equal(j->node[0].next, JSON_NONE);
	assert_node(&f, child(j, 0, 0), JSON_STRING, "\"a\"", 1);
	uint32_t a = json_value(j, child(j, 0, 0));
	assert_node(&f, a, JSON_ARRAY, "[1, \"x\", [], {}]", 4);
	assert_int_equal(j->node[a].next, JSON_NONE);
	assert_node(&f, child(j, a, 0), JSON_NUMBER, "1", 0);
	assert_node(&f, child(j, a, 1), JSON_STRING, "\"x\"", 0);
	assert_node(&f, child(j, a, 2), JSON_ARRAY, "[]", 0);
	assert_node(&f, child(j, a, 3), JSON_OBJECT, "{}", 0);
	assert_int_equal(child(j, a, 4), JSON_NONE);
	assert_int_equal(j->node[child(j, a, 2)].child, JSON_NONE);
	assert_node(&f, json_value(j, child(j, 0, 1)), JSON_TRUE, "true", 0);
	uint32_t c = json_value(j, child(j, 0, 2));
	assert_node(&f, c, JSON_OBJECT, "{\"d\": null}", 1);
	assert_node(&f, json_value(j, child(j, c, 0)), JSON_NULL, "null", 0);
	assert_node(&f, json_value(j, child(j, 0, 3)), JSON_FALSE, "false", 0);
	assert_int_equal(child(j, 0, 4), JSON_NONE);
	done(&f);
}

static const struct {
	const char *text;
	enum json_type type;
	const char *name;
} documents[] = {
	{"{}", JSON_OBJECT, "an object"},
	{" [ ] ", JSON_ARRAY, "an array"},
	{"\"\"", JSON_STRING, "a string"},
	{"-0", JSON_NUMBER, "a number"},
	{" 7", JSON_NUMBER, "a number"},
	{"true", JSON_TRUE, "true"},
	{"false ", JSON_FALSE, "false"},
	{"\nnull\n", JSON_NULL, "null"},
};

static void types_have_their_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(documents); i++) {
		struct fixture f;
		read_text(&f, documents[i].text);
		assert_int_equal(f.json.node[0].type, documents[i].type);
		assert_string_equal(json_type_name(documents[i].type), documents[i].name);
		assert_int_equal(f.json.node[0].at, strspn(documents[i].text, " \n"));
		assert_int_equal(f.json.node[0].next, JSON_NONE);
		done(&f);
	}
}

/* --- strings --- */

static const struct {
	const char *text;
	const char *decoded;
	size_t len;
} strings[] = {
	{"\"\"", TEXT("")},
	{"\"openat\"", TEXT("openat")},
	{" \"a b\" ", TEXT("a b")},
	{"\"\\\"\\\\\\/\"", TEXT("\"\\/")},
	{"\"\\b\\f\\n\\r\\t\"", TEXT("\b\f\n\r\t")},
	{"\"a\\nb\\nc\"", TEXT("a\nb\nc")},
	{"\"\\u0041\\u005a\\u007f\"", TEXT("AZ\x7f")},
	{"\"\\u0000\"", TEXT("\0")},
	{"\"a\\u0000b\"", TEXT("a\0b")},
	{"\"\\u0080\\u07ff\"", TEXT("\xc2\x80\xdf\xbf")},
	{"\"\\u0800\\ud7ff\\ue000\\uffff\"",
		TEXT("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf")},
	{"\"\\uABCD\\uabcd\"", TEXT("\xea\xaf\x8d\xea\xaf\x8d")},
	{"\"\\ud800\\udc00\"", TEXT("\xf0\x90\x80\x80")},
	{"\"\\uDBFF\\uDFFF\"", TEXT("\xf4\x8f\xbf\xbf")},
	{"\"x\\ud83e\\udd80y\"", TEXT("x\xf0\x9f\xa6\x80y")},
	{"\"\xf0\x9f\xa6\x80\\n\xc3\xa9\"", TEXT("\xf0\x9f\xa6\x80\n\xc3\xa9")},
	{"\"\\\\u0041\"", TEXT("\\u0041")},
	{"\"\\\\\\\\\"", TEXT("\\\\")},
};

static void strings_are_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(strings); i++) {
		struct fixture f;
		read_text(&f, strings[i].text);
		if (!f.ok)
			fail_msg("%s: %s", strings[i].text, f.diags.first->text);
		struct text text = json_text(&f.json, &f.arena, 0);
		if (text.len != strings[i].len || memcmp(text.s, strings[i].decoded, text.len) != 0)
			fail_msg("%s is '%s'", strings[i].text, text.s);
		assert_int_equal(text.s[text.len], '\0');
		assert_int_equal(text.at, f.json.node[0].at);
		assert_int_equal(text.at_len, f.json.node[0].len);
		done(&f);
	}
}

/* --- numbers --- */

static const struct {
	const char *text;
	enum json_uint result;
	uint64_t value;
} numbers[] = {
	{"0", JSON_UINT_OK, 0},
	{"1", JSON_UINT_OK, 1},
	{"[9]", JSON_UINT_OK, 9},
	{"4294967295", JSON_UINT_OK, 4294967295},
	{"4294967296", JSON_UINT_OK, 4294967296},
	{"9007199254740993", JSON_UINT_OK, 9007199254740993}, /* 2^53 + 1, no double */
	{"9223372036854775807", JSON_UINT_OK, INT64_MAX},
	{"9223372036854775808", JSON_UINT_OK, (uint64_t)INT64_MAX + 1},
	{"18446744073709551609", JSON_UINT_OK, UINT64_MAX - 6},
	{"18446744073709551610", JSON_UINT_OK, UINT64_MAX - 5},
	{"18446744073709551614", JSON_UINT_OK, UINT64_MAX - 1},
	{"18446744073709551615", JSON_UINT_OK, UINT64_MAX},
	{"18446744073709551616", JSON_UINT_TOO_BIG, 0},
	{"18446744073709551620", JSON_UINT_TOO_BIG, 0},
	{"20000000000000000000", JSON_UINT_TOO_BIG, 0},
	{"36893488147419103232", JSON_UINT_TOO_BIG, 0}, /* 2^65, 0 when it wraps */
	{"184467440737095516150", JSON_UINT_TOO_BIG, 0},
	{"100000000000000000000000000000000000000000", JSON_UINT_TOO_BIG, 0},
	{"-0", JSON_UINT_NEGATIVE, 0},
	{"-1", JSON_UINT_NEGATIVE, 0},
	{"-1.5", JSON_UINT_NEGATIVE, 0},
	{"-18446744073709551616", JSON_UINT_NEGATIVE, 0},
	{"1.0", JSON_UINT_FRACTION, 0},
	{"0.5", JSON_UINT_FRACTION, 0},
	{"1e3", JSON_UINT_FRACTION, 0},
	{"1E0", JSON_UINT_FRACTION, 0},
	{"0e0", JSON_UINT_FRACTION, 0},
	{"99999999999999999999999999.5", JSON_UINT_FRACTION, 0},
	{"99999999999999999999999999e1", JSON_UINT_FRACTION, 0},
};

static void unsigned_integers_are_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(numbers); i++) {
		struct fixture f;
		uint64_t value = 0;
		read_text(&f, numbers[i].text);
		uint32_t node = f.json.nodes - 1;
		if (json_uint(&f.json, node, &value) != numbers[i].result ||
			value != numbers[i].value)
			fail_msg("%s is %llu", numbers[i].text, (unsigned long long)value);
		done(&f);
	}
}

/* --- large texts: no time is asserted, they just have to be done --- */

struct large {
	struct fixture f;
	struct arena arena;
	struct buf text;
};

static void large_begin(struct large *l)
{
	arena_init(&l->arena, (size_t)256 << 20);
	buf_init(&l->text, &l->arena);
}

static void large_fill(struct large *l, char c, size_t count)
{
	char *bytes = arena_alloc(&l->arena, count, 1);

	memset(bytes, c, count);
	buf_add(&l->text, bytes, count);
}

static void large_read(struct large *l)
{
	read_bytes(&l->f, l->text.bytes, l->text.len);
}

static void large_end(struct large *l)
{
	done(&l->f);
	arena_free(&l->arena);
}

static void sixteen_mebibytes_of_brackets_are_refused(void **state)
{
	struct large l;

	(void)state;
	large_begin(&l);
	large_fill(&l, '[', SOURCE_MAX);
	large_read(&l);
	assert_int_equal(l.f.diags.first->id, DIAG_DEPTH);
	large_end(&l);
}

static void sixteen_mebibytes_of_string_are_taken(void **state)
{
	struct large l;

	(void)state;
	large_begin(&l);
	buf_text(&l.text, "\"");
	large_fill(&l, 'a', SOURCE_MAX - 2);
	buf_text(&l.text, "\"");
	large_read(&l);
	assert_true(l.f.ok);
	assert_int_equal(json_text(&l.f.json, &l.f.arena, 0).len, SOURCE_MAX - 2);
	large_end(&l);
}

static void a_million_numbers_are_taken(void **state)
{
	struct large l;

	(void)state;
	large_begin(&l);
	for (int i = 0; i < 1000000; i++)
		buf_text(&l.text, i ? ",1" : "[1");
	buf_text(&l.text, "]");
	large_read(&l);
	assert_true(l.f.ok);
	assert_int_equal(l.f.json.node[0].count, 1000000);
	assert_true(l.f.arena.used <= 22 * l.text.len + 64);
	large_end(&l);
}

static void a_hundred_thousand_members_are_taken(void **state)
{
	struct large l;
	uint32_t n, count = 0;

	(void)state;
	large_begin(&l);
	for (int i = 0; i < 100000; i++)
		buf_printf(&l.text, "%s\"\\u006b%d\":{\"v\":[%d]}", i ? "," : "{", i, i);
	buf_text(&l.text, "}");
	large_read(&l);
	assert_true(l.f.ok);
	for (n = l.f.json.node[0].child; n != JSON_NONE; n = l.f.json.node[n].next)
		count++;
	assert_int_equal(count, 100000);
	assert_true(l.f.arena.used <= 22 * l.text.len + 64);
	large_end(&l);
}

static void a_hundred_thousand_equal_keys_are_counted(void **state)
{
	struct large l;

	(void)state;
	large_begin(&l);
	for (int i = 0; i < 100000; i++)
		buf_text(&l.text, i ? ",\"k\":1" : "{\"k\":1");
	buf_text(&l.text, "}");
	large_read(&l);
	assert_false(l.f.ok);
	assert_int_equal(l.f.diags.count[SEVERITY_ERROR], 99999);
	assert_int_equal(l.f.diags.unshown, 99999 - DIAG_MAX);
	large_end(&l);
}

/* Each array closes with all its parents open: jsmn's walk over parents is bounded by the depth. */
static void deep_siblings_are_taken(void **state)
{
	struct large l;

	(void)state;
	large_begin(&l);
	for (int i = 0; i < 20000; i++)
		buf_text(&l.text, i ? "," DEEP63_OPEN DEEP63_CLOSE : "[" DEEP63_OPEN DEEP63_CLOSE);
	buf_text(&l.text, "]");
	large_read(&l);
	assert_true(l.f.ok);
	assert_int_equal(l.f.json.node[0].count, 20000);
	large_end(&l);
}

static void running_out_of_memory_jumps(void **state)
{
	static const char text[] = "{\"a\":[1,2,3],\"\\u0062\":\"c\"}";
	struct source source = {"test.json", text, sizeof(text) - 1, false};
	struct arena arena;
	struct diags diags;
	struct json json;
	volatile size_t cap = 0, jumps = 0;

	(void)state;
	for (;; cap += 16) {
		arena_init(&arena, cap);
		if (setjmp(arena.out) == 0) {
			diags_init(&diags, &arena, &source);
			assert_true(json_read(&json, &arena, &source, &diags));
			break;
		}
		jumps++;
		arena_free(&arena);
	}
	arena_free(&arena);
	assert_true(jumps > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_takes_what_rfc_8259_takes),
		cmocka_unit_test(json_refuses_the_rest_once_and_in_place),
		cmocka_unit_test(json_reads_no_byte_behind_the_text),
		cmocka_unit_test(json_refuses_a_text_that_is_too_big),
		cmocka_unit_test(every_repetition_is_reported_against_the_first),
		cmocka_unit_test(nodes_link_children_in_file_order),
		cmocka_unit_test(types_have_their_names),
		cmocka_unit_test(strings_are_decoded),
		cmocka_unit_test(unsigned_integers_are_exact),
		cmocka_unit_test(sixteen_mebibytes_of_brackets_are_refused),
		cmocka_unit_test(sixteen_mebibytes_of_string_are_taken),
		cmocka_unit_test(a_million_numbers_are_taken),
		cmocka_unit_test(a_hundred_thousand_members_are_taken),
		cmocka_unit_test(a_hundred_thousand_equal_keys_are_counted),
		cmocka_unit_test(deep_siblings_are_taken),
		cmocka_unit_test(running_out_of_memory_jumps),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
