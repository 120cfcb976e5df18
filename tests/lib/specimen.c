/*
 * In: a seed. Out: a program and calls. Instructions are thrown one by one; then reads of cells the
 * kernel does not see written become constants, until check_program() has nothing to say.
 *
 * Most programs end by folding all bits of A into the twelve that an errno has, so that an A that
 * is wrong in any bit is seen. The others return what actions there are, and are not.
 */

#include "specimen.h"

#include "arch/errno.h"
#include "backends/bpf/bytes.h"
#include "backends/bpf/check.h"
#include "compiler/kernel/action.h"
#include "arbitrary.h"
#include "codes.h"

#include <assert.h>
#include <setjmp.h>
#include <string.h>

#define ERRNO_DATA 0xfffu /* the largest errno, and a mask */
#define NOBODY     700u   /* from here on an ABI's numbers are not given out, for a while */
#define NOBODIES   200u

static uint32_t random_k(struct dice *d)
{
	return dice_below(d, 2) ? dice_below(d, 40) : (uint32_t)arbitrary_value(d);
}

/* How far to jump if `most` is possible: to what is near, or to the ends. */
static uint32_t random_jump(struct dice *d, size_t most)
{
	const size_t kinds[] = {dice_below(d, 4), dice_below(d, 4), dice_below(d, 12),
		dice_below(d, 300), 255, most};
	size_t step = kinds[dice_below(d, dice_below(d, 4) ? 3 : countof(kinds))];

	return (uint32_t)(step < most ? step : most);
}

static uint8_t random_byte(struct dice *d, size_t most)
{
	return (uint8_t)random_jump(d, most < UINT8_MAX ? most : UINT8_MAX);
}

/* `left` more instructions follow. */
static struct insn random_insn(struct dice *d, size_t left)
{
	struct insn insn = {
		.code = seccomp_codes[dice_below(d, countof(seccomp_codes))], .k = random_k(d)};

	if (!dice_below(d, 6)) /* more often than its turn: else little hangs on the call */
		insn.code = INSN_LD;
	switch (insn.code & 7) {
	case BPF_LD:
	case BPF_LDX:
		if (insn.code == INSN_LD)
			insn.k = 4 * dice_below(d, WORDS);
		else if ((insn.code & 0xe0) == BPF_MEM)
			insn.k = dice_below(d, BPF_MEMWORDS);
		break;
	case BPF_ST:
	case BPF_STX:
		insn.k = dice_below(d, BPF_MEMWORDS);
		break;
	case BPF_ALU:
		if (insn.code == (BPF_ALU | BPF_DIV | BPF_K))
			insn.k += !insn.k;
		if ((insn.code & 0xf0) == BPF_LSH || (insn.code & 0xf0) == BPF_RSH)
			insn.k %= 32;
		break;
	case BPF_JMP:
		insn.k = insn.code == INSN_JA ? random_jump(d, left - 1) : insn.k;
		insn.jt = random_byte(d, left - 1);
		insn.jf = random_byte(d, left - 1);
		break;
	}
	return insn;
}

static uint32_t random_ret(struct dice *d)
{
	const uint32_t actions[] = {0, 0x7fff0000, 0x7fc00000, 0x7ff00000, 0x00050000, 0x00050000,
		0x00030000, 0x7ffc0000, 0x80000000, (uint32_t)dice_roll(d) & 0xffff0000};
	uint32_t data = dice_below(d, 2) ? 0 : dice_below(d, 0x10000);

	return actions[dice_below(d, countof(actions))] | data;
}

/* A ^ A >> 12 ^ A >> 24, twelve bits of it, as ERRNO. */
static const struct insn fold[] = {{BPF_ST, 0, 0, 0}, {BPF_ALU | BPF_RSH, 0, 0, 24},
	{BPF_MISC | BPF_TAX, 0, 0, 0}, {BPF_LD | BPF_MEM, 0, 0, 0}, {BPF_ALU | BPF_RSH, 0, 0, 12},
	{BPF_ALU | BPF_XOR | BPF_X, 0, 0, 0}, {BPF_MISC | BPF_TAX, 0, 0, 0},
	{BPF_LD | BPF_MEM, 0, 0, 0}, {BPF_ALU | BPF_XOR | BPF_X, 0, 0, 0},
	{INSN_AND, 0, 0, ERRNO_DATA}, {BPF_ALU | BPF_OR, 0, 0, 0x00050000},
	{BPF_RET | BPF_A, 0, 0, 0}};

