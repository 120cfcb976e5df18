/*
 * growth_rules [DIR]: how compiling grows with the number of rules, which are made up.
 *
 * Out: the figures on standard output, and plots of them in DIR. Three ways to have many rules:
 *
 *   names      every syscall in turn, every third refused; then from the start again
 *   adjacent   few syscalls, an argument equal to 0, 1, 2, ...: all say one thing
 *   scattered  few syscalls, an argument equal to values that have nothing in common
 *
 * The last cannot stay below the kernel's 4096 instructions, and the refusal ends its lines. A
 * point is the least of a few compiles, in processor time; a line also ends where one takes longer
 * than LONGEST.
 */

#include "clock.h"
#include "filters.h"
#include "grid.h"
#include "plot.h"
#include "rival.h"

#include "../backends/bpf/bytes.h"
#include "../tests/lib/within.h"
#include "../tools/cli/files.h"

#include <stdio.h>

#define LONGEST 2.5e8 /* ns a compile */
#define ENOUGH  1e8   /* ns for the compiles of one point */
#define REPEATS 7

/* --- rules --- */

/* Syscalls whose arguments are asked. */
static const char *const asked[] = {"ioctl", "fcntl", "prctl", "madvise"};

static void add_values(struct buf *b, const char *name, uint32_t value)
{
	buf_printf(b,
		"{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":1,"
		"\"value\":%u,\"op\":\"SCMP_CMP_EQ\"}]}",
		name, (unsigned)value);
}

static void add_names(struct buf *b, size_t i)
{
	const struct abi *abi = arch_native();
	uint16_t id = (uint16_t)(i % arch_syscall_count());
	uint32_t nr;

	while (!arch_nr(abi, id, &nr))
		id = (uint16_t)((id + 1) % arch_syscall_count());
	buf_printf(b, "{\"names\":[\"%s\"],\"action\":%s}", arch_syscall_name(id),
		id % 3 ? "\"SCMP_ACT_ALLOW\"" : "\"SCMP_ACT_ERRNO\",\"errnoRet\":38");
}

static void add_adjacent(struct buf *b, size_t i)
{
	add_values(b, asked[i % countof(asked)], (uint32_t)(i / countof(asked)));
}

static void add_scattered(struct buf *b, size_t i)
{
	add_values(b, asked[i % countof(asked)], (uint32_t)i * 2654435761u);
}

static const struct family {
	const char *name;
	void (*add)(struct buf *, size_t i);
} families[] = {{"names", add_names}, {"adjacent", add_adjacent}, {"scattered", add_scattered}};

static struct source make_rules(struct arena *arena, const struct family *family, size_t rules)
{
	struct buf b;

	buf_init(&b, arena);
	buf_text(&b, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
	for (size_t i = 0; i < rules; i++) {
		buf_text(&b, i ? ",\n" : "\n");
		family->add(&b, i);
	}
	buf_text(&b, "]}\n");
	return (struct source){family->name, b.bytes, b.len, false};
}

/* --- one point --- */

struct point {
	const struct family *family;
	size_t rules;
	enum maker maker;
	double time; /* ns, the least */
	size_t insns;
	const char *why; /* there is no filter */
};

static const char *refusal(const struct diags *diags)
{
	const struct diag *d = diags->first;

	while (d && d->severity != SEVERITY_ERROR)
		d = d->next;
	if (d && d->id == DIAG_TOO_LONG)
		return "over 4096 instructions";
	return d ? diag_kinds[d->id].slug : "refused";
}

static const char *compile(struct arena *arena, const struct source *source,
	const struct node_facts *node, struct program *program)
{
	struct mistake mistake;
	struct diags diags;
	struct filter f;
	struct buf out;

	diags_init(&diags, arena, source);
	const struct profile *profile = build_profile(arena, source, &diags);
	if (!profile)
		return "unreadable";
	switch (build_filter(arena, profile, node, 1, NULL, &diags, &f, &mistake)) {
	case BUILD_DONE:
		break;
	case BUILD_REFUSED:
		return refusal(&diags);
	case BUILD_MISTAKEN:
		return "mistaken";
	}
	buf_init(&out, arena);
	bytes_write(&out, &f.program, f.policy->order);
	*program = f.program;
	return NULL;
}

/* The rules on syscalls that libseccomp has. */
static const struct ruleset *common_rules(struct arena *arena, const struct ruleset *set)
{
	struct ruleset *common = arena_alloc(arena, 1, sizeof(*common));
	struct rule *rule = arena_alloc(arena, set->rules, sizeof(*rule));
	bool *has = arena_alloc(arena, arch_syscall_count(), sizeof(*has));

	for (size_t id = 0; id < arch_syscall_count(); id++)
		has[id] = rival_agrees(set, (uint16_t)id);
	*common = *set;
	common->rule = rule;
	common->rules = 0;
	for (size_t i = 0; i < set->rules; i++) {
		if (has[set->rule[i].syscall])
			rule[common->rules++] = set->rule[i];
	}
	return common;
}

static const char *ask_rival(struct arena *arena, const struct source *source,
	const struct node_facts *node, struct program *program, double *start)
{
	struct diags diags;

	diags_init(&diags, arena, source);
	const struct profile *profile = build_profile(arena, source, &diags);
	const struct ruleset *set = profile ? select_rules(arena, profile, node, &diags) : NULL;
	if (!set)
		return "unreadable";
	set = common_rules(arena, set);
	*start = now_busy();
	return rival_program(arena, set, 2, program);
}

static bool make_once(struct arena *arena, struct point *p)
{
	struct node_facts node = {.native = arch_native()};
	struct source source = make_rules(arena, p->family, p->rules);
	struct program program = {0};
	double start = now_busy();

	if (p->maker == MAKER_WINNOW)
		p->why = compile(arena, &source, &node, &program);
	else
		p->why = ask_rival(arena, &source, &node, &program, &start);
	p->time = now_busy() - start;
	if (!p->why && program.len > PROGRAM_MAX)
		p->why = "over 4096 instructions";
	p->insns = program.len;
	return true;
}

/* In memory that earlier ones have used, as far as it goes. */
static bool make_again(struct arena *arena, struct point *p)
{
	arena_reset(arena);
	return !setjmp(arena->out) && make_once(arena, p);
}

static struct point measure(const struct family *family, size_t rules, enum maker maker)
{
	struct point best = {.family = family, .rules = rules, .maker = maker};
	struct point p = best;
	struct arena arena;
	double spent = 0;

