#ifndef COMPILER_LOGIC_VERDICT_H
#define COMPILER_LOGIC_VERDICT_H

/*
 * What the kernel makes of a returned value (kernel/seccomp.c __seccomp_filter()): values that it
 * cannot tell apart are one verdict.
 */

#include "../base/buf.h"
#include "bdd.h"

#include <stdint.h>

/* The value that stands for all that do the same. */
uint32_t verdict_of(uint32_t ret);

/* 0 is the strictest. Of several filters the kernel obeys the one of the lowest. */
unsigned verdict_rank(uint32_t ret);

/* May the call be made? False as well where another process is asked first. */
bool verdict_lets_through(uint32_t ret);

/* A function of returned values as one of verdicts; what is UNDECIDED (bpf.h) stays so. */
uint32_t verdict_function(struct bdd *, uint32_t function);

/* Why a value is UNDECIDED: "instruction 4 shifts by X, ...", a sentence without its full stop. */
void undecided_print(struct buf *, uint64_t ret);

#endif
