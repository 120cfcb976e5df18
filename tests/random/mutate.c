/*
 * mutate [-e EVERY] [-r COUNT] [PROFILE[:ARCH]...]: does the prover catch every mutant?
 *
 * Good filters, of the PROFILEs and of COUNT random ones, have each instruction changed in every way
 * that is worth a thought: another opcode, other jumps, other constants, the instruction gone or there
 * twice. The prover is asked about each mutant the kernel would take, and its answer held against
 * brute force: the mutant is run on all calls at the edges of the policy whose way leads through the
 * changed instruction (no others can differ), and on these with each word set to what the instruction
 * compared with before and after.
 *
 *   a call where the mutant answers otherwise: it must be refuted
 *   refuted: the witness must be a call where it answers otherwise
 *   equal: no call tried may differ
 *   not decided: only where a word of the call is returned, multiplied or divided (symbolic.h)
 *
 * Once for returned values, as compile's own proof asks, and once for what the kernel makes of them,
 * as verify does. -e takes each EVERY-th mutant only. What goes wrong is printed; exit status 1.
 */

#define _DEFAULT_SOURCE /* mallopt() */

#include "backends/bpf/bytes.h"
#include "backends/bpf/check.h"
#include "compiler/logic/diff.h"
#include "compiler/logic/meaning.h"
#include "backends/bpf/sim.h"
#include "backends/prove/symbolic.h"
#include "backends/bpf/trailer.h"
#include "compiler/logic/verdict.h"
#include "tools/lib/build.h"
#include "tests/lib/boundary.h"
#include "tests/lib/mutants.h"
#include "tests/lib/within.h"
#include "tests/lib/seeds.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NEAR_CALLS 4  /* through an instruction, whose words are set in turn */
#define NEAR       12 /* values for each word of them */
#define RANDOM_TEXT_MAX 3000 /* bytes of a random profile */

struct tally {
	uint64_t mutants, refused, refuted, equal, undecided;
	uint64_t unread; /* of the refuted: the kernel treats every call the same */
	uint64_t calls, wrong;
};

struct good {
	struct arena *arena;
	const char *name;
	const struct policy *policy;
	struct program program;
	struct call *call; /* at the edges of the policy */
	uint32_t *decided; /* what the policy says of each */
	size_t calls, room;
	uint32_t **through; /* by pc: calls, by index */
	size_t *throughs, *through_room;
	size_t at; /* the call being run */
	struct tally tally;
};

/* --- calls --- */

static bool keep_call(void *data, const struct call *call)
{
	struct good *g = data;

	if (g->calls == g->room) {
		g->call = arena_grow(g->arena, g->call, g->room, 2 * g->room, sizeof(*g->call));
		g->decided =
			arena_grow(g->arena, g->decided, g->room, 2 * g->room, sizeof(*g->decided));
		g->room *= 2;
	}
	g->decided[g->calls] = policy_decide(g->policy, call)->ret;
	g->call[g->calls++] = *call;
	return true;
}

static void note_step(void *data, size_t pc, const struct sim_reg *a, const struct sim_reg *x)
{
	struct good *g = data;

	(void)a;
	(void)x;
	if (g->throughs[pc] == g->through_room[pc]) {
		size_t room = g->through_room[pc] ? 2 * g->through_room[pc] : 16;
		g->through[pc] = arena_grow(g->arena, g->through[pc], g->throughs[pc], room,
			sizeof(*g->through[pc]));
		g->through_room[pc] = room;
	}
	g->through[pc][g->throughs[pc]++] = (uint32_t)g->at;
}

/* False: the filter is not good. */
static bool find_calls(struct good *g, uint64_t seed)
{
	struct random random = random_start(seed);
	const struct boundary boundary = {.policy = g->policy,
		.args_max = UINT64_MAX,
		.rounds = 1,
		.visit = keep_call,
		.data = g};
	const struct sim_trace trace = {note_step, g};

	g->room = 1024;
	g->call = arena_alloc(g->arena, g->room, sizeof(*g->call));
	g->decided = arena_alloc(g->arena, g->room, sizeof(*g->decided));
	g->through = arena_alloc(g->arena, g->program.len, sizeof(*g->through));
	g->throughs = arena_alloc(g->arena, g->program.len, sizeof(*g->throughs));
	g->through_room = arena_alloc(g->arena, g->program.len, sizeof(*g->through_room));
	boundary_visit(&random, &boundary);
	for (g->at = 0; g->at < g->calls; g->at++) {
		if (sim_run(&g->program, g->policy->order, &g->call[g->at], NULL, &trace) !=
			g->decided[g->at])
			return false;
	}
	return true;
}

