#ifndef TOOLS_LIB_BYPASS_H
#define TOOLS_LIB_BYPASS_H

/* What a filter cannot see of syscalls: other ways to the same effect. */

#include "../../arch/arch.h"

/* Where the ABI has the argument that most have at `arg` (kernel/fork.c, CONFIG_CLONE_BACKWARDS2).
 */
unsigned bypass_place(const struct abi *, uint16_t syscall, unsigned arg);

/* The operation of io_uring_enter(2) that does the same ("IORING_OP_SOCKET"), NULL if none. */
const char *bypass_uring(uint16_t syscall);

/* The bits of a multiplexer's first argument that the kernel looks at. */
uint32_t bypass_code_mask(const struct abi *, uint32_t multiplexer);

#endif
