/*
 * Diagnostics: what is kept and counted, and every byte of what is printed. Rows give a source, a
 * place in it, and the lines a person sees.
 */

#include "compiler/say/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct source source;
	struct diags diags;
};

/* The cap is far above what any row needs: running out here is the end of the test. */
static void begin_bytes(struct fixture *f, const char *bytes, size_t len)
{
	arena_init(&f->arena, (size_t)256 << 20);
	f->source = (struct source){"p.json", bytes, len, false};
	diags_init(&f->diags, &f->arena, &f->source);
}

static void begin(struct fixture *f, const char *text)
{
	begin_bytes(f, text, strlen(text));
}

static void done(struct fixture *f)
{
	arena_free(&f->arena);
}

static const char *printed(struct fixture *f, enum severity least, bool colour)
{
	struct buf b;

	buf_init(&b, &f->arena);
	diags_print(&b, &f->diags, least, colour);
	buf_add(&b, "", 1);
	return b.bytes;
}

/* --- rows of diag.tbl --- */

static void codes_and_slugs_are_unique_and_well_formed(void **state)
{
	(void)state;
	for (size_t i = 0; i < DIAG_IDS; i++) {
		const struct diag_kind *kind = &diag_kinds[i];
		assert_int_equal(strlen(kind->code), 4);
		assert_int_equal(strspn(kind->code + 1, "0123456789"), 3);
		assert_int_equal(kind->code[0], "NWE"[kind->severity]);
		assert_int_equal(strspn(kind->slug, "abcdefghijklmnopqrstuvwxyz0123456789-"),
			strlen(kind->slug));
		assert_true(kind->exit > 0);
		assert_true(strlen(diag_about[i]) > 20);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(kind->code, diag_kinds[k].code);
			assert_string_not_equal(kind->slug, diag_kinds[k].slug);
		}
	}
}

static void diagnostics_are_found_by_code_and_slug(void **state)
{
	enum diag_id id;

	(void)state;
	for (size_t i = 0; i < DIAG_IDS; i++) {
		assert_true(diag_find(diag_kinds[i].code, &id));
		assert_int_equal(id, i);
		assert_true(diag_find(diag_kinds[i].slug, &id));
		assert_int_equal(id, i);
	}
	assert_true(diag_find("e005", &id));
	assert_int_equal(id, DIAG_SYNTAX);
	assert_true(diag_find("Duplicate-Key", &id));
	assert_int_equal(id, DIAG_DUPLICATE_KEY);
	assert_false(diag_find("", &id));
	assert_false(diag_find("E00", &id));
	assert_false(diag_find("E0055", &id));
	assert_false(diag_find("syntax ", &id));
}

/* --- collecting --- */

static void findings_are_counted_by_severity_and_notes_are_not(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "{}");
	assert_false(diags_failed(&f.diags));
	assert_int_equal(diags_exit(&f.diags), 0);
	assert_false(diag(&f.diags, DIAG_UNKNOWN_KEY, 0, 1, "one"));
	diag_note(&f.diags, 0, 1, "a note");
	diag_note(&f.diags, 1, 1, "another");
	assert_false(diag(&f.diags, DIAG_PRIVATE_KEY, 0, 1, "two"));
	assert_false(diags_failed(&f.diags));
	assert_int_equal(diags_exit(&f.diags), 0);
	assert_false(diag(&f.diags, DIAG_TOO_LONG, 0, 1, "three"));
	assert_int_equal(diags_exit(&f.diags), 4);
	assert_false(diag(&f.diags, DIAG_NOT_CACHEABLE, 0, 1, "four"));
	assert_int_equal(diags_exit(&f.diags), 4);
	assert_false(diag(&f.diags, DIAG_TYPE, 0, 1, "five"));
	assert_int_equal(diags_exit(&f.diags), 3);
	assert_true(diags_failed(&f.diags));
	assert_int_equal(f.diags.count[SEVERITY_NOTE], 1);
	assert_int_equal(f.diags.count[SEVERITY_WARNING], 1);
	assert_int_equal(f.diags.count[SEVERITY_ERROR], 3);
	assert_string_equal(f.diags.first->note->text, "a note");
	assert_string_equal(f.diags.first->note->note->text, "another");
	assert_null(f.diags.first->next->note);
	done(&f);
}