/* --- brute force --- */

/* What a mutant does on the calls tried. */
struct tried {
	bool returns, does; /* another value; something else */
	struct call call;   /* where */
};

static void try_call(struct good *g, const struct program *mutant, const struct call *call,
	uint32_t decided, struct tried *t)
{
	uint32_t ret = sim_returned(sim_run(mutant, g->policy->order, call, NULL, NULL));

	g->tally.calls++;
	if (ret == decided || (t->returns && verdict_of(ret) == verdict_of(decided)))
		return;
	t->returns = true;
	t->does = verdict_of(ret) != verdict_of(decided);
	t->call = *call;
}

static void set_word(struct call *c, unsigned word, uint32_t value)
{
	uint64_t *field = word < WORD_ARG_LO ? &c->ip : &c->args[(word - WORD_ARG_LO) / 2];

	if (word == WORD_NR)
		c->nr = value;
	else if (word == WORD_ARCH)
		c->arch = value;
	else if (word % 2)
		*field = (*field & UINT32_MAX) | (uint64_t)value << 32;
	else
		*field = (*field & ~(uint64_t)UINT32_MAX) | value;
}

/* Calls through the instruction, with each word near the constants that it had and has. */
static void try_near(struct good *g, const struct program *mutant, const struct mutation *m,
	const struct call *from, struct tried *t)
{
	const uint32_t value[] = {m->was.k, m->is.k, m->was.k ^ m->is.k, ~m->was.k};

	for (unsigned word = 0; word < WORDS; word++) {
		for (unsigned i = 0; i < NEAR && !t->does; i++) {
			struct call call = *from;
			set_word(&call, word, value[i / 3] + i % 3 - 1);
			try_call(g, mutant, &call, policy_decide(g->policy, &call)->ret, t);
		}
	}
}

static struct tried try_calls(struct good *g, const struct program *mutant, const struct mutation *m)
{
	struct tried t = {.returns = false};
	size_t count = g->throughs[m->pc], step = count / NEAR_CALLS + 1;

	for (size_t i = 0; i < count && !t.does; i++) {
		uint32_t at = g->through[m->pc][i];
		try_call(g, mutant, &g->call[at], g->decided[at], &t);
	}
	for (size_t i = 0; i < count && !t.does; i += step)
		try_near(g, mutant, m, &g->call[g->through[m->pc][i]], &t);
	return t;
}

/* --- proofs --- */

static bool complain(struct good *g, const struct mutation *m, const char *what,
	const struct call *call)
{
	g->tally.wrong++;
	printf("  FAIL  %s: %s at %zu: {%#x, %u, %u, %#x} -> {%#x, %u, %u, %#x}: %s\n", g->name,
		mutation_names[m->kind], m->pc, m->was.code, m->was.jt, m->was.jf, m->was.k,
		m->is.code, m->is.jt, m->is.jf, m->is.k, what);
	if (call) {
		printf("        arch %#x nr %u ip %#llx", call->arch, call->nr,
			(unsigned long long)call->ip);
		for (unsigned i = 0; i < CALL_ARGS; i++)
			printf(" %#llx", (unsigned long long)call->args[i]);
		printf("\n");
	}
	return false;
}

static bool may_give_up(struct good *g, const struct mutation *m)
{
	g->tally.undecided++;
	return mutants_costly(m->is.code);
}

/* Returned values, as prove() compares them. */
static bool judge_values(struct arena *arena, struct good *g, const struct program *mutant,
	const struct mutation *m, const struct tried *t, bool *refuted)
{
	struct witness w;
	enum proof proof = prove(arena, mutant, g->policy, &w);

	*refuted = proof == PROOF_FAILS;
	if (proof == PROOF_UNDECIDED)
		return may_give_up(g, m) || complain(g, m, w.why, NULL);
	if (proof == PROOF_HOLDS)
		return !t->returns || complain(g, m, "the prover misses it", &t->call);
	uint32_t ret = sim_returned(sim_run(mutant, g->policy->order, &w.call, NULL, NULL));
	uint32_t decided = policy_decide(g->policy, &w.call)->ret;
	return (ret != decided && w.program == ret && w.policy == decided) ||
		complain(g, m, "the witness is none", &w.call);
}

