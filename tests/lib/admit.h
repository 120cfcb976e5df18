#ifndef TESTS_LIB_ADMIT_H
#define TESTS_LIB_ADMIT_H

/* Does this kernel take a filter? Asked by really loading it, in a child that does nothing else. */

#include "backends/bpf/bpf.h"

#include <stdbool.h>

/*
 * Starts the process whose children load filters: as early as can be, since forking a large process
 * is slow. False: it cannot be had, or this kernel loads no filters. It ends with its caller.
 */
bool admit_start(void);

/* The error the kernel gave, 0 if it took the filter, -1 if it could not be asked. */
int admit(const struct program *);

#endif
