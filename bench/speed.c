/*
 * speed [-t SECONDS] PROFILE: what compiling costs, in this process.
 *
 * In: a profile. Out: a table of times from JSON text to blob, pass by pass, and of what libseccomp
 * takes for the same rules, which it is handed resolved. A round compiles some times without proof,
 * then with it, each pass timed, and then both levels of libseccomp do. Medians, with the interval
 * that holds the true one with 95 % confidence.
 *
 * The arena is reset between rounds, so that the kernel's handing out of memory is not part of it;
 * "first in a process" is: a child compiles once, in memory that nothing has touched.
 */

#include "clock.h"
#include "filters.h"
#include "grid.h"
#include "rival.h"

#include "../backends/bpf/bytes.h"
#include "../backends/bpf/check.h"
#include "../backends/emit/emit.h"
#include "../compiler/meaning/rules.h"
#include "../tests/lib/within.h"
#include "../tools/cli/files.h"
#include "../tools/lib/add_trailer.h"
#include "../tools/timing/sample_stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEVELS     2
#define ALONE      20 /* compiles without proof in a round, */
#define PROVED     10 /* and behind them with proof */

enum stage {
	STAGE_READ,
	STAGE_RESOLVE,
	STAGE_POLICY,
	STAGE_TREE,
	STAGE_EMIT,
	STAGE_CHECK,
	STAGE_PROVE,
	STAGE_TRAILER,
	STAGES
};

/* One compile: when each stage was over, ns from its start. */
struct compile {
	const struct scope *scope;
	const struct source *source;
	double over[STAGES];
	size_t memory;
	bool proves, proved;
};

struct job {
	double seconds;
	const char *path;
	struct arena *arena;
	struct buf *out;
};

/* The text is read anew, but a scope narrowed to some ABIs goes on with its own profile. */
static bool run_compile(struct arena *arena, void *data)
{
	struct compile *c = data;
	struct layout layout = {.objective = OBJECTIVE_TODAY};
	struct program program, with;
	struct mistake mistake;
	struct fault *faults;
	struct diags diags;
	struct buf out;
	double start = now();

	diags_init(&diags, arena, c->source);
	if (!build_profile(arena, c->source, &diags))
		return false;
	c->over[STAGE_READ] = now() - start;
	const struct ruleset *set = select_rules(arena, c->scope->profile, c->scope->node, &diags);
	c->over[STAGE_RESOLVE] = now() - start;
	const struct policy *policy = set ? rules_policy(arena, &set, 1, &diags) : NULL;
	c->over[STAGE_POLICY] = now() - start;
	layout.share = layout_mix(arena);
	const struct tree *tree = policy ? tree_build(arena, policy, &layout) : NULL;
	c->over[STAGE_TREE] = now() - start;
	if (!tree || !emit(arena, tree, policy->order, &program))
		return false;
	buf_init(&out, arena);
	bytes_write(&out, &program, policy->order);
	c->over[STAGE_EMIT] = now() - start;
	c->memory = arena->used;
	if (!c->proves)
		return true;
	bool loads = check_program(arena, &program, &faults) == 0;
	c->over[STAGE_CHECK] = now() - start;
	struct filter filter = {.policy = policy, .tree = tree, .program = program,
		.proven = prove_all(arena, &program, policy)};
	c->proved = loads && filter.proven.means == PROOF_HOLDS && filter.proven.caches == PROOF_HOLDS;
	c->over[STAGE_PROVE] = now() - start;
	const struct origin origin = {.source = c->source, .node = c->scope->node, .nodes = 1,
		.wish = &(struct input_options){0}, .policy = policy};
	c->proved = c->proved && add_trailer(arena, &filter, &origin, &with, &mistake) == BUILD_DONE;
	c->over[STAGE_TRAILER] = now() - start;
	c->memory = arena->used;
	return c->proved;
}

struct rival {
	const struct ruleset *set;
	unsigned level;
	double time;
};

static bool run_rival(struct arena *arena, void *data)
{
	struct rival *r = data;
	struct program program;
	double start = now();
	const char *why = rival_program(arena, r->set, r->level, &program);

	r->time = now() - start;
	return !why;
}

/* --- rounds --- */

struct samples {
	double stage[STAGES][SAMPLES_MAX]; /* each alone, of a compile with proof */
	double proved[SAMPLES_MAX];
	size_t proofs;
	double blob[SAMPLES_MAX]; /* without */
	size_t blobs;
	double first[SAMPLES_MAX]; /* blob, in a process that compiled nothing before */
	size_t first_rounds;
	struct arena arena; /* of one round after the other */
	double rival[LEVELS][SAMPLES_MAX];
	size_t rival_rounds;
	size_t blob_memory, memory;
};

static bool time_compile(struct samples *s, struct compile *c)
{
	arena_reset(&s->arena);
	return !setjmp(s->arena.out) && run_compile(&s->arena, c);
}

static bool add_blobs(struct samples *s, const struct scope *scope, const struct source *source)
{
	struct compile c = {.scope = scope, .source = source};

	for (unsigned i = 0; i < ALONE; i++) {
		if (!time_compile(s, &c))
			return false;
		s->blob[s->blobs++] = c.over[STAGE_EMIT];
	}
	s->blob_memory = c.memory;
	return true;
}

static bool add_compile(struct samples *s, const struct scope *scope, const struct source *source)
{
	struct compile c = {.scope = scope, .source = source, .proves = true};

	if (!time_compile(s, &c))
		return false;
	for (unsigned i = 0; i < STAGES; i++)
		s->stage[i][s->proofs] = c.over[i] - (i ? c.over[i - 1] : 0);
	s->proved[s->proofs] = c.over[STAGE_TRAILER];
	s->memory = c.memory;
	s->proofs++;
	return true;
}

