/*
 * kernel/seccomp.c seccomp_is_const_allow() restated: the program is followed for one arch and
 * number until it returns, or until it does anything that may depend on more than these two, or
 * that this emulator does not know. The program must have passed check_program(); jumps go forward
 * only, so the walk ends.
 */

#include "cached.h"

#include "../../compiler/kernel/action.h"
#include "bytes.h"

/* Runs *insn; false: it is not among those the emulator knows. RET is left to the caller. */
static bool step(const struct insn *insn, enum byte_order order, uint32_t audit, uint32_t nr,
	uint32_t *a, size_t *pc)
{
	bool taken = false;

	switch (insn->code) {
	case INSN_LD:
		if (insn->k != word_offset(WORD_NR, order) &&
			insn->k != word_offset(WORD_ARCH, order))
			return false;
		*a = insn->k == word_offset(WORD_NR, order) ? nr : audit;
		return true;
	case INSN_AND:
		*a &= insn->k;
		return true;
	case INSN_JA:
		*pc += insn->k;
		return true;
	case INSN_JEQ:
		taken = *a == insn->k;
		break;
	case INSN_JGT:
		taken = *a > insn->k;
		break;
	case INSN_JGE:
		taken = *a >= insn->k;
		break;
	case INSN_JSET:
		taken = *a & insn->k;
		break;
	default:
		return false;
	}
	*pc += taken ? insn->jt : insn->jf;
	return true;
}

struct cached_end cached_end(
	const struct program *p, enum byte_order order, uint32_t audit, uint32_t nr)
{
	struct cached_end end = {.pc = 0};
	uint32_t a = 0;

	for (size_t pc = 0; pc < p->len; pc++) {
		const struct insn *insn = &p->insn[pc];
		end.pc = pc;
		end.walked++;
		if (insn->code == INSN_RET) {
			end.constant = true;
			end.ret = insn->k;
			return end;
		}
		if (!step(insn, order, audit, nr, &a, &pc))
			return end;
	}
	return end;
}

bool cached_allows(
	const struct program *p, enum byte_order order, uint32_t audit, uint32_t nr, size_t *walked)
{
	struct cached_end end = cached_end(p, order, audit, nr);

	if (walked)
		*walked = end.walked;
	return end.constant && end.ret == RET_ALLOW;
}