static void strict_makes_errors_of_three_warnings(void **state)
{
	struct fixture f;

	(void)state;
	for (int strict = 0; strict < 2; strict++) {
		for (size_t i = 0; i < DIAG_IDS; i++) {
			bool raised = i == DIAG_UNKNOWN_SYSCALL || i == DIAG_OVERLAP ||
				i == DIAG_SHADOWED;
			begin(&f, "{}");
			f.diags.strict = strict;
			diag(&f.diags, (enum diag_id)i, 0, 1, "text");
			assert_int_equal(f.diags.first->severity,
				strict && raised ? SEVERITY_ERROR : diag_kinds[i].severity);
			done(&f);
		}
	}
}

static void findings_beyond_the_most_are_counted_only(void **state)
{
	static char text[DIAG_MAX + 501];
	struct fixture f;

	(void)state;
	memset(text, ' ', sizeof(text) - 1);
	memcpy(text, "{}\n", 3);
	begin(&f, text);
	for (uint32_t i = 0; i < DIAG_MAX; i++)
		diag(&f.diags, DIAG_UNKNOWN_KEY, i, 1, "kept");
	size_t used = f.arena.used;
	for (uint32_t i = 0; i < 500; i++) {
		diag(&f.diags, DIAG_UNKNOWN_KEY, DIAG_MAX + i, 1, "dropped");
		diag_note(&f.diags, 0, 1, "dropped with it");
	}
	assert_int_equal(f.arena.used, used);
	assert_int_equal(f.diags.count[SEVERITY_WARNING], DIAG_MAX + 500);
	assert_int_equal(f.diags.unshown, 500);
	/* an error behind them all is still shown */
	diag(&f.diags, DIAG_TYPE, 1, 1, "the error");
	diag_note(&f.diags, NOWHERE, 1, "its note");
	assert_string_equal(printed(&f, SEVERITY_ERROR, false),
		"p.json:1:2: error: the error [E010 wrong-type]\n    1 | {}\n      |  ^\n"
		"p.json: note: its note\n");
	const char *all = printed(&f, SEVERITY_WARNING, false);
	const char *last = "p.json: 500 more findings are not shown\n";
	assert_string_equal(all + strlen(all) - strlen(last), last);
	done(&f);
}

static void the_exit_status_counts_findings_that_are_not_kept(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "{}");
	for (int i = 0; i < DIAG_MAX; i++)
		diag(&f.diags, DIAG_TOO_LONG, NOWHERE, 1, "kept");
	diag(&f.diags, DIAG_TYPE, 0, 1, "dropped");
	assert_int_equal(diags_exit(&f.diags), 3);
	done(&f);
}

static void a_finding_is_said_once_a_place(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "{}");
	diag(&f.diags, DIAG_TYPE, 0, 1, "first");
	diag(&f.diags, DIAG_TYPE, 0, 1, "again, on another ABI");
	diag_note(&f.diags, 0, 1, "goes with it");
	diag(&f.diags, DIAG_TYPE, 1, 1, "elsewhere");
	diag(&f.diags, DIAG_NUMBER, 0, 1, "something else");
	assert_int_equal(f.diags.count[SEVERITY_ERROR], 3);
	assert_string_equal(f.diags.first->text, "first");
	assert_null(f.diags.first->note);
	done(&f);
}

