#ifndef BACKENDS_BPF_SIM_H
#define BACKENDS_BPF_SIM_H

/*
 * Run a program on one call, as every kernel would. The program must have passed
 * check_program(): the kernel never runs one that has not.
 */

#include "../../arch/arch.h"
#include "../../compiler/kernel/call.h"
#include "bpf.h"

#include <assert.h>

/* A register or a cell. */
struct sim_reg {
	uint32_t value;
	uint32_t unknown; /* 0; else the value means nothing, and this is 1 + whose shift is why */
};

/* Called before each instruction executes, if not NULL. a and x are the registers before it. */
struct sim_trace {
	void (*step)(void *data, size_t pc, const struct sim_reg *a, const struct sim_reg *x);
	void *data;
};

/*
 * The value returned, or UNDECIDED + pc (bpf.h). *executed (may be NULL) counts the instructions on
 * the way, RET included.
 */
uint64_t sim_run(const struct program *, enum byte_order, const struct call *, size_t *executed,
	const struct sim_trace *);

/* The same of a program that never shifts by X, as all of winnow's. */
static inline uint32_t sim_returned(uint64_t ret)
{
	assert(ret <= UINT32_MAX);
	return (uint32_t)ret;
}

#endif
