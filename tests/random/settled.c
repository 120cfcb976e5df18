/*
 * What resolve writes, compiled by libseccomp, against what the profile means.
 *
 *   settled [-n COUNT] [-s SEED]
 *
 * Random profiles whose rules are of every kind that lint says libseccomp may compile wrongly (N061), until
 * resolve has rewritten COUNT of them so that none of their rules is named any more. The JSON it wrote is read
 * again, loaded by libseccomp at both levels of optimisation, and either filter is proved to be what the profile
 * means, for every call. Those that had nothing to rewrite are proved as well; those still named are counted only,
 * for libseccomp may do anything with them. A child asks, so that one that never comes back ends itself alone.
 *
 * Exit status 1 if a filter differs, or libseccomp refuses or is lost.
 */

#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "backends/prove/prove.h"
#include "compiler/meaning/classes.h"
#include "compiler/meaning/rules.h"
#include "tools/lib/build.h"
#include "tools/lib/flatten_proved.h"
#include "tests/lib/versus.h"
#include "tests/lib/within.h"
#include "tests/lib/seeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 60 /* seconds for one */

static const struct sample_class classes[] = {
	{.name = "one action", .names = 1, .rules = 3, .conds = 2, .actions = 1, .plain = 2, .ops = ANY_OP, .wide = true},
	{.name = "several actions", .names = 1, .rules = 3, .conds = 2, .actions = 2, .plain = 2, .ops = ANY_OP},
	{.name = "socket and IPC names", .names = 3, .rules = 4, .conds = 2, .actions = 2, .plain = 10,
		.ops = ANY_OP, .multiplexed = true},
	{.name = "few names", .names = 4, .rules = 5, .conds = 1, .actions = 2, .plain = 5, .ops = ANY_OP},
	{.name = "equalities", .names = 2, .rules = 5, .conds = 3, .actions = 3,
		.ops = OP_BIT(OP_EQ) | OP_BIT(OP_MASKED_EQ), .wide = true},
	{.name = "EQ, several actions", .names = 2, .rules = 5, .conds = 3, .actions = 3, .ops = OP_BIT(OP_EQ), .wide = true},
	{.name = "a rule for each name", .names = 4, .rules = 4, .conds = 3, .actions = 2, .ops = OP_BIT(OP_EQ), .once = true},
};

enum outcome { PASSED_BY, NAMED, AS_IT_WAS, SETTLED, DIFFERS, OUTCOMES };

struct tally {
	uint64_t next; /* seed */
	uint64_t count[countof(classes)][OUTCOMES], lost;
};

struct trial {
	struct versus versus;
	const struct abi *native;
	struct sample sample;
	enum outcome outcome;
};

static bool is_named(const struct diags *diags)
{
	const struct diag *d = diags->first;

	while (d && d->id != DIAG_LIBSECCOMP_CLASS)
		d = d->next;
	return d;
}

/* Is every ABI, and every name on each, to libseccomp what it is to us? */
static bool is_common(const struct ruleset *set)
{
	for (size_t i = 0; i < set->abis; i++) {
		if (!peer_has_abi(set->abi[i]))
			return false;
	}
	for (size_t i = 0; i < set->rules; i++) {
		if (!peer_agrees(set, set->rule[i].syscall))
			return false;
	}
	return true;
}

static const struct ruleset *read_text(
	struct arena *arena, const struct buf *text, const struct node_facts *node, struct diags *diags)
{
	struct source *source = arena_alloc(arena, 1, sizeof(*source));

	*source = (struct source){.name = "settled.json", .bytes = text->bytes, .len = text->len};
	diags_init(diags, arena, source);
	const struct profile *profile = build_profile(arena, source, diags);
	return profile ? select_rules(arena, profile, node, diags) : NULL;
}

/* libseccomp's filters for what was written against what was meant. */
static bool holds(struct arena *arena, struct trial *t, const struct ruleset *written, const struct ruleset *meant)
{
	struct ruleset runtimes = *meant; /* which refuse no foreign numbers */
	const struct ruleset *set = &runtimes;
	struct witness witness;
	struct diags diags;

	runtimes.refuses_foreign = false;
	diags_init(&diags, arena, NULL);
	const struct policy *policy = rules_policy(arena, &set, 1, &diags);
	t->versus.set = written;
	if (!policy || versus_peers(arena, &t->versus) != PEER_DONE) {
		printf("  libseccomp does not take it\n");
		return false;
	}
	for (unsigned i = 0; i < PEER_LEVELS; i++) {
		if (prove(arena, &t->versus.theirs[i], policy, &witness) != PROOF_HOLDS) {
			printf("  level %u: %s: %#x, meant %#x, number %u of %#x, arguments %#llx %#llx %#llx\n", i + 1,
				witness.why, witness.program, witness.policy, witness.call.nr, witness.call.arch,
				(unsigned long long)witness.call.args[0], (unsigned long long)witness.call.args[1],
				(unsigned long long)witness.call.args[2]);
			return false;
		}
	}
	return true;
}