	arena_init(&arena, (size_t)1 << 30);
	for (unsigned i = 0; i < REPEATS && spent < ENOUGH && !p.why; i++) {
		if (!make_again(&arena, &p))
			p.why = "over 1 GiB of memory";
		if (i == 0 || p.why || p.time < best.time)
			best = p;
		spent += p.time;
	}
	arena_free(&arena);
	return best;
}

/* --- rules: the lines --- */

struct job {
	const char *directory; /* for plots; NULL: none */
	struct arena *arena;
	struct buf *out;
};

static const char *line_name(const struct job *job, const struct family *family, enum maker maker)
{
	struct buf b;

	buf_init(&b, job->arena);
	buf_printf(
		&b, "%s: %s%c", maker == MAKER_WINNOW ? "winnow" : "libseccomp 2", family->name, 0);
	return b.bytes;
}

static void add_cells(struct grid *t, const struct point *p)
{
	grid_row(t);
	grid_cell(t, "%s", p->maker == MAKER_WINNOW ? "winnow" : "libseccomp 2");
	grid_cell(t, "%s", p->family->name);
	grid_cell(t, "%zu", p->rules);
	if (p->why) {
		grid_cell(t, "%s", p->why);
		grid_cell(t, "-");
		return;
	}
	grid_cell(t, "%zu", p->insns);
	grid_cell(t, "%.2f", p->time / 1e6);
}

/* One line of each plot: until there is no filter, or no patience. */
static void draw_family(const struct job *job, const struct family *family, enum maker maker,
	struct plot *time, struct plot *size, struct grid *t)
{
	static const size_t steps[] = {10, 30, 100, 300, 1000, 3000, 10000, 30000, 100000};
	const char *name = line_name(job, family, maker);
	struct series *times = plot_series(time, name), *sizes = plot_series(size, name);

	times->colour = sizes->colour = (unsigned)(family - families);
	times->dashed = sizes->dashed = maker == MAKER_LIBSECCOMP;
	for (size_t i = 0; i < countof(steps) && !times->end; i++) {
		struct point p = measure(family, steps[i], maker);
		add_cells(t, &p);
		if (p.why) {
			times->end = sizes->end = p.why;
			break;
		}
		series_add(times, (double)p.rules, p.time / 1e6);
		series_add(sizes, (double)p.rules, (double)p.insns);
		if (p.time > LONGEST && i + 1 < countof(steps))
			times->end = sizes->end = "over a quarter of a second";
	}
}

static bool has_rival(void)
{
	char version[32];

	rival_version(version);
	return version[0];
}

static bool grow_rules(const struct job *job)
{
	struct plot *time = arena_alloc(job->arena, 2, sizeof(*time)), *size = time + 1;
	struct grid t;

	*time = (struct plot){.title = "Compile time by rules",
		.subtitle = "JSON to proved blob; libseccomp: rules to blob. One ABI",
		.x_name = "rules",
		.y_name = "milliseconds",
		.log_x = true,
		.log_y = true};
	*size = (struct plot){.title = "Filter size by rules",
		.subtitle = "One ABI; a cross: there is no larger filter, or it takes too long",
		.x_name = "rules",
		.y_name = "instructions",
		.log_x = true,
		.log_y = true,
		.limit = PROGRAM_MAX,
		.limit_name = "4096: all the kernel takes"};
	grid_init(&t, job->arena);
	grid_row(&t);
	grid_cell(&t, "compiler");
	grid_cell(&t, "rules are");
	grid_cell(&t, "rules");
	grid_cell(&t, "insns");
	grid_cell(&t, "ms");
	for (size_t i = 0; i < countof(families); i++) {
		draw_family(job, &families[i], MAKER_WINNOW, time, size, &t);
		if (has_rival())
			draw_family(job, &families[i], MAKER_LIBSECCOMP, time, size, &t);
	}
	buf_text(job->out, "### Growth with rules\n\n");
	grid_print(job->out, &t);
	buf_text(job->out, "\n");
	return plot_write(job->arena, job->directory, "rules-time", time) &&
		plot_write(job->arena, job->directory, "rules-size", size);
}

static bool run(struct arena *arena, void *data)
{
	struct job *job = data;
	struct buf out;

	buf_init(&out, arena);
	job->arena = arena;
	job->out = &out;
	return grow_rules(job) && files_print(&out);
}

int main(int argc, char **argv)
{
	struct job job = {.directory = argc == 2 ? argv[1] : NULL};

	if (argc > 2 || !arch_native()) {
		fprintf(stderr, "usage: growth_rules [DIR]\n");
		return 2;
	}
	return within_arena(run, &job) ? 0 : 1;
}