static void long_messages_are_cut_between_characters(void **state)
{
	char name[DIAG_TEXT_MAX * 3];
	struct fixture f;

	(void)state;
	begin(&f, "{}");
	for (size_t i = 0; i + 1 < sizeof(name); i += 2)
		memcpy(name + i, "\xc3\xa9", 2);
	name[sizeof(name) - 2] = '\0';
	for (int shift = 0; shift < 2; shift++) {
		diag(&f.diags, DIAG_TYPE, (uint32_t)shift, 1, "%.*s%s", shift, "-", name);
		const char *text = f.diags.last->text;
		size_t len = strlen(text);
		assert_true(len < DIAG_TEXT_MAX && len > DIAG_TEXT_MAX - 5);
		assert_string_equal(text + len - 5, "\xc3\xa9...");
	}
	done(&f);
}

/* --- printing --- */

#define TEXT(literal) literal, sizeof(literal) - 1
#define A10           "aaaaaaaaaa"
#define B10           "bbbbbbbbbb"
#define T10           "~~~~~~~~~~"

static const struct {
	const char *text;
	size_t text_len;
	uint32_t at, len;
	const char *printed; /* behind the first line */
	const char *place;
} excerpts[] = {
	{TEXT("{\"a\": 1}"), 6, 1, "{\"a\": 1}\n      ^\n", "1:7"},
	{TEXT("{\"a\": 1}\n"), 1, 3, "{\"a\": 1}\n ^~~\n", "1:2"},
	{TEXT("{\n  \"a\": 1\n}\n"), 4, 3, "  \"a\": 1\n  ^~~\n", "2:3"},
	{TEXT("{\n  \"a\": 1\n}\n"), 0, 1, "{\n^\n", "1:1"},
	{TEXT("{\n  \"a\": 1\n}"), 11, 1, "}\n^\n", "3:1"},
	/* the end of a line and of the text */
	{TEXT("{\n"), 1, 1, "{\n ^\n", "1:2"},
	{TEXT("{"), 1, 1, "{\n ^\n", "1:2"},
	{TEXT("{\n"), 2, 1, "", "2:1"},
	{TEXT(""), 0, 1, "", "1:1"},
	{TEXT("a\n \t \nb"), 3, 1, "", "2:2"},
	{TEXT("a\n\nb"), 2, 1, "", "2:1"},
	/* no underline leaves its line */
	{TEXT("[1,\n2]"), 0, 6, "[1,\n^~~\n", "1:1"},
	{TEXT("[1,\n2]"), 3, 3, "[1,\n   ^\n", "1:4"},
	{TEXT("[1,\n2]"), 4, 1000, "2]\n^~\n", "2:1"},
	{TEXT("[1,\n2]"), 4, UINT32_MAX, "2]\n^~\n", "2:1"},
	/* CR LF */
	{TEXT("{\r\n  \"a\"\r\n}\r\n"), 5, 3, "  \"a\"\n  ^~~\n", "2:3"},
	{TEXT("{\r\n  \"a\"\r\n}\r\n"), 8, 1, "  \"a\"\n     ^\n", "2:6"},
	{TEXT("{\r\n  \"a\"\r\n}\r\n"), 9, 1, "  \"a\"\n     ^\n", "2:7"},
	{TEXT("{\r\n  \"a\"\r\n}\r\n"), 5, 99, "  \"a\"\n  ^~~\n", "2:3"},
	{TEXT("\r\n{"), 1, 1, "", "1:2"},
	{TEXT("{\r"), 2, 1, "{\\x0d\n     ^\n", "1:3"},
	{TEXT("a\rb"), 2, 1, "a\\x0db\n     ^\n", "1:3"},
	/* tabs are four columns */
	{TEXT("\t\"a\":\t1"), 1, 3, "    \"a\":    1\n    ^~~\n", "1:2"},
	{TEXT("\t\"a\":\t1"), 6, 1, "    \"a\":    1\n            ^\n", "1:7"},
	{TEXT("[\t]"), 1, 1, "[    ]\n ^~~~\n", "1:2"},
	/* characters of several bytes are one column; the column that is told is in bytes */
	{TEXT("[\"\xc3\xa9\", x]"), 7, 1, "[\"\xc3\xa9\", x]\n      ^\n", "1:8"},
	{TEXT("[\"\xe2\x82\xac\xf0\x9f\xa6\x80\", x]"), 12, 1,
		"[\"\xe2\x82\xac\xf0\x9f\xa6\x80\", x]\n       ^\n", "1:13"},
	{TEXT("[\"\xc3\xa9\xe2\x82\xac\"]"), 1, 7, "[\"\xc3\xa9\xe2\x82\xac\"]\n ^~~~\n", "1:2"},
	/* what is not UTF-8 */
	{TEXT("[\"\xff\"]"), 2, 1, "[\"\\xff\"]\n  ^~~~\n", "1:3"},
	{TEXT("[\"\xe2\x82\"]"), 4, 1, "[\"\\xe2\\x82\"]\n          ^\n", "1:5"},
	{TEXT("[\"\x80\x80\x80\x80\x80\"]"), 6, 1,
		"[\"\\x80\\x80\\x80\\x80\\x80\"]\n                  ^~~~\n", "1:7"},
	/* what a terminal would obey */
	{TEXT("[\"\033[2J\"]"), 2, 1, "[\"\\x1b[2J\"]\n  ^~~~\n", "1:3"},
	{TEXT("[\"\xc2\x9b"
	      "2J\", 1]"),
		8, 1, "[\"\\xc2\\x9b2J\", 1]\n              ^\n", "1:9"},
	{TEXT("[\"\xe2\x80\xae\"]"), 6, 1, "[\"\\xe2\\x80\\xae\"]\n               ^\n", "1:7"},
	{TEXT("[\0\x07\x7f]"), 4, 1, "[\\x00\\x07\\x7f]\n             ^\n", "1:5"},
	/* 66 columns at most: the half around the place, or more where the other side is shorter */
	{TEXT(A10 A10 A10 A10 A10 A10 "123456"), 65, 1,
		A10 A10 A10 A10 A10 A10
		"123456\n"
		"                                                                 ^\n",
		"1:66"},
	{TEXT(A10 A10 A10 A10 A10 A10 "1234567"), 0, 3,
		A10 A10 A10 A10 A10 A10 "123456...\n^~~\n", "1:1"},
	{TEXT(A10 A10 A10 A10 A10 A10 "1234567"), 66, 3,
		"..."
		"aaaaaaaaa" A10 A10 A10 A10 A10 "1234567\n"
		"                                                                    ^\n",
		"1:67"},
	{TEXT(A10 A10 A10 A10 A10 "X" B10 B10 B10 B10 B10), 50, 1,
		"..."
		"aaa" A10 A10 A10 "X" B10 B10 B10 "bb...\n"
		"                                    ^\n",
		"1:51"},
	{TEXT(A10 A10 A10 A10 A10 "X" B10 B10 B10 B10 B10 "\n"), 50, 1000,
		"..."
		"aaa" A10 A10 A10 "X" B10 B10 B10 "bb...\n"
		"                                    ^" T10 T10 T10 "~~\n",
		"1:51"},
	/* no line of a file starts one of ours, and what a runner would obey is not shown as it is */
	{TEXT("::error::x"), 0, 1, "::error::x\n^\n", "1:1"},
	{TEXT("[##[error]x]"), 1, 1, "[\\x23#[error]x]\n ^~~~\n", "1:2"},
	{TEXT("[##vso[x]]"), 6, 1, "[\\x23#vso[x]]\n         ^\n", "1:7"},
	{TEXT("## a [list]"), 0, 2, "## a [list]\n^~\n", "1:1"},
};

