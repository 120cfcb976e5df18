/*
 * Two translations, told from their source: classic to extended BPF (net/core/filter.c
 * bpf_convert_filter()) and extended BPF to machine code (arch/x86/net/bpf_jit_comp.c do_jit()).
 *
 *   ld [k]        mov eax, [rbx+k]             3 bytes
 *   jcc k, t, f   test rax, rax                3, if k is 0
 *                 cmp rax, imm8                4
 *                 cmp rax, imm32               7
 *                 mov esi, k; cmp rax, rsi     8, if bit 31 of k is set
 *                 test rax, imm32              7, jset
 *                 jcc                          2 or 6; inverted if t is 0, which jset cannot be
 *                 jmp                          2 or 5, if the false side is not next
 *   and k         and eax, imm                 3 or 5
 *   ret k         xor eax, eax / mov eax, imm  2 or 5
 *                 jmp to the epilogue          2 or 5; the first is the epilogue itself
 *
 * A jump is short if its offset fits 8 bits, which depends on all jumps between: they are all taken
 * for long at first and shrunk until nothing changes, as the kernel does. Instructions that winnow
 * never makes count as one of 4 bytes.
 */

#include "jit.h"

#include "../../compiler/base/base.h"
#include "check.h"

#define PROLOGUE 26 /* endbr64, nop, frame, A and X cleared, the context saved */
#define EPILOGUE 3  /* pop, leave, ret */

static bool sign_bit(const struct insn *insn)
{
	return insn->k >> 31;
}

static bool is_conditional(const struct insn *insn)
{
	return (insn->code & 7) == BPF_JMP && (insn->code & 0xf0) != BPF_JA;
}

static bool is_jset(const struct insn *insn)
{
	return (insn->code & 0xf0) == BPF_JSET;
}

/* Does a jump on the false side follow the conditional one? */
static bool has_false_jump(const struct insn *insn)
{
	return insn->jf && (insn->jt || is_jset(insn));
}

unsigned jit_ops(const struct insn *insn, bool taken)
{
	if (is_conditional(insn))
		return 2u + sign_bit(insn) + (!taken && has_false_jump(insn));
	return (insn->code & 7) == BPF_RET ? 2 : 1;
}

static unsigned compare_bytes(const struct insn *insn)
{
	if (sign_bit(insn))
		return 8;
	if (is_jset(insn))
		return 7;
	return insn->k == 0 ? 3 : insn->k <= 127 ? 4 : 7;
}

struct layout {
	const struct program *program;
	size_t *start; /* of each instruction's code; one more: the end */
	size_t epilogue;
	bool changed;
};

/* The bytes of a jump that ends at `from`. */
static unsigned jump_bytes(size_t from, size_t to, unsigned near, unsigned far)
{
	size_t distance = to > from ? to - from : from - to;

	return distance <= 127 ? near : far;
}

static size_t conditional_bytes(const struct layout *l, size_t pc, size_t at)
{
	const struct insn *insn = &l->program->insn[pc];
	uint64_t yes, no;

	check_targets(l->program, pc, &yes, &no);
	uint64_t target = insn->jt || is_jset(insn) ? yes : no;
	size_t bytes = compare_bytes(insn);
	bytes += jump_bytes(at + bytes, l->start[target], 2, 6);
	if (has_false_jump(insn))
		bytes += jump_bytes(at + bytes, l->start[no], 2, 5);
	return bytes;
}

static size_t insn_bytes(struct layout *l, size_t pc, size_t at)
{
	const struct insn *insn = &l->program->insn[pc];
	uint64_t yes, no;

	if (is_conditional(insn))
		return conditional_bytes(l, pc, at);
	switch (insn->code) {
	case INSN_LD:
		return 3;
	case INSN_AND:
		return insn->k <= 127 ? 3 : 5;
	case INSN_JA:
		check_targets(l->program, pc, &yes, &no);
		return insn->k ? jump_bytes(at, l->start[yes], 2, 5) : 0;
	case INSN_RET: {
		size_t value = insn->k ? 5 : 2;
		if (l->epilogue == pc)
			return value + EPILOGUE;
		return value + jump_bytes(at + value, l->start[l->epilogue], 2, 5);
	}
	default:
		return 4;
	}
}

static void place(struct layout *l)
{
	size_t at = PROLOGUE;

	l->changed = false;
	for (size_t pc = 0; pc <= l->program->len; pc++) {
		size_t bytes = pc < l->program->len ? insn_bytes(l, pc, at) : 0;
		l->changed |= l->start[pc] != at;
		l->start[pc] = at;
		at += bytes;
	}
}

size_t jit_bytes(struct arena *arena, const struct program *p)
{
	struct layout l = {.program = p};

	l.start = arena_alloc(arena, p->len + 1, sizeof(*l.start));
	while (l.epilogue < p->len && p->insn[l.epilogue].code != INSN_RET)
		l.epilogue++;
	for (size_t pc = 0; pc <= p->len; pc++)
		l.start[pc] = pc * 1000; /* all far */
	for (unsigned pass = 0; pass < 20 && (l.changed || !pass); pass++)
		place(&l);
	return l.start[p->len];
}
