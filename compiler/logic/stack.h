#ifndef COMPILER_LOGIC_STACK_H
#define COMPILER_LOGIC_STACK_H

/*
 * Two filters that answer as one: by the stricter of both answers, as the kernel obeys filters that stand
 * on each other, or by the laxer (doc/merge.md). Once as a function and once as a policy, neither made
 * from the other, so that comparing them is a proof.
 */

#include "../meaning/policy.h"
#include "bdd.h"

enum stacked { STACK_STRICTEST, STACK_LAXEST };

/*
 * Of two answers that are equally strict it is the one that comes `then` (kernel/seccomp.c
 * seccomp_run_filters() starts with the filter installed last).
 */
uint32_t stack_ret(enum stacked, uint32_t first, uint32_t then);

/* The strictest of two answers of which either may be UNDECIDED, and then so is this. */
uint64_t stack_answer(uint64_t first, uint64_t then);

/* For every call, of functions of returned values; of the strictest ones either may be UNDECIDED. */
uint32_t stack_function(struct bdd *, enum stacked, uint32_t first, uint32_t then);

/*
 * The same of policies of one byte order. Its ABIs are the first's own, and those of either that are
 * answered anything but what audit archs are that neither has. NULL: a number has more than
 * STACK_CLAUSES, or the store is full.
 */
#define STACK_CLAUSES 4096u
const struct policy *stack_policy(
	struct bdd *, enum stacked, const struct policy *first, const struct policy *then);

/* Is any call of the ABI answered otherwise than those of audit archs the policy does not have? */
bool stack_speaks_of(const struct policy *, const struct abi *);

#endif
