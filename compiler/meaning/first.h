#ifndef COMPILER_MEANING_FIRST_H
#define COMPILER_MEANING_FIRST_H

/*
 * policy_decide() for one range and very many calls: clauses that want equal bits of the same arguments
 * are found by the values they want, so that long lists of values are not gone through for each call.
 */

#include "policy.h"

struct first;

struct first *first_of(struct arena *, const struct range *);

/*
 * The clause of the range that decides the call. Takes the conditions it looks at from *steps; at 0 the
 * last clause is as good as any other.
 */
const struct clause *first_decide(const struct first *, const uint64_t args[CALL_ARGS], uint64_t *steps);

#endif
