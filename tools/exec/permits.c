/*
 * In: a blob and a call. Out: whether the blob ends it. What generators of filters emit is followed:
 * loads, AND, comparisons with constants and returns; at anything else nothing is said.
 */

#include "permits.h"

#include "insn.h"

#define WORDS 16 /* of struct seccomp_data */

/* include/uapi/linux/seccomp.h: actions in order, the hardest lowest as a signed number */
#define RET_TRAP 0x00030000

static void lay_out(uint32_t word[WORDS], uint32_t arch, uint32_t nr, const uint64_t args[3])
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	for (size_t i = 0; i < WORDS; i++)
		word[i] = 0;
	word[0] = nr;
	word[1] = arch;
	for (size_t i = 0; i < 3; i++) {
		word[4 + 2 * i] = (uint32_t)(little ? args[i] : args[i] >> 32);
		word[5 + 2 * i] = (uint32_t)(little ? args[i] >> 32 : args[i]);
	}
}

static bool holds(const struct insn *insn, uint32_t a)
{
	switch (insn->code) {
	case INSN_JEQ:
		return a == insn->k;
	case INSN_JGT:
		return a > insn->k;
	case INSN_JGE:
		return a >= insn->k;
	default:
		return a & insn->k;
	}
}

bool permits_not(const void *blob, size_t size, uint32_t arch, uint32_t nr, const uint64_t args[3])
{
	uint32_t word[WORDS], a = 0;

	lay_out(word, arch, nr, args);
	for (size_t pc = 0; pc < size / sizeof(struct insn); pc++) {
		const struct insn insn = insn_at(blob, pc);
		switch (insn.code) {
		case INSN_LD:
			a = word[insn.k / 4 % WORDS];
			break;
		case INSN_AND:
			a &= insn.k;
			break;
		case INSN_JA:
			pc += insn.k;
			break;
		case INSN_JEQ:
		case INSN_JGT:
		case INSN_JGE:
		case INSN_JSET:
			pc += holds(&insn, a) ? insn.jt : insn.jf;
			break;
		case INSN_RET:
			return (int32_t)(insn.k & 0xffff0000) <= RET_TRAP;
		default:
			return false;
		}
	}
	return false;
}