/* Verdicts, as verify compares them. */
static bool judge_verdicts(struct arena *arena, struct good *g, const struct program *mutant,
	const struct mutation *m, const struct tried *t, bool *refuted)
{
	struct call call;
	struct bdd b;

	bdd_init(&b, arena);
	uint32_t difference = diff_function(&b, meaning_policy(&b, g->policy),
		symbolic_run(&b, mutant, g->policy->order));
	if (b.full)
		return complain(g, m, "the comparison is given up", NULL);
	*refuted = difference != bdd_leaf(&b, DIFF_SAME);
	if (!*refuted)
		return !t->does || complain(g, m, "the comparison misses it", &t->call);
	uint64_t leaf = diff_witness(&b, difference, &call);
	uint32_t verdict =
		verdict_of(sim_returned(sim_run(mutant, g->policy->order, &call, NULL, NULL)));
	uint32_t wanted = verdict_of(policy_decide(g->policy, &call)->ret);
	return (verdict != wanted && diff_left(leaf) == wanted && diff_right(leaf) == verdict) ||
		complain(g, m, "the comparison's witness is none", &call);
}

struct judged {
	struct good *good;
	const struct program *mutant;
	const struct mutation *mutation;
};

static bool judge(struct arena *arena, void *data)
{
	const struct judged *j = data;
	struct good *g = j->good;
	struct fault *fault;
	bool by_value, by_verdict;

	g->tally.mutants++;
	if (check_program(arena, j->mutant, &fault)) {
		g->tally.refused++;
		return true;
	}
	const struct tried tried = try_calls(g, j->mutant, j->mutation);
	uint64_t undecided = g->tally.undecided;
	if (!judge_values(arena, g, j->mutant, j->mutation, &tried, &by_value))
		return false;
	if (g->tally.undecided != undecided)
		return true;
	if (!judge_verdicts(arena, g, j->mutant, j->mutation, &tried, &by_verdict))
		return false;
	if (by_verdict && !by_value)
		return complain(g, j->mutation, "equal values, but different verdicts", NULL);
	g->tally.refuted += by_value;
	g->tally.equal += !by_value;
	g->tally.unread += by_value && !by_verdict;
	return true;
}

static bool visit_mutant(void *data, const struct program *mutant, const struct mutation *m)
{
	struct judged j = {data, mutant, m};

	within_arena(judge, &j);
	return j.good->tally.wrong < 10;
}

/* --- filters --- */

static struct tally total;

static void print_tally(const char *name, size_t insns, const struct tally *t)
{
	printf("%-32s %5zu %8llu %8llu %8llu %7llu %6llu %9llu %11llu %5llu\n", name,
		insns,
		(unsigned long long)t->mutants, (unsigned long long)t->refused,
		(unsigned long long)t->refuted, (unsigned long long)t->unread,
		(unsigned long long)t->equal, (unsigned long long)t->undecided,
		(unsigned long long)t->calls,
		(unsigned long long)t->wrong);
	fflush(stdout);
}

static void add_tally(const struct tally *t)
{
	total.mutants += t->mutants;
	total.refused += t->refused;
	total.refuted += t->refuted;
	total.equal += t->equal;
	total.unread += t->unread;
	total.undecided += t->undecided;
	total.calls += t->calls;
	total.wrong += t->wrong;
}

/* With a trailer, whose words no change of can matter. */
static struct program describe(struct arena *arena, const struct program *p)
{
	const struct trailer t = {.text = "by=mutate\n"};
	struct program with;

	return trailer_add(arena, p, &t, &with) ? with : *p;
}

struct filter_of {
	const char *name;
	const struct source source;
	const struct abi *native;
	uint64_t every;
	bool trailer;
};

