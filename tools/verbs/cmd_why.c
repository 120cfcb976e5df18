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

#include "../../arch/errno.h"

#include <string.h>

static const struct taken takes[] = {TAKES_ASKED, TAKE(LINE)};

struct job {
	const struct parsed *parsed;
	struct arena arena, each; /* of all; of what is said of one group */
	struct asked asked;
	struct evidence evidence;
	struct judge judge;
	double through; /* calls that were made, and that the profile refuses */
	struct buf out;
	struct group *group;
};

/* --- which calls are asked about --- */

/* Is it what a filter may have answered? */
static bool is_suspect(const struct event *e)
{
	if (e->answer == ANSWER_ERROR)
		return event_is_suspect(e);
	return e->answer != ANSWER_DONE && e->answer != ANSWER_UNSAID;
}

/* Of calls that are allowed whatever their arguments the number is enough. */
static bool take(void *context, const struct event *e)
{
	struct job *job = context;
	struct verdict verdict[JUDGE_MAX];
	uint16_t error = 0;

	judge_event(&job->judge, e, verdict);
	if (is_suspect(e)) {
		judge_group(&job->judge, e, verdict);
		return false;
	}
	if (e->answer == ANSWER_UNSAID) {
		if (!verdict->decided || RET_ACTION(verdict->ret) != RET_ALLOW)
			judge_group(&job->judge, e, verdict);
		return false;
	}
	if (!verdict->decided || judge_lets(verdict))
		return judge_is_plain(&job->judge, e);
	/* it was made, whatever the rest of it was; or it came to the very errno of a rule */
	bool has = e->answer == ANSWER_ERROR && event_errno(e, e->error, e->error_len, &error);
	if (e->answer == ANSWER_ERROR && judge_agrees(verdict, e->answer, has, error))
		judge_group(&job->judge, e, verdict);
	else
		job->through += e->count;
	return false;
}

/* --- what is said of a group --- */

/* What calls itself so while it starts a container, under the filter already (runc 1.3.6, crun 1.28). */
static bool is_runtime(const char *comm)
{
	static const char *const names[] = {"runc:[2:INIT]", "crun"};

	for (size_t i = 0; i < countof(names); i++) {
		if (strcmp(comm, names[i]) == 0)
			return true;
	}
	return false;
}

static void print_first(struct buf *b, const struct group *g)
{
	buf_printf(b, g->count == 1 ? "Once, " : "%.0f times, first ", g->count);
	utf8_print(b, g->path, strlen(g->path));
	buf_printf(b, ":%llu", (unsigned long long)g->at);
	if (g->comm[0]) {
		buf_text(b, ", by ");
		utf8_print(b, g->comm, strlen(g->comm));
		buf_text(b, is_runtime(g->comm) ? " (the runtime, before the program starts)" : "");
	}
	if (g->line[0]) {
		buf_text(b, ":\n    ");
		utf8_print(b, g->line, strlen(g->line));
	}
	buf_text(b, "\n");
	if (g->others)
		buf_text(b, "(and others with other arguments; of one syscall, the first groups stand "
			"alone)\n");
}

/* Made through a multiplexer: what it was asked for is known, and what lies in memory is not. */
static void through_door(struct question *q, uint16_t id, uint32_t code)
{
	q->has_name = true;
	q->syscall = id; /* what a rule would be for */
	q->unknown = 0x3e;
	memset(q->call.args, 0, sizeof(q->call.args));
	q->call.args[0] = code;
}

/* One of seccomp's, which strace is not: that has arguments. */
static bool is_record(const struct group *g)
{
	return g->answer == ANSWER_REFUSED || g->answer == ANSWER_TRACED || g->answer == ANSWER_NOTIFIED ||
		(g->answer == ANSWER_TRAPPED && g->no_args);
}

static struct question question_of(const struct job *job, struct arena *arena)
{
	const struct group *g = job->group;
	struct question q = job->asked.question;

