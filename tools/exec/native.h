#ifndef TOOLS_EXEC_NATIVE_H
#define TOOLS_EXEC_NATIVE_H

/* Is a blob meant for an ABI? */

#include "../../include/winnow.h"

#include <stdbool.h>

/* The blob must have passed admit(). False: *fault says why. */
bool native_check(const void *blob, size_t size, uint32_t audit, struct winnow_fault *fault);

#endif
