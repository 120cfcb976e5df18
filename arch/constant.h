#ifndef ARCH_CONSTANT_H
#define ARCH_CONSTANT_H

/* What people call arguments of syscalls (AF_ALG, O_CREAT, TIOCSTI), and their values on an ABI. */

#include "arch.h"

/* Ids are indices, stable within one build only. */
bool arch_constant_find(const char *name, size_t len, uint16_t *id);
size_t arch_constant_count(void);
const char *arch_constant_name(uint16_t id);

/* As the ABI's registers hold it (AT_FDCWD is negative). False: the ABI has no such constant. */
bool arch_constant_value(const struct abi *, uint16_t id, uint64_t *value);

#endif
