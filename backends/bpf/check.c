/*
 * The kernel's admission of a seccomp filter, rule by rule.
 *
 * In: any instructions whatever. Out: every rule they break, each at its instruction and with what
 * to do about it; the kernel itself stops at the first and says EINVAL. A program without faults is
 * one seccomp(2) takes, and the other way round: tests/random/live_check.c asks a real kernel.
 *
 * Walks run twice over the program, once to count what they find and once to keep it. Jumps go
 * forward only, so one look at each instruction in order has seen all that leads to it.
 */

#include "check.h"

#include "../../compiler/kernel/action.h"
#include "../../compiler/base/base.h"
#include "../../compiler/base/buf.h"
#include "../../compiler/kernel/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ERRNO_MAX 4095 /* kernel/seccomp.c __seccomp_filter(): larger ones become this */
#define WHY_MAX   200  /* bytes of the longest reason and its NUL */

struct faults {
	struct arena *arena;
	struct fault *fault; /* NULL while they are only counted */
	size_t count;
};

static void fault_add(struct faults *f, size_t pc, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void fault_add(struct faults *f, size_t pc, const char *fmt, ...)
{
	size_t i = f->count++;

	if (!f->fault)
		return;
	char why[WHY_MAX];
	va_list args;
	va_start(args, fmt);
	int len = vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	assert(len > 0 && (size_t)len < sizeof(why));
	f->fault[i] = (struct fault){pc, arena_text(f->arena, why, (size_t)len)};
}

const char *fault_text(struct arena *arena, const struct program *p, const struct fault *fault)
{
	if (fault->pc >= p->len)
		return buf_print(arena, "it %s", fault->why);
	return buf_print(arena, "instruction %zu: %s", fault->pc, fault->why);
}

/* Count, make room, keep. */
static size_t faults_collect(struct arena *arena, const struct program *p, struct fault **faults,
	void (*walk)(struct faults *, const struct program *))
{
	struct faults f = {.arena = arena};

	walk(&f, p);
	*faults = f.fault = arena_alloc(arena, f.count, sizeof(*f.fault));
	if (f.count) {
		f.count = 0;
		walk(&f, p);
	}
	return f.count;
}

/* What both chk_code_allowed() and seccomp_check_filter() list. */
static bool opcode_allowed(unsigned code)
{
	switch (code) {
	case BPF_LD | BPF_W | BPF_ABS:
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_ALU | BPF_ADD | BPF_K:
	case BPF_ALU | BPF_ADD | BPF_X:
	case BPF_ALU | BPF_SUB | BPF_K:
	case BPF_ALU | BPF_SUB | BPF_X:
	case BPF_ALU | BPF_MUL | BPF_K:
	case BPF_ALU | BPF_MUL | BPF_X:
	case BPF_ALU | BPF_DIV | BPF_K:
	case BPF_ALU | BPF_DIV | BPF_X:
	case BPF_ALU | BPF_AND | BPF_K:
	case BPF_ALU | BPF_AND | BPF_X:
	case BPF_ALU | BPF_OR | BPF_K:
	case BPF_ALU | BPF_OR | BPF_X:
	case BPF_ALU | BPF_XOR | BPF_K:
	case BPF_ALU | BPF_XOR | BPF_X:
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_LSH | BPF_X:
	case BPF_ALU | BPF_RSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_X:
	case BPF_ALU | BPF_NEG:
	case BPF_JMP | BPF_JA:
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JEQ | BPF_X:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_X:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_X:
	case BPF_JMP | BPF_JSET | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_X:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
		return true;
	}
	return false;
}

bool check_targets(const struct program *p, size_t pc, uint64_t *yes, uint64_t *no)
{
	const struct insn *insn = &p->insn[pc];

	if (insn->code % 8 != BPF_JMP || !opcode_allowed(insn->code))
		return false;
	bool always = insn->code == INSN_JA;
	*yes = (uint64_t)pc + 1 + (always ? insn->k : insn->jt);
	*no = (uint64_t)pc + 1 + (always ? insn->k : insn->jf);
	return true;
}

static bool is_return(unsigned code)
{
	return code == (BPF_RET | BPF_K) || code == (BPF_RET | BPF_A);
}

/* A reason for each opcode somebody might have meant; the rest means nothing to anybody. */
static void refuse_opcode(struct faults *f, size_t pc, const struct insn *insn)
{
	switch (insn->code) {
	case BPF_LD | BPF_H | BPF_ABS:
	case BPF_LD | BPF_B | BPF_ABS:
		fault_add(f, pc,
			"loads a %s at offset %u: seccomp takes 32-bit loads at multiples of 4 "
			"only",
			insn->code & BPF_H ? "half word" : "byte", insn->k);
		return;
	case BPF_LD | BPF_W | BPF_IND:
	case BPF_LD | BPF_H | BPF_IND:
	case BPF_LD | BPF_B | BPF_IND:
		fault_add(f, pc, "loads at an offset in X: seccomp takes constant offsets only");
		return;
	case BPF_LDX | BPF_B | BPF_MSH:
		fault_add(f, pc, "loads the length of a packet's header: seccomp has no packet");
		return;
	case BPF_ALU | BPF_MOD | BPF_K:
	case BPF_ALU | BPF_MOD | BPF_X:
		fault_add(
			f, pc, "computes a remainder: seccomp has no MOD; AND does powers of two");
		return;
	case BPF_RET | BPF_X:
		fault_add(
			f, pc, "returns X: only a constant or A can be returned; TXA moves X to A");
		return;
	}
	if (insn->code > 0xff)
		fault_add(f, pc,
			"has opcode 0x%04x, but none is above 0xff: is this the right byte order?",
			insn->code);
	else
		fault_add(f, pc, "has opcode 0x%02x, which no instruction has", insn->code);
}

static void fault_target(
	struct faults *f, const struct program *p, size_t pc, uint64_t target, const char *when)
{
	if (target >= p->len)
		fault_add(f, pc, "jumps to %llu%s: the last instruction is %zu",
			(unsigned long long)target, when, p->len - 1);
}

static void check_jump(struct faults *f, const struct program *p, size_t pc)
{
	uint64_t yes, no;

	if (!check_targets(p, pc, &yes, &no))
		return;
	if (p->insn[pc].code == INSN_JA) {
		fault_target(f, p, pc, yes, "");
	} else {
		fault_target(f, p, pc, yes, " if true");
		fault_target(f, p, pc, no, " if false");
	}
}

/* bpf_check_classic() and seccomp_check_filter() on what an instruction works on. */
static void check_operand(struct faults *f, size_t pc, const struct insn *insn)
{
	const uint32_t k = insn->k;

	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (k >= DATA_SIZE)
			fault_add(f, pc, "loads at offset %u: seccomp_data has %d bytes", k,
				DATA_SIZE);
		else if (k % 4)
			fault_add(
				f, pc, "loads at offset %u: seccomp takes multiples of 4 only", k);
		return;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		if (k >= BPF_MEMWORDS)
			fault_add(
				f, pc, "uses M[%u]: there are M[0] to M[%d]", k, BPF_MEMWORDS - 1);
		return;
	case BPF_ALU | BPF_DIV | BPF_K:
		if (k == 0)
			fault_add(f, pc, "divides by 0");
		return;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		if (k >= 32)
			fault_add(f, pc, "shifts by %u: a word has 32 bits, so 31 is the most", k);
		return;
	}
}

