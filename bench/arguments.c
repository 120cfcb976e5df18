/*
 * arguments [-n COUNT] [-s SEED] [-v] [-z]: what rules about arguments cost, by class, beside libseccomp's levels.
 *
 * COUNT random profiles of each class (tests/lib/argument_sets.h), for x86_64. Ratios are winnow's figure by the
 * other's, as geometric means and at worst: instructions, and those executed for calls that hold or just fail to
 * hold what a rule asks, their mean and the dearest. Winnow's filters are proved. Nothing is timed. Where
 * libseccomp's filter does not mean the rules, which its own order of several conditions can lead to, the profile is
 * not counted against it. -v: a line a profile. -z: winnow's smallest filters (-O size).
 */

#include "grid.h"
#include "rival.h"

#include "../backends/bpf/sim.h"
#include "../backends/prove/prove.h"
#include "../tests/lib/argument_sets.h"
#include "../tests/lib/within.h"
#include "../tools/cli/files.h"
#include "../tools/lib/build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALLS  400
#define LEVELS 2

/* Of one filter. */
enum figure { INSNS, MEAN, WORST, FIGURES };
static const char *const figure_names[FIGURES] = {"instructions", "executed", "executed, dearest call"};

struct ratio {
	double logs, worst;
	size_t count;
};

struct tally {
	struct ratio ratio[LEVELS][FIGURES];
	size_t refused[LEVELS], wrong[LEVELS], none; /* libseccomp's too long, not what was asked; ours refused */
};

struct job {
	const struct argument_class *class;
	uint64_t seed;
	bool verbose, small;
	struct tally *tally;
};

/* --- one profile --- */

static void count(double figure[FIGURES], const struct program *p, const struct policy *policy, uint64_t seed)
{
	struct random r = random_start(seed);
	size_t executed, total = 0, worst = 0;

	for (unsigned i = 0; i < CALLS; i++) {
		struct call call = argument_call(&r, policy);
		sim_run(p, policy->order, &call, &executed, NULL);
		total += executed;
		worst = executed > worst ? executed : worst;
	}
	figure[INSNS] = (double)p->len;
	figure[MEAN] = (double)total / CALLS;
	figure[WORST] = (double)worst;
}

static void add_ratio(struct ratio *r, double ours, double theirs)
{
	double ratio = ours / theirs;

	r->logs += log(ratio);
	r->worst = ratio > r->worst ? ratio : r->worst;
	r->count++;
}

static void beside(struct arena *arena, const struct job *job, const struct ruleset *set, const struct policy *policy,
	const double ours[FIGURES])
{
	for (unsigned level = 0; level < LEVELS; level++) {
		struct program p;
		struct witness witness;
		double theirs[FIGURES];
		if (rival_program(arena, set, level + 1, &p) || p.len > PROGRAM_MAX) {
			job->tally->refused[level]++;
			continue;
		}
		if (prove(arena, &p, policy, &witness) == PROOF_FAILS) {
			job->tally->wrong[level]++;
			continue;
		}
		count(theirs, &p, policy, job->seed);
		for (unsigned i = 0; ours && i < FIGURES; i++)
			add_ratio(&job->tally->ratio[level][i], ours[i], theirs[i]);
		if (job->verbose)
			printf("  level %u: %.0f insns, %.1f executed, %.0f at most\n", level + 1, theirs[INSNS],
				theirs[MEAN], theirs[WORST]);
	}
}

