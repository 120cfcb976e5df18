/* winnow replay: would a recording have run under a profile? */

#include "asked.h"
#include "judge.h"

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../evidence/evidence.h"

#include "../../compiler/base/utf8.h"
#include "../../compiler/explain/words.h"

#include <inttypes.h>
#include <string.h>

static const struct taken takes[] = {
	TAKES_ASKED,
	TAKE(NEW),
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct asked asked[JUDGE_MAX];
	struct evidence evidence;
	struct judge judge;
	double same, otherwise, open;
	double freed; /* of `same`: a filter did not let them be made then, and would now */
};

/* --- which calls are told --- */

static bool is_same(const struct verdict *a, const struct verdict *b)
{
	return a->decided && b->decided && a->ret == b->ret;
}

static bool take(void *context, const struct event *e)
{
	struct job *job = context;
	struct verdict verdict[JUDGE_MAX];
	uint16_t error = 0;
	bool has = false, decided = true, same;

	judge_event(&job->judge, e, verdict);
	for (size_t p = 0; p < job->judge.policies; p++)
		decided = decided && verdict[p].decided;
	if (!decided && job->judge.policies > 1 && judge_alike(&job->judge, e)) {
		job->same += e->count;
		return false;
	}
	/* failed with an errno that is not said: it may be the rule's */
	if (job->judge.policies == 1 && e->answer == ANSWER_FAILED && !judge_lets(&verdict[0]))
		decided = !judge_agrees(&verdict[0], e->answer, false, 0);
	if (!decided) {
		job->open += e->count;
		judge_group(&job->judge, e, verdict);
		return false;
	}
	if (e->answer == ANSWER_ERROR && !judge_lets(&verdict[0]))
		has = event_errno(e, e->error, e->error_len, &error);
	if (job->judge.policies > 1)
		same = is_same(&verdict[0], &verdict[1]);
	else
		same = judge_lets(&verdict[0]) ||
			(e->answer != ANSWER_UNSAID && judge_agrees(&verdict[0], e->answer, has, error));
	if (same) {
		bool stopped = e->answer == ANSWER_REFUSED || e->answer == ANSWER_KILLED ||
			e->answer == ANSWER_TRAPPED;
		job->freed += stopped && judge_lets(&verdict[0]) ? e->count : 0;
		job->same += e->count;
		return judge_is_plain(&job->judge, e);
	}
	struct event alike = *e; /* whatever it came to, it would not now */
	alike.answer = ANSWER_UNSAID;
	job->otherwise += e->count;
	judge_group(&job->judge, &alike, verdict);
	return false;
}

/* --- what is said --- */

static void print_args(struct buf *b, const struct group *g)
{
	unsigned told = 0;

	for (unsigned arg = 0; arg < CALL_ARGS && !g->others; arg++) {
		if (!g->seen.known[arg])
			continue;
		buf_printf(b, "%sargument %u is ", told++ ? ", " : " where ", arg);
		words_value(b, g->seen.value[arg]);
		if ((g->seen.known[arg] & UINT32_MAX) != UINT32_MAX)
			buf_printf(b, " in the bits 0x%" PRIx64, g->seen.known[arg]);
	}
	if (g->others)
		buf_text(b, " with other arguments");
}

static void print_call(struct buf *b, const struct group *g)
{
	const char *name = g->abi && g->has_nr ? words_number(b->arena, g->abi, g->nr) : NULL;

	if (!name && g->has_id)
		name = arch_syscall_name(g->id);
	buf_printf(b, "%s ", g->abi ? g->abi->name : "?");
	if (name)
		buf_text(b, name);
	else
		buf_printf(b, "number %u", g->nr);
	print_args(b, g);
}

static void print_verdict(struct buf *b, const struct verdict *v, const struct group *g)
{
	if (!v->decided) {
		buf_text(b,
			!g->abi		     ? "not decided: the node's ABI has no such call"
				: g->no_args ? "not decided: it depends on arguments, and there are none"
					     : "not decided: it depends on what is not shown");
		return;
	}
	action_print(b, v->ret);
	buf_text(b, ", ");
	words_action(b, v->ret, g->abi);
}

