/* winnow minimize: a profile said again in as few rules as are found. */

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/node_options.h"
#include "../cli/options.h"
#include "../cli/targets.h"
#include "../lib/merged.h"
#include "rounded.h"

static const struct taken takes[] = {
	TAKE(ARCH), TAKE(RUNTIME), TAKE(CAPS), TAKE(KERNEL), TAKE(INPUT_FORMAT), TAKE(ENTRY),
	{OPT_OUTPUT, "FILE", "default - for standard output"},
	TAKE(STRICT), TAKE(QUIET), {OPT_VERBOSE, NULL, "say what was read and made"},
	TAKE(COLOR), TAKE(FOLLOW),
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct source source;
	struct diags diags;
	struct node_facts facts;
	struct wish wish;
	struct merge_side side;
	struct merge merge;
};

static int show_findings(struct job *job)
{
	files_diags(&job->arena, &job->diags, job->parsed->value[OPT_QUIET], job->parsed->value[OPT_COLOR]);
	return diags_exit(&job->diags);
}

static int write_json(struct job *job, const struct merge_json *json)
{
	const char *out = job->parsed->value[OPT_OUTPUT] ? job->parsed->value[OPT_OUTPUT] : "-";

	if (!files_write(out, json->text.bytes, json->text.len))
		return EXIT_HOST;
	if (job->parsed->value[OPT_VERBOSE] && !job->parsed->value[OPT_QUIET])
		message("%s: %zu bytes of %zu for %s, proved equal", out, json->text.len, job->source.len,
			job->facts.native->name);
	return EXIT_DONE;
}

static int minimize(struct job *job)
{
	struct merge_json json = {.exact = false};
	struct mistake mistake;
	enum build built = merge_policy(&job->arena, &job->merge, &mistake);

	if (built == BUILD_DONE)
		built = merge_write(&job->arena, &job->merge, RESTATE_LEAVE, &json, &mistake);
	if (built == BUILD_DONE && !json.exact)
		rounded_tell(&job->merge, &json, false);
	int status = show_findings(job);
	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&job->arena, job->source.name, &mistake);
	if (built == BUILD_REFUSED || status)
		return status ? status : EXIT_COMPILE;
	return write_json(job, &json);
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
	job->side = (struct merge_side){.name = job->source.name, .diags = &job->diags};
	job->side.profile = build_input(&job->arena, &job->source, &job->wish, &job->diags, &recognised);
	if (!job->side.profile)
		return show_findings(job);
	if (p->value[OPT_VERBOSE] && !p->value[OPT_QUIET])
		message("%s: %s", job->source.name, recognised);
	job->merge = (struct merge){.side = &job->side, .sides = 1, .node = &job->facts, .nodes = 1, .json = true,
		.terse = true, .diags = &job->diags};
	return minimize(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_minimize = {
	.name = "minimize",
	.operands = "PROFILE|-",
	.summary = "say a profile again in as few rules as are found",
	.about = "Writes plain OCI JSON, as resolve does, of the same meaning on one node: without rules and\n"
		 "conditions that decide nothing, names sorted, conditions in one form. Proved equal before it\n"
		 "is written; minimized again it stays as it is.\n",
	.examples = "winnow minimize -a x86_64 -o short.json docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
