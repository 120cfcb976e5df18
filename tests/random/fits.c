/*
 * fits [-n COUNT] [-s SEED]: what libseccomp can load, winnow compiles.
 *
 * COUNT random profiles of each class of argument_sets.h, of all sizes up to some that no filter has room for, for x86_64
 * alone or for other ABIs with it, of which some or all have the syscalls that the rules are about. Where
 * one of libseccomp's filters has 4096 instructions at most, there must be one of winnow's, proved: unless
 * libseccomp's is shorter because it is not what the rules say. Exit status 1, and the seeds, where there is none.
 *
 * What is compiled is compiled again with IMPLIED rules more for one syscall, each of which another one implies: that
 * must not change how long the filter is. Of those without a filter lint knows none
 * to have one without a try.
 */

#include "backends/bpf/sim.h"
#include "tools/lib/build.h"
#include "tools/lib/fits.h"
#include "tests/lib/argument_sets.h"
#include "tests/lib/peer.h"
#include "tests/lib/within.h"
#include "tests/lib/seeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONDS 850  /* in a profile, at most: some fill a filter, and libseccomp takes seconds */
#define IMPLIED 600 /* rules of a syscall that others imply */
#define CALLS 4096 /* that libseccomp's filter is held against the rules with */

struct job {
	const struct argument_class *class;
	uint64_t seed;
	struct peer_file file;
	size_t fit, large, none; /* profiles with a filter, with one that takes half of the room, without */
	size_t plain;            /* of which that was known without a try */
};

static bool means(const struct program *p, const struct policy *policy)
{
	struct random r = random_start(1);

	for (unsigned i = 0; i < CALLS; i++) {
		const struct call call = argument_call(&r, policy);
		if (sim_returned(sim_run(p, policy->order, &call, NULL, NULL)) != policy_decide(policy, &call)->ret)
			return false;
	}
	return true;
}

/* The shortest of libseccomp's filters; SIZE_MAX: none fits. */
static size_t theirs(struct arena *arena, struct job *job, const struct ruleset *set, const struct policy *policy)
{
	size_t least = SIZE_MAX;

	for (unsigned level = 1; level <= PEER_LEVELS; level++) {
		struct program p;
		if (peer_filter(arena, &job->file, set, level, &p) == PEER_DONE && p.len <= PROGRAM_MAX &&
			p.len < least && means(&p, policy))
			least = p.len;
	}
	return least;
}

/* --- rules that others imply --- */

/* What it asks made stricter, and perhaps one argument more; false if it would be the same. */
static bool make_stricter(struct arena *arena, struct random *r, const struct clause *from, struct clause *to)
{
	struct cond *cond = arena_alloc(arena, from->conds + 1, sizeof(*cond));
	size_t conds = 0;
	bool stricter = false;
	uint8_t other = 0;

	for (size_t i = 0; i < from->conds; i++) {
		const struct cond *c = &from->cond[i];
		if (c->arg == other)
			other++;
		cond[conds] = *c;
		uint64_t less = random_next(r) >> random_below(r, 64);
		if ((c->op == COND_LE || c->op == COND_LT) && less < c->value)
			cond[conds].value -= less;
		if ((c->op == COND_GE || c->op == COND_GT) && less < c->mask - c->value)
			cond[conds].value += less;
		stricter |= cond[conds++].value != c->value;
	}
	*to = *from;
	to->cond = cond;
	to->conds = conds;
	if (other == CALL_ARGS || (stricter && random_chance(r, 30)))
		return stricter;
	for (; conds && cond[conds - 1].arg > other; conds--)
		cond[conds] = cond[conds - 1];
	cond[conds] = (struct cond){other, COND_GE, UINT64_MAX, 1 + random_below(r, 1000)};
	to->conds++;
	return true;
}

/* The clauses in their order, and others anywhere between: all but the last have one answer. */
static struct range add_implied(struct arena *arena, struct random *r, const struct range *from)
{
	size_t left = from->clauses - 1, more = IMPLIED, count = 0;
	struct clause *clause = arena_alloc(arena, left + more + 1, sizeof(*clause));

	while (left || more) {
		bool old = random_below(r, left + more) < left;
		if (old)
			clause[count++] = from->clause[from->clauses - 1 - left];
		else
			count += make_stricter(arena, r, &from->clause[random_below(r, from->clauses - 1)],
				&clause[count]);
		left -= old;
		more -= !old;
	}
	clause[count++] = from->clause[from->clauses - 1];
	return (struct range){from->first, from->last, clause, count};
}

