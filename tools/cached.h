#ifndef TOOLS_CACHED_H
#define TOOLS_CACHED_H

/* The walk a kernel from 5.11 on makes through a new filter, once for each number. */

#include "../arch/arch.h"
#include "../backends/bpf.h"

#include <stdbool.h>

/*
 * Does the kernel find that the number is allowed whatever else the call holds, so that the filter
 * is never run for it? *walked (may be NULL): instructions it looked at to find out.
 */
bool cached_allows(
	const struct program *, enum byte_order, uint32_t audit, uint32_t nr, size_t *walked);

#endif
