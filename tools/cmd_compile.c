/* winnow compile: a profile in, one proven filter per target out. */

#include "build.h"
#include "describe.h"
#include "files.h"
#include "message.h"
#include "layout_options.h"
#include "node_options.h"
#include "options.h"
#include "stats_report.h"
#include "version.h"

#include "../backends/format.h"

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
	INPUT_FORMAT,
	ENTRY,
	FORMAT,
	OUTPUT,
	OPTIMISE,
	FREQ,
	TARGET_KERNEL,
	MAX_PATH,
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
	[INPUT_FORMAT] = NODE_ROW_INPUT,
	[ENTRY] = NODE_ROW_ENTRY,
	[FORMAT] = {'f', "format", "FORMAT", "bpf (default), c, base64, asm, oci, hook"},
	[OUTPUT] = {'o', "output", "PATH", "file, directory (ends in /), or - for standard output"},
	[OPTIMISE] = LAYOUT_ROW_O,
	[FREQ] = LAYOUT_ROW_FREQ,
	[TARGET_KERNEL] = LAYOUT_ROW_KERNEL,
	[MAX_PATH] = LAYOUT_ROW_PATH,
	[MAX_INSNS] = {0, "max-insns", "N", "fail if the filter has more instructions"},
	[STATS] = {0, "stats", "[=FORMAT]",
		"say on stderr what the filter costs: text (default), json"},
	[NO_TRAILER] = {0, "no-trailer", NULL, "leave out what the filter says of itself"},
	[STRICT] = {0, "strict", NULL, "unknown syscalls and overlapping rules are errors"},
	[QUIET] = {'q', "quiet", NULL, "errors only"},
	[VERBOSE] = {'v', "verbose", NULL, "say what was built"},
	[COLOUR] = {0, "color", "WHEN", "auto (default), always, never"},
};

/* One blob to write: the nodes it serves, named after the first. */
struct target {
	const struct node_facts *node;
	size_t nodes;
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct source source;
	struct diags diags;
	const struct profile *profile;
	const struct format *format;
	struct layout layout;
	size_t max_insns;
	enum stats_format stats;
	struct node_facts facts; /* all but the ABI, which differs by target */
	struct wish wish;
	struct target *target;
	size_t targets;
	bool directory;
};

/* --- options --- */

/* Once, however often and in whatever spellings it is given. */
static void add_node(struct job *job, struct node_facts *node, size_t *nodes, const struct abi *abi)
{
	for (size_t i = 0; i < *nodes; i++) {
		if (node[i].native == abi)
			return;
	}
	node[*nodes] = job->facts;
	node[(*nodes)++].native = abi;
}

static int read_arches(struct job *job, struct node_facts *node, size_t *nodes)
{
	const char *list = job->parsed->value[ARCH], *word;
	size_t len;

	if (!list)
		list = "native";
	while (next_word(&list, &word, &len)) {
		const struct abi *abi = option_abi(job->parsed->verb, word, len);
		if (!abi)
			return EXIT_USAGE;
		add_node(job, node, nodes, abi);
	}
	return EXIT_DONE;
}

/* --- targets --- */

static void add_target(struct job *job, const struct node_facts *node, size_t nodes)
{
	job->target[job->targets++] = (struct target){node, nodes};
}

static void add_abi_target(struct job *job, const struct abi *abi)
{
	struct node_facts *node = arena_alloc(&job->arena, 1, sizeof(*node));

	*node = job->facts;
	node->native = abi;
	add_target(job, node, 1);
}

/* 'all': an entry of archMap each; the first of each byte order in architectures; or every ABI. */
static void all_targets(struct job *job)
{
	const struct profile *p = job->profile;
	bool ordered[2] = {false, false};

	job->target = arena_alloc(&job->arena, p->arch_maps + arch_abi_count, sizeof(*job->target));
	for (size_t i = 0; i < p->arch_maps; i++)
		add_abi_target(job, p->arch_map[i].main.abi);
	for (size_t i = 0; i < p->architectures.count && !p->arch_maps; i++) {
		const struct abi *abi = p->architectures.arch[i].abi;
		if (!abi || abi->guest || ordered[abi->order])
			continue;
		ordered[abi->order] = true;
		add_abi_target(job, abi);
	}
	for (size_t i = 0; i < arch_abi_count && !p->arch_maps && !p->architectures.count; i++) {
		if (!arch_abis[i].guest)
			add_abi_target(job, &arch_abis[i]);
	}
}

