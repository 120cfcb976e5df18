/*
 * check.c against the kernel this runs on: live_check [count] [seed].
 *
 * Programs are loaded in children: one for each opcode of 16 bits, one for each opcode below 0x100
 * and each small operand, then `count` random ones. What seccomp(2) says goes through shared
 * memory, since a filter that was taken may forbid its child everything else. Some of the programs
 * taken are then loaded beside fillers that use up the task's budget to the instruction, which
 * proves check_translated().
 *
 * Exits 0 without a disagreement, 1 with one, 77 where there is no seccomp to ask.
 */

#define _DEFAULT_SOURCE /* syscall(), MAP_ANONYMOUS */

#include "backends/bpf/check.h"
#include "compiler/kernel/action.h"
#include "compiler/base/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SET_MODE_FILTER 1            /* include/uapi/linux/seccomp.h */
#define OPCODES         0x10000      /* the first programs: one for each */
#define OPERANDS        (0x100 * 70) /* then: each opcode below 0x100 with each k below 70 */
#define SWEPT           (OPCODES + OPERANDS)
#define LONGEST         (PROGRAM_MAX + 1)
#define BUDGETS         200 /* programs whose budget is measured */
#define SKIPPED         77

static_assert(sizeof(struct insn) == 8, "struct insn is the kernel's struct sock_filter");

/* What a child found out; survives it. */
struct answers {
	volatile size_t next; /* program to ask about */
	volatile int error[]; /* of seccomp(2); 0: taken */
};

/* splitmix64: any seed is a good one, so each program has its own. */
struct dice {
	uint64_t state;
};

static uint32_t roll(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (uint32_t)((z ^ z >> 31) >> 32);
}

static uint32_t below(struct dice *d, size_t n)
{
	return n ? roll(d) % (uint32_t)n : 0;
}

/* Every opcode seccomp takes; twice those whose rules need a partner to matter. */
static const uint8_t opcodes[] = {0x20, 0x80, 0x81, 0x00, 0x01, 0x60, 0x61, 0x60, 0x61, 0x02, 0x03,
	0x02, 0x03, 0x07, 0x87, 0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54,
	0x5c, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0xa4, 0xac, 0x05, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d,
	0x45, 0x4d, 0x15, 0x35, 0x06, 0x16};

/* The smallest operand that is too large, `left` being the instructions that follow. */
static uint32_t limit(const struct insn *insn, size_t left)
{
	switch (insn->code) {
	case INSN_LD:
		return DATA_SIZE;
	case BPF_ST:
	case BPF_STX:
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
		return BPF_MEMWORDS;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		return 32;
	}
	return (uint32_t)left;
}

/* An instruction with nothing wrong in itself. Few cells, so that reads meet writes. */
static struct insn sound(struct dice *d, size_t left)
{
	struct insn insn = {.code = opcodes[below(d, countof(opcodes))]};
	size_t reach = left < 256 ? left : 256;

	insn.jt = (uint8_t)below(d, below(d, 3) ? reach : 1);
	insn.jf = (uint8_t)below(d, below(d, 3) ? reach : 1);
	if (insn.code == INSN_LD)
		insn.k = 4 * below(d, DATA_SIZE / 4);
	else if (insn.code == INSN_JA)
		insn.k = below(d, left);
	else if (limit(&insn, left) == BPF_MEMWORDS)
		insn.k = below(d, 3);
	else if (limit(&insn, left) == 32)
		insn.k = below(d, 32);
	else
		insn.k = 1 | roll(d) >> below(d, 32);
	return insn;
}

/* One field made doubtful: on the edge of what is allowed, or anything. */
static void spoil(struct dice *d, struct insn *insn, size_t left)
{
	uint32_t edge = limit(insn, left) - 1 + below(d, 3);

	switch (below(d, 7)) {
	case 0:
		insn->code = (uint16_t)below(d, 0x100);
		break;
	case 1:
		insn->code = (uint16_t)(insn->code ^ 1u << below(d, 16));
		break;
	case 2:
		insn->k = edge;
		break;
	case 3:
		insn->k = below(d, edge);
		break;
	case 4:
		insn->k = roll(d) << below(d, 32);
		break;
	case 5:
		insn->jt = (uint8_t)edge;
		break;
	case 6:
		insn->jf = (uint8_t)edge;
		break;
	}
}

