#ifndef TESTS_LIB_RUN_FILTERED_H
#define TESTS_LIB_RUN_FILTERED_H

/*
 * Calls made for real under a filter loaded for real, and what became of each. A call is made
 * twice, the first time without the filter: whoever asks sees to it that no harm comes of it.
 */

#include "compiler/kernel/call.h"

#include <stdbool.h>
#include <stddef.h>

enum outcome {
	OUTCOME_NONE,           /* not got to */
	OUTCOME_RETURNED,       /* `value` */
	OUTCOME_TRAPPED,        /* SIGSYS, with what is in `trap` */
	OUTCOME_THREAD_KILLED,  /* and the process lives */
	OUTCOME_PROCESS_KILLED, /* by SIGSYS */
	OUTCOME_LOST,           /* none of these: the test is at fault */
};

struct deed {
	enum outcome outcome;
	long unfiltered, value; /* an error is negative, as the kernel returns it */
	struct {
		int nr, error, code; /* si_syscall, si_errno, si_code */
		unsigned arch;       /* si_arch */
	} trap;
};

/*
 * All calls in order, a deed each. 0, or what winnow_load() said, negative. A call that does not
 * return costs a process.
 */
int run_filtered(const void *blob, size_t size, const struct call *, size_t calls, struct deed *);

/* The same under several filters, loaded in order: each has to let those behind it be loaded. */
struct filter_blob {
	const void *bytes;
	size_t size;
};
int run_filtered_stack(const struct filter_blob *, size_t blobs, const struct call *, size_t calls, struct deed *);

#endif
