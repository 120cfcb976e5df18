#ifndef BACKENDS_PROVE_SYMBOLIC_H
#define BACKENDS_PROVE_SYMBOLIC_H

/* What a program returns, as a function of the call (its variables: meaning.h). */

#include "../../arch/arch.h"
#include "../../compiler/logic/bdd.h"
#include "../bpf/bpf.h"

/*
 * The program must have passed check_program(). Leaves are what is returned, or UNDECIDED + pc
 * (bpf.h). Out of budget: the store is full.
 */
uint32_t symbolic_run(struct bdd *, const struct program *, enum byte_order);

/*
 * The same for calls `where` says, a boolean function of audit arch and number; of all others the
 * result says nothing. What only they can reach is not looked at.
 */
uint32_t symbolic_run_where(struct bdd *, const struct program *, enum byte_order, uint32_t where);

/*
 * The same as kernel/seccomp.c seccomp_is_const_allow() sees it, with the number and the audit arch
 * known and nothing else. An instruction it does not follow returns SYMBOLIC_STUCK + pc.
 */
#define SYMBOLIC_STUCK (UINT64_C(1) << 32)
uint32_t symbolic_emulate(struct bdd *, const struct program *, enum byte_order);

/* Both of one walk. */
struct symbolic {
	uint32_t found, emulated;
};
struct symbolic symbolic_both(struct bdd *, const struct program *, enum byte_order);

#endif
