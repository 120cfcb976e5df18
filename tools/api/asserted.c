/* Assertions to a line each. */

#include "report.h"

#include "../lib/assertion_judge.h"

#include <string.h>

struct asserted {
	struct asking a; /* first */
	const char *name;
	const void *text;
	size_t length;
	size_t room; /* for lines */
};

static const enum winnow_status statuses[] = {
	[HOLDS] = WINNOW_DONE, [UNDECIDABLE] = WINNOW_UNDECIDED, [FAILS] = WINNOW_FINDING};

static struct winnow_line *add_line(struct asserted *m)
{
	struct winnow_report *r = m->a.report;

	if (r->lines == m->room) {
		size_t room = m->room ? m->room * 2 : 16;
		r->line = arena_grow(m->a.arena, r->line, r->lines, room, sizeof(*r->line));
		m->room = room;
	}
	struct winnow_line *line = &r->line[r->lines++];
	*line = (struct winnow_line){.size = sizeof(*line), .text = "", .why = ""};
	return line;
}

/* An ear of assertion.h. */
static void hear(void *context, const struct source *source, uint32_t number, uint32_t column, const char *text)
{
	struct asserted *m = context;
	struct winnow_line *line = add_line(m);

	line->status = WINNOW_INPUT;
	line->line = number;
	line->column = column;
	line->why = arena_text(m->a.arena, text, strlen(text));
	if (!m->a.report->error)
		m->a.report->error = buf_print(m->a.arena, "%s:%u:%u: %s", source->name, number, column, text);
}

static void judge(struct asserted *m, struct asserting *j, const struct assertion *a, const struct source *source)
{
	struct winnow_line *line = add_line(m);
	uint32_t number;

	line->status = statuses[asserting_judge(j, a)];
	source_place(source, (uint32_t)a->start, &number, &line->column);
	line->line = a->line;
	line->text = a->text;
	line->why = arena_text(m->a.arena, j->why.len ? j->why.bytes : "", j->why.len);
}

static enum winnow_status judge_all(void *context)
{
	struct asserted *m = context;
	struct arena *arena = m->a.arena;
	const struct source source = {.name = arena_text(arena, m->name, strlen(m->name)), .bytes = m->text, .len = m->length};
	const struct assertion_ear ear = {hear, m};
	struct assertion *assertion;
	struct asserting j;
	size_t count;
	bool fit = true, failed = false;

	if (m->length > ASSERTIONS_MAX)
		return report_fail(&m->a, WINNOW_INPUT, "assertions are 256 KiB at most");
	if (!assertion_read(arena, &source, &ear, &assertion, &count))
		return WINNOW_INPUT;
	enum winnow_status status = report_understand(&m->a);
	if (status)
		return status;
	asserting_start(&j, m->a.bdd, &m->a.side[0], &source, &ear);
	for (size_t i = 0; i < count; i++)
		fit = asserting_fits(&j, &assertion[i]) && fit;
	if (!fit)
		return WINNOW_INPUT;
	for (size_t i = 0; i < count; i++) {
		judge(m, &j, &assertion[i], &source);
		failed = failed || m->a.report->line[i].status != WINNOW_DONE;
	}
	if (m->a.bdd->full || j.mistaken) {
		m->a.report->lines = 0;
		return j.mistaken ? report_fail(&m->a, WINNOW_MISTAKE, "prover and simulator disagree on a call")
				  : report_fail(&m->a, WINNOW_UNDECIDED, "the assertions need more room or time than they are given");
	}
	return failed ? WINNOW_FINDING : WINNOW_DONE;
}

enum winnow_status winnow_assert(const struct winnow_side *side, const char *name, const void *text, size_t length,
	struct winnow_report **report)
{
	struct asserted m = {.a = {.of = {side}, .count = 1}, .name = name ? name : "assertions", .text = text, .length = length};

	if (!text && length) {
		if (report)
			*report = NULL;
		return WINNOW_USAGE;
	}
	return report_make(&m.a, judge_all, report);
}