static size_t length(struct dice *d)
{
	if (below(d, 200) == 0)
		return 0;
	if (below(d, 500) == 0)
		return PROGRAM_MAX - 1 + below(d, 3);
	return 1 + below(d, below(d, 8) ? 12 : 300);
}

/* Long ones are loads only: of so many others one would always be refused. */
static void fill_in(struct dice *d, struct insn *insn, size_t len)
{
	const size_t odds = 10 + 4 * len; /* against spoiling each: half the programs stay sound */

	for (size_t pc = 0; pc < len; pc++) {
		size_t left = len - 1 - pc;
		insn[pc] = len < 1000 ? sound(d, left) : (struct insn){.code = INSN_LD};
		if (below(d, odds) == 0)
			spoil(d, &insn[pc], left);
	}
	if (len && below(d, 20))
		insn[len - 1] = (struct insn){.code = below(d, 2) ? BPF_RET | BPF_A : INSN_RET};
}

/* The program number `i` of a seed. */
static struct program make(struct insn insn[static LONGEST], uint64_t seed, size_t i)
{
	struct dice d = {seed << 32 ^ i};

	if (i < SWEPT) {
		insn[0] = (struct insn){.code = BPF_ST};
		insn[1].code = (uint16_t)(i < OPCODES ? i : i % 0x100);
		insn[1].k = i < OPCODES ? 0 : (uint32_t)(i - OPCODES) / 0x100;
		insn[1].jt = insn[1].jf = 0;
		insn[2] = (struct insn){INSN_RET, 0, 0, RET_ALLOW};
		return (struct program){insn, 3};
	}
	size_t len = length(&d);
	fill_in(&d, insn, len);
	return (struct program){insn, len};
}

/* seccomp(2) on this task; errno, or 0. Makes no other syscall. */
static int load(const struct program *p)
{
	const struct {
		unsigned short len;
		const struct insn *filter;
	} fprog = {(unsigned short)p->len, p->insn};

	return syscall(SYS_seccomp, SET_MODE_FILTER, 0, &fprog) ? errno : 0;
}

/* Leaves a child ready to load filters and to die of them without a core dump. */
static void prepare(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		_exit(SKIPPED);
}

/* A child goes on until a filter binds it, then ends by a trap, which asks no filter. */
static void ask_some(struct answers *answers, uint64_t seed, size_t count)
{
	struct insn insn[LONGEST];

	prepare();
	while (answers->next < count) {
		struct program p = make(insn, seed, answers->next);
		int error = load(&p);
		answers->error[answers->next] = error;
		answers->next = answers->next + 1;
		if (!error)
			__builtin_trap();
	}
	_exit(0);
}

/* Runs `work` in a child. Its exit status, or -1 if it ended otherwise. */
static int in_child(int (*work)(const struct program *, size_t), const struct program *p, size_t n)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(work(p, n));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		exit(SKIPPED);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int available(const struct program *p, size_t ignored)
{
	(void)ignored;
	prepare();
	return load(p);
}

static void ask_all(struct answers *answers, uint64_t seed, size_t count)
{
	while (answers->next < count) {
		size_t before = answers->next;
		pid_t pid = fork();
		if (pid == 0)
			ask_some(answers, seed, count);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid || answers->next == before) {
			fprintf(stderr, "live_check: a child failed at program %zu\n", before);
			exit(1);
		}
	}
}

/* A filter that allows, of LDs and one RET: three instructions before them, two for the RET. */
static int load_filler(size_t translated)
{
	struct insn insn[PROGRAM_MAX];
	struct program p = {insn, translated - 4};

	for (size_t pc = 0; pc + 1 < p.len; pc++)
		insn[pc] = (struct insn){.code = INSN_LD};
	insn[p.len - 1] = (struct insn){INSN_RET, 0, 0, RET_ALLOW};
	return load(&p);
}