/* The two lines, each behind its gutter. */
static void add_excerpt(struct buf *b, const char *place, const char *lines)
{
	const char *end = strchr(lines, '\n');

	if (end)
		buf_printf(b, "%5u | %.*s\n      | %s", (unsigned)atoi(place), (int)(end - lines), lines,
			end + 1);
}

static void excerpts_show_the_line_and_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(excerpts); i++) {
		struct fixture f;
		char *copy = malloc(excerpts[i].text_len); /* so that a sanitizer sees its end */
		assert_true(copy || !excerpts[i].text_len);
		memcpy(copy, excerpts[i].text, excerpts[i].text_len);
		begin_bytes(&f, copy, excerpts[i].text_len);
		diag(&f.diags, DIAG_SYNTAX, excerpts[i].at, excerpts[i].len, "m");
		struct buf want;
		buf_init(&want, &f.arena);
		buf_printf(&want, "p.json:%s: error: m [E005 syntax]\n", excerpts[i].place);
		add_excerpt(&want, excerpts[i].place, excerpts[i].printed);
		buf_add(&want, "", 1);
		if (strcmp(printed(&f, SEVERITY_NOTE, false), want.bytes) != 0)
			fail_msg("row %zu\n%s", i, printed(&f, SEVERITY_NOTE, false));
		done(&f);
		free(copy);
	}
}

