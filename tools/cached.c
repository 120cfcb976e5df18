/*
 * kernel/seccomp.c seccomp_is_const_allow() restated: the program is followed for one arch and
 * number until it returns, or until it does anything that may depend on more than these two, or
 * that this emulator does not know. The program must have passed check_program(); jumps go forward
 * only, so the walk ends.
 */

#include "cached.h"

#include "../backends/bytes.h"
#include "../compiler/action.h"

bool cached_allows(
	const struct program *p, enum byte_order order, uint32_t audit, uint32_t nr, size_t *walked)
{
	size_t unasked, *steps = walked ? walked : &unasked;
	uint32_t a = 0;

	*steps = 0;
	for (size_t pc = 0; pc < p->len; pc++) {
		const struct insn *insn = &p->insn[pc];
		bool taken = false;
		++*steps;
		switch (insn->code) {
		case INSN_LD:
			if (insn->k == word_offset(WORD_NR, order))
				a = nr;
			else if (insn->k == word_offset(WORD_ARCH, order))
				a = audit;
			else
				return false;
			continue;
		case INSN_AND:
			a &= insn->k;
			continue;
		case INSN_RET:
			return insn->k == RET_ALLOW;
		case INSN_JA:
			pc += insn->k;
			continue;
		case INSN_JEQ:
			taken = a == insn->k;
			break;
		case INSN_JGT:
			taken = a > insn->k;
			break;
		case INSN_JGE:
			taken = a >= insn->k;
			break;
		case INSN_JSET:
			taken = a & insn->k;
			break;
		default:
			return false;
		}
		pc += taken ? insn->jt : insn->jf;
	}
	return false;
}
