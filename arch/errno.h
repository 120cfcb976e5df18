#ifndef ARCH_ERRNO_H
#define ARCH_ERRNO_H

/*
 * Errno names and the numbers an ABI's kernel gives them: ENOSYS is 38 on most, 89 on MIPS. The
 * names are the kernel's and the C library's ENOTSUP, in upper case; none has the number 0.
 */

#include "arch.h"

/* The number of a name. False: no ABI has it, or this one does not. */
bool arch_errno_find(const struct abi *, const char *name, size_t len, uint16_t *value);

/* The name of a number, EAGAIN rather than EWOULDBLOCK. NULL if it has none. A linear scan. */
const char *arch_errno_name(const struct abi *, uint16_t value);

/* All names of all ABIs, by an index below the count: to suggest from. */
size_t arch_errno_count(void);
const char *arch_errno_word(size_t index);

#endif