static void findings_are_sorted_by_place_and_keep_their_order_there(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "[1,\n2]");
	diag(&f.diags, DIAG_TYPE, 4, 1, "fourth");
	diag(&f.diags, DIAG_UNKNOWN_KEY, 1, 1, "second");
	diag(&f.diags, DIAG_NUMBER, 1, 1, "third");
	diag(&f.diags, DIAG_KERNEL_ASSUMED, NOWHERE, 1, "first");
	assert_string_equal(printed(&f, SEVERITY_NOTE, false),
		"p.json: note: first [N001 kernel-assumed]\n"
		"p.json:1:2: warning: second [W002 unknown-key]\n    1 | [1,\n      |  ^\n"
		"p.json:1:2: error: third [E011 bad-number]\n    1 | [1,\n      |  ^\n"
		"p.json:2:1: error: fourth [E010 wrong-type]\n    2 | 2]\n      | ^\n");
	assert_string_equal(printed(&f, SEVERITY_WARNING, false),
		"p.json:1:2: warning: second [W002 unknown-key]\n    1 | [1,\n      |  ^\n"
		"p.json:1:2: error: third [E011 bad-number]\n    1 | [1,\n      |  ^\n"
		"p.json:2:1: error: fourth [E010 wrong-type]\n    2 | 2]\n      | ^\n");
	assert_string_equal(printed(&f, SEVERITY_ERROR, false),
		"p.json:1:2: error: third [E011 bad-number]\n    1 | [1,\n      |  ^\n"
		"p.json:2:1: error: fourth [E010 wrong-type]\n    2 | 2]\n      | ^\n");
	done(&f);
}

static void notes_follow_their_finding(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "{\"a\":1,\n\"a\":2}");
	diag(&f.diags, DIAG_DUPLICATE_KEY, 8, 3, "key '%s' is given twice", "a");
	diag_note(&f.diags, 1, 3, "first given here");
	diag_note(&f.diags, 8, 3, "the same place");
	diag_note(&f.diags, NOWHERE, 1, "advice");
	assert_string_equal(printed(&f, SEVERITY_ERROR, false),
		"p.json:2:1: error: key 'a' is given twice [E007 duplicate-key]\n    2 | \"a\":2}\n"
		"      | ^~~\n"
		"p.json:1:2: note: first given here\n    1 | {\"a\":1,\n      |  ^~~\n"
		"p.json:2:1: note: the same place\n"
		"p.json: note: advice\n");
	done(&f);
}

