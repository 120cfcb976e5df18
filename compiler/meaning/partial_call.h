#ifndef COMPILER_MEANING_PARTIAL_CALL_H
#define COMPILER_MEANING_PARTIAL_CALL_H

/* What a filter answers a call of which not every bit of the arguments is known: the same or no answer. */

#include "policy.h"

struct seen {
	uint64_t value[CALL_ARGS];
	uint64_t known[CALL_ARGS]; /* which bits of it; value has none besides */
};

enum holds { HOLDS_NOT, HOLDS, HOLDS_MAYBE };

/* All its conditions, of every call that looks like that. */
enum holds clause_seen(const struct clause *, const struct seen *);

/*
 * The clause that decides; NULL: it is another one for another call that looks like that, and answers
 * otherwise. Then *open is the first that may decide.
 */
const struct clause *partly_decide(const struct policy *, uint32_t arch, uint32_t nr, const struct seen *,
	const struct clause **open);

/* The bits of each argument that the conditions on a number look at. */
void partly_looked(const struct policy *, uint32_t arch, uint32_t nr, uint64_t bits[CALL_ARGS]);

/* Do both say the same of a number, rule by rule? Then they answer alike, whatever the arguments. */
bool partly_alike(const struct policy *, const struct policy *, uint32_t arch, uint32_t nr);

#endif
