/* winnow compile: a profile in, one proven filter per target out. */

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "layout_options.h"
#include "../cli/node_options.h"
#include "../cli/options.h"
#include "stats_report.h"
#include "../cli/targets.h"
#include "../lib/version.h"

#include "../../backends/write/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ARCH,
	CAPS_GRANTED,
	KERNEL,
	RUNTIME,
	ENOSYS_HOW,
	NARROW,
	COMPLAIN,
	INPUT_FORMAT,
	ENTRY,
	FORMAT,
	OUTPUT,
	OPTIMISE,
	FREQ,
	TARGET_KERNEL,
	MAX_PATH,
	MISPREDICT,
	MAX_INSNS,
	STATS,
	NO_TRAILER,
	STRICT,
	QUIET,
	VERBOSE,
	COLOUR,
	ROWS
};
static const struct option_row rows[ROWS] = {
	[ARCH] = {'a', "arch", "ARCH[,ARCH...]",
		"node's architecture, 'native' (default) or 'all'"},
	[CAPS_GRANTED] = NODE_ROW_CAPS,
	[KERNEL] = NODE_ROW_KERNEL,
	[RUNTIME] = NODE_ROW_RUNTIME,
	[ENOSYS_HOW] = NODE_ROW_ENOSYS,
	[NARROW] = NODE_ROW_NARROW,
	[COMPLAIN] = NODE_ROW_COMPLAIN,
	[INPUT_FORMAT] = NODE_ROW_INPUT,
	[ENTRY] = NODE_ROW_ENTRY,
	[FORMAT] = {'f', "format", "FORMAT", "bpf (default), c, base64, asm, oci, hook"},
	[OUTPUT] = {'o', "output", "PATH", "file, directory (ends in /), or - for standard output"},
	[OPTIMISE] = LAYOUT_ROW_O,
	[FREQ] = LAYOUT_ROW_FREQ,
	[TARGET_KERNEL] = LAYOUT_ROW_KERNEL,
	[MAX_PATH] = LAYOUT_ROW_PATH,
	[MISPREDICT] = LAYOUT_ROW_MISS,
	[MAX_INSNS] = {0, "max-insns", "N", "fail if the filter has more instructions"},
	[STATS] = {0, "stats", "[=FORMAT]",
		"say on stderr what the filter costs: text (default), json"},
	[NO_TRAILER] = {0, "no-trailer", NULL, "leave out what the filter says of itself"},
	[STRICT] = {0, "strict", NULL, "unknown syscalls and overlapping rules are errors"},
	[QUIET] = {'q', "quiet", NULL, "errors only"},
	[VERBOSE] = {'v', "verbose", NULL, "say what was built"},
	[COLOUR] = {0, "color", "WHEN", "auto (default), always, never"},
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct source source;
	struct diags diags;
	const struct profile *profile;
	const struct format *format;
	struct layout layout;
	unsigned max_insns;
	enum stats_format stats;
	struct node_facts facts; /* all but the ABI, which differs by target */
	struct wish wish;
	struct targets targets;
	struct progress progress;
	bool directory;
};

static int find_targets(struct job *job)
{
	const struct parsed *p = job->parsed;
	int status = targets_read(&job->targets, &job->arena, p->verb, p->value[ARCH], job->profile,
		&job->facts, job->directory);

	if (!status && job->targets.count > 1 && !job->directory)
		return usage(p->verb, "the profile makes %zu filters: -o DIR/ takes them",
			job->targets.count);
	return status;
}

/* --- output --- */

/* The profile's name: no directory, no .json. */
static const char *profile_name(struct job *job)
{
	const char *path = job->source.name, *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t len = strlen(base);

	if (strcmp(path, "<stdin>") == 0)
		return "profile";
	if (len > 5 && strcmp(base + len - 5, ".json") == 0)
		len -= 5;
	return arena_text(&job->arena, base, len);
}

static void print_stats(struct job *job, const char *path, const struct filter *f)
{
	const struct stats_request request = {.file = path,
		.freq = job->parsed->value[FREQ],
		.layout = &job->layout,
		.format = job->stats};
	struct buf b;

	buf_init(&b, &job->arena);
	stats_report(&b, &request, &f->program, f->policy->order, f->policy->abi, f->policy->abis);
	files_write_fd(STDERR_FILENO, b.bytes, b.len);
}

static bool write_target(struct job *job, const struct target *t, const struct product *made)
{
	const struct filter *f = &made->filter;
	const struct program *written = &made->written;
	const char *out = job->parsed->value[OUTPUT], *name = profile_name(job);
	const char *arch = t->node[0].native->name;
	struct format_facts facts = {.profile = name,
		.abis = targets_abis(&job->arena, f->policy),
		.order = f->policy->order,
		.abi = t->node[0].native,
		.from = job->profile};
	struct buf bytes, path;

	facts.made_by = buf_print(&job->arena, "winnow %s (syscall tables: Linux %s)",
		WINNOW_VERSION, arch_tables_kernel);
	buf_init(&path, &job->arena);
	if (job->directory)
		buf_printf(&path, "%s%s%s.%s.%s", out, out[strlen(out) - 1] == '/' ? "" : "/", name,
			arch, job->format->extension);
	else
		buf_text(&path, out ? out : "-");
	buf_add(&path, "", 1);
	buf_init(&bytes, &job->arena);
	job->format->write(&bytes, written, &facts);
	if (!files_write(path.bytes, bytes.bytes, bytes.len))
		return false;
	bool say = job->parsed->value[VERBOSE] || (job->directory && isatty(STDERR_FILENO));
	if (say && !job->parsed->value[QUIET])
		message("%s: %zu executable and %zu trailer instructions for %s, proved",
			path.bytes, f->program.len, written->len - f->program.len, facts.abis);
	if (job->parsed->value[STATS])
		print_stats(job, path.bytes, f);
	return true;
}

