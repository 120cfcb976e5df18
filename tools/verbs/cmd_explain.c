/* winnow explain: why a call is treated as it is; or, without one, what a profile allows. */

#include "../lib/build.h"
#include "../cli/call_words.h"
#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/node_options.h"
#include "../cli/options.h"

#include "../../compiler/explain/overview.h"
#include "../../compiler/meaning/rules.h"

#include <string.h>

static const struct taken takes[] = {
	TAKE(ARCH),
	{OPT_ABI, "ABI", "ABI of the call, default the node's; of the table, default all"},
	TAKE(CAPS), TAKE(KERNEL), TAKE(RUNTIME), TAKE(ENOSYS), TAKE(NARROW_INT_ARGS),
	TAKE(INPUT_FORMAT), TAKE(ENTRY),
	{OPT_QUIET, NULL, "no warnings about the profile"},
	TAKE(COLOR), TAKE(FOLLOW),
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct source source;
	struct diags diags;
	struct node_facts facts;
	struct wish wish;
	struct question question;
};

/* --- the call --- */

/* The operands behind the profile, as the ABI's registers would hold them. */
static int read_call(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct question *q = &job->question;
	const char *word = p->operand[1];
	uint32_t nr = 0;
	uint16_t id;

	int status = call_args(p->verb, p->operand + 2, p->operands - 2, q->abi, p->value[OPT_QUIET],
		q->call.args);
	if (status)
		return status;
	bool named = arch_syscall_find(word, strlen(word), &id);
	bool numbered = !named && call_nr(word, q->abi, &nr);
	if (!named && !numbered)
		return call_unknown(p->verb, word, q->abi);
	question_call(q, word, numbered, nr);
	return EXIT_DONE;
}

/* --- the run --- */

static int give_up(struct job *job)
{
	files_diags(
		&job->arena, &job->diags, job->parsed->value[OPT_QUIET], job->parsed->value[OPT_COLOR]);
	return diags_exit(&job->diags);
}

static int print(struct job *job)
{
	struct buf out;

	give_up(job); /* what is doubtful comes first */
	buf_init(&out, &job->arena);
	if (job->parsed->operands > 1)
		explain_call(&out, &job->question);
	else
		overview_print(&out, &job->question);
	return files_print(&out) ? EXIT_DONE : EXIT_HOST;
}

static int explain(struct job *job)
{
	struct question *q = &job->question;

	q->profile = build_input(&job->arena, &job->source, &job->wish, &job->diags, NULL);
	if (q->profile)
		q->set = resolve(&job->arena, q->profile, &job->facts, &job->diags);
	if (q->set)
		q->policy = rules_policy(&job->arena, &q->set, 1, &job->diags);
	return q->policy ? print(job) : give_up(job);
}

static int read_options(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *abi = p->value[OPT_ABI];
	struct question *q = &job->question;
	int status = node_native(p, &job->facts);

	if (status)
		return status;
	if (abi && !(q->abi = option_abi(p->verb, abi, strlen(abi))))
		return EXIT_USAGE;
	if (!q->abi && p->operands > 1)
		q->abi = job->facts.native;
	return node_read(p, &job->facts, &job->wish);
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	struct question *q = &job->question;
	int status = read_options(job);

	if (!status && p->operands > 1)
		status = read_call(job);
	if (status)
		return status;
	if (!files_operand(&job->arena, p, p->operand[0], SOURCE_MAX, &job->source))
		return EXIT_INPUT;
	diags_init(&job->diags, &job->arena, &job->source);
	q->arena = &job->arena;
	q->source = &job->source;
	q->node = &job->facts;
	return explain(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_explain = {
	.name = "explain",
	.operands = "PROFILE|- [SYSCALL|NR [ARG...]]",
	.summary = "say which rule decides a call, or what a profile allows",
	.about = "For a call: the verdict, the rule that gives it, and every rule that names the "
		 "syscall\n"
		 "and does not decide, each with why. Arguments not given are 0; constants "
		 "(AF_ALG,\n"
		 "CLONE_NEWUSER|SIGCHLD) and an audit record's a0=26 will do. Without a call: what the "
		 "profile\n"
		 "allows, by action, ABI by ABI, as Markdown. Options come first.\n",
	.examples = "winnow explain -a x86_64 docker.json clone CLONE_NEWUSER\n"
		    "winnow explain -a x86_64 web.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 2 + CALL_ARGS,
	.options_first = true,
	.run = run,
};