static void print_group(struct buf *b, const struct job *job, const struct group *g)
{
	struct call call = {.arch = g->abi ? g->abi->audit : 0, .nr = g->nr};

	print_call(b, g);
	buf_printf(b, ": %.0f: ", g->count);
	if (g->answer == ANSWER_FAILED && job->judge.policies == 1 && g->verdict[0].decided)
		buf_text(b, "not decided: the errno that it failed with is not said; by the profile ");
	for (size_t p = 0; p < job->judge.policies; p++) {
		buf_text(b, p ? "; then " : "");
		print_verdict(b, &g->verdict[p], g);
		memcpy(call.args, g->seen.value, sizeof(call.args));
		if (!g->verdict[p].decided || g->others)
			continue;
		const struct clause *c = policy_decide(job->judge.policy[p], &call);
		if (c->at == NOWHERE)
			continue;
		uint32_t line, column;
		source_place(&job->asked[p].source, c->at, &line, &column);
		buf_text(b, " (");
		utf8_print(b, job->asked[p].source.name, strlen(job->asked[p].source.name));
		buf_printf(b, ":%u:%u)", line, column);
	}
	buf_text(b, "; first ");
	utf8_print(b, g->path, strlen(g->path));
	buf_printf(b, ":%llu\n", (unsigned long long)g->at);
}

static int print_all(struct job *job)
{
	struct buf b;
	bool two = job->judge.policies > 1;

	buf_init(&b, &job->arena);
	for (const struct group *g = job->judge.first; g; g = g->next)
		print_group(&b, job, g);
	if (job->judge.beyond > 0)
		buf_printf(&b, "... and %.0f calls of further kinds\n", job->judge.beyond);
	buf_printf(&b, "%.0f calls: %.0f %s, %.0f %s, %.0f not decided\n", job->judge.calls, job->same,
		two ? "answered alike" : "allowed, or answered as recorded", job->otherwise,
		two ? "not" : "refused", job->open);
	if (job->freed > 0 && !two)
		buf_printf(&b, "%.0f of them a filter refused in the recording; this profile allows them\n",
			job->freed);
	evidence_tell(&job->evidence);
	evidence_tell_limits(&job->evidence);
	if (!files_print(&b))
		return EXIT_HOST;
	return job->otherwise > 0 ? EXIT_FINDING : job->open > 0 ? EXIT_HOST : EXIT_DONE;
}

/* --- the run --- */

static int read_profiles(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *path[JUDGE_MAX] = {p->operand[0], p->value[OPT_NEW]};
	int status = EXIT_DONE;

	for (size_t i = 0; !status && i < JUDGE_MAX && path[i]; i++) {
		status = asked_options(&job->asked[i], p);
		if (!status)
			status = asked_read(&job->asked[i], &job->arena, p, path[i]);
		if (!status)
			job->judge.policy[job->judge.policies++] = job->asked[i].question.policy;
	}
	return status;
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;

	judge_init(&job->judge, &job->arena);
	int status = read_profiles(job);
	if (status)
		return status;
	evidence_init(&job->evidence, &job->arena, take, job);
	job->evidence.abi = job->asked[0].facts.native;
	job->evidence.follow = p->value[OPT_FOLLOW] != NULL;
	for (size_t i = 1; !status && i < p->operands; i++)
		status = evidence_read(&job->evidence, p->operand[i]);
	return status ? status : print_all(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_replay = {
	.name = "replay",
	.operands = "PROFILE TRACE|-...",
	.summary = "say whether a recording would have run under a profile",
	.about = "Puts every recorded call to the profile and prints those that would be answered otherwise\n"
		 "than they were: by syscall and by the arguments that rules look at, how often, by which\n"
		 "rule. Of names without an answer (lists, recorded profiles), those that are not allowed. With\n"
		 "--new, what the other profile answers otherwise instead. Exits 1 if there is any, else 5 if a\n"
		 "call could not be decided from what is recorded.\n",
	.examples = "winnow replay web.json strace.log\n"
		    "winnow replay --new docker.json web.json strace.log\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 2,
	.most = SIZE_MAX,
	.run = run,
};
