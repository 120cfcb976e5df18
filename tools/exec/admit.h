#ifndef TOOLS_EXEC_ADMIT_H
#define TOOLS_EXEC_ADMIT_H

/*
 * Would the kernel take a blob? backends/bpf/check.h restated for those who have no arena and no libc:
 * the first fault only, as a reason. tests/unit/tools/exec/test_load.c holds the two against each other.
 */

#include "../../include/winnow.h"

#include <stdbool.h>

/* False: *fault says why. */
bool admit(const void *blob, size_t size, struct winnow_fault *fault);

#endif
