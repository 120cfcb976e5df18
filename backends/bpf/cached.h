#ifndef BACKENDS_BPF_CACHED_H
#define BACKENDS_BPF_CACHED_H

/* The walk a kernel from 5.11 on makes through a new filter, once for each number. */

#include "../../arch/arch.h"
#include "bpf.h"

#include <stdbool.h>

/* Where the walk for a number ends. */
struct cached_end {
	bool constant; /* at a RET, so that the number is answered whatever else the call holds */
	uint32_t ret;  /* what that returns */
	size_t pc;     /* of the RET, or of what may depend on more */
	size_t walked; /* instructions looked at */
};

struct cached_end cached_end(const struct program *, enum byte_order, uint32_t audit, uint32_t nr);

/*
 * Does the kernel find that the number is allowed whatever else the call holds, so that the filter
 * is never run for it? *walked (may be NULL): instructions it looked at to find out.
 */
bool cached_allows(
	const struct program *, enum byte_order, uint32_t audit, uint32_t nr, size_t *walked);

#endif
