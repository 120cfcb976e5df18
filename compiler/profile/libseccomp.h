#ifndef COMPILER_PROFILE_LIBSECCOMP_H
#define COMPILER_PROFILE_LIBSECCOMP_H

/*
 * What older libseccomps do not know of the syscall tables: a runtime drops a rule on such a name
 * without a word, and refuses such an architecture. libseccomp comes with the distribution, whatever the
 * runtime's version is, so it is an axis of its own.
 */

#include "../../arch/arch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct libseccomp;

/* By its first two numbers, "2.5", with or without what follows. NULL: not known here. */
const struct libseccomp *libseccomp_find(const char *version);

/* "2.5" */
const char *libseccomp_version(const struct libseccomp *);

/* Of no ABI does it know the name; NULL knows all. */
bool libseccomp_lacks(const struct libseccomp *, uint16_t syscall);

/* Nor has it a number for the name on this ABI. */
bool libseccomp_lacks_on(const struct libseccomp *, const struct abi *, uint16_t syscall);

bool libseccomp_lacks_abi(const struct libseccomp *, const struct abi *);

#endif
