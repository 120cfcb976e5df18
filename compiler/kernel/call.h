#ifndef COMPILER_KERNEL_CALL_H
#define COMPILER_KERNEL_CALL_H

/*
 * What a filter is asked about (kernel: include/uapi/linux/seccomp.h, struct seccomp_data) and the
 * sixteen 32-bit words it can see of it.
 */

#include <stdint.h>

#define CALL_ARGS 6

struct call {
	uint32_t arch; /* AUDIT_ARCH_* */
	uint32_t nr;   /* as unsigned; -1 is UINT32_MAX */
	uint64_t ip;   /* instruction_pointer */
	uint64_t args[CALL_ARGS];
};

/* A word of the call; the halves of a 64-bit field are named by weight, never by offset. */
enum word { WORD_NR, WORD_ARCH, WORD_IP_LO, WORD_IP_HI, WORD_ARG_LO /* + 2 * arg */, WORD_ARG_HI };
#define WORD_LO(arg) ((uint8_t)(WORD_ARG_LO + 2 * (arg)))
#define WORD_HI(arg) ((uint8_t)(WORD_ARG_HI + 2 * (arg)))
#define WORDS        16

static inline uint32_t call_word(const struct call *c, unsigned word)
{
	if (word == WORD_NR)
		return c->nr;
	if (word == WORD_ARCH)
		return c->arch;
	uint64_t field = word < WORD_ARG_LO ? c->ip : c->args[(word - WORD_ARG_LO) / 2];
	return (uint32_t)(word % 2 ? field >> 32 : field);
}

#endif