/*
 * The kernel's own reckoning, net/core/filter.c check_load_and_stores(): a set of written cells is
 * carried down the program and met with the sets that jumps brought. Only a jump begins a new set;
 * a return does not, so what was unwritten before a RET counts as unwritten behind it, even where
 * no way leads across. Kept as it is: the kernel refuses such programs.
 */
struct cells {
	uint16_t written;              /* bit i: M[i], on the way down to here */
	uint16_t brought[PROGRAM_MAX]; /* ... and on all jumps to each instruction */
};

static void check_cells(struct faults *f, const struct program *p, size_t pc, struct cells *cells)
{
	const struct insn *insn = &p->insn[pc];
	unsigned cell = insn->k < BPF_MEMWORDS ? 1u << insn->k : 0; /* 0: a fault already */
	uint64_t yes, no;

	cells->written &= cells->brought[pc];
	if (insn->code == BPF_ST || insn->code == BPF_STX) {
		cells->written = (uint16_t)(cells->written | cell);
	} else if (insn->code == (BPF_LD | BPF_MEM) || insn->code == (BPF_LDX | BPF_MEM)) {
		if (cell & ~(unsigned)cells->written)
			fault_add(f, pc,
				"reads M[%u]: the kernel does not see it written on every way here",
				insn->k);
	} else if (check_targets(p, pc, &yes, &no)) {
		if (yes < p->len)
			cells->brought[yes] &= cells->written;
		if (no < p->len)
			cells->brought[no] &= cells->written;
		cells->written = UINT16_MAX;
	}
}

static void walk_faults(struct faults *f, const struct program *p)
{
	struct cells cells;

	if (p->len == 0) {
		fault_add(f, p->len, "has no instruction: the kernel wants 1 at least");
		return;
	}
	if (p->len > PROGRAM_MAX) {
		fault_add(f, p->len, "has %zu instructions: the kernel takes %d at most", p->len,
			PROGRAM_MAX);
		return;
	}
	cells.written = 0;
	memset(cells.brought, 0xff, p->len * sizeof(*cells.brought));
	for (size_t pc = 0; pc < p->len; pc++) {
		if (!opcode_allowed(p->insn[pc].code))
			refuse_opcode(f, pc, &p->insn[pc]);
		check_operand(f, pc, &p->insn[pc]);
		check_jump(f, p, pc);
		check_cells(f, p, pc, &cells);
	}
	if (!is_return(p->insn[p->len - 1].code))
		fault_add(f, p->len - 1,
			"is the last one and does not return: the program must end in RET");
}

