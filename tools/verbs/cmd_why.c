/* winnow why: what refused a call, from what the refusal left behind. */

#include "asked.h"
#include "judge.h"

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../evidence/evidence.h"

#include "../../compiler/base/utf8.h"
#include "../../compiler/explain/allow.h"
#include "../../compiler/explain/words.h"

#include <string.h>

enum { LINE = ASKED_ROWS, ROWS };
static const struct option_row rows[ROWS] = {
	ASKED_OPTIONS,
	[LINE] = {0, "line", "TEXT", "a line of a log, in place of one; may be given several times"},
};

struct job {
	const struct parsed *parsed;
	struct arena arena, each; /* of all; of what is said of one group */
	struct asked asked;
	struct evidence evidence;
	struct judge judge;
	double passed, through; /* calls nothing happened to; those made that the profile refuses */
	struct buf out;
	struct group *group;
};

/* --- which calls are asked about --- */

/* Is it what a filter may have answered? */
static bool is_suspect(const struct event *e)
{
	static const char *const errors[] = {"EPERM", "EACCES", "ENOSYS"};

	if (e->answer != ANSWER_ERROR)
		return e->answer != ANSWER_DONE && e->answer != ANSWER_UNSAID;
	for (size_t i = 0; i < countof(errors); i++) {
		if (strlen(errors[i]) == e->error_len && memcmp(errors[i], e->error, e->error_len) == 0)
			return true;
	}
	return false;
}

static void take(void *context, const struct event *e)
{
	struct job *job = context;
	struct verdict verdict[JUDGE_MAX];

	judge_event(&job->judge, e, verdict);
	bool suspect = is_suspect(e), lets = judge_lets(verdict);
	if (lets && !suspect && RET_ACTION(verdict->ret) == RET_ALLOW) {
		job->passed += e->count;
		return;
	}
	bool went = e->answer == ANSWER_DONE || (e->answer == ANSWER_ERROR && !suspect);
	if (went && verdict->decided) {
		uint16_t error = 0;
		bool has = e->answer == ANSWER_ERROR && event_errno(e, e->error, e->error_len, &error);
		if (!judge_agrees(verdict, e->answer, has, error)) {
			job->through += e->count;
			return;
		}
		if (lets || e->answer == ANSWER_DONE) {
			job->passed += e->count;
			return;
		}
	}
	if (went && !verdict->decided) {
		job->passed += e->count; /* whatever the rest of it was, it was made */
		return;
	}
	judge_group(&job->judge, e, verdict);
}

/* --- what is said of a group --- */

static void print_first(struct buf *b, const struct group *g)
{
	buf_printf(b, g->count == 1 ? "Once, " : "%.0f times, first ", g->count);
	utf8_print(b, g->path, strlen(g->path));
	buf_printf(b, ":%llu", (unsigned long long)g->at);
	if (g->comm[0]) {
		buf_text(b, ", by ");
		utf8_print(b, g->comm, strlen(g->comm));
	}
	if (g->line[0]) {
		buf_text(b, ":\n    ");
		utf8_print(b, g->line, strlen(g->line));
	}
	buf_text(b, "\n");
	if (g->others)
		buf_text(b, "(and others with other arguments; of one syscall, the first groups stand alone)\n");
}

static struct question question_of(const struct job *job, struct arena *arena)
{
	const struct group *g = job->group;
	struct question q = job->asked.question;

	q.arena = arena;
	q.abi = g->abi;
	for (uint8_t arg = 0; arg < CALL_ARGS; arg++) {
		uint64_t width = g->abi->bits == 32 ? UINT32_MAX : UINT64_MAX;
		uint64_t known = g->shown.known[arg];
		/* an int's upper half is nobody's business here */
		if ((known & UINT32_MAX & width) != (UINT32_MAX & width))
			q.unknown |= (uint8_t)(1u << arg);
		q.call.args[arg] = g->shown.value[arg];
	}
	question_call(&q, g->has_id ? arch_syscall_name(g->id) : NULL, !g->has_id, g->nr);
	return q;
}

static void print_open(struct job *job, struct question *q)
{
	buf_text(&job->out, job->group->no_args
			? "The line has no arguments, and it depends on them. "
			: "It depends on what the line does not show. ");
	buf_text(&job->out, "The rules:\n");
	explain_open(&job->out, q);
}

