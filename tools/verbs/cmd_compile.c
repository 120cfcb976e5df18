/* winnow compile: a profile in, one proven filter per target out. */

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "layout_options.h"
#include "../cli/node_options.h"
#include "../cli/options.h"
#include "../cli/progress.h"
#include "stats_report.h"
#include "../cli/targets.h"
#include "../lib/version.h"
#include "depfile.h"
#include "dump.h"

#include "../../backends/write/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH[,ARCH...]", "node's architecture, 'native' (default) or 'all'"},
	TAKES_NODE,
	{OPT_FORMAT, "FORMAT", "bpf (default), c, header, base64, asm, oci, hook"},
	{OPT_OUTPUT, "PATH", "file, directory (ends in /), or - for standard output"},
	TAKE(DEPFILE),
	TAKES_LAYOUT,
	TAKE(MAX_INSNS), TAKE(STATS), TAKE(NO_TRAILER), TAKE(DUMP), TAKE(SYSCALL),
	{OPT_ABI, NULL, "of --dump: for that one alone of those the filter covers"},
	TAKE(STRICT), TAKE(QUIET), TAKE(VERBOSE), TAKE(COLOR), TAKE(FOLLOW),
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
	struct input_options wish;
	struct targets targets;
	struct progress progress;
	struct dump dump;
	bool directory;
	const char **written; /* by target: the file that has its filter */
	size_t files;
};

static int find_targets(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *list = p->value[OPT_ARCH];
	bool joins = job->format->joins && !p->value[OPT_DUMP];
	int status = EXIT_DONE;

	if (joins && list && strcmp(list, "all") == 0)
		targets_each(&job->targets, &job->arena, job->profile, &job->facts);
	else
		status = targets_read(&job->targets, &job->arena, p->verb, list, job->profile, &job->facts,
			job->directory || joins);

	if (!status && job->targets.count > 1 && !job->directory && !joins)
		return usage(p->verb, "the profile makes %zu filters: -o DIR/ takes them, or -f header",
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
		.freq = job->parsed->value[OPT_FREQ],
		.layout = &job->layout,
		.format = job->stats};
	struct buf b;

	buf_init(&b, &job->arena);
	stats_report(&b, &request, &f->program, f->policy->order, f->policy->abi, f->policy->abis);
	files_write_fd(STDERR_FILENO, b.bytes, b.len);
}

static struct format_facts facts_of(struct job *job, const struct target *t, const struct product *made)
{
	const struct policy *policy = made->filter.policy;

	return (struct format_facts){.program = &made->written,
		.profile = profile_name(job),
		.abis = words_abis(&job->arena, policy),
		.made_by = buf_print(&job->arena, "winnow %s (syscall tables: Linux %s)", WINNOW_VERSION,
			arch_tables_kernel),
		.order = policy->order,
		.abi = t->node[0].native,
		.cover = policy->abi,
		.covers = policy->abis,
		.from = job->profile};
}

static bool says_what_is_written(const struct job *job)
{
	const char *const *value = job->parsed->value;

	return (value[OPT_VERBOSE] || (job->directory && isatty(STDERR_FILENO))) && !value[OPT_QUIET];
}

static void tell_of(struct job *job, const char *path, const struct product *made, const char *abis)
{
	const size_t len = made->filter.program.len;

	if (says_what_is_written(job))
		message("%s: %zu executable and %zu trailer instructions for %s, proved", path, len,
			made->written.len - len, abis);
	if (job->parsed->value[OPT_STATS])
		print_stats(job, path, &made->filter);
}

static bool write_file(struct job *job, const char *path, const struct format_facts *facts, size_t filters)
{
	struct buf bytes;

	buf_init(&bytes, &job->arena);
	job->format->write(&bytes, facts, filters);
	return files_make(path, bytes.bytes, bytes.len);
}

