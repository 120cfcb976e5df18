#ifndef TOOLS_EXEC_CLAIMS_H
#define TOOLS_EXEC_CLAIMS_H

/* Is the trailer of a blob, if it has one, as it was written? (doc/blob.md) */

#include "../../include/winnow.h"

#include <stdbool.h>

/* The blob must have passed admit(). True where there is no trailer; false: *fault says so. */
bool claims_check(const void *blob, size_t size, struct winnow_fault *fault);

#endif
