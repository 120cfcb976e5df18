#ifndef COMPILER_LOGIC_MEANING_H
#define COMPILER_LOGIC_MEANING_H

/*
 * A call as boolean variables, and what a policy answers as a function of them. With symbolic.h,
 * which does the same for programs, two meanings are compared by comparing indices.
 */

#include "../meaning/policy.h"
#include "bdd.h"

/* The variable of the word's top bit; those of its other bits follow. */
uint32_t meaning_variable(unsigned word);

/* Set the bit of the call that the variable is. */
void meaning_set(struct call *, uint32_t variable);

/* What is left of a function once a word is known, provided that it depends on none before it. */
uint32_t meaning_given(const struct bdd *, uint32_t function, unsigned word, uint32_t value);

/* The one function for calls of that audit arch, the other for all others. */
uint32_t meaning_on(struct bdd *, uint32_t audit, uint32_t here, uint32_t elsewhere);

/* Boolean: all conditions of the clause hold. */
uint32_t meaning_clause(struct bdd *, const struct clause *);

/* What the clauses of a range return, a function of the arguments. */
uint32_t meaning_range(struct bdd *, const struct range *);

/* Boolean: the audit arch's numbers first..last. */
uint32_t meaning_numbers(struct bdd *, uint32_t audit, uint32_t first, uint32_t last);

/* What policy_decide() returns. */
uint32_t meaning_policy(struct bdd *, const struct policy *);

/* Boolean: the policy names the audit arch and allows the number without a look at arguments. */
uint32_t meaning_allowed(struct bdd *, const struct policy *);

/* A function's value for one call. */
uint64_t meaning_at(const struct bdd *, uint32_t function, const struct call *);

/*
 * A call for which two different functions differ: on the first of the policy's audit arches where
 * there is one, else the first in order; 0 wherever nothing depends on it.
 */
struct call meaning_differ(const struct bdd *, uint32_t f, uint32_t g, const struct policy *);

#endif