static bool try_filter(struct arena *arena, void *data)
{
	const struct filter_of *of = data;
	const struct node_facts node = {.native = of->native};
	struct good g = {.arena = arena, .name = of->name};
	struct diags diags;
	struct mistake mistake;
	struct filter filter;

	diags_init(&diags, arena, &of->source);
	const struct profile *profile = build_profile(arena, &of->source, &diags);
	if (!profile || build_filter(arena, profile, &node, 1, NULL, &diags, &filter, &mistake) !=
			BUILD_DONE)
		return false;
	g.policy = filter.policy;
	g.program = of->trailer ? describe(arena, &filter.program) : filter.program;
	if (!find_calls(&g, 1))
		return false;
	mutants_visit(arena, &g.program, of->every, visit_mutant, &g);
	print_tally(of->name, g.program.len, &g.tally);
	add_tally(&g.tally);
	return true;
}

struct random_filter {
	uint64_t seed, every;
};

/* False: it is a conflict, or larger than is worth the time. */
static bool try_sample(struct arena *arena, void *data)
{
	const struct random_filter *r = data;
	struct random random = random_start(r->seed);
	static struct sample sample;
	const struct abi *native;
	struct buf text;
	char name[64];

	native = seeds_node(&random, 0);
	sample_make(&random, &sample_classes[r->seed % sample_class_count], native, &sample);
	buf_init(&text, arena);
	sample_write(&text, &sample);
	snprintf(name, sizeof(name), "random %llu on %s", (unsigned long long)r->seed, native->name);
	struct filter_of of = {
		name, {"sample.json", text.bytes, text.len, false}, native, r->every, false};
	return text.len < RANDOM_TEXT_MAX && try_filter(arena, &of);
}

static void try_random(uint64_t count, uint64_t every)
{
	struct random_filter r = {.every = every};

	for (uint64_t done = 0; done < count; r.seed++)
		done += within_arena(try_sample, &r);
}

/* PROFILE[:ARCH], x86_64 if it does not say. */
static bool try_file(struct arena *arena, void *data)
{
	struct filter_of *of = data;
	const char *colon = strrchr(of->name, ':');
	const char *arch = colon ? colon + 1 : "x86_64";
	char *path = arena_text(
		arena, of->name, colon ? (size_t)(colon - of->name) : strlen(of->name));
	char *bytes = arena_alloc(arena, SOURCE_MAX, 1), *slash = strrchr(path, '/');
	FILE *file = fopen(path, "rb");
	struct buf name;

	if (!file)
		return false;
	size_t len = fread(bytes, 1, SOURCE_MAX, file);
	fclose(file);
	buf_init(&name, arena);
	buf_printf(&name, "%s %s", slash ? slash + 1 : path, arch);
	buf_add(&name, "", 1);
	struct filter_of made = {name.bytes, {path, bytes, len, false}, arch_find(arch, strlen(arch)),
		of->every, of->trailer};
	return made.native && within_arena(try_filter, &made);
}

/* --- the program --- */

static bool parse(const char *text, uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 0);
	return *text && !*end;
}

int main(int argc, char **argv)
{
	uint64_t every = 1, count = 0;
	int letter;

	while ((letter = getopt(argc, argv, "e:r:")) != -1) {
		if (letter == '?' || !parse(optarg, letter == 'e' ? &every : &count) || !every) {
			fprintf(stderr, "usage: mutate [-e EVERY] [-r COUNT] [PROFILE[:ARCH]...]\n");
			return 2;
		}
	}
#ifdef __GLIBC__
	/* what an arena gives back is wanted again at once */
	mallopt(M_MMAP_THRESHOLD, 256 << 20);
	mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
	printf("%-32s %5s %8s %8s %8s %7s %6s %9s %11s %5s\n", "filter", "insns", "mutants",
		"illegal", "refuted", "unread", "equal", "undecided", "calls run", "wrong");
	for (int i = optind; i < argc; i++) {
		struct filter_of of = {.name = argv[i], .every = every, .trailer = i == optind};
		if (!within_arena(try_file, &of)) {
			fprintf(stderr, "mutate: %s: no filter can be made of it\n", argv[i]);
			return 2;
		}
	}
	try_random(count, every);
	print_tally("all", 0, &total);
	if (!total.refuted || !total.equal)
		printf("  FAIL  nothing was refuted, or nothing equal: this tested nothing\n");
	return total.wrong || !total.refuted || !total.equal;
}
