/*
 * What libseccomp refuses to load and what winnow says it does, rule set by rule set.
 *
 *   refused [-n COUNT] [-s SEED]
 *
 * Small random sets of rules with different actions, on one syscall of one ABI, whose conditions are of few
 * values so that they meet often: any operator, both halves of a word, whole masks, up to three
 * conditions, names that the ABI lacks. One line for each difference, with the rules; then how many there
 * were. libseccomp may never come back or corrupt its memory while rules are added, so a
 * child asks, and what it died of is counted and no difference. Exit status 1 if there was a difference.
 */

#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, setitimer() */

#include "compiler/meaning/rules.h"
#include "tests/lib/peer.h"
#include "tests/lib/random.h"
#include "tests/lib/seeds.h"
#include "tests/lib/within.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define RULES_MAX 6
#define PATIENCE  50000 /* microseconds for one */

struct set {
	struct ruleset set;
	const struct abi *abi;
	struct rule rule[RULES_MAX];
	struct profile_cond cond[RULES_MAX][3];
};

struct tally {
	uint64_t sets, refused, differences, lost;
};

static uint64_t random_value(struct random *r)
{
	static const uint64_t values[] = {0, 5, 7, 0x100000005, 0x100000007, 0x200000005, UINT64_MAX, 5, 7};

	return values[random_below(r, countof(values))];
}

static uint64_t random_mask(struct random *r)
{
	static const uint64_t masks[] = {UINT64_MAX, UINT64_MAX, UINT32_MAX, 0xff, 0xffffffff00000000, 0};

	return masks[random_below(r, countof(masks))];
}

static void make_rule(struct random *r, struct set *s, size_t i, uint16_t id, unsigned ops)
{
	struct rule *rule = &s->rule[i];
	unsigned used = 0;

	*rule = (struct rule){.syscall = id, .ret = action_ret(ACTION_ERRNO, (uint16_t)(11 + random_below(r, 3))),
		.cond = s->cond[i], .at = NOWHERE, .len = 1};
	size_t conds = random_chance(r, 2) ? 0 : 1 + random_below(r, 3);
	while (rule->conds < conds) {
		struct profile_cond *c = &s->cond[i][rule->conds];
		unsigned index = random_below(r, 3);
		enum profile_op op = (enum profile_op)random_below(r, PROFILE_OPS);
		if (used >> index & 1 || !(ops & OP_BIT(op)))
			continue;
		used |= 1u << index;
		*c = (struct profile_cond){.index = (uint8_t)index, .op = op, .value = random_value(r)};
		if (op == OP_MASKED_EQ) {
			c->value_two = c->value;
			c->value = random_mask(r);
		}
		rule->conds++;
	}
}

static void make_set(struct random *r, struct set *s)
{
	static const char *const names[] = {"ioctl", "ioctl", "ioctl", "stat64", "arch_prctl", "waitpid"};
	const char *name = names[random_below(r, countof(names))];
	unsigned ops = random_chance(r, 50) ? ANY_OP : 1 + random_below(r, ANY_OP);
	uint16_t id = NAME_UNKNOWN;

	arch_syscall_find(name, strlen(name), &id);
	do
		s->abi = &arch_abis[random_below(r, arch_abi_count)];
	while (s->abi->guest || !peer_has_abi(s->abi));
	s->set = (struct ruleset){.abi = &s->abi, .abis = 1, .default_ret = RET_ALLOW, .default_at = NOWHERE,
		.rule = s->rule, .rules = 2 + random_below(r, RULES_MAX - 1)};
	for (size_t i = 0; i < s->set.rules; i++)
		make_rule(r, s, i, id, ops);
}

static const char *const ops[PROFILE_OPS] = {[OP_NE] = "NE", [OP_LT] = "LT", [OP_LE] = "LE", [OP_EQ] = "EQ",
	[OP_GE] = "GE", [OP_GT] = "GT", [OP_MASKED_EQ] = "MASKED_EQ"};

static void print_set(const struct set *s)
{
	for (size_t i = 0; i < s->set.rules; i++) {
		const struct rule *rule = &s->rule[i];
		printf("  %s {", arch_syscall_name(rule->syscall));
		for (size_t k = 0; k < rule->conds; k++) {
			const struct profile_cond *c = &rule->cond[k];
			printf(" a%u %s %#llx/%#llx", c->index, ops[c->op], (unsigned long long)c->value,
				(unsigned long long)c->value_two);
		}
		printf(" } -> %u\n", RET_DATA(rule->ret));
	}
}

struct ask {
	struct peer_file *file;
	struct set *set;
	bool theirs, ours;
};

static bool ask(struct arena *arena, void *data)
{
	struct ask *a = data;
	struct source source = {.name = "refused", .bytes = ""};
	struct diags diags;
	const struct ruleset *set = &a->set->set;

	a->theirs = peer_refuses(set);
	diags_init(&diags, arena, &source);
	a->ours = !rules_policy(arena, &set, 1, &diags);
	return true;
}

/* Shared with the child that asks: where it is, and what it found. */
struct progress {
	struct tally tally;
	uint64_t next; /* seed */
};

static void try_set(struct peer_file *file, uint64_t seed, struct tally *t)
{
	static struct set set;
	struct random random = random_start(seed);
	struct ask a = {.file = file, .set = &set};

	make_set(&random, &set);
	if (!peer_agrees(&set.set, set.rule[0].syscall))
		return;
	if (!within_arena(ask, &a))
		_exit(2);
	t->sets++;
	t->refused += a.theirs;
	if (a.theirs == a.ours)
		return;
	t->differences++;
	printf("seed %llu, %s: %s alone refuses\n", (unsigned long long)seed, set.abi->name,
		a.ours ? "winnow" : "libseccomp");
	print_set(&set);
	fflush(stdout);
}

static void run_child(struct peer_file *file, struct progress *p, uint64_t end)
{
	const struct itimerval patience = {.it_value = {.tv_usec = PATIENCE}};

	while (p->next < end) {
		uint64_t seed = p->next++;
		setitimer(ITIMER_VIRTUAL, &patience, NULL);
		try_set(file, seed, &p->tally);
	}
	_exit(0);
}

/* Asks until the end; a child that dies is followed by another. */
static bool run(struct peer_file *file, struct progress *p, uint64_t end)
{
	int status;

	while (p->next < end) {
		fflush(stdout);
		pid_t child = fork();
		if (child == 0)
			run_child(file, p, end);
		if (child < 0 || waitpid(child, &status, 0) != child || (WIFEXITED(status) && WEXITSTATUS(status)))
			return false;
		p->tally.lost += WIFSIGNALED(status);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct peer_file file;
	struct tally t = {0};
	struct seeds seeds = {20000, 1};
	char version[32];

	if (!seeds_read(argc, argv, &seeds))
		return 2;
	if (!peer_open(&file)) {
		fprintf(stderr, "refused: libseccomp cannot be asked here\n");
		return 2;
	}
	struct progress *p = mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return 2;
	p->next = seeds.first;
	if (!run(&file, p, seeds.first + seeds.count))
		return 2;
	t = p->tally;
	peer_version(version);
	printf("libseccomp %s: %llu rule sets asked, %llu refused, %llu differences, %llu lost with it\n", version,
		(unsigned long long)t.sets, (unsigned long long)t.refused, (unsigned long long)t.differences,
		(unsigned long long)t.lost);
	return t.differences ? 1 : 0;
}
