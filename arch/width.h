#ifndef ARCH_WIDTH_H
#define ARCH_WIDTH_H

/*
 * How much of an argument the kernel takes. seccomp sees whole registers; a parameter declared as
 * int is cut to 32 bits before the syscall looks at it, one of umode_t to 16, so the bits above are
 * the caller's to choose. tables/widths.tbl has the widths of 64-bit ABIs and where they are from.
 */

#include "arch.h"

/* Arguments of a syscall. */
#define WIDTH_ARGS 6

/*
 * Low bits of the argument that the kernel looks at, as far as is known: abi->bits where it takes
 * all of them, where that is not known, and where there is no such parameter.
 */
unsigned arch_param_bits(const struct abi *, uint16_t id, unsigned arg);

/*
 * How many parameters the syscall has on a 64-bit ABI. WIDTH_ARGS where that is not known, where all
 * lie in memory, and on other ABIs.
 */
unsigned arch_params(const struct abi *, uint16_t id);

/* Is the first argument a pointer to all of them (sys_old_mmap)? */
bool arch_args_in_memory(const struct abi *, uint16_t id);

#endif