/* One syscall's rules have others added. */
static bool fits_with_more(struct arena *arena, const struct job *job, struct diags *diags,
	const struct filter *without)
{
	const struct policy *policy = without->policy;
	const struct domain *from = policy->domain;
	struct random r = random_start(job->seed);
	struct range *range = arena_alloc(arena, from->ranges, sizeof(*range));
	struct domain *domain = arena_alloc(arena, policy->domains, sizeof(*domain));
	struct filter f = {0};
	struct mistake mistake;
	size_t at;

	do
		at = random_below(&r, from->ranges);
	while (from->range[at].clauses == 1);
	memcpy(range, from->range, from->ranges * sizeof(*range));
	range[at] = add_implied(arena, &r, &range[at]);
	memcpy(domain, from, policy->domains * sizeof(*domain));
	domain->range = range;
	struct policy more = *policy;
	more.domain = domain;
	if (build_policy(arena, &more, NULL, diags, &f, &mistake) == BUILD_DONE &&
		f.program.len == without->program.len)
		return true;
	printf("not ok: %s, seed %llu: %zu instructions, and with rules for %u that others imply %zu\n",
		job->class->name, (unsigned long long)job->seed, without->program.len, range[at].first, f.program.len);
	return false;
}

static bool try_set(struct arena *arena, void *data)
{
	static const char *const architectures[] = {"\"SCMP_ARCH_X86_64\"", "\"SCMP_ARCH_X86_64\"",
		"\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"", "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"",
		"\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_AARCH64\",\"SCMP_ARCH_ARM\""};
	struct job *job = data;
	struct random r = random_start(job->seed);
	struct node_facts node = {.native = arch_find("x86_64", strlen("x86_64"))};
	size_t conds = 1 + random_below(&r, CONDS);
	struct buf text;
	struct diags diags;
	struct filter f = {0};
	struct mistake mistake;

	buf_init(&text, arena);
	argument_set(&text, &r, job->class, architectures[random_below(&r, countof(architectures))], conds);
	struct source source = {"set.json", text.bytes, text.len, false};
	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	const struct ruleset *set = profile ? select_rules(arena, profile, &node, &diags) : NULL;
	if (set && build_filter(arena, profile, &node, 1, NULL, &diags, &f, &mistake) == BUILD_DONE) {
		job->fit++;
		job->large += f.program.len > PROGRAM_MAX / 2;
		job->plain += fits_plainly(f.policy);
		return fits_with_more(arena, job, &diags, &f);
	}
	if (f.policy && fits_plainly(f.policy)) {
		printf("not ok: %s, seed %llu: known to have a filter, and has none\n", job->class->name,
			(unsigned long long)job->seed);
		return false;
	}
	size_t least = set && f.policy ? theirs(arena, job, set, f.policy) : 0;
	job->none += least == SIZE_MAX;
	if (least == SIZE_MAX)
		return true;
	const struct diag *d = diags.first;
	while (d && d->severity != SEVERITY_ERROR)
		d = d->next;
	printf("not ok: %s, seed %llu: libseccomp has %zu instructions, winnow none: %s\n", job->class->name,
		(unsigned long long)job->seed, least, d ? d->text : mistake.what ? mistake.what : "no memory");
	return false;
}

int main(int argc, char **argv)
{
	struct seeds seeds = {20, 1};
	struct job job = {0};
	size_t failed = 0;

	if (!seeds_read(argc, argv, &seeds))
		return 2;
	if (!peer_open(&job.file)) {
		fprintf(stderr, "fits: libseccomp cannot be asked here\n");
		return 2;
	}
	for (size_t c = 0; c < argument_class_count; c++) {
		job.class = &argument_classes[c];
		for (uint64_t i = 0; i < seeds.count; i++) {
			job.seed = seeds.first + i;
			failed += !within_arena(try_set, &job);
		}
	}
	peer_close(&job.file);
	printf("fits: %zu profiles compiled and proved, %zu of them with more than %u instructions, %zu surely; %zu have no "
	       "filter; %zu failed\n", job.fit, job.large, PROGRAM_MAX / 2, job.plain, job.none, failed);
	return failed ? 1 : 0;
}
