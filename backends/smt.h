#ifndef BACKENDS_SMT_H
#define BACKENDS_SMT_H

/*
 * Policies and programs as SMT-LIB 2 terms (logic QF_BV), for a solver that shares nothing with
 * winnow. A call is the constants arch, nr (32 bits), a0 to a5 and ip (64).
 */

#include "../arch/arch.h"
#include "../compiler/buf.h"
#include "../compiler/policy.h"
#include "bpf.h"

/* The logic, the call, and the function `verdict` (verdict.h). */
void smt_begin(struct buf *);

/* The call is one that can exist (settle.h). */
void smt_existing(struct buf *);

/* `name`: what policy_decide() returns. */
void smt_policy(struct buf *, const char *name, const struct policy *);

/* `name`: what the program returns, which must have passed check_program(). */
void smt_program(struct buf *, const char *name, const struct program *, enum byte_order);

/* Asks for a call whose verdicts differ: "unsat" says that there is none. */
void smt_end(struct buf *, const char *left, const char *right);

#endif
