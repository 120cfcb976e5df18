/* verify, subset, diff: the command's steps (tools/verbs/cmd_verify.c, cmd_diff.c) to a report. */

#include "report.h"

#include "../lib/difference.h"

#include "../../backends/bpf/sim.h"
#include "../../backends/prove/prove.h"
#include "../../compiler/kernel/action.h"
#include "../../compiler/logic/diff.h"

#include <string.h>

#define DISAGREE "prover and simulator disagree on a call"

static struct winnow_line *make_line(struct asking *a, enum winnow_status status)
{
	struct winnow_line *line = arena_alloc(a->arena, 1, sizeof(*line));

	*line = (struct winnow_line){.size = sizeof(*line), .status = status, .text = "", .why = ""};
	if (!a->report->lines) {
		a->report->line = line;
		a->report->lines = 1;
	}
	return line;
}

static void answer_print(struct buf *b, const struct comparand *side, uint64_t answer)
{
	buf_printf(b, "\n  %s: ", side->name);
	action_print(b, sim_returned(answer));
}

/* A call of the difference, once those who know nothing of functions have confirmed it. */
static enum winnow_status show_witness(struct asking *a, uint32_t difference)
{
	struct call call;
	struct buf why;
	uint64_t leaf = diff_witness(a->bdd, difference, &call);
	uint64_t left = comparand_answer(&a->side[0], &call), right = comparand_answer(&a->side[1], &call);

	if (!comparand_says(left, diff_left(leaf)) || !comparand_says(right, diff_right(leaf)))
		return report_fail(a, WINNOW_MISTAKE, DISAGREE);
	struct winnow_line *line = make_line(a, WINNOW_FINDING);
	report_call(line, &call, sim_returned(left), sim_returned(right));
	buf_init(&why, a->arena);
	call_print(&why, &call, 0);
	answer_print(&why, &a->side[0], left);
	answer_print(&why, &a->side[1], right);
	line->why = buf_string(&why);
	if (!a->report->text)
		a->report->text = line->why;
	return WINNOW_FINDING;
}

static enum winnow_status judge(struct asking *a, uint32_t difference, uint32_t open_left, uint32_t open_right)
{
	if (a->bdd->full)
		return report_fail(a, WINNOW_UNDECIDED, "the proof needs more room or time than it is given");
	const char *why = comparand_open(a->bdd, open_left);
	if (!why)
		why = comparand_open(a->bdd, open_right);
	if (difference != bdd_leaf(a->bdd, DIFF_SAME))
		return show_witness(a, difference);
	return why ? report_fail(a, WINNOW_UNDECIDED, why) : WINNOW_DONE;
}

static enum winnow_status judge_equal(struct asking *a)
{
	uint32_t left = a->side[0].meaning, right = a->side[1].meaning;
	uint32_t difference = diff_function(a->bdd, left, right);

	return judge(a, difference, diff_undecided(a->bdd, left), diff_undecided(a->bdd, right));
}

static enum winnow_status verify(void *context)
{
	struct asking *a = context;

	if (!a->side[0].is_profile || a->side[1].is_profile)
		return report_fail(a, WINNOW_USAGE, "a profile is wanted, and a filter");
	if (prove_cheaply(a->arena, a->side[1].filters.program, a->side[0].policy))
		return WINNOW_DONE;
	enum winnow_status status = report_understand(a);
	return status ? status : judge_equal(a);
}

static enum winnow_status subset(void *context)
{
	struct asking *a = context;
	enum winnow_status status = report_understand(a);

	if (status)
		return status;
	uint32_t left = a->side[0].meaning, right = a->side[1].meaning;
	uint32_t laxer = diff_laxer(a->bdd, left, right);
	return judge(a, laxer, diff_left_undecided(a->bdd, left, right), diff_right_undecided(a->bdd, left, right));
}

static void take_rows(struct asking *a, const struct difference *list)
{
	struct winnow_line *line = arena_alloc(a->arena, list->rows, sizeof(*line));

	for (size_t i = 0; i < list->rows; i++) {
		const struct difference_row *row = &list->row[i];
		line[i] = (struct winnow_line){.size = sizeof(*line), .status = WINNOW_FINDING};
		line[i].text = row->abi ? buf_print(a->arena, "%s %s", row->abi->name, row->calls) : row->calls;
		line[i].why = row->where ? row->where : "";
		report_call(&line[i], &row->call, row->verdict[0], row->verdict[1]);
	}
	a->report->line = line;
	a->report->lines = list->rows;
}

static enum winnow_status diff(void *context)
{
	struct asking *a = context;
	enum winnow_status status = report_understand(a);
	struct difference list;
	struct buf text, json;
	bool complete;

	if (status)
		return status;
	uint32_t difference = diff_function(a->bdd, a->side[0].meaning, a->side[1].meaning);
	buf_init(&text, a->arena);
	buf_init(&json, a->arena);
	if (!difference_print(&text, a->bdd, a->side, difference) ||
		!difference_json(&json, a->bdd, a->side, difference, &complete) ||
		!difference_list(a->arena, a->bdd, a->side, difference, &list))
		return report_fail(a, WINNOW_MISTAKE, DISAGREE);
	a->report->text = buf_string(&text);
	a->report->json = buf_string(&json);
	take_rows(a, &list);
	status = judge_equal(a);
	if (a->bdd->full) {
		a->report->text = a->report->json = NULL;
		a->report->lines = 0;
	}
	return status;
}

enum winnow_status winnow_verify(const struct winnow_side *profile, const struct winnow_side *filter,
	struct winnow_report **report)
{
	struct asking a = {.of = {profile, filter}, .count = 2};

	return report_make(&a, verify, report);
}

enum winnow_status winnow_subset(
	const struct winnow_side *one, const struct winnow_side *other, struct winnow_report **report)
{
	struct asking a = {.of = {one, other}, .count = 2};

	return report_make(&a, subset, report);
}

enum winnow_status winnow_diff(
	const struct winnow_side *one, const struct winnow_side *other, struct winnow_report **report)
{
	struct asking a = {.of = {one, other}, .count = 2};

	return report_make(&a, diff, report);
}