static size_t random_length(struct dice *d)
{
	const unsigned kind = dice_below(d, 100);

	if (kind < 65)
		return 2 + dice_below(d, 24);
	if (kind < 94)
		return 20 + dice_below(d, 80);
	if (kind < 99)
		return 200 + dice_below(d, 500);
	return PROGRAM_MAX - countof(fold) - 1 - dice_below(d, 1000);
}

/* Some begin with X and cells that are not 0. */
static void make_body(struct specimen *s, struct dice *d, size_t len, bool acts)
{
	for (size_t pc = 0; pc < len; pc++) {
		struct insn insn = random_insn(d, len + 1 - pc);
		while (insn.code % 8 == BPF_RET && dice_below(d, len < 200 ? 8 : 500))
			insn = random_insn(d, len + 1 - pc);
		if (insn.code % 8 == BPF_RET) /* A would be killed for, mostly */
			insn = (struct insn){.code = INSN_RET,
				.k = acts ? random_ret(d) : 0x00050000 | (insn.k & ERRNO_DATA)};
		s->insn[pc] = insn;
	}
	for (uint32_t cell = 0; len > 20 && cell < 4; cell++)
		s->insn[cell] = (struct insn){.code = cell % 2 ? BPF_STX : BPF_ST, .k = cell};
}

static void make_end(struct specimen *s, struct dice *d, size_t len, bool acts)
{
	struct insn *end = &s->insn[len];
	size_t more = 0;

	if (dice_below(d, 2))
		end[more++] = (struct insn){.code = BPF_ALU | BPF_XOR | BPF_X};
	if (!acts) {
		memcpy(end + more, fold, sizeof(fold));
		more += countof(fold);
	} else {
		end[more++] =
			(struct insn){.code = INSN_AND, .k = dice_below(d, 2) ? 0xffff : 0xff};
		end[more++] =
			(struct insn){.code = BPF_ALU | BPF_OR, .k = random_ret(d) & 0xffff0000};
		end[more++] = (struct insn){.code = BPF_RET | BPF_A};
	}
	s->program = (struct program){s->insn, len + more};
}

static void mend(struct specimen *s)
{
	struct fault *fault;
	struct arena arena;
	size_t faults;

	arena_init(&arena, (size_t)64 << 20);
	int out = setjmp(arena.out);
	assert(!out);
	(void)out;
	do {
		faults = check_program(&arena, &s->program, &fault);
		for (size_t i = 0; i < faults; i++) {
			struct insn *insn = &s->insn[fault[i].pc];
			assert((insn->code & 0xf8) == BPF_MEM);
			*insn = (struct insn){.code = (insn->code & 7) | BPF_IMM, .k = insn->k};
		}
	} while (faults);
	arena_free(&arena);
}

/* A word that the program compares something with, or is near it. */
static uint32_t random_word(struct dice *d, const struct program *p)
{
	const uint32_t k = p->insn[dice_below(d, p->len)].k;
	const uint32_t kinds[] = {k, k + 1, k - 1, ~k, k ^ 1u << dice_below(d, 32), random_k(d)};

	return kinds[dice_below(d, countof(kinds))];
}

static struct call random_call(struct dice *d, const struct program *p, const struct abi *abi)
{
	struct call call = {
		.arch = abi->audit, .nr = abi->nr_first + NOBODY + dice_below(d, NOBODIES)};

	for (unsigned i = 0; i < CALL_ARGS; i++) {
		uint32_t high = dice_below(d, 2) ? 0 : random_word(d, p);
		call.args[i] = (uint64_t)high << 32 | random_word(d, p);
	}
	return call;
}

