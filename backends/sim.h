#ifndef BACKENDS_SIM_H
#define BACKENDS_SIM_H

/*
 * Run a program on one call, as the kernel's interpreter would. The program must have passed
 * check_program(): the kernel never runs one that has not.
 */

#include "../arch/arch.h"
#include "../compiler/call.h"
#include "bpf.h"

/* Called before each instruction executes, if not NULL. a and x are the registers before it. */
struct sim_trace {
	void (*step)(void *data, size_t pc, uint32_t a, uint32_t x);
	void *data;
};

/* The value returned. *executed (may be NULL) counts the instructions on the way, RET included. */
uint32_t sim_run(const struct program *, enum byte_order, const struct call *, size_t *executed,
	const struct sim_trace *);

#endif