size_t check_program(struct arena *arena, const struct program *p, struct fault **faults)
{
	return faults_collect(arena, p, faults, walk_faults);
}

/* How many one instruction becomes in net/core/filter.c bpf_convert_filter(). */
static size_t translated(const struct insn *insn)
{
	if (insn->code == (BPF_RET | BPF_K)) /* the value goes to a register first */
		return 2;
	if (insn->code == (BPF_ALU | BPF_DIV | BPF_X)) /* behind a test for zero */
		return 5;
	if (insn->code % 8 != BPF_JMP || insn->code == INSN_JA)
		return 1;
	/*
	 * eBPF jumps on true or goes on: no jf is one jump, no jt is one of the opposite test,
	 * which JSET lacks. Immediates are signed, so a large one needs a register.
	 */
	bool has_opposite = (insn->code & 0xf0) != BPF_JSET;
	bool one_way = insn->jf == 0 || (insn->jt == 0 && has_opposite);
	bool wide = !(insn->code & BPF_X) && insn->k > INT32_MAX;
	return 1u + !one_way + wide;
}

size_t check_translated(const struct program *p)
{
	size_t count = 3; /* A = 0, X = 0, and the call to its register */

	for (size_t pc = 0; pc < p->len; pc++)
		count += translated(&p->insn[pc]);
	return count;
}

/* What is known on arrival at an instruction, whichever way led there. */
struct way {
	bool reached;
	bool arch_tested; /* on every way */
	uint8_t a;        /* A holds WORD_NR or WORD_ARCH; WORDS: something else */
};

static void way_join(struct way *there, const struct way *here)
{
	if (!there->reached) {
		*there = *here;
		return;
	}
	there->arch_tested = there->arch_tested && here->arch_tested;
	if (there->a != here->a)
		there->a = WORDS;
}

/* nr and arch lie at 0 and 4 in either byte order. */
static uint8_t loaded(const struct insn *insn)
{
	return insn->code == INSN_LD && insn->k <= 4 ? (uint8_t)(insn->k / 4) : WORDS;
}

static bool writes_a(unsigned code)
{
	return code % 8 == BPF_LD || code % 8 == BPF_ALU || code == (BPF_MISC | BPF_TXA);
}

static void follow_ways(struct way *way, const struct program *p)
{
	way[0] = (struct way){.reached = true, .a = WORDS};
	for (size_t pc = 0; pc < p->len; pc++) {
		struct way next = way[pc];
		uint64_t yes, no;
		if (!next.reached || is_return(p->insn[pc].code))
			continue;
		if (writes_a(p->insn[pc].code))
			next.a = loaded(&p->insn[pc]);
		if (!check_targets(p, pc, &yes, &no)) {
			way_join(&way[pc + 1], &next);
			continue;
		}
		if (yes != no && next.a == WORD_ARCH)
			next.arch_tested = true;
		way_join(&way[yes], &next);
		way_join(&way[no], &next);
	}
}

static void advise_return(struct faults *f, size_t pc, uint32_t ret)
{
	enum action action;

	if (!action_of(ret, &action))
		fault_add(f, pc,
			"returns 0x%08x: the kernel knows no such action and kills the process",
			ret);
	else if (action == ACTION_ERRNO && RET_DATA(ret) > ERRNO_MAX)
		fault_add(f, pc, "returns errno %u: the kernel makes it %d", RET_DATA(ret),
			ERRNO_MAX);
}

static size_t count_unreached(const struct way *way, size_t len)
{
	size_t count = 0;

	for (size_t pc = 0; pc < len; pc++)
		count += !way[pc].reached;
	return count;
}

static void walk_advice(struct faults *f, const struct program *p)
{
	struct way way[PROGRAM_MAX] = {{0}};
	bool told_unreached = false, told_arch = false;
	uint64_t yes, no;

	assert(p->len && p->len <= PROGRAM_MAX);
	follow_ways(way, p);
	for (size_t pc = 0; pc < p->len; pc++) {
		const struct insn *insn = &p->insn[pc];
		if (!way[pc].reached) {
			size_t more = told_unreached ? 0 : count_unreached(way, p->len) - 1;
			if (more)
				fault_add(f, pc, "is never reached, and %zu more", more);
			else if (!told_unreached)
				fault_add(f, pc, "is never reached");
			told_unreached = true;
		} else if (insn->code == INSN_RET) {
			advise_return(f, pc, insn->k);
		} else if (check_targets(p, pc, &yes, &no)) {
			if (yes == pc + 1 && no == pc + 1)
				fault_add(f, pc, "jumps to the next instruction either way");
			if (way[pc].a == WORD_NR && !way[pc].arch_tested && !told_arch) {
				fault_add(f, pc,
					"tests the number on a way that has not tested the arch: "
					"on another ABI it is another syscall");
				told_arch = true;
			}
		}
	}
}

size_t check_advice(struct arena *arena, const struct program *p, struct fault **advice)
{
	return faults_collect(arena, p, advice, walk_advice);
}