/* 0: with fillers beside it, a program that allows leaves just the room its size says. */
static int budget(const struct program *p, size_t translated)
{
	size_t room = TASK_INSNS_MAX - translated - TASK_INSNS_FILTER;

	prepare();
	if (load(p))
		return 1;
	for (; room > 4000; room -= 2000 + TASK_INSNS_FILTER)
		if (load_filler(2000))
			return 2;
	return load_filler(room + 1) == ENOMEM && load_filler(room) == 0 ? 0 : 3;
}

/* The program jumped over: it counts, but decides nothing. */
static struct program skipped(struct insn insn[static LONGEST], const struct program *p)
{
	insn[0] = (struct insn){INSN_JA, 0, 0, (uint32_t)p->len};
	for (size_t pc = 0; pc < p->len; pc++)
		insn[pc + 1] = p->insn[pc];
	insn[p->len + 1] = (struct insn){INSN_RET, 0, 0, RET_ALLOW};
	return (struct program){insn, p->len + 2};
}

static bool budget_exact(const struct program *p)
{
	struct insn insn[LONGEST];
	struct program harmless = skipped(insn, p);

	return in_child(budget, &harmless, check_translated(&harmless)) == 0;
}

static void show(const struct program *p, size_t i, int error, const char *why)
{
	printf("program %zu: kernel: errno %d; check: %s\n", i, error, why);
	for (size_t pc = 0; pc < p->len; pc++)
		printf("\t{0x%02x, %u, %u, 0x%x},\n", p->insn[pc].code, p->insn[pc].jt,
			p->insn[pc].jf, p->insn[pc].k);
}

struct tally {
	size_t accepted, budgets, disagreements;
	size_t every; /* so many accepted programs, one budget is measured; 0: none */
};

static void compare(struct tally *tally, const struct program *p, size_t i, int error)
{
	struct arena arena;
	struct fault *faults;

	arena_init(&arena, (size_t)16 << 20);
	if (setjmp(arena.out))
		exit(1);
	size_t count = check_program(&arena, p, &faults);
	if (error != (count ? EINVAL : 0)) {
		tally->disagreements++;
		show(p, i, error, count ? faults[0].why : "no fault");
	}
	tally->accepted += !error;
	if (!error && tally->every && tally->accepted % tally->every == 0 &&
		p->len + 2 <= PROGRAM_MAX) {
		tally->budgets++;
		if (!budget_exact(p)) {
			tally->disagreements++;
			show(p, i, error, "another budget");
		}
	}
	arena_free(&arena);
}

int main(int argc, char **argv)
{
	const size_t random = argc > 1 ? strtoul(argv[1], NULL, 0) : 10000;
	const size_t count = SWEPT + random;
	const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	const struct insn allow = {INSN_RET, 0, 0, RET_ALLOW};
	const struct program simplest = {&allow, 1};
	struct tally tally = {.every = 1 + random / 2 / BUDGETS};
	struct insn insn[LONGEST];

	int error = in_child(available, &simplest, 0);
	if (error) {
		fprintf(stderr, "live_check: SKIPPED, nothing was checked: no seccomp here (%d)\n",
			error);
		return SKIPPED;
	}
	struct answers *answers = mmap(NULL, sizeof(*answers) + count * sizeof(int),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (answers == MAP_FAILED)
		return SKIPPED;
	ask_all(answers, seed, count);
	if (in_child(budget, &simplest, 5)) { /* what we know without check_translated() */
		fprintf(stderr,
			"live_check: budgets not measured: filters above us, or a hardened JIT\n");
		tally.every = 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct program p = make(insn, seed, i);
		compare(&tally, &p, i, answers->error[i]);
	}
	printf("%zu programs, %zu accepted, %zu disagreements; %zu budgets exact to the "
	       "instruction\n",
		count, tally.accepted, tally.disagreements, tally.budgets);
	return tally.disagreements != 0;
}
