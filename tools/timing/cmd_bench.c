/*
 * winnow bench: what filters cost on the kernel at hand. Blobs in, one table, document or picture
 * out; bench.c measures, bench_*.c show.
 */

#define _GNU_SOURCE /* SYS_seccomp */

#include "bench.h"
#include "../cli/blob.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/options.h"

#include "../../backends/bpf/bytes.h"
#include "../../backends/bpf/check.h"
#include "../../backends/bpf/sim.h"
#include "../../compiler/kernel/action.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#define COPIES      16 /* in the deep stack, by default and at most, where the kernel's limit allows it */
#define SECONDS     10 /* by default */
#define SECONDS_MAX 600
#define PRELUDE_MAX 5

static const struct taken takes[] = {
	TAKE(COPIES), TAKE(DEFEAT_CACHE), TAKE(TIME),
	{OPT_FORMAT, "FORMAT", "text (default), json, svg"},
	TAKE(OUTPUT),
};

static const struct {
	const char *name;
	void (*write)(struct buf *, const struct bench *);
} formats[] = {{"text", bench_text}, {"json", bench_json}, {"svg", bench_svg}};

struct job {
	const struct parsed *parsed;
	struct arena *arena;
	size_t format;
	double seconds;
	unsigned copies;
	struct bench bench;
};

/* --- options --- */

static int read_options(struct job *job)
{
	const char *format = job->parsed->value[OPT_FORMAT], *seconds = job->parsed->value[OPT_TIME];
	const struct verb *verb = job->parsed->verb;
	char *end;

	while (format && job->format < countof(formats) &&
		strcmp(formats[job->format].name, format) != 0)
		job->format++;
	if (job->format == countof(formats))
		return usage(verb, "unknown format '%s'; one of text, json, svg", format);
	job->seconds = seconds ? strtod(seconds, &end) : SECONDS;
	if (seconds &&
		(*end || end == seconds || !(job->seconds > 0) || job->seconds > SECONDS_MAX))
		return usage(verb, "--time takes seconds, %d at most", SECONDS_MAX);
	job->copies = COPIES;
	if (job->parsed->value[OPT_COPIES] &&
		option_number(verb, "copies", job->parsed->value[OPT_COPIES], 2, COPIES, &job->copies))
		return EXIT_USAGE;
	job->bench.defeated = job->parsed->value[OPT_DEFEAT_CACHE];
	return EXIT_DONE;
}

/* --- filters --- */

/* What is put in front of a filter reads A before the filter does, which finds it 0 where it looks.
 */
static bool looks_at_a(const struct program *p)
{
	return (p->insn[0].code & 7) != BPF_LD;
}

/* Stacking takes seccomp(2) under the copies already there. */
static bool allows_stacking(const struct job *job, const struct program *p)
{
	const struct call call = {.arch = job->bench.abi->audit, .nr = SYS_seccomp, .args = {1}};

	return sim_run(p, job->bench.abi->order, &call, NULL, NULL) == RET_ALLOW;
}

/* The filter as it is loaded: itself, behind what stacking and defeating the cache take. */
static struct program prepare(const struct job *job, const struct program *p)
{
	enum byte_order order = job->bench.abi->order;
	struct insn *insn = arena_alloc(job->arena, p->len + PRELUDE_MAX, sizeof(*insn));
	size_t len = 0;

	if (!allows_stacking(job, p)) {
		insn[len++] = (struct insn){.code = INSN_LD, .k = word_offset(WORD_NR, order)};
		insn[len++] = (struct insn){.code = INSN_JEQ, .jf = 1, .k = SYS_seccomp};
		insn[len++] = (struct insn){.code = INSN_RET, .k = RET_ALLOW};
	}
	if (job->bench.defeated)
		insn[len++] = (struct insn){.code = INSN_LD, .k = word_offset(WORD_IP_LO, order)};
	if (len && looks_at_a(p))
		insn[len++] = (struct insn){.code = BPF_LD | BPF_IMM};
	memcpy(insn + len, p->insn, p->len * sizeof(*insn));
	return (struct program){insn, len + p->len};
}

static unsigned copies_of(const struct job *job, const struct program *p)
{
	size_t fit = TASK_INSNS_MAX / (check_translated(p) + TASK_INSNS_FILTER);

	return (unsigned)(fit < job->copies ? fit : job->copies);
}

static int add_filter(struct job *job, const char *name, const struct program *p)
{
	struct bench_filter *f = &job->bench.filter[job->bench.filters++];
	struct fault *fault;

	if (check_program(job->arena, p, &fault)) {
		message("%s: the kernel would not load this filter: %s", name,
			fault_text(job->arena, p, fault));
		return EXIT_HOST;
	}
	*f = (struct bench_filter){.name = name,
		.given = *p,
		.program = prepare(job, p),
		.bypassed = !allows_stacking(job, p)};
	f->copies = f->program.len <= PROGRAM_MAX ? copies_of(job, &f->program) : 0;
	if (f->copies >= 2)
		return EXIT_DONE;
	message("%s: too long to be loaded twice, which measuring it takes", name);
	return EXIT_HOST;
}

