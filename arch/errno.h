#ifndef ARCH_ERRNO_H
#define ARCH_ERRNO_H

/* Errno names and the numbers an ABI's kernel gives them: 38 is ENOSYS on most, 89 on MIPS. */

#include "arch.h"

bool arch_errno_find(const struct abi *, const char *name, size_t len, uint16_t *value);

/* The (first) name of a number, NULL if it has none. */
const char *arch_errno_name(const struct abi *, uint16_t value);

#endif