/* ns, handed over by the child; 0: it failed. */
static double time_first(const struct scope *scope, const struct source *source)
{
	struct compile c = {.scope = scope, .source = source};
	double took = 0;
	int way[2];

	if (pipe(way) != 0)
		return 0;
	pid_t child = fork();
	if (child == 0) {
		bool done = within_arena(run_compile, &c);
		took = done ? c.over[STAGE_EMIT] : 0;
		_exit(write(way[1], &took, sizeof(took)) != (ssize_t)sizeof(took));
	}
	close(way[1]);
	if (child < 0 || read(way[0], &took, sizeof(took)) != (ssize_t)sizeof(took))
		took = 0;
	close(way[0]);
	if (child > 0)
		waitpid(child, NULL, 0);
	return took;
}

static void add_first(struct samples *s, const struct scope *scope, const struct source *source)
{
	double took = time_first(scope, source);

	if (took > 0)
		s->first[s->first_rounds++] = took;
}

static void add_rival(struct samples *s, const struct scope *common)
{
	for (unsigned i = 0; i < LEVELS; i++) {
		struct rival r = {.set = common->set, .level = i + 1};
		if (!within_arena(run_rival, &r))
			return;
		s->rival[i][s->rival_rounds] = r.time;
	}
	s->rival_rounds++;
}

/* --- the table --- */

static void add_row(struct grid *t, const char *name, double *sample, size_t count)
{
	struct sample_stats s = sample_stats(sample, count);

	grid_row(t);
	grid_cell(t, "%s", name);
	grid_cell(t, "%.1f", s.min / 1000);
	grid_cell(t, "%.1f", s.median / 1000);
	grid_cell(t, "%.1f .. %.1f", s.low / 1000, s.high / 1000);
}

static void print_samples(const struct job *job, struct samples *s)
{
	static const char *const stages[STAGES] = {[STAGE_READ] = "- JSON to profile",
		[STAGE_RESOLVE] = "- profile to rules",
		[STAGE_POLICY] = "- rules to policy",
		[STAGE_TREE] = "- policy to tree",
		[STAGE_EMIT] = "- tree to blob",
		[STAGE_CHECK] = "- kernel's rules",
		[STAGE_PROVE] = "- proof, cacheable, hash",
		[STAGE_TRAILER] = "- trailer"};
	char version[32], name[64];
	struct grid t;

	rival_version(version);
	grid_init(&t, job->arena);
	grid_row(&t);
	grid_cell(&t, "us");
	grid_cell(&t, "least");
	grid_cell(&t, "median");
	grid_cell(&t, "95 %% interval");
	add_row(&t, "winnow, JSON to blob", s->blob, s->blobs);
	add_row(&t, "winnow, JSON to proved blob", s->proved, s->proofs);
	if (s->first_rounds)
		add_row(&t, "first in a process, to blob", s->first, s->first_rounds);
	for (unsigned i = 0; i < STAGES; i++)
		add_row(&t, stages[i], s->stage[i], s->proofs);
	for (unsigned i = 0; i < LEVELS && s->rival_rounds; i++) {
		snprintf(name, sizeof(name), "libseccomp %s level %u", version, i + 1);
		add_row(&t, name, s->rival[i], s->rival_rounds);
	}
	grid_print(job->out, &t);
	buf_printf(job->out, "\nOf %zu compiles, and %zu with proof.", s->blobs, s->proofs);
	if (s->rival_rounds)
		buf_printf(job->out, " libseccomp's are %zu, from rules to blob.", s->rival_rounds);
	buf_printf(job->out, " Memory of a compile: %.1f MiB, proved %.1f MiB.",
		(double)s->blob_memory / 1048576, (double)s->memory / 1048576);
	buf_text(job->out, "\n\n");
}

static bool measure(const struct job *job, const char *name, const struct scope *scope,
	const struct source *source)
{
	struct samples *s = arena_alloc(job->arena, 1, sizeof(*s));
	double end = now() + job->seconds * 1e9;
	struct scope common;
	size_t names;
	arena_init(&s->arena, (size_t)1 << 30);
	bool rival = scope_common(job->arena, scope, &common, &names);

	while (s->blobs + ALONE <= SAMPLES_MAX && now() < end) {
		if (!add_blobs(s, scope, source))
			return false;
		for (unsigned i = 0; i < PROVED; i++) {
			if (!add_compile(s, scope, source))
				return false;
		}
		if (rival)
			add_rival(s, &common);
		add_first(s, scope, source);
	}
	arena_free(&s->arena);
	buf_printf(job->out, "### Compiling for %s\n\n", name);
	print_samples(job, s);
	return true;
}

static bool run(struct arena *arena, void *data)
{
	struct job *job = data;
	struct source source;
	struct scope scope;
	struct buf out;

	buf_init(&out, arena);
	job->arena = arena;
	job->out = &out;
	const struct profile *profile = filters_profile(arena, job->path);
	if (!profile || !files_read(arena, job->path, SOURCE_MAX, &source))
		return false;
	if (!scope_own(arena, profile, &scope) ||
		!measure(job, "x86_64, x86 and x32", &scope, &source))
		return false;
	if (!scope_alone(arena, profile, &scope) || !measure(job, "x86_64 alone", &scope, &source))
		return false;
	return files_print(&out);
}

int main(int argc, char **argv)
{
	struct job job = {.seconds = 10};
	int letter;

	while ((letter = getopt(argc, argv, "t:")) == 't')
		job.seconds = atof(optarg);
	if (letter != -1 || argc - optind != 1 || !(job.seconds > 0)) {
		fprintf(stderr, "usage: speed [-t SECONDS] PROFILE\n");
		return 2;
	}
	job.path = argv[optind];
	return within_arena(run, &job) ? 0 : 1;
}