	q.arena = arena;
	q.abi = g->abi;
	q.is_record = is_record(g) && !job->evidence.seen[KIND_STRACE];
	for (uint8_t arg = 0; arg < CALL_ARGS; arg++) {
		uint64_t width = g->abi->bits == 32 ? UINT32_MAX : UINT64_MAX;
		uint64_t known = g->shown.known[arg];
		/* an int's upper half is nobody's business here */
		if ((known & UINT32_MAX & width) != (UINT32_MAX & width))
			q.unknown |= (uint8_t)(1u << arg);
		q.call.args[arg] = g->shown.value[arg];
	}
	uint32_t door, code;
	bool by_number = !g->by_name || !g->has_id;
	question_call(&q, by_number ? NULL : arch_syscall_name(g->id), by_number, g->nr);
	if (g->has_id && arch_multiplexer(g->abi, g->id, &door, &code) && q.call.nr == door)
		through_door(&q, g->id, code);
	return q;
}

/* What actions the answer may be of, a bit each. */
static unsigned actions_of(const struct group *g)
{
	unsigned actions = 0;

	for (unsigned action = 0; action < ACTIONS && g->answer != ANSWER_UNSAID; action++) {
		const struct verdict v = {true, action_ret((enum action)action, g->error)};
		bool filters = !judge_lets(&v) || g->answer == ANSWER_LOGGED;
		if (filters && judge_agrees(&v, g->answer, g->has_error, g->error))
			actions |= 1u << action;
	}
	return actions;
}

static void print_open(struct job *job, struct question *q)
{
	const struct group *g = job->group;
	uint32_t door, code;

	explain_open(&job->out, q, actions_of(g));
	if (g->by_name && g->has_id && arch_multiplexer(g->abi, g->id, &door, &code))
		buf_printf(&job->out, "It may have been made through %s, for which other rules may hold: "
			"strace -n shows that.\n", arch_nr_name(g->abi, door));
	buf_text(&job->out, job->group->no_args ? "The line has no arguments, on which it depends.\n"
						: "It depends on what the line does not show.\n");
}

/* A record of another machine than the profile is read for. */
static void print_node(struct job *job)
{
	const struct abi *abi = job->group->abi, *native = job->asked.facts.native;

	if (abi->audit != native->audit && !job->parsed->value[OPT_ARCH] &&
		!(abi->host && strcmp(abi->host, native->name) == 0))
		buf_printf(&job->out, "The profile was read for %s; for a node of the log's: -a "
			"%s.\n", native->name,
			abi->host ? abi->host : abi->name);
}

/* What is explained has to be what was decided. */
static bool is_consistent(const struct question *q, const struct verdict *v)
{
	return policy_decide(q->policy, &q->call)->ret == v->ret;
}

/* False: winnow contradicts itself. */
static bool print_group(struct job *job, struct arena *arena)
{
	const struct group *g = job->group;
	struct buf *b = &job->out;

	print_first(b, g);
	if (!g->abi) {
		buf_printf(b, "Not decided: %s; --arch says whose log it is.\n",
			g->has_id || g->has_nr ? "this node's ABI has no such call" : "no ABI has that call");
		return true;
	}
	struct question q = question_of(job, arena);
	if (!g->verdict[0].decided) {
		print_open(job, &q);
		return true;
	}
	if (!is_consistent(&q, &g->verdict[0]))
		return false;
	explain_call(b, &q);
	print_node(job);
	if (g->answer == ANSWER_LOGGED && !judge_lets(&g->verdict[0]))
		buf_text(b, "\nIt was made and logged, as by a filter that only complains (compile "
			"--complain).\n");
	else if (!judge_agrees(&g->verdict[0], g->answer, g->has_error, g->error))
		buf_text(b, "\nThe log has another answer: it was another filter's, or this profile is read "
			"for another node there (--caps, --kernel, --runtime).\n");
	buf_text(b, "\n");
	allow_call(b, &q);
	return true;
}

/* --- calls that this profile allows --- */

/* Told shortly: nothing of the profile is at fault. */
static bool is_allowed(const struct group *g)
{
	return judge_lets(&g->verdict[0]) && g->answer != ANSWER_LOGGED;
}

static const char *whose(const struct group *g)
{
	switch (g->answer) {
	case ANSWER_ERROR:
	case ANSWER_FAILED:
		return "the kernel's own (a capability, a security module, rights to a file), or another "
			"filter's";
	case ANSWER_KILLED:
		return "of threads that end together one made the refused call: another's, or another "
			"filter's";
	case ANSWER_UNSAID:
	case ANSWER_DONE:
	case ANSWER_REFUSED:
	case ANSWER_TRAPPED:
	case ANSWER_TRACED:
	case ANSWER_NOTIFIED:
	case ANSWER_LOGGED:
	case ANSWERS:
		break;
	}
	return "another filter's, or this profile is read for another node there (--caps, --kernel, "
		"--runtime)";
}

