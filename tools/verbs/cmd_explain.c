/* winnow explain: why a call is treated as it is; or, without one, what a profile allows. */

#include "asked.h"
#include "explain_filter.h"
#include "overview_json.h"

#include "../lib/build.h"
#include "../cli/as_json.h"
#include "../lib/call_json.h"
#include "../cli/call_words.h"
#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/options.h"
#include "../cli/quote.h"

#include "../../compiler/explain/overview.h"

#include <string.h>

static const struct taken takes[] = {
	TAKES_ASKED,
	{OPT_ABI, "ABI", "ABI of the call, default the node's; of the table, default all"},
	TAKE(FORMAT),
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct asked asked;
	bool json;
};

/* --- the call --- */

/* The operands behind the profile, as the ABI's registers would hold them. */
static int read_call(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct question *q = &job->asked.question;
	const char *word = p->operand[1];
	uint32_t nr = 0;
	uint16_t id;

	bool quiet = p->value[OPT_QUIET] != NULL, named = arch_syscall_find(word, strlen(word), &id);
	bool numbered = !named && call_nr(word, q->abi, &nr);
	if (!named && !numbered)
		return call_unknown(p->verb, word, q->abi);
	if (numbered)
		q->abi = call_abi(word, q->abi, nr, quiet);
	int status = call_args(p->verb, p->operand + 2, p->operands - 2, q->abi, quiet, q->call.args);
	if (!status)
		question_call(q, word, numbered, nr);
	return status;
}

/* --- the run --- */

/* What text says is a member, too. */
static void json_call(struct buf *b, struct job *job)
{
	const struct question *q = &job->asked.question;
	struct buf text;

	buf_init(&text, &job->arena);
	explain_call(&text, q);
	as_json_begin(b, "explain");
	buf_text(b, ", \"profile\": ");
	quote_json(b, q->source->name);
	buf_printf(b, ", \"abi\": \"%s\", \"call\": ", q->abi->name);
	if (q->has_call) {
		const struct clause *c = policy_decide(q->policy, &q->call);
		call_json(b, &q->call);
		buf_text(b, ", \"verdict\": ");
		verdict_json(b, c->ret);
		buf_text(b, ", \"rule\": ");
		as_json_place(b, q->source, c->at);
	} else {
		buf_text(b, "null, \"verdict\": null, \"rule\": null");
	}
	buf_text(b, ", \"text\": ");
	quote_json(b, buf_string(&text));
	buf_text(b, "}\n");
}

static int print(struct job *job)
{
	struct buf out;

	buf_init(&out, &job->arena);
	if (job->json && job->parsed->operands > 1)
		json_call(&out, job);
	else if (job->json)
		overview_json(&out, &job->asked.question);
	else if (job->parsed->operands > 1)
		explain_call(&out, &job->asked.question);
	else
		overview_print(&out, &job->asked.question);
	return files_print(&out) ? EXIT_DONE : EXIT_HOST;
}

/* A blob, or what a process is under. */
static int explain_filter(struct job *job, const struct operand *o)
{
	const struct question *q = &job->asked.question;
	/* a filter is told to be of the other byte order only if that was asked for */
	const struct abi *native = job->parsed->value[OPT_ARCH] ? job->asked.facts.native : q->abi;

	if (job->json)
		return usage(job->parsed->verb, "JSON is for profiles, and '%s' is a filter", o->name);
	if (job->parsed->operands == 1)
		return explain_filter_all(&job->arena, o, native, q->abi);
	if (q->has_call)
		return explain_filter_call(&job->arena, o, q->abi, &q->call);
	message("%s has no %s", q->abi->name, arch_syscall_name(q->syscall));
	return EXIT_FINDING;
}

static int read_abi(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct question *q = &job->asked.question;

	if (p->value[OPT_ABI] && !(q->abi = option_abi(p->verb, p->value[OPT_ABI], strlen(p->value[OPT_ABI]))))
		return EXIT_USAGE;
	if (!q->abi && p->operands > 1)
		q->abi = job->asked.facts.native;
	return EXIT_DONE;
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	struct operand operand;
	int status = as_json_wanted(p, &job->json);

	if (!status)
		status = asked_options(&job->asked, p);
	if (!status)
		status = read_abi(job);
	if (!status && p->operands > 1)
		status = read_call(job);
	if (!status)
		status = operand_read(&job->arena, p, p->operand[0], SOURCE_MAX, &operand);
	if (!status && operand_is_filter(&operand))
		return explain_filter(job, &operand);
	if (!status)
		status = asked_source(&job->asked, &job->arena, p, &operand.source);
	return status ? status : print(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_explain = {
	.name = "explain",
	.operands = "PROFILE|BLOB|pid:PID|- [SYSCALL|NR [ARG...]]",
	.summary = "say which rule decides a call, or what a profile or a filter allows",
	.about = "For a call: the verdict, the rule that gives it, and every rule that names the syscall\n"
		 "and does not decide, each with why. Arguments not given are 0; constants (AF_ALG,\n"
		 "CLONE_NEWUSER|SIGCHLD) and an audit record's a0=26 will do. Without a call: what the\n"
		 "profile allows, by action, ABI by ABI, as Markdown. Of a filter, which has no\n"
		 "rules, what it does; of a process's (pid:PID) which of them decides, and whether\n"
		 "this machine's kernel writes a record of it. Options come first.\n",
	.examples = "winnow explain -a x86_64 docker.json clone CLONE_NEWUSER\n"
		    "winnow explain -a x86_64 web.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 2 + CALL_ARGS,
	.options_first = true,
	.run = run,
};