/* --- the run --- */

static void show_findings(struct job *job)
{
	files_diags(
		&job->arena, &job->diags, job->parsed->value[QUIET], job->parsed->value[COLOUR]);
}

static int compile_targets(struct job *job)
{
	const struct targets *t = &job->targets;
	struct product *made = arena_alloc(&job->arena, t->count, sizeof(*made));
	struct recipe recipe = {&job->source, job->profile, &job->wish, &job->layout,
		job->max_insns, job->parsed->value[NO_TRAILER] != NULL, &job->progress};
	struct mistake mistake;
	enum build built = targets_build(&job->arena, t, &recipe, &job->diags, made, &mistake);

	show_findings(job);
	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&job->arena, job->source.name, &mistake);
	if (built == BUILD_REFUSED)
		return diags_exit(&job->diags);
	if (job->directory && !files_make_directory(job->parsed->value[OUTPUT]))
		return EXIT_HOST;
	for (size_t i = 0; i < t->count; i++) {
		if (!write_target(job, &t->target[i], &made[i]))
			return EXIT_HOST;
	}
	return EXIT_DONE;
}

static int read_layout(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct layout_options o = {
		p->value[OPTIMISE], p->value[FREQ], p->value[TARGET_KERNEL], p->value[MAX_PATH],
		p->value[MISPREDICT], p->follow};
	const char *most = p->value[MAX_INSNS];

	if (most && option_number(p->verb, "max-insns", most, 1, UINT32_MAX, &job->max_insns))
		return EXIT_USAGE;
	if (p->value[STATS] && !stats_format_find(p->value[STATS], &job->stats))
		return usage(p->verb, "unknown format '%s'; one of text, json", p->value[STATS]);
	return layout_read(&job->layout, &job->arena, p->verb, &o);
}

static int read_output(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *out = p->value[OUTPUT], *colour = p->value[COLOUR];

	job->format = format_find(p->value[FORMAT] ? p->value[FORMAT] : "bpf");
	if (!job->format)
		return usage(p->verb, "unknown format '%s'; one of bpf, c, base64, asm, oci, hook",
			p->value[FORMAT]);
	if (job->format->binary && !p->value[FORMAT] && (!out || strcmp(out, "-") == 0) &&
		isatty(STDOUT_FILENO))
		return usage(
			p->verb, "binary output on a terminal; give -o FILE, or -f bpf to insist");
	if (out && !*out)
		return usage(p->verb, "empty output path");
	if (colour && strcmp(colour, "auto") != 0 && strcmp(colour, "always") != 0 &&
		strcmp(colour, "never") != 0)
		return usage(p->verb, "unknown --color '%s'; one of auto, always, never", colour);
	job->directory = out && files_is_directory(out);
	return EXIT_DONE;
}

static int read_node(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct node_options o = {.caps = p->value[CAPS_GRANTED],
		.kernel = p->value[KERNEL],
		.runtime = p->value[RUNTIME],
		.enosys = p->value[ENOSYS_HOW],
		.narrow = p->value[NARROW],
		.complain = p->value[COMPLAIN],
		.input = p->value[INPUT_FORMAT],
		.entry = p->value[ENTRY]};

	return node_read(p->verb, &o, &job->facts, &job->wish);
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	const char *recognised;
	int status = read_node(job);

	status = status ? status : read_layout(job);
	status = status ? status : read_output(job);
	if (status)
		return status;
	if (!files_read(&job->arena, p->operand[0], SOURCE_MAX, &job->source))
		return EXIT_INPUT;
	job->source.hidden = job->source.hidden && !p->follow;
	diags_init(&job->diags, &job->arena, &job->source);
	job->diags.strict = p->value[STRICT] != NULL;
	job->profile = build_input(&job->arena, &job->source, &job->wish, &job->diags, &recognised);
	if (!job->profile) {
		show_findings(job);
		return diags_exit(&job->diags);
	}
	if (p->value[VERBOSE] && !p->value[QUIET])
		message("%s: %s", job->source.name, recognised);
	status = find_targets(job);
	return status ? status : compile_targets(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	progress_start(&job.progress, parsed->value[QUIET] != NULL);
	int status = in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
	return status;
}

const struct verb verb_compile = {
	.name = "compile",
	.operands = "PROFILE|-",
	.summary = "compile a profile to a filter and prove it",
	.about = "Reads a profile of Docker, podman, Kubernetes or the OCI and writes the filter "
		 "for a "
		 "node of the\n"
		 "given architecture, with the other ABIs the profile lists for it. Conditions on\n"
		 "capabilities and kernel are decided by the options, never by this machine. "
		 "Several\n"
		 "architectures make one filter in a file, one each in a directory. 'all' writes "
		 "one\n"
		 "for every entry of the profile's archMap, named PROFILE.ARCH.bpf.\n",
	.option = rows,
	.options = ROWS,
	.least = 1,
	.most = 1,
	.excerpts = true,
	.run = run,
};