/* All in one file, or one by one in a folder. */
static bool write_targets(struct job *job, const struct product *made)
{
	const char *out = job->parsed->value[OPT_OUTPUT] ? job->parsed->value[OPT_OUTPUT] : "-";
	const size_t count = job->targets.count;
	struct format_facts *facts = arena_alloc(&job->arena, count, sizeof(*facts));

	job->written = arena_alloc(&job->arena, count, sizeof(*job->written));
	for (size_t i = 0; i < count; i++) {
		facts[i] = facts_of(job, &job->targets.target[i], &made[i]);
		job->written[i] = !job->directory ? out
			: buf_print(&job->arena, "%s%s%s.%s.%s", out, out[strlen(out) - 1] == '/' ? "" : "/",
				facts[i].profile, facts[i].abi->name, job->format->extension);
	}
	job->files = job->directory ? count : 1;
	for (size_t i = 0; i < job->files; i++) {
		if (!write_file(job, job->written[i], &facts[i], job->directory ? 1 : count))
			return false;
	}
	for (size_t i = 0; i < count; i++)
		tell_of(job, job->written[i], &made[i], facts[i].abis);
	return true;
}

#define SOURCES_MAX 3

/* The files that a filter is made of, standard input aside. */
static size_t find_sources(const struct parsed *p, const char *source[static SOURCES_MAX])
{
	const char *given[SOURCES_MAX] = {p->operand[0], p->value[OPT_FREQ], p->value[OPT_RUNTIME_FEATURES]};
	size_t sources = 0;

	for (size_t i = 0; i < SOURCES_MAX; i++) {
		if (given[i] && strcmp(given[i], "-") != 0)
			source[sources++] = given[i];
	}
	return sources;
}

/* Names of filters in a folder are made of these, too. */
static int read_depfile(const struct parsed *p, const char *out)
{
	const char *name[SOURCES_MAX + 1];
	size_t names = find_sources(p, name);

	if (!p->value[OPT_DEPFILE])
		return EXIT_DONE;
	if (!out || strcmp(out, "-") == 0 || strcmp(p->value[OPT_DEPFILE], "-") == 0)
		return usage(p->verb, "--depfile is a file about another: -o names that");
	name[names++] = out;
	for (size_t i = 0; i < names; i++) {
		if (!depfile_takes(name[i]))
			return usage(p->verb, "--depfile: no rule that make and ninja read alike has room for '%s'",
				name[i]);
	}
	return EXIT_DONE;
}

/* Once all of it is written. */
static int write_depfile(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *source[SOURCES_MAX];
	size_t sources = find_sources(p, source);
	struct buf b;

	if (!p->value[OPT_DEPFILE])
		return EXIT_DONE;
	buf_init(&b, &job->arena);
	depfile_print(&b, job->written, job->files, source, sources);
	return files_make(p->value[OPT_DEPFILE], b.bytes, b.len) ? EXIT_DONE : EXIT_HOST;
}

/* --- the run --- */

static void show_findings(struct job *job)
{
	files_diags(
		&job->arena, &job->diags, job->parsed->value[OPT_QUIET], job->parsed->value[OPT_COLOR]);
}

static void show_filter(void *progress, size_t at, size_t count)
{
	progress_show(progress, "filter", at, count);
}

static int compile_targets(struct job *job)
{
	const struct targets *t = &job->targets;
	struct product *made = arena_alloc(&job->arena, t->count, sizeof(*made));
	struct recipe recipe = {&job->source, job->profile, &job->wish, &job->layout,
		job->max_insns, job->parsed->value[OPT_NO_TRAILER] != NULL, show_filter, &job->progress, NULL, NULL};
	struct mistake mistake;
	enum build built = targets_build(&job->arena, t, &recipe, &job->diags, made, &mistake);

	progress_clear(&job->progress);
	show_findings(job);
	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&job->arena, job->source.name, &mistake);
	if (built == BUILD_REFUSED)
		return diags_exit(&job->diags);
	if (job->directory && !files_make_directory(job->parsed->value[OPT_OUTPUT]))
		return EXIT_HOST;
	return write_targets(job, made) ? write_depfile(job) : EXIT_HOST;
}