void specimen_make(struct specimen *s, uint64_t seed, const struct abi *abi)
{
	struct dice d = {seed};
	d.state = dice_roll(&d); /* not a stream that the next seed's begins with */
	size_t len = random_length(&d);
	bool acts = !dice_below(&d, 16);

	s->seed = seed;
	make_body(s, &d, len, acts);
	make_end(s, &d, len, acts);
	mend(s);
	for (unsigned i = 0; i < SPECIMEN_CALLS; i++)
		s->call[i] = random_call(&d, &s->program, abi);
}

void specimen_of_ip(struct specimen *s, unsigned part, const struct abi *abi)
{
	const unsigned word = part < 3 ? WORD_IP_LO : WORD_IP_HI;
	const struct insn insn[] = {{INSN_LD, 0, 0, word_offset(word, abi->order)},
		{BPF_ALU | BPF_RSH, 0, 0, 12 * (part % 3)}, {INSN_AND, 0, 0, ERRNO_DATA},
		{BPF_ALU | BPF_OR, 0, 0, 0x00050000}, {BPF_RET | BPF_A, 0, 0, 0}};

	s->seed = 0;
	memcpy(s->insn, insn, sizeof(insn));
	s->program = (struct program){s->insn, countof(insn)};
	for (unsigned i = 0; i < SPECIMEN_CALLS; i++)
		s->call[i] = (struct call){.arch = abi->audit, .nr = abi->nr_first + NOBODY};
}

void specimen_ip_add(uint64_t *ip, unsigned part, uint32_t answer)
{
	*ip |= (uint64_t)answer << (part < 3 ? 12 * part : 32 + 12 * (part - 3));
}

#define EM_MIPS 8
#define EM_S390 22

unsigned specimen_machine(const struct abi *abi)
{
	return abi->audit & 0xffff;
}

bool specimen_shows_whole(const struct abi *abi)
{
	const uint32_t audit_arch_64bit = 0x80000000;

	return abi->audit & audit_arch_64bit;
}

/* Arguments 4 and 5 of an o32 call are the stack's, also if a program of another ABI makes it
 * (kernel: arch/mips/kernel/scall64-o32.S trace_a_syscall). */
static bool shows_stack(const struct abi *abi, uint32_t nr)
{
	const struct abi *table = arch_foreign(abi, nr);

	return table && table->upper_stack != UPPER_ANY && nr <= SPECIMEN_O32_KNOWN;
}

/* kernel: asm/syscall.h syscall_get_nr() and syscall_get_arguments() of each architecture */
struct call specimen_shown(const struct call *made, const struct abi *abi, const struct abi *native)
{
	/* a 64-bit MIPS kernel keeps the registers of o32 programs sign-extended; others cut off */
	const bool extends = specimen_machine(abi) == EM_MIPS && native->bits == 64;
	struct call shown = *made;

	shown.arch = abi->audit;
	if (specimen_machine(abi) == EM_S390) /* a 16-bit register field once, still cut off */
		shown.nr &= 0xffff;
	for (size_t i = 0; i < CALL_ARGS; i++) {
		uint32_t low = (uint32_t)made->args[i];
		if (!specimen_shows_whole(abi) || (i >= 4 && shows_stack(abi, made->nr)))
			shown.args[i] = extends ? (uint64_t)(int32_t)low : low;
	}
	return shown;
}

uint32_t specimen_seen(uint32_t ret, const struct abi *abi)
{
	enum action action;
	uint16_t missing;
	bool known = arch_errno_find(abi, "ENOSYS", strlen("ENOSYS"), &missing);

	assert(known);
	(void)known;
	if (!action_of(ret, &action))
		return SPECIMEN_KILLED;
	switch (action) {
	case ACTION_KILL_PROCESS:
	case ACTION_KILL_THREAD:
	case ACTION_TRAP:
		return SPECIMEN_KILLED;
	case ACTION_ERRNO:
		return RET_DATA(ret) < ERRNO_DATA ? RET_DATA(ret) : ERRNO_DATA;
	case ACTION_NOTIFY:
	case ACTION_TRACE:
	case ACTION_LOG:
	case ACTION_ALLOW:
		return missing;
	case ACTIONS:
		break;
	}
	unreachable();
}
