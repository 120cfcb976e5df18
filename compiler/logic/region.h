#ifndef COMPILER_LOGIC_REGION_H
#define COMPILER_LOGIC_REGION_H

/* A condition on arguments in people's words. */

#include "../../arch/arch.h"
#include "../base/buf.h"
#include "bdd.h"

/*
 * Where `function`, which depends on arguments alone, has the leaf `value`:
 *
 *	when a0 == 38 and a2 != 0
 *	unless a1 <= 7
 *
 * Exact if there is a short way to say it; else "for some arguments", and false. Nothing is written
 * where it always has that value.
 */
bool region_print(struct buf *, struct bdd *, uint32_t function, uint64_t value,
	const struct abi *abi);

#endif