static void colours_mark_place_severity_and_caret(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "[x]");
	diag(&f.diags, DIAG_SYNTAX, 1, 1, "no");
	diag_note(&f.diags, 0, 1, "here");
	diag(&f.diags, DIAG_UNKNOWN_KEY, NOWHERE, 1, "doubt");
	assert_string_equal(printed(&f, SEVERITY_NOTE, true),
		"\033[1mp.json: \033[1;35mwarning: \033[0m\033[1mdoubt\033[0m [W002 unknown-key]\n"
		"\033[1mp.json:1:2: \033[1;31merror: \033[0m\033[1mno\033[0m [E005 syntax]\n"
		"    1 | [x]\n      |  \033[1;31m^\033[0m\n"
		"\033[1mp.json:1:1: \033[1;36mnote: \033[0mhere\n"
		"    1 | [x]\n      | \033[1;36m^\033[0m\n");
	done(&f);
}

static void without_a_source_nothing_has_a_place(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "");
	diags_init(&f.diags, &f.arena, NULL);
	assert_string_equal(printed(&f, SEVERITY_NOTE, false), "");
	diag(&f.diags, DIAG_TOO_LONG, 7, 1, "too long");
	diag_note(&f.diags, NOWHERE, 1, "advice");
	assert_string_equal(printed(&f, SEVERITY_NOTE, false),
		"winnow: error: too long [E032 too-long]\nwinnow: note: advice\n");
	done(&f);
}

static void names_in_messages_and_paths_cannot_reach_the_terminal(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "");
	f.source.name = "a\033]0;t\007.json";
	diag(&f.diags, DIAG_UNKNOWN_SYSCALL, NOWHERE, 1, "'%s'",
		"op\033[31men\n\xc2\x9b\x7f\xff\xe2\x80\xae");
	assert_string_equal(printed(&f, SEVERITY_NOTE, false),
		"a\\x1b]0;t\\x07.json: warning: "
		"'op\\x1b[31men\\x0a\\xc2\\x9b\\x7f\\xff\\xe2\\x80\\xae'"
		" [W001 unknown-syscall]\n");
	done(&f);
}

static void names_in_messages_and_paths_give_no_orders_to_a_runner(void **state)
{
	static const struct {
		const char *name, *shown;
	} rows[] = {{"::error::x", "\\x3a:error::x"}, {" \xc2\xa0:x", " \xc2\xa0\\x3ax"},
		{"a::b", "a::b"}, {"##[x]", "\\x23#[x]"}, {"\n::x", "\\x0a\\x3a:x"}};
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		begin(&f, "");
		f.source.name = rows[i].name;
		diag(&f.diags, DIAG_UNKNOWN_SYSCALL, NOWHERE, 1, "m");
		assert_string_equal(printed(&f, SEVERITY_NOTE, false),
			buf_print(&f.arena, "%s: warning: m [W001 unknown-syscall]\n",
				rows[i].shown));
		done(&f);
	}
}

static void of_a_hidden_source_nothing_is_shown(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "[secret]");
	f.source.hidden = true;
	diag(&f.diags, DIAG_SYNTAX, 1, 1, "m");
	diag_note(&f.diags, 2, 1, "n '%.*s' of 100%% %5zu", 6, "secret", (size_t)7);
	assert_string_equal(printed(&f, SEVERITY_NOTE, false),
		"p.json:1:2: error: m [E005 syntax]\np.json:1:3: note: n '...' of 100% ...\n"
		"p.json: its lines and words are not shown: it is no plain file, or a link leads to it; "
		"--follow shows them\n");
	done(&f);
}

/* --- places --- */

/* Lines of every length around a block of the index, told the same with and without it. */
static void places_are_those_a_plain_count_gives(void **state)
{
	struct fixture f;
	char *text = malloc(40000);
	uint32_t line = 1, column = 1, l, c;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0, next = 0, step = 0; i < 40000; i++) {
		text[i] = i == next ? '\n' : 'x';
		if (i == next)
			next += ++step;
	}
	memset(text + 4090, '\n', 10);
	memset(text + 8000, 'x', 9000);
	begin_bytes(&f, text, 40000);
	struct source_index index;
	source_index(&index, &f.arena, &f.source);
	for (uint32_t at = 0; at <= 40000; at++) {
		struct source_line found = source_line(&index, at);
		if (found.number != line || at - found.start + 1 != column)
			fail_msg("byte %u is at %u:%u, not %u:%u", at, found.number,
				at - found.start + 1, line, column);
		if (at % 1000 == 0 || at > 39900) {
			source_place(&f.source, at, &l, &c);
			assert_int_equal(l, line);
			assert_int_equal(c, column);
		}
		column = at < 40000 && text[at] == '\n' ? 1 : column + 1;
		line += at < 40000 && text[at] == '\n';
	}
	done(&f);
	free(text);
}

