/*
 * merge_pairs [-v] FREQ PROFILE...: every pair of profiles merged, for x86_64.
 *
 * Profiles that mean the same are taken once. For each pair it is found out whether JSON can say the
 * intersection and the union exactly, and what the one filter of the intersection costs beside the two of the
 * pair stacked: its instructions, and those executed for a call of the mix (FREQ, over the named syscalls of
 * x86_64 with all arguments 0). Nothing is timed. With -v a line goes to standard output for each pair that
 * JSON cannot have exactly; the figures of all come at the end.
 */

#include "freq.h"

#include "../backends/bpf/sim.h"
#include "../backends/prove/hash.h"
#include "../compiler/logic/diff.h"
#include "../tests/lib/within.h"
#include "../tools/cli/files.h"
#include "../tools/lib/merged.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	const char *name;
	struct source source;
	uint8_t meaning[SHA256_SIZE];
	struct program program;
	double executed; /* for a call of the mix */
};

struct tally {
	size_t exact, refused;
	size_t without; /* exact but for ABIs that are left out */
	size_t rounded; /* on the node's own ABI or another that is listed */
};

struct bench {
	struct arena *arena;
	struct freq freq;
	struct node_facts node;
	struct entry *entry;
	size_t entries, read, pairs, over;
	bool verbose;
	struct tally intersection, unions;
	double *size, *executed; /* ratios, one filter to two */
	size_t ratios;
	double insns[2], steps[2]; /* sums: one, two */

	/* the pair at hand */
	const struct entry *pair[2];
};

/* --- costs --- */

static double mean_executed(const struct bench *b, const struct program *p)
{
	struct call call = {.arch = b->node.native->audit};
	double sum = 0, weight = 0;
	size_t executed;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (!arch_nr(b->node.native, (uint16_t)id, &call.nr))
			continue;
		sim_run(p, b->node.native->order, &call, &executed, NULL);
		sum += b->freq.count[id] * (double)executed;
		weight += b->freq.count[id];
	}
	return sum / weight;
}

static void add_costs(struct bench *b, const struct program *p)
{
	const struct entry *one = b->pair[0], *other = b->pair[1];
	double insns = (double)(one->program.len + other->program.len), steps = one->executed + other->executed;
	double executed = mean_executed(b, p);

	b->size[b->ratios] = (double)p->len / insns;
	b->executed[b->ratios++] = executed / steps;
	b->insns[0] += (double)p->len;
	b->insns[1] += insns;
	b->steps[0] += executed;
	b->steps[1] += steps;
}

/* --- profiles --- */

static const struct profile *read_side(struct arena *arena, const struct source *source, struct diags *diags)
{
	diags_init(diags, arena, source);
	return build_profile(arena, source, diags);
}

/* What a file means, once; false: it cannot be read for this node, or means what another one does. */
static bool add_entry(struct arena *arena, void *data)
{
	struct bench *b = data;
	struct entry *e = &b->entry[b->entries];
	struct diags diags;
	struct filter filter;
	struct mistake mistake;
	const struct profile *profile = read_side(arena, &e->source, &diags);

	if (!profile || build_filter(arena, profile, &b->node, 1, NULL, &diags, &filter, &mistake) != BUILD_DONE ||
		!hash_program(arena, &filter.program, b->node.native->order, e->meaning))
		return false;
	b->read++;
	for (size_t i = 0; i < b->entries; i++) {
		if (memcmp(b->entry[i].meaning, e->meaning, SHA256_SIZE) == 0)
			return false;
	}
	struct insn *insn = arena_raw(b->arena, filter.program.len, sizeof(*insn));
	memcpy(insn, filter.program.insn, filter.program.len * sizeof(*insn));
	e->program = (struct program){.insn = insn, .len = filter.program.len};
	e->executed = mean_executed(b, &e->program);
	b->entries++;
	return true;
}

static void read_entries(struct bench *b, char **path, size_t count)
{
	b->entry = arena_alloc(b->arena, count, sizeof(*b->entry));
	for (size_t i = 0; i < count; i++) {
		struct entry *e = &b->entry[b->entries];
		const char *slash = strrchr(path[i], '/');
		e->name = slash ? slash + 1 : path[i];
		if (files_read(b->arena, path[i], SOURCE_MAX, &e->source))
			within_arena(add_entry, b);
	}
}

/* --- pairs --- */

