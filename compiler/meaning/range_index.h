#ifndef COMPILER_MEANING_RANGE_INDEX_H
#define COMPILER_MEANING_RANGE_INDEX_H

/*
 * policy_decide() for one range and very many calls: clauses that want equal bits of the same arguments
 * are found by the values they want, so that long lists of values are not gone through for each call.
 */

#include "policy.h"

struct range_index;

struct range_index *range_index_of(struct arena *, const struct range *);

/*
 * The clause of the range that decides the call. Takes the conditions it looks at from *steps; at 0 the
 * last clause is as good as any other.
 */
const struct clause *range_index_decide(const struct range_index *, const uint64_t args[CALL_ARGS], uint64_t *steps);

#endif
