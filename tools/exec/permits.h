#ifndef TOOLS_EXEC_PERMITS_H
#define TOOLS_EXEC_PERMITS_H

/* Would a filter that is loaded already end the call that loads another? */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * True if the filter, which admit() took, is sure to kill or trap the call whose arguments are the
 * first three given and 0; false if not, or if that cannot be told without running it all.
 */
bool permits_not(const void *blob, size_t size, uint32_t arch, uint32_t nr, const uint64_t args[3]);

#endif