static bool compare(struct arena *arena, void *data)
{
	const struct job *job = data;
	struct random r = random_start(job->seed);
	struct node_facts node = {.native = arch_find("x86_64", strlen("x86_64"))};
	struct buf text;
	struct diags diags;
	struct filter f;
	struct mistake mistake;
	const struct layout small = {.objective = OBJECTIVE_SIZE};
	double ours[FIGURES];

	buf_init(&text, arena);
	argument_set(&text, &r, job->class, "\"SCMP_ARCH_X86_64\"", 0);
	struct source source = {"set.json", text.bytes, text.len, false};
	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	const struct ruleset *set = profile ? select_rules(arena, profile, &node, &diags) : NULL;
	if (!set || !build_rules(arena, &set, 1, &diags))
		return false;
	bool built = build_filter(arena, profile, &node, 1, job->small ? &small : NULL, &diags, &f,
			     &mistake) == BUILD_DONE;
	job->tally->none += !built;
	if (built)
		count(ours, &f.program, f.policy, job->seed);
	if (job->verbose && built)
		printf("%s %llu: %.0f insns, %.1f executed, %.0f at most\n", job->class->name,
			(unsigned long long)job->seed, ours[INSNS], ours[MEAN], ours[WORST]);
	beside(arena, job, set, f.policy, built ? ours : NULL);
	return true;
}

/* --- tables --- */

static void print_cells(struct grid *t, const struct ratio *r)
{
	if (!r->count) {
		grid_cell(t, "-");
		grid_cell(t, "-");
		return;
	}
	grid_cell(t, "%.2f", exp(r->logs / (double)r->count));
	grid_cell(t, "%.2f", r->worst);
}

static void print_level(struct arena *arena, struct buf *out, const struct tally *tally, unsigned level)
{
	struct grid t;

	grid_init(&t, arena);
	grid_row(&t);
	grid_cell(&t, "winnow / level %u", level + 1);
	grid_cell(&t, "profiles");
	for (unsigned i = 0; i < FIGURES; i++) {
		grid_cell(&t, "%s", figure_names[i]);
		grid_cell(&t, "worst");
	}
	grid_cell(&t, "its too long");
	grid_cell(&t, "its wrong");
	grid_cell(&t, "ours too long");
	for (size_t c = 0; c < argument_class_count; c++) {
		grid_row(&t);
		grid_cell(&t, "%s", argument_classes[c].name);
		grid_cell(&t, "%zu", tally[c].ratio[level][0].count);
		for (unsigned i = 0; i < FIGURES; i++)
			print_cells(&t, &tally[c].ratio[level][i]);
		grid_cell(&t, "%zu", tally[c].refused[level]);
		grid_cell(&t, "%zu", tally[c].wrong[level]);
		grid_cell(&t, "%zu", tally[c].none);
	}
	grid_print(out, &t);
	buf_text(out, "\n");
}

struct output {
	const struct tally *tally;
};

static bool print(struct arena *arena, void *data)
{
	const struct output *o = data;
	struct buf out;

	buf_init(&out, arena);
	for (unsigned level = 0; level < LEVELS; level++)
		print_level(arena, &out, o->tally, level);
	return files_print(&out);
}

int main(int argc, char **argv)
{
	struct tally *tally = calloc(argument_class_count, sizeof(*tally));
	uint64_t n = 200, seed = 1;
	bool verbose = false, small = false;
	char version[32];
	int letter;

	while ((letter = getopt(argc, argv, "n:s:vz")) != -1) {
		if (letter == 'v')
			verbose = true;
		else if (letter == 'z')
			small = true;
		else if (letter == '?')
			return 2;
		else
			*(letter == 'n' ? &n : &seed) = strtoull(optarg, NULL, 0);
	}
	rival_version(version);
	if (!version[0]) {
		printf("SKIP: libseccomp is not installed: nothing to compare rules about arguments with\n");
		return 0;
	}
	for (size_t c = 0; tally && c < argument_class_count; c++) {
		for (uint64_t i = 0; i < n; i++) {
			struct job job = {&argument_classes[c], seed + i, verbose, small, &tally[c]};
			if (!within_arena(compare, &job))
				printf("%s %llu: no profile\n", job.class->name, (unsigned long long)job.seed);
		}
	}
	return tally && within_arena(print, &(struct output){tally}) ? 0 : 1;
}
