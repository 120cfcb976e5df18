#ifndef COMPILER_TREE_LAYOUT_H
#define COMPILER_TREE_LAYOUT_H

/*
 * What a good layout is: how often each syscall is called and what an instruction stored is worth.
 * It decides where tests lie and how deep, never what they decide.
 */

#include "../../arch/arch.h"
#include "../base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define LAYOUT_UNIT 1048576u /* all calls together */

enum objective {
	OBJECTIVE_TODAY,   /* kernels with the bitmap, and not much worse where there is none */
	OBJECTIVE_BITMAP,  /* kernels with the bitmap and no other filter in the stack */
	OBJECTIVE_MIX,     /* all calls, as often as they are made */
	OBJECTIVE_UNIFORM, /* all allowed syscalls alike */
	OBJECTIVE_SIZE,    /* fewest instructions */
};

/*
 * From 5.11 on (kernel/seccomp.c, seccomp_cache_prepare) a kernel answers calls that are allowed
 * whatever their arguments from a bitmap: what remains are calls with argument rules and refusals, and
 * the one walk of each number when the filter is installed. OBJECTIVE_BITMAP weighs these alone. A
 * second filter in the stack brings the others back, so OBJECTIVE_TODAY counts them a little. On ABIs
 * whose kernel has no bitmap both are OBJECTIVE_MIX.
 */
struct layout {
	enum objective objective;
	const uint32_t *share; /* by syscall id, in LAYOUT_UNIT; NULL: nothing is known */
	bool measured;         /* of these very programs, not of programs in general */
	unsigned max_path;     /* instructions executed at most; 0: no bound */
	unsigned miss;         /* instructions that a branch against the odds is worth (search.h) */
	bool alike;            /* lists of clauses on 64-bit ABIs are such that 32-bit ones share them, whatever it costs */
	bool plain;            /* lists of clauses have nothing in common but their end: longer, and easier to prove */
};

/* Weight of a syscall in its ABI's tree; allowed: whatever its arguments are. */
uint64_t layout_weight(const struct layout *, const struct abi *, uint16_t id, bool allowed);

/* Is the mix none of programs under this filter: does it refuse most of it, and nobody measured them? refused: by weight. */
bool layout_is_foreign(const struct layout *, uint64_t refused);

/*
 * Weights where it is: nothing is known of who lives with that, but that calls the rules are about will be made, and those
 * that are refused will not.
 */
uint64_t layout_foreign_weight(const struct abi *, bool allowed, bool refused);

/* Weight of a test stored, on the same scale. */
uint64_t layout_size(const struct layout *);

/* Shares of the built-in mix, measured on nine workloads. */
const uint32_t *layout_mix(struct arena *);

/* Shares from counts by syscall id (any unit, sum below 2^44); all 0 if the counts are. */
const uint32_t *layout_shares(struct arena *, const uint64_t *count);

#endif