static const char *say(struct arena *arena, struct merge *m, struct tally *t)
{
	struct merge_json json = {.exact = false};
	struct mistake mistake;
	enum build built = merge_write(arena, m, RESTATE_STRICTER, &json, &mistake);

	if (built == BUILD_MISTAKEN)
		exit(fprintf(stderr, "merge_pairs: %s\n", mistake.what));
	if (built != BUILD_DONE) {
		t->refused++;
		return "not to be had";
	}
	if (json.exact) {
		t->exact++;
		return NULL;
	}
	bool without = merge_difference(m, &json) == bdd_leaf(&m->bdd, DIFF_SAME);
	*(without ? &t->without : &t->rounded) += 1;
	return without ? "without ABIs" : "rounded";
}

static bool try_pair(struct arena *arena, void *data)
{
	struct bench *b = data;

	for (unsigned how = STACK_STRICTEST; how <= STACK_LAXEST; how++) {
		struct merge_side side[2];
		struct diags diags[3];
		struct mistake mistake;
		struct filter filter;
		struct merge m = {.how = (enum stacked)how, .side = side, .sides = 2, .node = &b->node, .nodes = 1,
			.json = true, .diags = &diags[2]};
		diags_init(&diags[2], arena, NULL);
		for (size_t i = 0; i < 2; i++)
			side[i] = (struct merge_side){.name = b->pair[i]->name, .diags = &diags[i],
				.profile = read_side(arena, &b->pair[i]->source, &diags[i])};
		if (merge_policy(arena, &m, &mistake) != BUILD_DONE)
			return false;
		const char *not_exact = say(arena, &m, how == STACK_STRICTEST ? &b->intersection : &b->unions);
		if (not_exact && b->verbose)
			printf("%s\t%s\t%s\t%s\n", how == STACK_STRICTEST ? "intersection" : "union", not_exact,
				side[0].name, side[1].name);
		if (how == STACK_STRICTEST &&
			build_policy(arena, m.policy, NULL, &diags[2], &filter, &mistake) == BUILD_DONE)
			add_costs(b, &filter.program);
	}
	return true;
}

static int by_size(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

static void print_ratio(const char *what, double *ratio, size_t count, double one, double two)
{
	qsort(ratio, count, sizeof(*ratio), by_size);
	printf("%s: one filter %.2f, two stacked %.2f in the mean; ratio of the sums %.3f, median %.3f, from %.3f to %.3f\n",
		what, one / (double)count, two / (double)count, one / two, ratio[count / 2], ratio[0],
		ratio[count - 1]);
}

static void print_tally(const char *what, const struct tally *t)
{
	printf("%s in JSON: %zu exact, %zu exact without ABIs that are left out, %zu rounded, %zu not to be had\n", what,
		t->exact, t->without, t->rounded, t->refused);
}

static void print_all(struct bench *b, size_t files)
{
	printf("%zu files, %zu of them profiles that compile for %s, %zu different meanings; %zu pairs, %zu not merged\n",
		files, b->read, b->node.native->name, b->entries, b->pairs, b->over);
	print_tally("intersections", &b->intersection);
	print_tally("unions", &b->unions);
	if (!b->ratios)
		return;
	print_ratio("instructions", b->size, b->ratios, b->insns[0], b->insns[1]);
	print_ratio("executed for a call of the mix", b->executed, b->ratios, b->steps[0], b->steps[1]);
}

static int run(struct bench *b, char **file, size_t files)
{
	struct arena arena;

	arena_init(&arena, BUILD_ARENA);
	if (setjmp(arena.out))
		return 1;
	b->arena = &arena;
	b->node = (struct node_facts){.native = arch_find("x86_64", strlen("x86_64"))};
	if (!freq_read(&arena, file[0], &b->freq))
		return 1;
	read_entries(b, file + 1, files - 1);
	b->size = arena_alloc(&arena, b->entries * b->entries / 2 + 1, sizeof(*b->size));
	b->executed = arena_alloc(&arena, b->entries * b->entries / 2 + 1, sizeof(*b->executed));
	for (size_t i = 0; i < b->entries; i++) {
		for (size_t k = i + 1; k < b->entries; k++, b->pairs++) {
			b->pair[0] = &b->entry[i];
			b->pair[1] = &b->entry[k];
			b->over += !within_arena(try_pair, b);
		}
	}
	print_all(b, files - 1);
	arena_free(&arena);
	return 0;
}

int main(int argc, char **argv)
{
	static struct bench b;

	b.verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	if (argc < 3 + b.verbose) {
		fprintf(stderr, "usage: merge_pairs [-v] FREQ PROFILE...\n");
		return 2;
	}
	return run(&b, argv + 1 + b.verbose, (size_t)argc - 1 - b.verbose);
}