/* No time is asserted: quadratic work on 16 MiB would not come to an end. */
static void a_thousand_findings_in_sixteen_mebibytes_are_printed(void **state)
{
	static const char fillings[] = {'x', '\n', '\t', '\xff'};
	struct fixture f;
	char *text = malloc(SOURCE_MAX);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(fillings); i++) {
		memset(text, fillings[i], SOURCE_MAX);
		begin_bytes(&f, text, SOURCE_MAX);
		for (uint32_t k = 0; k < 1000; k++) {
			diag(&f.diags, DIAG_TYPE, SOURCE_MAX - k * 16000, SOURCE_MAX, "message");
			diag_note(&f.diags, k * 16000, 1, "note");
		}
		const char *text_out = printed(&f, SEVERITY_NOTE, false);
		assert_true(strlen(text_out) > 2000 * 20 && strlen(text_out) < 2000 * 300);
		done(&f);
	}
	free(text);
}

/* What is kept for several: their places are moved, each on its own. */
static void findings_that_are_added_have_notes_of_their_own(void **state)
{
	struct fixture f;
	struct diags kept, other;

	(void)state;
	begin(&f, "0123456789");
	diags_init(&kept, &f.arena, &f.source);
	diags_init(&other, &f.arena, &f.source);
	diag(&kept, DIAG_TYPE, 1, 1, "finding");
	diag_note(&kept, 2, 1, "note");
	diag_note(&kept, 3, 1, "further note");
	diags_add(&f.diags, &kept);
	diags_add(&other, &kept);
	f.diags.first->note->at = 7;
	f.diags.first->note->note->at = 8;
	assert_int_equal(other.first->note->at, 2);
	assert_int_equal(other.first->note->note->at, 3);
	assert_null(other.first->note->note->note);
	assert_int_equal(kept.first->note->at, 2);
	done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_and_slugs_are_unique_and_well_formed),
		cmocka_unit_test(diagnostics_are_found_by_code_and_slug),
		cmocka_unit_test(findings_are_counted_by_severity_and_notes_are_not),
		cmocka_unit_test(strict_makes_errors_of_three_warnings),
		cmocka_unit_test(findings_beyond_the_most_are_counted_only),
		cmocka_unit_test(the_exit_status_counts_findings_that_are_not_kept),
		cmocka_unit_test(a_finding_is_said_once_a_place),
		cmocka_unit_test(long_messages_are_cut_between_characters),
		cmocka_unit_test(excerpts_show_the_line_and_the_place),
		cmocka_unit_test(findings_are_sorted_by_place_and_keep_their_order_there),
		cmocka_unit_test(notes_follow_their_finding),
		cmocka_unit_test(findings_that_are_added_have_notes_of_their_own),
		cmocka_unit_test(colours_mark_place_severity_and_caret),
		cmocka_unit_test(without_a_source_nothing_has_a_place),
		cmocka_unit_test(names_in_messages_and_paths_cannot_reach_the_terminal),
		cmocka_unit_test(names_in_messages_and_paths_give_no_orders_to_a_runner),
		cmocka_unit_test(of_a_hidden_source_nothing_is_shown),
		cmocka_unit_test(places_are_those_a_plain_count_gives),
		cmocka_unit_test(a_thousand_findings_in_sixteen_mebibytes_are_printed),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
