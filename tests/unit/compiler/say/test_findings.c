/* Findings of several readings become one list; a row's list is "at CODE readers@ABIs text", joined. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/say/findings.h"

#include <string.h>

#define READINGS 5

struct said {
	uint32_t reading; /* 0: everyone's; 1, 2: of readers 1 and 2 on the first ABI; 3, 4: on the second */
	enum diag_id id;
	uint32_t at;
	const char *text;
	const char *who;  /* text is what this one does; NULL: it is all */
	const char *note; /* NULL: none */
};

struct row {
	struct said said[5];          /* up to the first without text */
	enum diag_id raised, dropped; /* DIAG_TOO_BIG: none */
	const char *joined;
	int exit;
};

static const struct source source = {"test.json", "0123456789", 10, false};

static const struct row rows[] = {
	{{{0, DIAG_LEGACY_NAME, 5, "b", NULL, NULL}, {0, DIAG_UNKNOWN_KEY, 2, "a", NULL, NULL}}, DIAG_TOO_BIG,
		DIAG_TOO_BIG, "2 W002 0@0 a; 5 W004 0@0 b; ", 0},
	/* two readers, one text */
	{{{1, DIAG_SHADOWED, 5, "a", NULL, NULL}, {2, DIAG_SHADOWED, 5, "a", NULL, NULL}}, DIAG_TOO_BIG,
		DIAG_TOO_BIG, "5 W005 3@1 a; ", 0},
	/* two readers, two texts */
	{{{1, DIAG_SHADOWED, 5, "a", NULL, NULL}, {2, DIAG_SHADOWED, 5, "b", NULL, NULL}}, DIAG_TOO_BIG,
		DIAG_TOO_BIG, "5 W005 1@1 a; 5 W005 2@1 b; ", 0},
	/* without a place, texts tell findings apart */
	{{{1, DIAG_NOT_IN_ARCHMAP, NOWHERE, "x86", NULL, NULL},
		 {1, DIAG_NOT_IN_ARCHMAP, NOWHERE, "arm", NULL, NULL},
		 {2, DIAG_NOT_IN_ARCHMAP, NOWHERE, "x86", NULL, NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "- N002 3@1 x86; - N002 1@1 arm; ", 0},
	/* equal but for who */
	{{{1, DIAG_REFUSED, 5, "a", "X", NULL}, {2, DIAG_REFUSED, 5, "a", "Y", NULL}}, DIAG_TOO_BIG,
		DIAG_TOO_BIG, "5 E040! 3@1 X and Y do a; ", 4},
	{{{0, DIAG_REFUSED, 5, "a", "X", NULL}, {1, DIAG_REFUSED, 5, "a", "Y", NULL},
		 {2, DIAG_REFUSED, 5, "a", "Z", NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "5 E040! 0@0 X, Y and Z do a; ", 4},
	{{{1, DIAG_REFUSED, 5, "a", "X", NULL}, {2, DIAG_REFUSED, 5, "a", "X", NULL}}, DIAG_TOO_BIG,
		DIAG_TOO_BIG, "5 E040! 3@1 X does a; ", 4},
	{{{1, DIAG_REFUSED, 5, "a", "X", NULL}, {2, DIAG_REFUSED, 5, "b", "Y", NULL}}, DIAG_TOO_BIG,
		DIAG_TOO_BIG, "5 E040! 1@1 X does a; 5 E040! 2@1 Y does b; ", 4},
	{{{1, DIAG_REFUSED, 5, "a", "X", NULL}, {2, DIAG_REFUSED, 6, "a", "Y", NULL}}, DIAG_TOO_BIG,
		DIAG_TOO_BIG, "5 E040! 1@1 X does a; 6 E040! 2@1 Y does a; ", 4},
	/* on the second ABI another text, of the same reader, at the same place */
	{{{1, DIAG_SHADOWED, 5, "a", NULL, NULL}, {3, DIAG_SHADOWED, 5, "b", NULL, NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "5 W005 1@1 a; 5 W005 1@2 b; ", 0},
	{{{1, DIAG_SHADOWED, 5, "a", NULL, NULL}, {2, DIAG_SHADOWED, 5, "a", NULL, NULL},
		 {3, DIAG_SHADOWED, 5, "b", NULL, NULL}, {4, DIAG_SHADOWED, 5, "b", NULL, NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "5 W005 3@1 a; 5 W005 3@2 b; ", 0},
	/* on both the same, but of others */
	{{{1, DIAG_SHADOWED, 5, "a", NULL, NULL}, {3, DIAG_SHADOWED, 5, "a", NULL, NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "5 W005 1@3 a; ", 0},
	{{{1, DIAG_SHADOWED, 5, "a", NULL, NULL}, {3, DIAG_SHADOWED, 5, "a", NULL, NULL},
		 {4, DIAG_SHADOWED, 5, "a", NULL, NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "5 W005 1@1 a; 5 W005 3@2 a; ", 0},
	{{{1, DIAG_REFUSED, 5, "a", "X", NULL}, {3, DIAG_REFUSED, 5, "a", "X", NULL},
		 {4, DIAG_REFUSED, 5, "a", "Y", NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "5 E040! 1@1 X does a; 5 E040! 3@2 X and Y do a; ", 4},
	/* of everyone, and of one */
	{{{0, DIAG_SHADOWED, 5, "a", NULL, NULL}, {4, DIAG_SHADOWED, 5, "a", NULL, NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "5 W005 0@0 a; ", 0},
	/* one reading says one thing at a place */
	{{{0, DIAG_SHADOWED, 5, "a", NULL, NULL}, {0, DIAG_SHADOWED, 5, "b", NULL, NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "5 W005 0@0 a; ", 0},
	/* advice that differs */
	{{{1, DIAG_SHADOWED, 5, "a", NULL, "c"}, {2, DIAG_SHADOWED, 5, "a", NULL, "d"},
		 {3, DIAG_SHADOWED, 5, "a", NULL, "c"}, {4, DIAG_SHADOWED, 5, "a", NULL, NULL}},
		DIAG_TOO_BIG, DIAG_TOO_BIG, "5 W005 1@3 a, c; 5 W005 2@1 a, d; 5 W005 2@2 a; ", 0},
	/* weights */
	{{{1, DIAG_SHADOWED, 5, "a", NULL, NULL}, {1, DIAG_OVERLAP, 6, "b", NULL, NULL}}, DIAG_SHADOWED,
		DIAG_OVERLAP, "5 W005! 1@1 a; ", 4},
	{{{1, DIAG_CONFLICT, 5, "a", NULL, NULL}}, DIAG_TOO_BIG, DIAG_CONFLICT, "5 E031! 1@1 a; ", 4},
};

static void print_list(struct buf *b, const struct findings *found)
{
	size_t n = 0;

	for (const struct diag *d = found->diags.first; d; d = d->next) {
		if (d->at == NOWHERE)
			buf_text(b, "-");
		else
			buf_printf(b, "%u", d->at);
		buf_printf(b, " %s%s %u@%u %s%s%s; ", diag_kinds[d->id].code,
			d->severity == SEVERITY_ERROR ? "!" : "", found->readers[n], found->nodes[n], d->text,
			d->note ? ", " : "", d->note ? d->note->text : "");
		n++;
	}
}

/* In the arena, NUL-ended. */
static const char *print(struct arena *arena, const struct findings *found)
{
	struct buf b;

	if (setjmp(arena->out))
		fail_msg("out of memory");
	buf_init(&b, arena);
	print_list(&b, found);
	buf_add(&b, "", 1);
	return b.bytes;
}

static void join_row(const struct row *row, struct arena *arena, struct findings *found)
{
	static const uint32_t bit[READINGS] = {0, 1, 2, 1, 2}, node[READINGS] = {0, 0, 0, 1, 1};
	struct diags diags[READINGS];
	struct reading reading[READINGS];
	struct weights weights = {{false}, {false}};

	if (setjmp(arena->out))
		fail_msg("out of memory");
	weights.raised[row->raised] = weights.dropped[row->dropped] = true;
	for (size_t i = 0; i < READINGS; i++) {
		diags_init(&diags[i], arena, &source);
		reading[i] = (struct reading){&diags[i], bit[i], node[i]};
	}
	for (const struct said *s = row->said; s->text; s++) {
		struct diag_doer by = {s->who, "does", "do"};
		struct diags *d = &diags[s->reading];
		if (s->who)
			diag_by(d, s->id, s->at, 1, by, "%s", s->text);
		else
			diag(d, s->id, s->at, 1, "%s", s->text);
		if (s->note)
			diag_note(d, NOWHERE, 1, "%s", s->note);
	}
	findings_join(found, arena, &source, reading, READINGS, &weights);
}

static void test_what_readings_say_alike_is_said_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct findings found;
		struct arena arena;
		arena_init(&arena, (size_t)1 << 20);
		join_row(&rows[i], &arena, &found);
		assert_string_equal(print(&arena, &found), rows[i].joined);
		assert_int_equal(diags_failed(&found.diags), rows[i].exit != 0);
		assert_int_equal(diags_exit(&found.diags), rows[i].exit);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_readings_say_alike_is_said_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
