/* winnow merge: several profiles become one, by what they mean. */

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "layout_options.h"
#include "../cli/message.h"
#include "../cli/node_options.h"
#include "../cli/targets.h"
#include "../lib/merged.h"
#include "../lib/version.h"
#include "rounded.h"

#include "../../backends/write/format.h"

#include <string.h>
#include <unistd.h>

static const struct taken takes[] = {
	TAKE(INTERSECT), TAKE(UNION),
	{OPT_ARCH, "ARCH[,ARCH...]", "node's architecture, default native; for JSON one"},
	TAKE(CAPS), TAKE(KERNEL), TAKE(RUNTIME), TAKE(ENOSYS), TAKE(NARROW_INT_ARGS), TAKE(INPUT_FORMAT), TAKE(BASE_DIR),
	{OPT_FORMAT, "FORMAT", "json (default), bpf, c, header, base64, asm, oci, hook"},
	{OPT_OUTPUT, "FILE", "default - for standard output"},
	TAKE(EXACT), TAKE(STRICTER), TAKES_LAYOUT, TAKE(NO_TRAILER), TAKE(NO_CACHE_KEY),
	TAKE(STRICT), TAKE(QUIET), {OPT_VERBOSE, NULL, "say what was read and made"},
	TAKE(COLOR), TAKE(FOLLOW),
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct merge merge;
	struct source *source; /* by operand */
	struct source all;     /* the bytes of all, one behind the other */
	struct diags diags;
	struct node_facts facts;
	struct input_options wish;
	struct targets targets;
	struct layout layout;
	const struct format *format; /* NULL: JSON */
	enum restate_else otherwise;
};

static const char *output(const struct job *job)
{
	return job->parsed->value[OPT_OUTPUT] ? job->parsed->value[OPT_OUTPUT] : "-";
}

static bool is_quiet(const struct job *job)
{
	return job->parsed->value[OPT_QUIET];
}

static bool is_told(const struct job *job)
{
	return job->parsed->value[OPT_VERBOSE] && !is_quiet(job);
}

/* --- findings --- */

/* What was said of the sides, then of the result; the exit status that errors call for. */
static int show_findings(struct job *job)
{
	const char *colour = job->parsed->value[OPT_COLOR];
	int status = EXIT_DONE;

	for (size_t i = 0; i < job->merge.sides; i++) {
		struct diags *d = job->merge.side[i].diags;
		files_diags(&job->arena, d, is_quiet(job), colour);
		status = status ? status : diags_exit(d);
	}
	files_diags(&job->arena, &job->diags, is_quiet(job), colour);
	return status ? status : diags_exit(&job->diags);
}

static int give_up(struct job *job, enum build built, const struct mistake *mistake)
{
	int status = show_findings(job);

	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&job->arena, output(job), mistake);
	return status ? status : EXIT_COMPILE;
}

/* --- JSON --- */

static int write_json(struct job *job)
{
	struct merge_json json = {.exact = false};
	struct mistake mistake;
	enum build built = merge_write(&job->arena, &job->merge, job->otherwise, &json, &mistake);

	if (built == BUILD_DONE && !json.exact)
		rounded_tell(&job->merge, &json, job->otherwise == RESTATE_STRICTER);
	if (built != BUILD_DONE || diags_failed(&job->diags)) {
		int status = give_up(job, built, &mistake);
		if (built == BUILD_DONE)
			rounded_print(&job->merge, &json);
		return status;
	}
	show_findings(job);
	if (!json.exact && !is_quiet(job) && !rounded_print(&job->merge, &json))
		return EXIT_MISTAKE;
	if (!files_write(output(job), json.text.bytes, json.text.len))
		return EXIT_HOST;
	if (is_told(job))
		message("%s: %zu bytes for %s, %s", output(job), json.text.len,
			words_abis(&job->arena, job->merge.policy),
			json.exact ? "exact, proved" : "proved to be as strict or stricter");
	return EXIT_DONE;
}

/* --- filters --- */

static int write_program(struct job *job, const struct product *made)
{
	const struct policy *policy = job->merge.policy;
	struct format_facts facts = {.program = &made->written,
		.profile = "merged",
		.abis = words_abis(&job->arena, policy),
		.order = policy->order,
		.abi = policy->abi[0],
		.cover = policy->abi,
		.covers = policy->abis,
		.from = &job->merge.settings};
	struct buf bytes;

	facts.made_by = buf_print(&job->arena, "winnow %s (syscall tables: Linux %s)", WINNOW_VERSION,
		arch_tables_kernel);
	buf_init(&bytes, &job->arena);
	job->format->write(&bytes, &facts, 1);
	if (!files_write(output(job), bytes.bytes, bytes.len))
		return EXIT_HOST;
	if (is_told(job))
		message("%s: %zu executable and %zu trailer instructions for %s, proved", output(job),
			made->filter.program.len, made->written.len - made->filter.program.len, facts.abis);
	return EXIT_DONE;
}

static int write_filter(struct job *job)
{
	struct recipe recipe = {.source = &job->all, .wish = &job->wish,
		.no_trailer = job->parsed->value[OPT_NO_TRAILER] != NULL,
		.merged = buf_print(&job->arena, "%s of %zu",
			job->merge.how == STACK_STRICTEST ? "intersection" : "union", job->merge.sides)};
	struct product made;
	struct mistake mistake;
	enum build built = build_policy(
		&job->arena, job->merge.policy, &job->layout, &job->diags, &made.filter, &mistake);

	if (built == BUILD_DONE && !targets_trailer(&job->arena, &job->targets.target[0], &recipe, &job->diags,
					   &made, &mistake))
		built = BUILD_MISTAKEN;
	if (built != BUILD_DONE)
		return give_up(job, built, &mistake);
	show_findings(job);
	return write_program(job, &made);
}

