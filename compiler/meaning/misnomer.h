#ifndef COMPILER_MEANING_MISNOMER_H
#define COMPILER_MEANING_MISNOMER_H

/*
 * The syscall meant by a name that is none: what the C library's function of that name calls, or
 * else the nearest name.
 */

#include "../../arch/arch.h"

#include <stddef.h>

/* One that the ABI has, NULL: that any has. NULL if nothing is near. */
const char *misnomer_meant(const struct abi *, const char *word, size_t len);

/*
 * The one syscall that is an edit away from a name that is none, digits apart: another number is another call, maybe of
 * a kernel to come. NULL: there is none, there are several, or the name is one of the C library's.
 */
const char *misnomer_certain(const char *word, size_t len);

#endif
