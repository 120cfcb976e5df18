/* winnow resolve: what a runtime makes of a profile on one node, as plain OCI JSON. */

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/node_options.h"
#include "../cli/options.h"
#include "../lib/merged.h"
#include "../lib/plain.h"
#include "../cli/targets.h"

#include <string.h>

static const struct taken takes[] = {
	TAKE(ARCH), TAKE(RUNTIME), TAKE(LIBSECCOMP), TAKE(RUNTIME_FEATURES), TAKE(CAPS), TAKE(KERNEL),
	{OPT_ENOSYS, "HOW", "rules for newer syscalls: off (default), table, runc"},
	TAKE(NARROW_INT_ARGS), TAKE(COMPLAIN), TAKE(NO_CACHE_KEY), TAKE(INPUT_FORMAT), TAKE(ENTRY),
	{OPT_OUTPUT, "FILE", "default - for standard output"},
	TAKE(STRICT), TAKE(QUIET),
	{OPT_VERBOSE, NULL, "say what was read and checked"},
	TAKE(COLOR), TAKE(FOLLOW),
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
		&job->arena, &job->diags, job->parsed->value[OPT_QUIET], job->parsed->value[OPT_COLOR]);
	return diags_exit(&job->diags);
}

static int write_json(struct job *job)
{
	const char *out = job->parsed->value[OPT_OUTPUT];

	if (!files_write(out ? out : "-", job->json.bytes, job->json.len))
		return EXIT_HOST;
	if (job->parsed->value[OPT_VERBOSE] && !job->parsed->value[OPT_QUIET])
		message("%s: %zu bytes for %s, read alike by all runtimes", out ? out : "-",
			job->json.len, job->facts.native->name);
	return EXIT_DONE;
}

/* Rules that compare no more of an argument than the kernel takes, where some can be found. */
static enum build narrow(struct job *job, struct mistake *mistake)
{
	struct merge_side side = {
		.name = job->source.name, .profile = job->profile, .diags = &job->diags};
	struct merge merge = {.side = &side, .sides = 1, .node = &job->facts, .nodes = 1, .json = true,
		.diags = &job->diags};
	struct merge_json json = {.exact = false};
	enum build built = merge_policy(&job->arena, &merge, mistake);

	if (built == BUILD_DONE)
		built = merge_write(&job->arena, &merge, RESTATE_HINT, &json, mistake);
	job->json = json.text;
	return built == BUILD_DONE && diags_failed(&job->diags) ? BUILD_REFUSED : built;
}

static int resolve_profile(struct job *job)
{
	struct mistake mistake;
	enum build built = job->facts.narrow
		? narrow(job, &mistake)
		: plain_build(&job->arena, job->profile, &job->facts, NULL, &job->diags, &job->json,
			  &mistake);
	int status = give_up(job);

	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&job->arena, job->source.name, &mistake);
	return status ? status : write_json(job);
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	const char *recognised;
	int status = node_read_json(p, &job->facts, &job->wish);

	if (status)
		return status;
	if (!files_operand(&job->arena, p, p->operand[0], SOURCE_MAX, &job->source))
		return EXIT_INPUT;
	diags_init(&job->diags, &job->arena, &job->source);
	job->diags.strict = p->value[OPT_STRICT] != NULL;
	job->profile = build_input(&job->arena, &job->source, &job->wish, &job->diags, &recognised);
	if (!job->profile)
		return give_up(job);
	if (p->value[OPT_VERBOSE] && !p->value[OPT_QUIET])
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
	.examples = "winnow resolve -a x86_64 --runtime docker -o plain.json docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
