#ifndef TOOLS_TIMING_TIMING_H
#define TOOLS_TIMING_TIMING_H

/* Calls made for real under filters loaded for real, and how long each took. */

#include "../../backends/bpf/bpf.h"
#include "../../compiler/kernel/call.h"

#include <stdbool.h>
#include <stddef.h>

#define TIMING_CALLS 8

/* What is done in every lap. The calls must do no harm, with the filter or without. */
struct timing {
	unsigned cpu;
	struct call call[TIMING_CALLS];
	size_t calls;
};

struct lap {
	int error;   /* errno of the load; ECHILD: the process died, ENOSYS: no seccomp */
	double load; /* ns for loading one copy, the first */
	long answer[TIMING_CALLS]; /* what the call returned, errors negative */
	double call[TIMING_CALLS]; /* ns, in the quickest batch */
};

/* The processor laps run on: the last this process may use, away from most interrupts. */
unsigned timing_cpu(void);

/* One process, the filter loaded `copies` times, every call timed. False: error says why. */
bool timing_lap(const struct timing *, const struct program *, unsigned copies, struct lap *);

#endif
