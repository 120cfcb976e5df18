#ifndef BACKENDS_PROVE_SMT_H
#define BACKENDS_PROVE_SMT_H

/*
 * Policies and programs as SMT-LIB 2 terms (logic QF_BV), for a solver that shares nothing with
 * winnow. A call is the constants arch, nr (32 bits), a0 to a5 and ip (64). What a shift by 32 or
 * more leaves is a function of both operands that nobody knows, lsh or rsh: the same on both sides,
 * as both are asked about one kernel. The logic is QF_UFBV then.
 */

#include "../../arch/arch.h"
#include "../../compiler/base/buf.h"
#include "../../compiler/meaning/policy.h"
#include "../bpf/bpf.h"

/* The logic, the call, and the function `verdict` (verdict.h). by_x: a program shifts by X. */
void smt_begin(struct buf *, bool by_x);

/* Does a program shift by X, reached or not? */
bool smt_shifts_by_x(const struct program *);

/* The call is one that can exist (settle.h). */
void smt_existing(struct buf *);

/* `name`: what policy_decide() returns. */
void smt_policy(struct buf *, const char *name, const struct policy *);

/* `name`: what the program returns, which must have passed check_program(). */
void smt_program(struct buf *, const char *name, const struct program *, enum byte_order);

/* Asks for a call, and a kernel, for which verdicts differ: "unsat" says that there is none. */
void smt_end(struct buf *, const char *left, const char *right);

#endif