/* One node's: what several share is a policy of its own only behind the rules. */
static int dump_stage(struct job *job)
{
	const struct target *t = &job->targets.target[0];
	const char *out = job->parsed->value[OPT_OUTPUT];
	const struct dump_input input = {&job->source, job->profile, &t->node[0], &job->layout};
	struct buf text;

	if (job->targets.count != 1 || t->nodes != 1)
		return usage(job->parsed->verb, "--dump takes one architecture");
	buf_init(&text, &job->arena);
	int status = dump_print(&text, &job->dump, &input, &job->diags);
	show_findings(job);
	if (status)
		return status;
	return files_make(out ? out : "-", text.bytes, text.len) ? EXIT_DONE : EXIT_HOST;
}

static int read_dump(struct job *job)
{
	static const enum option_id of_filters[] = {
		OPT_FORMAT, OPT_MAX_INSNS, OPT_STATS, OPT_NO_TRAILER, OPT_DEPFILE};
	const struct parsed *p = job->parsed;

	if (!p->value[OPT_DUMP])
		return p->value[OPT_SYSCALL] || p->value[OPT_ABI]
			? usage(p->verb, "--syscall and --abi are for --dump")
			: EXIT_DONE;
	for (size_t i = 0; i < countof(of_filters); i++) {
		if (p->value[of_filters[i]])
			return usage(p->verb, "--dump writes no filter: --%s has no meaning",
				option_name(of_filters[i]));
	}
	if (job->directory)
		return usage(p->verb, "--dump writes one text: -o FILE takes it");
	return dump_read(&job->dump, p->verb, p->value[OPT_DUMP], p->value[OPT_SYSCALL], p->value[OPT_ABI]);
}

static int read_layout(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *most = p->value[OPT_MAX_INSNS];

	if (most && option_number(p->verb, "max-insns", most, 1, UINT32_MAX, &job->max_insns))
		return EXIT_USAGE;
	if (p->value[OPT_STATS] && !stats_format_find(p->value[OPT_STATS], &job->stats))
		return usage(p->verb, "unknown format '%s'; one of text, json", p->value[OPT_STATS]);
	return layout_read(&job->layout, &job->arena, p);
}

static int read_output(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *out = p->value[OPT_OUTPUT];

	job->format = format_find(p->value[OPT_FORMAT] ? p->value[OPT_FORMAT] : "bpf");
	if (!job->format)
		return usage(p->verb, "unknown format '%s'; one of bpf, c, header, base64, asm, oci, hook",
			p->value[OPT_FORMAT]);
	if (job->format->binary && !p->value[OPT_FORMAT] && !p->value[OPT_DUMP] && (!out || strcmp(out, "-") == 0) &&
		isatty(STDOUT_FILENO))
		return usage(
			p->verb, "binary output on a terminal; give -o FILE, or -f bpf to insist");
	job->directory = out && files_is_directory(out);
	int status = option_output(p);
	return status ? status : read_depfile(p, out);
}

static int read_node(struct job *job)
{
	const struct parsed *p = job->parsed;
	return node_read(p, &job->facts, &job->wish);
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	const char *recognised;
	int status = read_node(job);

	status = status ? status : read_layout(job);
	status = status ? status : read_output(job);
	status = status ? status : read_dump(job);
	if (status)
		return status;
	if (!files_operand(&job->arena, p, p->operand[0], SOURCE_MAX, &job->source))
		return EXIT_INPUT;
	diags_init(&job->diags, &job->arena, &job->source);
	job->diags.strict = p->value[OPT_STRICT] != NULL;
	job->profile = build_input(&job->arena, &job->source, &job->wish, &job->diags, &recognised);
	if (!job->profile) {
		show_findings(job);
		return diags_exit(&job->diags);
	}
	if (p->value[OPT_VERBOSE] && !p->value[OPT_QUIET])
		message("%s: %s", job->source.name, recognised);
	status = find_targets(job);
	if (status)
		return status;
	return p->value[OPT_DUMP] ? dump_stage(job) : compile_targets(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	progress_start(&job.progress, parsed->value[OPT_QUIET] != NULL);
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
		 "architectures make one filter in a file, one each in a directory or a header. 'all' "
		 "writes\n"
		 "one for every entry of the profile's archMap, named PROFILE.ARCH.bpf.\n",
	.examples = "winnow compile -a x86_64 -o web.bpf --depfile web.d web.json\n"
		    "winnow compile -v -a all --caps CAP_SYS_ADMIN -o filters/ docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