static bool print_allowed(const struct job *job)
{
	size_t allowed = 0;
	char words[64];
	struct buf b;

	buf_init(&b, job->judge.arena);
	for (const struct group *g = job->judge.first; g; g = g->next) {
		const char *name = g->abi && g->has_error ? arch_errno_name(g->abi, g->error) : NULL;
		const char *error = name && g->answer == ANSWER_ERROR ? name : g->error_word;
		const struct event e = {.answer = g->answer, .error = error, .error_len = strlen(error)};
		if (!is_allowed(g))
			continue;
		if (!allowed++)
			buf_text(&b, "This profile allows, so that the answer is not its own:\n");
		buf_printf(&b, "  %s: ", g->has_id ? arch_syscall_name(g->id) : "a number without a name");
		event_answer_words(&e, words, sizeof(words));
		utf8_print(&b, words, strlen(words));
		buf_printf(&b, ", %.0f time%s, first ", g->count, g->count == 1 ? "" : "s");
		utf8_print(&b, g->path, strlen(g->path));
		buf_printf(&b, ":%llu: %s\n", (unsigned long long)g->at, whose(g));
	}
	buf_text(&b, allowed ? "\n" : "");
	return files_print(&b);
}

static int say_group(void *context)
{
	struct job *job = context;

	buf_init(&job->out, &job->each);
	if (!print_group(job, &job->each)) {
		message("%s:%llu: two answers to one call: this is a mistake of winnow's, please report it",
			job->group->path, (unsigned long long)job->group->at);
		return EXIT_MISTAKE;
	}
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
	for (size_t i = 1; !status && i < p->operands; i++)
		status = evidence_read(&job->evidence, p->operand[i]);
	if (!status && p->operands < 2 && !p->manys)
		status = evidence_read(&job->evidence, "-");
	return status;
}

static int sum_up(struct job *job)
{
	struct buf b;

	buf_init(&b, &job->arena);
	size_t kinds = 0;
	for (const struct group *g = job->judge.first; g; g = g->next)
		kinds += !is_allowed(g);
	buf_printf(&b, "%.0f call%s; %zu kind%s of refusal by this profile, or not "
		"decided.\n", job->judge.calls,
		job->judge.calls == 1 ? "" : "s", kinds, kinds == 1 ? "" : "s");
	if (job->through > 0)
		buf_printf(&b, "%.0f more were made that this profile refuses: the log is not of a program "
			"under it (winnow replay names them).\n", job->through);
	if (job->judge.beyond > 0)
		buf_printf(&b, "%.0f more are of kinds beyond the %d that are told.\n", job->judge.beyond,
			JUDGE_GROUPS);
	if (job->evidence.hidden)
		message("the record: %s", DIAG_HIDDEN);
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
	job->evidence.follow = p->value[OPT_FOLLOW] != NULL;
	status = read_evidence(job);
	for (job->group = job->judge.first; !status && job->group; job->group = job->group->next) {
		if (!is_allowed(job->group))
			status = in_arena(&job->each, PROFILE_ARENA, p->operand[0], say_group, job);
	}
	if (!status && !print_allowed(job))
		status = EXIT_HOST;
	return status ? status : sum_up(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_why = {
	.name = "why",
	.operands = "PROFILE [LOG|-...]",
	.summary = "say which rule refused a call of a log",
	.about = "Reads strace, audit records (dmesg, journal, auditd, ausearch), perf trace, ftrace and the\n"
		 "Security Profiles Operator's logs, each told by its content. For each kind of call that\n"
		 "was refused: the verdict, the rule that gives it, those that came near, whether the\n"
		 "kernel writes a record of it, and the least change that would allow it. EPERM may be the\n"
		 "kernel's own: each call is put to the profile first.\n",
	.examples = "winnow why web.json strace.log\n",
	.takes = takes,
	.taken = countof(takes),
	.many = 1 + OPT_LINE,
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
