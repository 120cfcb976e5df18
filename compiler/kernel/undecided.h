#ifndef COMPILER_KERNEL_UNDECIDED_H
#define COMPILER_KERNEL_UNDECIDED_H

/* What is said where kernels return different things. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * In place of a returned value, which has 32 bits: there is none that all kernels return, and
 * instruction UNDECIDED_AT() is why. It shifts by X, X is 32 or more, and something depends on
 * what came of it. The kernel admits that; its interpreter takes the low five bits of X, where older
 * ones left it to the compiler (kernel/bpf/core.c ___bpf_prog_run()), and JITs leave it to the
 * machine, where six bits (powerpc, s390) or eight (arm) may count.
 */
#define UNDECIDED         (UINT64_C(1) << 33)
#define UNDECIDED_INSNS   4096 /* BPF_MAXINSNS */
#define UNDECIDED_AT(ret) ((size_t)((ret)-UNDECIDED))

static inline bool is_undecided(uint64_t ret)
{
	return ret >= UNDECIDED && ret < UNDECIDED + UNDECIDED_INSNS;
}

#define SHIFT_MAX 31u /* by more, nothing is known of the result */

#endif
