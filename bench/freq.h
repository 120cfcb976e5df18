#ifndef BENCH_FREQ_H
#define BENCH_FREQ_H

/* How often a workload makes each syscall: bench/freq/NAME.tsv. */

#include "../compiler/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct freq {
	const char *name;      /* the file's, without directory and .tsv */
	const double *count;   /* by syscall id, in any unit */
	const uint32_t *share; /* the same, as a layout takes it */
};

/* False, and a message, if it cannot be read. */
bool freq_read(struct arena *, const char *path, struct freq *);

#endif
