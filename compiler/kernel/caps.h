#ifndef COMPILER_KERNEL_CAPS_H
#define COMPILER_KERNEL_CAPS_H

/* Capabilities by name (kernel: include/uapi/linux/capability.h). */

#include "../base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPS 41 /* CAP_CHECKPOINT_RESTORE is 40, the last since 5.9 */
#define CAPS_ALL (((uint64_t)1 << CAPS) - 1) /* a set of all: a bit each */

/* "CAP_SYS_ADMIN", exact. */
bool caps_find(const char *name, size_t len, unsigned *cap);
/* The same as people type it: any case, with or without CAP_. */
bool caps_find_loosely(const char *name, size_t len, unsigned *cap);
/* With CAP_. */
const char *caps_name(unsigned cap);
/* The names of a set, with `between` between them; */
void caps_list(struct buf *, uint64_t caps, const char *between);
/* the same, or "all" or "none". */
void caps_print(struct buf *, uint64_t caps, const char *between);

#endif
