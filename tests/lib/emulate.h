#ifndef TESTS_LIB_EMULATE_H
#define TESTS_LIB_EMULATE_H

/* The kernel's constant-action emulator, for one call: kernel/seccomp.c seccomp_is_const_allow().
 */

#include "backends/bpf/bpf.h"
#include "compiler/kernel/call.h"

#include <stdbool.h>

/* Where it ends and what is returned there; false: it does not know the instruction at *end. */
static inline bool emulate(
	const struct program *p, const struct call *call, size_t *end, uint32_t *ret)
{
	uint32_t a = 0;

	for (size_t pc = 0;; pc++) {
		const struct insn *insn = &p->insn[pc];
		bool taken = false;
		*end = pc;
		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (insn->k != 0 && insn->k != 4) /* nr, arch */
				return false;
			a = insn->k ? call->arch : call->nr;
			continue;
		case BPF_RET | BPF_K:
			*ret = insn->k;
			return true;
		case BPF_JMP | BPF_JA:
			pc += insn->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			taken = a == insn->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			taken = a >= insn->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			taken = a > insn->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			taken = a & insn->k;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= insn->k;
			continue;
		default:
			return false;
		}
		pc += taken ? insn->jt : insn->jf;
	}
}

#endif
