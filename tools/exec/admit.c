/*
 * The kernel's rules for a seccomp filter, without memory of our own and without a libc.
 *
 * In: the bytes of a blob as they came. Out: nothing, or the first thing the kernel would say
 * EINVAL to. The rules are those of net/core/filter.c bpf_check_classic() and
 * check_load_and_stores(), of kernel/seccomp.c seccomp_check_filter() and seccomp_prepare_filter().
 *
 * Every pass goes once through the program from its start; jumps go forward only, so what is known
 * of an instruction is complete when the pass gets there.
 */

#include "admit.h"

#include "insn.h"

static uint16_t swapped(uint16_t code)
{
	return (uint16_t)(code << 8 | code >> 8);
}

/* Opcodes are below 0x100: one order makes all of them so, or the blob is no filter in either. */
static bool other_order(const void *blob, size_t len)
{
	bool ours = true, other = true;

	for (size_t pc = 0; pc < len; pc++) {
		uint16_t code = insn_at(blob, pc).code;
		ours = ours && code <= 0xff;
		other = other && swapped(code) <= 0xff;
	}
	return other && !ours;
}

/* What is wrong with an instruction that `left` more follow. What is not listed is not taken. */
static enum winnow_reason insn_reason(const struct insn *insn, size_t left)
{
	const uint32_t k = insn->k;

	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return k < DATA_SIZE && k % 4 == 0 ? WINNOW_OK : WINNOW_OFFSET;

	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		return k < BPF_MEMWORDS ? WINNOW_OK : WINNOW_CELL;

	case BPF_ALU | BPF_DIV | BPF_K:
		return k ? WINNOW_OK : WINNOW_DIVISION;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		return k < 32 ? WINNOW_OK : WINNOW_SHIFT;

	case BPF_JMP | BPF_JA:
		return k < left ? WINNOW_OK : WINNOW_JUMP;
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JEQ | BPF_X:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_X:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_X:
	case BPF_JMP | BPF_JSET | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_X:
		return insn->jt < left && insn->jf < left ? WINNOW_OK : WINNOW_JUMP;

	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_ALU | BPF_ADD | BPF_K:
	case BPF_ALU | BPF_ADD | BPF_X:
	case BPF_ALU | BPF_SUB | BPF_K:
	case BPF_ALU | BPF_SUB | BPF_X:
	case BPF_ALU | BPF_MUL | BPF_K:
	case BPF_ALU | BPF_MUL | BPF_X:
	case BPF_ALU | BPF_DIV | BPF_X:
	case BPF_ALU | BPF_AND | BPF_K:
	case BPF_ALU | BPF_AND | BPF_X:
	case BPF_ALU | BPF_OR | BPF_K:
	case BPF_ALU | BPF_OR | BPF_X:
	case BPF_ALU | BPF_XOR | BPF_K:
	case BPF_ALU | BPF_XOR | BPF_X:
	case BPF_ALU | BPF_LSH | BPF_X:
	case BPF_ALU | BPF_RSH | BPF_X:
	case BPF_ALU | BPF_NEG:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
		return WINNOW_OK;
	}
	return WINNOW_OPCODE;
}

static bool reads_cell(const struct insn *insn)
{
	return insn->code == (BPF_LD | BPF_MEM) || insn->code == (BPF_LDX | BPF_MEM);
}

static bool writes_cell(const struct insn *insn)
{
	return insn->code == BPF_ST || insn->code == BPF_STX;
}

/*
 * check_load_and_stores(), with its habit of carrying cells across a RET. Kept are the cells that
 * some way leaves unwritten, so that zeroes mean "all written": the kernel's masks turned over.
 */
static bool admit_cells(const void *blob, size_t len, struct winnow_fault *fault)
{
	uint16_t unwritten[PROGRAM_MAX] = {0};
	uint16_t here = UINT16_MAX;

	for (size_t pc = 0; pc < len; pc++) {
		const struct insn insn = insn_at(blob, pc);
		const unsigned cell = 1u << insn.k % BPF_MEMWORDS;
		size_t yes, no;

		here |= unwritten[pc];
		if (writes_cell(&insn)) {
			here = (uint16_t)(here & ~cell);
		} else if (reads_cell(&insn)) {
			if (here & cell)
				return fault_set(fault, WINNOW_UNWRITTEN, pc);
		} else if (insn.code % 8 == BPF_JMP) {
			insn_targets(&insn, pc, &yes, &no);
			unwritten[yes] |= here;
			unwritten[no] |= here;
			here = 0;
		}
	}
	return true;
}

bool admit(const void *blob, size_t size, struct winnow_fault *fault)
{
	const size_t len = size / sizeof(struct insn);
	bool uses_cells = false;
	uint16_t last = 0;

	if (size > PROGRAM_MAX * sizeof(struct insn)) /* first: the rest may not have been read */
		return fault_set(fault, WINNOW_TOO_LONG, 0);
	if (size % sizeof(struct insn))
		return fault_set(fault, WINNOW_SIZE, 0);
	if (len == 0)
		return fault_set(fault, WINNOW_EMPTY, 0);
	if (other_order(blob, len))
		return fault_set(fault, WINNOW_BYTE_ORDER, 0);
	for (size_t pc = 0; pc < len; pc++) {
		const struct insn insn = insn_at(blob, pc);
		enum winnow_reason reason = insn_reason(&insn, len - 1 - pc);
		if (reason)
			return fault_set(fault, reason, pc);
		uses_cells = uses_cells || reads_cell(&insn);
		last = insn.code;
	}
	if (last % 8 != BPF_RET)
		return fault_set(fault, WINNOW_NO_RETURN, len - 1);
	return !uses_cells || admit_cells(blob, len, fault);
}
