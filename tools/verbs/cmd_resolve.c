/* winnow resolve: what a runtime makes of a profile on one node, as plain OCI JSON. */

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/node_options.h"
#include "../cli/options.h"
#include "../lib/plain.h"
#include "../cli/targets.h"

#include <string.h>

enum {
	ARCH,
	RUNTIME,
	CAPS_GRANTED,
	KERNEL,
	ENOSYS_HOW,
	COMPLAIN,
	INPUT_FORMAT,
	ENTRY,
	OUTPUT,
	STRICT,
	QUIET,
	VERBOSE,
	COLOUR,
	ROWS
};
static const struct option_row rows[ROWS] = {
	[ARCH] = {'a', "arch", "ARCH", "node's architecture, default native"},
	[RUNTIME] = NODE_ROW_RUNTIME,
	[CAPS_GRANTED] = NODE_ROW_CAPS,
	[KERNEL] = NODE_ROW_KERNEL,
	[ENOSYS_HOW] = {0, "enosys", "HOW", "rules for newer syscalls: off (default), table, runc"},
	[COMPLAIN] = NODE_ROW_COMPLAIN,
	[INPUT_FORMAT] = NODE_ROW_INPUT,
	[ENTRY] = NODE_ROW_ENTRY,
	[OUTPUT] = {'o', "output", "FILE", "default - for standard output"},
	[STRICT] = {0, "strict", NULL, "unknown syscalls and overlapping rules are errors"},
	[QUIET] = {'q', "quiet", NULL, "errors only"},
	[VERBOSE] = {'v', "verbose", NULL, "say what was read and checked"},
	[COLOUR] = {0, "color", "WHEN", "auto (default), always, never"},
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct source source;
	struct diags diags;
	struct node_facts facts;
	struct wish wish;
	const struct profile *profile;
	struct buf json;
};

/* --- the run --- */

static int give_up(struct job *job)
{
	files_diags(
		&job->arena, &job->diags, job->parsed->value[QUIET], job->parsed->value[COLOUR]);
	return diags_exit(&job->diags);
}

static int write_json(struct job *job)
{
	const char *out = job->parsed->value[OUTPUT];

	if (!files_write(out ? out : "-", job->json.bytes, job->json.len))
		return EXIT_HOST;
	if (job->parsed->value[VERBOSE] && !job->parsed->value[QUIET])
		message("%s: %zu bytes for %s, read alike by all runtimes", out ? out : "-",
			job->json.len, job->facts.native->name);
	return EXIT_DONE;
}

static int resolve_profile(struct job *job)
{
	struct mistake mistake;
	enum build built = plain_build(
		&job->arena, job->profile, &job->facts, NULL, &job->diags, &job->json, &mistake);
	int status = give_up(job);

	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&job->arena, job->source.name, &mistake);
	return status ? status : write_json(job);
}

static int read_options(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *arch = p->value[ARCH] ? p->value[ARCH] : "native";
	struct node_options o = {.caps = p->value[CAPS_GRANTED],
		.kernel = p->value[KERNEL],
		.runtime = p->value[RUNTIME],
		.enosys = p->value[ENOSYS_HOW],
		.complain = p->value[COMPLAIN],
		.input = p->value[INPUT_FORMAT],
		.entry = p->value[ENTRY]};

	job->facts.native = option_abi(p->verb, arch, strlen(arch));
	if (!job->facts.native)
		return EXIT_USAGE;
	if (job->facts.native->guest)
		return usage(p->verb, "no node is %s by itself", job->facts.native->name);
	if (p->value[OUTPUT] && !*p->value[OUTPUT])
		return usage(p->verb, "empty output path");
	int status = node_read(p->verb, &o, &job->facts, &job->wish);

	job->facts.enosys = node_json_enosys(&o, job->facts.enosys);
	return status;
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	const char *recognised;
	int status = read_options(job);

	if (status)
		return status;
	if (!files_read(&job->arena, p->operand[0], SOURCE_MAX, &job->source))
		return EXIT_INPUT;
	job->source.hidden = job->source.hidden && !p->follow;
	diags_init(&job->diags, &job->arena, &job->source);
	job->diags.strict = p->value[STRICT] != NULL;
	job->profile = build_input(&job->arena, &job->source, &job->wish, &job->diags, &recognised);
	if (!job->profile)
		return give_up(job);
	if (p->value[VERBOSE] && !p->value[QUIET])
		message("%s: %s", job->source.name, recognised);
	return resolve_profile(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_resolve = {
	.name = "resolve",
	.operands = "PROFILE|-",
	.summary = "write a profile as plain OCI JSON that every runtime reads alike",
	.about = "Decides what depends on runtime, architecture, capabilities and kernel, and "
		 "writes\n"
		 "what is left: names, architectures and errnos, nothing to be read in two ways. "
		 "The\n"
		 "result is read back as each runtime would and proved equal before it is "
		 "written.\n",
	.option = rows,
	.options = ROWS,
	.least = 1,
	.most = 1,
	.excerpts = true,
	.run = run,
};
