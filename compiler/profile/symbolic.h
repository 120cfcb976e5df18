#ifndef COMPILER_PROFILE_SYMBOLIC_H
#define COMPILER_PROFILE_SYMBOLIC_H

/* Names of constants where profiles have numbers: no runtime reads "AF_ALG", and people write it. */

#include "../base/buf.h"

#include <stdbool.h>

/*
 * "AF_ALG is 38", "TIOCSTI is 0x5412 on x86_64, and another number on some ABIs", of names joined by '|'.
 * False, and nothing written, if one of them is no constant.
 */
bool symbolic_number(struct buf *, const char *text, size_t len);

#endif