static void print_allowed(struct job *job, const struct question *q)
{
	struct buf *b = &job->out;
	const struct group *g = job->group;

	explain_call(b, q);
	buf_text(b, "\nThis profile allows it. ");
	if (g->answer == ANSWER_ERROR)
		buf_text(b, "The kernel itself refused it (a capability, a security module, rights to a file), "
			    "or another filter.\n");
	else if (g->answer == ANSWER_KILLED)
		buf_text(b, "Of threads that end together one made the refused call: it may be another's, or "
			    "another filter's.\n");
	else
		buf_text(b, "Another filter answered it, or this profile read for another node: see --caps, "
			    "--kernel, --runtime.\n");
}

static void print_group(struct job *job, struct arena *arena)
{
	const struct group *g = job->group;
	struct buf *b = &job->out;

	print_first(b, g);
	if (!g->abi) {
		buf_printf(b, "Not decided: %s; --arch says whose log it is.\n",
			g->has_id || g->has_nr ? "this node's ABI has no such call" : "no ABI has that call");
		return;
	}
	struct question q = question_of(job, arena);
	if (!g->verdict[0].decided) {
		print_open(job, &q);
		return;
	}
	if (judge_lets(&g->verdict[0]) && g->answer != ANSWER_LOGGED) {
		print_allowed(job, &q);
		return;
	}
	explain_call(b, &q);
	if (!judge_agrees(&g->verdict[0], g->answer, g->has_error, g->error))
		buf_text(b, "\nThe log has another answer: it was another filter, or this profile read for another "
			    "node (--caps, --kernel, --runtime).\n");
	buf_text(b, "\n");
	allow_call(b, &q);
}

static int say_group(void *context)
{
	struct job *job = context;

	buf_init(&job->out, &job->each);
	print_group(job, &job->each);
	buf_text(&job->out, "\n");
	return files_print(&job->out) ? EXIT_DONE : EXIT_HOST;
}

/* --- the run --- */

static int read_evidence(struct job *job)
{
	const struct parsed *p = job->parsed;
	int status = EXIT_DONE;

	for (size_t i = 0; !status && i < p->manys; i++)
		status = evidence_read_text(&job->evidence, "--line", p->many[i], strlen(p->many[i]));
	if (!status && (p->operands > 1 || !p->manys))
		status = evidence_read(&job->evidence, p->operands > 1 ? p->operand[1] : "-");
	return status;
}

static int sum_up(struct job *job)
{
	struct buf b;

	buf_init(&b, &job->arena);
	buf_printf(&b, "%.0f calls: %.0f were made, and this profile lets them; %zu kinds of refusal above.\n",
		job->judge.calls, job->passed, job->judge.groups);
	if (job->through > 0)
		buf_printf(&b, "%.0f more were made that this profile refuses: the log is not of a program under it "
			       "(winnow replay names them).\n", job->through);
	if (job->judge.beyond > 0)
		buf_printf(&b, "%.0f more are of kinds beyond the %d that are told.\n", job->judge.beyond,
			JUDGE_GROUPS);
	evidence_tell(&job->evidence);
	evidence_tell_limits(&job->evidence);
	return files_print(&b) ? EXIT_DONE : EXIT_HOST;
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	int status = asked_options(&job->asked, p);

	if (!status)
		status = asked_read(&job->asked, &job->arena, p, p->operand[0]);
	if (status)
		return status;
	judge_init(&job->judge, &job->arena);
	job->judge.policy[job->judge.policies++] = job->asked.question.policy;
	evidence_init(&job->evidence, &job->arena, take, job);
	job->evidence.abi = job->asked.facts.native;
	job->evidence.follow = p->follow;
	status = read_evidence(job);
	for (job->group = job->judge.first; !status && job->group; job->group = job->group->next)
		status = in_arena(&job->each, PROFILE_ARENA, p->operand[0], say_group, job);
	return status ? status : sum_up(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_why = {
	.name = "why",
	.operands = "PROFILE [LOG|-]",
	.summary = "say which rule refused a call of a log",
	.about = "Reads strace, audit records (dmesg, journal, auditd, ausearch), perf trace and the\n"
		 "Security Profiles Operator's logs, each told by its content. For each kind of call that\n"
		 "was refused: the verdict, the rule that gives it, those that came near, whether the\n"
		 "kernel writes a record of it, and the least change that would allow it. EPERM may be the\n"
		 "kernel's own: each call is put to the profile first.\n",
	.option = rows,
	.options = ROWS,
	.many = LINE + 1,
	.least = 1,
	.most = 2,
	.excerpts = true,
	.run = run,
};
