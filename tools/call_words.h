#ifndef TOOLS_CALL_WORDS_H
#define TOOLS_CALL_WORDS_H

/* A call as people type it. */

#include "options.h"

#include <stdint.h>

/* Decimal, 0x hexadecimal or octal; negative as the ABI's registers hold it. */
bool call_number(const char *text, const struct abi *, uint64_t *value);

/* "x86_64 has no syscall 'opne'; did you mean 'open'?" returns EXIT_USAGE. */
int call_unknown(const struct verb *, const char *text, const struct abi *);

#endif
