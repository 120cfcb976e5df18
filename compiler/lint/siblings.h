#ifndef COMPILER_LINT_SIBLINGS_H
#define COMPILER_LINT_SIBLINGS_H

/* Which syscalls do what another one does: whoever is kept from it makes one of those. */

#include <stdbool.h>
#include <stddef.h>

#define SIBLINGS_MAX 8u /* others of one name in a row of the table */

struct siblings {
	const char *name;
	const char *other[SIBLINGS_MAX];
	size_t others;
};

/* The next row, from *at = 0 on. A name may have several. False: that was the last one. */
bool siblings_next(size_t *at, struct siblings *);

/* The syscall without which that one has no such effect; NULL: there is none. */
const char *siblings_needs(const char *name);

#endif