/* An ABI that is entered beside another one only, in a filter without that one; NULL if none is. */
static const struct abi *lone_guest(const struct target *t)
{
	for (size_t i = 0; i < t->nodes; i++) {
		const struct abi *guest = t->node[i].native;
		bool alone = guest->guest;
		for (size_t k = 0; k < t->nodes && alone; k++) {
			const struct abi *host = t->node[k].native;
			alone = host->guest || host->audit != guest->audit;
		}
		if (alone)
			return guest;
	}
	return NULL;
}

static int find_targets(struct job *job)
{
	const char *list = job->parsed->value[ARCH];
	struct node_facts *node = arena_alloc(&job->arena, arch_abi_count, sizeof(*node));
	size_t nodes = 0;

	if (list && strcmp(list, "all") == 0) {
		all_targets(job);
	} else {
		int status = read_arches(job, node, &nodes);
		if (status)
			return status;
		job->target = arena_alloc(&job->arena, nodes, sizeof(*job->target));
		if (!job->directory)
			add_target(job, node, nodes);
		for (size_t i = 0; i < nodes && job->directory; i++)
			add_target(job, &node[i], 1);
	}
	for (size_t i = 0; i < job->targets; i++) {
		const struct abi *abi = lone_guest(&job->target[i]);
		if (abi)
			return usage(job->parsed->verb,
				"no node is %s by itself: name its host too", abi->name);
	}
	if (job->targets > 1 && !job->directory)
		return usage(job->parsed->verb, "the profile makes %zu filters: -o DIR/ takes them",
			job->targets);
	return EXIT_DONE;
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

static const char *abi_list(struct job *job, const struct policy *policy)
{
	struct buf b;

	buf_init(&b, &job->arena);
	for (size_t i = 0; i < policy->abis; i++)
		buf_printf(&b, "%s%s", i ? " " : "", policy->abi[i]->name);
	buf_add(&b, "", 1);
	return b.bytes;
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
	fwrite(b.bytes, 1, b.len, stderr);
}

static bool write_target(struct job *job, const struct target *t, const struct filter *f,
	const struct program *written)
{
	const char *out = job->parsed->value[OUTPUT], *name = profile_name(job);
	const char *arch = t->node[0].native->name;
	struct format_facts facts = {.profile = name,
		.abis = abi_list(job, f->policy),
		.order = f->policy->order,
		.abi = t->node[0].native,
		.from = job->profile};
	struct buf bytes, path, made_by;

	buf_init(&made_by, &job->arena);
	buf_printf(&made_by, "winnow %s (syscall tables: Linux %s)%c", WINNOW_VERSION,
		arch_tables_kernel, 0);
	facts.made_by = made_by.bytes;
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

static int mistaken(struct job *job, const struct mistake *m)
{
	struct buf b;

	files_diags(
		&job->arena, &job->diags, job->parsed->value[QUIET], job->parsed->value[COLOUR]);
	buf_init(&b, &job->arena);
	buf_printf(&b,
		"winnow: %s: %s; nothing was written. This is a mistake of winnow's: please report "
		"it.\n",
		job->source.name, m->what);
	if (m->has_call) {
		const struct call *c = &m->witness.call;
		buf_printf(&b, "winnow: the call: audit arch 0x%08x, number %u, arguments", c->arch,
			c->nr);
		for (size_t i = 0; i < CALL_ARGS; i++)
			buf_printf(&b, " 0x%llx", (unsigned long long)c->args[i]);
		buf_text(&b, "\nwinnow: the filter says ");
		action_print(&b, m->witness.program);
		buf_text(&b, ", the profile ");
		action_print(&b, m->witness.policy);
		buf_text(&b, "\n");
	}
	fwrite(b.bytes, 1, b.len, stderr);
	return EXIT_MISTAKE;
}

/* --- the run --- */

static void check_budget(struct job *job, const struct filter *f)
{
	if (f->program.len > job->max_insns)
		diag(&job->diags, DIAG_OVER_BUDGET, NOWHERE, 1,
			"the filter for %s has %zu instructions, --max-insns allows %zu",
			f->policy->abi[0]->name, f->program.len, job->max_insns);
}

/* Where a trailer does not fit, there is none. */
static bool add_trailer(struct job *job, const struct target *t, const struct filter *f,
	struct program *written, struct mistake *m)
{
	struct origin origin = {&job->source, t->node, t->nodes, &job->wish};

	*written = f->program;
	if (job->parsed->value[NO_TRAILER])
		return true;
	switch (describe(&job->arena, f, &origin, written, m)) {
	case BUILD_DONE:
		return true;
	case BUILD_REFUSED:
		*written = f->program;
		return true;
	case BUILD_MISTAKEN:
		return false;
	}
	unreachable();
}

static int write_targets(struct job *job, const struct filter *filter)
{
	struct program *written = arena_alloc(&job->arena, job->targets, sizeof(*written));
	struct mistake mistake;

	for (size_t i = 0; i < job->targets; i++) {
		if (!add_trailer(job, &job->target[i], &filter[i], &written[i], &mistake))
			return mistaken(job, &mistake);
	}
	for (size_t i = 0; i < job->targets; i++) {
		if (!write_target(job, &job->target[i], &filter[i], &written[i]))
			return EXIT_HOST;
	}
	return EXIT_DONE;
}

static int compile_targets(struct job *job)
{
	struct filter *filter = arena_alloc(&job->arena, job->targets, sizeof(*filter));
	struct mistake mistake;

	/* all are built before any is written: a set is complete or not begun */
	for (size_t i = 0; i < job->targets; i++) {
		const struct target *t = &job->target[i];
		switch (build_filter(&job->arena, job->profile, t->node, t->nodes, &job->layout,
			&job->diags, &filter[i], &mistake)) {
		case BUILD_DONE:
			check_budget(job, &filter[i]);
			break;
		case BUILD_REFUSED:
			break;
		case BUILD_MISTAKEN:
			return mistaken(job, &mistake);
		}
	}
	files_diags(
		&job->arena, &job->diags, job->parsed->value[QUIET], job->parsed->value[COLOUR]);
	if (diags_failed(&job->diags))
		return diags_exit(&job->diags);
	if (job->directory && !files_make_directory(job->parsed->value[OUTPUT]))
		return EXIT_HOST;
	return write_targets(job, filter);
}

static int read_layout(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct layout_options o = {
		p->value[OPTIMISE], p->value[FREQ], p->value[TARGET_KERNEL], p->value[MAX_PATH]};
	char *end;

	job->max_insns = PROGRAM_MAX;
	if (p->value[MAX_INSNS]) {
		job->max_insns = strtoul(p->value[MAX_INSNS], &end, 10);
		if (!job->max_insns || *end)
			return usage(p->verb, "--max-insns takes a number");
	}
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
		.input = p->value[INPUT_FORMAT],
		.entry = p->value[ENTRY]};

	return node_read(p->verb, &o, &job->facts, &job->wish);
}

static int run_job(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *recognised;
	int status = read_node(job);

	status = status ? status : read_layout(job);
	status = status ? status : read_output(job);
	if (status)
		return status;
	if (!files_read(&job->arena, p->operand[0], SOURCE_MAX, &job->source))
		return EXIT_INPUT;
	diags_init(&job->diags, &job->arena, &job->source);
	job->diags.strict = p->value[STRICT] != NULL;
	job->profile = build_input(&job->arena, &job->source, &job->wish, &job->diags, &recognised);
	if (!job->profile) {
		files_diags(&job->arena, &job->diags, p->value[QUIET], p->value[COLOUR]);
		return diags_exit(&job->diags);
	}
	if (p->value[VERBOSE] && !p->value[QUIET])
		message("%s: %s", job->source.name, recognised);
	status = find_targets(job);
	return status ? status : compile_targets(job);
}

static int run(const struct parsed *parsed)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job) {
		perror("winnow");
		return EXIT_HOST;
	}
	job->parsed = parsed;
	arena_init(&job->arena, BUILD_ARENA);
	volatile int status = EXIT_HOST; /* survives the jump */
	if (setjmp(job->arena.out))
		message("%s: out of memory", parsed->operand[0]);
	else
		status = run_job(job);
	arena_free(&job->arena);
	free(job);
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
	.run = run,
};