static int read_filter(struct job *job, const char *path)
{
	enum byte_order order;
	struct program program;
	struct source source;

	if (!files_read(job->arena, path, BLOB_MAX, &source))
		return EXIT_INPUT;
	int status = blob_program(job->arena, &source, job->bench.abi, &order, &program);
	if (status)
		return status;
	return add_filter(job, source.name, &program);
}

/* Two instructions that no kernel answers from its cache: what running any filter costs at least.
 */
static int add_floor(struct job *job)
{
	struct insn *insn = arena_alloc(job->arena, 2, sizeof(*insn));

	insn[0] =
		(struct insn){.code = INSN_LD, .k = word_offset(WORD_IP_LO, job->bench.abi->order)};
	insn[1] = (struct insn){.code = INSN_RET, .k = RET_ALLOW};
	int status = add_filter(job, "(least filter)", &(struct program){insn, 2});
	job->bench.filter[job->bench.filters - 1].floor = true;
	return status;
}

/* --- probes --- */

/* What the filter does with every probe. False: nothing that could be timed. */
static bool place_probes(const struct bench *b, struct bench_filter *f)
{
	bool some = f->floor;

	for (size_t i = 0; i < b->probes; i++) {
		const struct call *call = &b->probe[i].call;
		struct bench_run *run = &f->run[i];
		enum probe_class class;
		bool has = probe_class_of(&f->given, b->abi->order, call, &class);
		run->in_class = f->floor || (has && class == b->probe[i].class);
		if (run->in_class)
			sim_run(&f->program, b->abi->order, call, &run->executed, NULL);
		some |= has;
	}
	return some;
}

static int choose_probes(struct job *job)
{
	struct bench *b = &job->bench;
	struct program *given = arena_alloc(job->arena, b->filters, sizeof(*given));

	for (size_t i = 0; i < b->filters; i++)
		given[i] = b->filter[i].given;
	b->probes = probe_choose(b->abi, given, b->filters - 1, b->probe);
	for (size_t i = 0; i < b->probes; i++)
		b->timing.call[i] = b->probe[i].call;
	b->timing.calls = b->probes;
	for (size_t i = 0; i < b->filters; i++) {
		if (place_probes(b, &b->filter[i]))
			continue;
		message("%s: answers no call of %s that could be timed without harm",
			b->filter[i].name, b->abi->name);
		return EXIT_INPUT;
	}
	return EXIT_DONE;
}

/* --- all of it --- */

static int read_filters(struct job *job)
{
	size_t given = job->parsed->operands;
	int status = EXIT_DONE;

	job->bench.filter = arena_alloc(job->arena, given + 1, sizeof(*job->bench.filter));
	for (size_t i = 0; i < given && !status; i++)
		status = read_filter(job, job->parsed->operand[i]);
	return status ? status : add_floor(job);
}

static int write_result(struct job *job)
{
	const char *path = job->parsed->value[OPT_OUTPUT];
	struct buf out;

	buf_init(&out, job->arena);
	formats[job->format].write(&out, &job->bench);
	return files_make(path ? path : "-", out.bytes, out.len) ? EXIT_DONE : EXIT_HOST;
}

static void look_around(struct bench *b)
{
	struct utsname name;

	if (uname(&name) == 0)
		snprintf(b->kernel, sizeof(b->kernel), "%s", name.release);
	b->timing.cpu = timing_cpu();
}

static int bench(struct blob *blob, const struct parsed *p)
{
	struct job job = {.parsed = p, .arena = &blob->arena, .bench = {.abi = arch_native()}};
	int status = read_options(&job);

	if (!status && !job.bench.abi) {
		message("this machine has no seccomp filters");
		return EXIT_HOST;
	}
	if (!status)
		status = read_filters(&job);
	if (!status)
		status = choose_probes(&job);
	if (status)
		return status;
	look_around(&job.bench);
	if (!bench_measure(&job.bench, job.arena, job.seconds))
		return EXIT_HOST;
	return write_result(&job);
}

static int run(const struct parsed *p)
{
	return blob_run(p, bench);
}

const struct verb verb_bench = {
	.name = "bench",
	.operands = "BLOB...",
	.summary = "time filters on this kernel: a run by kind of call, and loading",
	.about = "Loads each filter once and 16 times over in processes of its own and takes the "
		 "slope, so\n"
		 "that what the system call costs by itself does not count. Calls are chosen that "
		 "would do\n"
		 "no harm were they made. Intervals hold the median with 95 % confidence. A filter "
		 "that\n"
		 "does not allow seccomp(2) is measured with two instructions more, which let it "
		 "through.\n"
		 "Sixteen copies of a long filter take more of the processor's caches than one: where "
		 "lengths\n"
		 "differ --copies 2 --defeat-cache times one further copy, with wider intervals.\n",
	.examples = "winnow bench --time 1 web.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = BENCH_FILTERS - 1,
	.run = run,
};
