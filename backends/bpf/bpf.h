#ifndef BACKENDS_BPF_BPF_H
#define BACKENDS_BPF_BPF_H

/*
 * Classic BPF as seccomp speaks it: our own constants, no kernel header, so that every host can
 * write and read programs for every target. Values: include/uapi/linux/bpf_common.h and filter.h.
 */

#include "../../compiler/kernel/undecided.h" /* what takes the place of a returned value */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct insn {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

#define PROGRAM_MAX 4096 /* BPF_MAXINSNS; kernel/seccomp.c seccomp_prepare_filter */
#define DATA_SIZE   64   /* sizeof(struct seccomp_data) */
#define BPF_MEMWORDS 16

/* A program in host order; where its bytes came from or go to is bytes.h. */
struct program {
	const struct insn *insn;
	size_t len;
};

/* Classes, sizes, modes, sources: bit fields of insn.code. */
enum {
	BPF_LD = 0x00, BPF_LDX = 0x01, BPF_ST = 0x02, BPF_STX = 0x03,
	BPF_ALU = 0x04, BPF_JMP = 0x05, BPF_RET = 0x06, BPF_MISC = 0x07,

	BPF_W = 0x00, BPF_H = 0x08, BPF_B = 0x10,
	BPF_IMM = 0x00, BPF_ABS = 0x20, BPF_IND = 0x40, BPF_MEM = 0x60, BPF_LEN = 0x80, BPF_MSH = 0xa0,

	BPF_ADD = 0x00, BPF_SUB = 0x10, BPF_MUL = 0x20, BPF_DIV = 0x30, BPF_OR = 0x40, BPF_AND = 0x50,
	BPF_LSH = 0x60, BPF_RSH = 0x70, BPF_NEG = 0x80, BPF_MOD = 0x90, BPF_XOR = 0xa0,

	BPF_JA = 0x00, BPF_JEQ = 0x10, BPF_JGT = 0x20, BPF_JGE = 0x30, BPF_JSET = 0x40,

	BPF_K = 0x00, BPF_X = 0x08, BPF_A = 0x10,
	BPF_TAX = 0x00, BPF_TXA = 0x80,
};

/* The ones winnow emits. */
enum {
	INSN_LD = BPF_LD | BPF_W | BPF_ABS,
	INSN_AND = BPF_ALU | BPF_AND | BPF_K,
	INSN_JA = BPF_JMP | BPF_JA,
	INSN_JEQ = BPF_JMP | BPF_JEQ | BPF_K,
	INSN_JGT = BPF_JMP | BPF_JGT | BPF_K,
	INSN_JGE = BPF_JMP | BPF_JGE | BPF_K,
	INSN_JSET = BPF_JMP | BPF_JSET | BPF_K,
	INSN_RET = BPF_RET | BPF_K,
};

static inline bool is_shift_by_x(const struct insn *insn)
{
	return insn->code == (BPF_ALU | BPF_LSH | BPF_X) ||
		insn->code == (BPF_ALU | BPF_RSH | BPF_X);
}

#endif