/* --- what is asked --- */

static int read_output(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *format = p->value[OPT_FORMAT];

	if (format && strcmp(format, "json") != 0) {
		job->format = format_find(format);
		if (!job->format)
			return usage(p->verb, "unknown format '%s'; one of json, bpf, c, header, base64, asm, oci, hook",
				format);
	}
	if (job->format && job->format->binary && strcmp(output(job), "-") == 0 && isatty(STDOUT_FILENO))
		return usage(p->verb, "binary output on a terminal; give -o FILE");
	return option_output(p);
}

static int read_choice(struct job *job)
{
	const struct parsed *p = job->parsed;
	bool exact = p->value[OPT_EXACT] || p->value[OPT_STRICT];

	if (!p->value[OPT_INTERSECT] == !p->value[OPT_UNION])
		return usage(p->verb, "one of --intersect and --union says which answer counts");
	if (exact && p->value[OPT_STRICTER])
		return usage(p->verb, "--exact and --strict exclude --stricter");
	job->merge.how = p->value[OPT_INTERSECT] ? STACK_STRICTEST : STACK_LAXEST;
	bool rounds = p->value[OPT_STRICTER] || (p->value[OPT_INTERSECT] && !exact);
	job->otherwise = rounds ? RESTATE_STRICTER : RESTATE_LEAVE;
	return EXIT_DONE;
}

static int read_options(struct job *job)
{
	const struct parsed *p = job->parsed;
	int status = read_choice(job);

	status = status ? status : read_output(job);
	status = status ? status : node_read(p, &job->facts, &job->wish);
	status = status ? status : layout_read(&job->layout, &job->arena, p);
	if (!job->format)
		job->facts.enosys = node_json_enosys(p, job->facts.enosys);
	return status;
}

static int read_nodes(struct job *job)
{
	const struct parsed *p = job->parsed;
	int status = targets_read(&job->targets, &job->arena, p->verb, p->value[OPT_ARCH],
		job->merge.side[0].profile, &job->facts, false);

	if (status)
		return status;
	const struct target *t = &job->targets.target[0];
	if (job->targets.count > 1 || (!job->format && t->nodes > 1))
		return usage(p->verb, "%s for several architectures: name one",
			job->format ? "several filters" : "JSON");
	job->merge.node = t->node;
	job->merge.nodes = t->nodes;
	return EXIT_DONE;
}

/* --- the run --- */

static int read_side(struct job *job, size_t i)
{
	struct merge_side *side = &job->merge.side[i];
	struct source *source = &job->source[i];
	const char *recognised;

	if (!files_operand(&job->arena, job->parsed, job->parsed->operand[i], SOURCE_MAX, source))
		return EXIT_INPUT;
	side->name = source->name;
	side->diags = arena_alloc(&job->arena, 1, sizeof(*side->diags));
	diags_init(side->diags, &job->arena, source);
	side->diags->strict = job->parsed->value[OPT_STRICT] != NULL;
	job->merge.sides = i + 1;
	side->profile = build_input(&job->arena, source, &job->wish, side->diags, &recognised);
	if (!side->profile)
		return show_findings(job);
	if (is_told(job))
		message("%s: %s", side->name, recognised);
	return EXIT_DONE;
}

/* What the trailer's digest is of. */
static void join_sources(struct job *job)
{
	struct buf b;

	buf_init(&b, &job->arena);
	for (size_t i = 0; i < job->merge.sides; i++)
		buf_add(&b, job->source[i].bytes, job->source[i].len);
	job->all = (struct source){.name = "merged", .bytes = b.bytes, .len = b.len};
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	struct mistake mistake;
	int status = read_options(job);

	diags_init(&job->diags, &job->arena, NULL);
	job->merge.diags = &job->diags;
	job->merge.side = arena_alloc(&job->arena, p->operands, sizeof(*job->merge.side));
	job->source = arena_alloc(&job->arena, p->operands, sizeof(*job->source));
	for (size_t i = 0; !status && i < p->operands; i++)
		status = read_side(job, i);
	status = status ? status : read_nodes(job);
	if (status)
		return status;
	join_sources(job);
	job->merge.json = !job->format;
	enum build built = merge_policy(&job->arena, &job->merge, &mistake);
	if (built != BUILD_DONE)
		return give_up(job, built, &mistake);
	return job->format ? write_filter(job) : write_json(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_merge = {
	.name = "merge",
	.operands = "PROFILE PROFILE...",
	.summary = "make one profile or filter of several, by what they mean",
	.about = "Each call is answered by the strictest of what the profiles answer, or by the laxest;\n"
		 "of two answers that are equally strict by the last one's. JSON is read back as each\n"
		 "runtime would and proved; where rules cannot say it, it is stricter and what differs is\n"
		 "listed, or refused. A filter is always exact. doc/merge.md has the semantics.\n",
	.examples = "winnow merge --intersect -a x86_64 -o both.json web.json docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 2,
	.most = SIZE_MAX,
	.rewrites = true,
	.run = run,
};
