/* winnow status: what is installed on a node, and is it still as installed? */

#include "metrics.h"
#include "node_verb.h"
#include "running.h"
#include "status.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../lib/number.h"

#include <limits.h>
#include <string.h>

static const struct taken takes[] = {
	TAKE(ROOT), TAKE(WAIT), TAKE(RUN),
	{OPT_FORMAT, "FORMAT", "text (default), json, prometheus"},
	TAKE(CHECK), TAKE(PID),
};

static const struct {
	const char *name;
	void (*print)(struct buf *, const struct status *);
} outputs[] = {{"text", status_print_text}, {"json", status_print_json},
	{"prometheus", metrics_print}};

static bool is_asked(const struct parsed *p, const struct status_line *line)
{
	bool named = p->operands == 0;

	for (size_t i = 0; i < p->operands && !named; i++)
		named = strcmp(p->operand[i], line->name) == 0;
	return named && (!p->value[OPT_CHECK] || line->fault);
}

/* A profile that the last pass failed to install is not on the node, but there is a line of it. */
static int find(struct node_verb *v, const struct status *status, const char *name)
{
	for (size_t i = 0; i < status->count; i++) {
		if (strcmp(status->line[i].name, name) == 0)
			return EXIT_DONE;
	}
	return node_knows(v, name);
}

/* Lines that are asked for, and nothing else. */
static void narrow(struct status *status, const struct parsed *p)
{
	size_t kept = 0;

	status->fault = false;
	memset(status->states, 0, sizeof(status->states));
	for (size_t i = 0; i < status->count; i++) {
		if (!is_asked(p, &status->line[i]))
			continue;
		status->line[kept++] = status->line[i];
		status->fault = status->fault || status->line[i].fault;
		status->states[status->line[i].state]++;
	}
	status->count = kept;
}

static int print_running(struct node_verb *v)
{
	const struct parsed *p = v->parsed;
	struct status status;
	uint64_t pid = 0;
	const char *wrong = number_read(p->value[OPT_PID], strlen(p->value[OPT_PID]), &pid);

	if (wrong || !pid || pid > INT_MAX)
		return usage(p->verb, "'%s' is no number of a process%s%s", p->value[OPT_PID],
			wrong ? ": " : "", wrong ? wrong : "");
	if (p->operands || p->value[OPT_FORMAT] || p->value[OPT_CHECK])
		return usage(p->verb, "--pid goes with --root alone");
	if (!status_read(&status, &v->arena, &v->root))
		return EXIT_HOST;
	node_unlock(v); /* the process may take its time */
	return running_print(&v->arena, &v->root, &status, (pid_t)pid);
}

/* How the last pass went: of the user's own, else of root's. */
static bool judge_pass(struct node_verb *v, struct pass_verdict *verdict)
{
	const struct parsed *p = v->parsed;
	const char *root = p->value[OPT_ROOT] ? p->value[OPT_ROOT] : "/", *run = p->value[OPT_RUN];
	struct pass_state_file file;

	if (!pass_state_find(&file, run, root) || !pass_state_judge(verdict, &v->arena, &file))
		return false;
	if (run || verdict->verdict != VERDICT_UNKNOWN || verdict->state.under_way)
		return true;
	struct pass_verdict own = *verdict;
	if (!pass_state_find(&file, PASS_STATE_RUN, root) ||
		!pass_state_judge(verdict, &v->arena, &file))
		return false;
	if (verdict->verdict == VERDICT_UNKNOWN)
		*verdict = own;
	return true;
}

/* A pass that is said to have done what it could, and nobody knows what that was. */
static void miss_report(struct node_verb *v, struct status *status)
{
	if (status->pass.verdict != VERDICT_OK || status->report.present)
		return;
	status->pass.verdict = VERDICT_UNKNOWN;
	status->pass.why = status->report.wrong
		? buf_print(&v->arena, "%s: no report that is believed", status->report.wrong)
		: buf_print(&v->arena, "%s, the report of it, is not there", root_path(&v->root, &v->arena, PLACES_REPORT));
}

/* That nothing is known, or nothing there, is nothing wrong; but who asks for --check has to know. */
static bool is_amiss(const struct parsed *p, const struct status *status, bool nothing)
{
	if (status->pass.verdict == VERDICT_OK || status->pass.verdict == VERDICT_UNKNOWN)
		return p->value[OPT_CHECK] && (nothing || status->pass.verdict == VERDICT_UNKNOWN);
	return true;
}

static int print(struct node_verb *v)
{
	const struct parsed *p = v->parsed;
	const char *format = p->value[OPT_FORMAT] ? p->value[OPT_FORMAT] : outputs[0].name;
	struct status status;
	struct buf b;
	size_t which = 0;
	int exit = EXIT_DONE;

	while (which < countof(outputs) && strcmp(outputs[which].name, format) != 0)
		which++;
	if (which == countof(outputs))
		return usage(p->verb, "unknown format '%s'; one of text, json, prometheus", format);
	if (!status_read(&status, &v->arena, &v->root) || !judge_pass(v, &status.pass))
		return EXIT_HOST;
	miss_report(v, &status);
	for (size_t i = 0; i < p->operands; i++) {
		int one = find(v, &status, p->operand[i]);
		exit = one > exit ? one : exit;
	}
	if (!status.count)
		message("%s: nothing is installed here", v->root.name);
	bool amiss = is_amiss(p, &status, !status.count);
	narrow(&status, p);
	status.fault = status.fault || amiss;
	buf_init(&b, &v->arena);
	outputs[which].print(&b, &status);
	if (!files_print(&b))
		return EXIT_HOST;
	return status.fault && !exit ? EXIT_FINDING : exit;
}

static int run(const struct parsed *p)
{
	return node_verb_run(p, ROOT_LOCK_READ, p->value[OPT_PID] ? print_running : print);
}

const struct verb verb_status = {
	.name = "status",
	.operands = "[NAME...]",
	.summary = "say what is installed on a node, and whether it still is as installed",
	.about = "Reads records and files below the root and compares digests. Exits 1 if a file\n"
		 "was changed, is gone or may be written by others, what is kept to be rolled back\n"
		 "to is damaged, a source is broken, an install was not finished, or the last one\n"
		 "failed as a whole; with --check also if no install is known, or nothing is there.\n"
		 "A profile whose source is gone is an orphan: told, and no fault.\n"
		 "--pid exits 0 if every thread of that process has a filter that does what\n"
		 "an installed one in force does, and none is under less than the main thread; 1 if\n"
		 "not; 5 if their filters cannot be seen, which takes root. It stops each thread for\n"
		 "a moment: system calls that wait may return EINTR (doc/install.md).\n",
	.examples = "winnow status --root node\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 0,
	.most = SIZE_MAX,
	.run = run,
};
