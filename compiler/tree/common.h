#ifndef COMPILER_TREE_COMMON_H
#define COMPILER_TREE_COMMON_H

/* Clauses that answer alike, in whatever order is shortest: what several ask is asked once for all of them. */

#include "step.h"

/* Of one clause, all different; used up by common_build(). */
struct steps {
	const struct step **step;
	size_t count;
};

/* Where one of the clauses holds `yes`, else `no`. */
uint32_t common_build(struct graph *, struct steps *, size_t clauses, uint32_t yes, uint32_t no);

#endif