static bool run_trial(struct arena *arena, void *data)
{
	struct trial *t = data;
	struct node_facts node = {.native = t->native};
	struct buf text, json;
	struct diags was, said, again;
	struct mistake mistake;

	buf_init(&text, arena);
	sample_write(&text, &t->sample);
	const struct ruleset *meant = read_text(arena, &text, &node, &was);
	if (!meant || !is_common(meant) || !rules_policy(arena, &meant, 1, &was))
		return true;
	classes_check(arena, meant, &was);
	diags_init(&said, arena, was.source);
	const struct profile *profile = build_profile(arena, was.source, &said);
	t->outcome = DIFFERS;
	if (flatten_proved(arena, profile, &node, NULL, &said, &json, &mistake) != BUILD_DONE) {
		printf("  not resolved on %s: %s\n%.*s", t->native->name, mistake.what ? mistake.what : said.first->text,
			(int)text.len, text.bytes);
		return false;
	}
	const struct ruleset *written = read_text(arena, &json, &node, &again);
	t->outcome = is_named(&said) ? NAMED : is_named(&was) ? SETTLED : AS_IT_WAS;
	if (t->outcome == NAMED || holds(arena, t, written, meant))
		return true;
	t->outcome = DIFFERS;
	printf("  on %s:\n%.*s  written:\n%.*s", t->native->name, (int)text.len, text.bytes, (int)json.len, json.bytes);
	return true;
}

static void try_seed(struct peer_file *file, uint64_t seed, struct tally *tally)
{
	static struct trial t;
	struct random random = random_start(seed);
	size_t class = random_below(&random, countof(classes));

	t = (struct trial){.versus = {.file = *file, .quiet = true}};
	do
		t.native = &arch_abis[random_below(&random, arch_abi_count)];
	while (t.native->guest || !peer_has_abi(t.native));
	sample_make(&random, &classes[class], t.native, &t.sample);
	t.sample.natives = 1;
	if (random_chance(&random, 50))
		t.sample.subs = 0;
	t.sample.mapped &= t.sample.subs > 0;
	if (!within_arena(run_trial, &t))
		t.outcome = DIFFERS;
	tally->count[class][t.outcome]++;
	if (t.outcome == DIFFERS)
		printf("DIFFERENCE: seed %llu, %s\n", (unsigned long long)seed, classes[class].name);
	fflush(stdout);
}

static uint64_t settled(const struct tally *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < countof(classes); i++)
		n += t->count[i][SETTLED];
	return n;
}

static bool run(struct peer_file *file, struct tally *t, uint64_t count)
{
	int status;

	while (settled(t) < count) {
		fflush(stdout);
		pid_t child = fork();
		if (child == 0) {
			while (settled(t) < count) {
				alarm(PATIENCE);
				try_seed(file, t->next++, t);
			}
			_exit(0);
		}
		if (child < 0 || waitpid(child, &status, 0) != child || (WIFEXITED(status) && WEXITSTATUS(status)))
			return false;
		if (!WIFSIGNALED(status))
			continue;
		t->lost++;
		printf("DIFFERENCE: seed %llu: lost with signal %d\n", (unsigned long long)t->next - 1, WTERMSIG(status));
	}
	return true;
}

int main(int argc, char **argv)
{
	struct peer_file file;
	struct seeds seeds = {1000, 1};
	uint64_t differences;
	char version[32];

	if (!seeds_read(argc, argv, &seeds))
		return 2;
	struct tally *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (t == MAP_FAILED || !peer_open(&file)) {
		fprintf(stderr, "settled: libseccomp cannot be asked here\n");
		return 2;
	}
	t->next = seeds.first;
	if (!run(&file, t, seeds.count))
		return 2;
	peer_version(version);
	differences = t->lost;
	printf("libseccomp %s, what resolve wrote: rewritten, as it was, named and not asked, no common profile, differences\n",
		version);
	for (size_t i = 0; i < countof(classes); i++) {
		const uint64_t *n = t->count[i];
		differences += n[DIFFERS];
		printf("  %-21s %6llu %6llu %6llu %6llu %6llu\n", classes[i].name, (unsigned long long)n[SETTLED],
			(unsigned long long)n[AS_IT_WAS], (unsigned long long)n[NAMED], (unsigned long long)n[PASSED_BY],
			(unsigned long long)n[DIFFERS]);
	}
	return differences ? 1 : 0;
}
