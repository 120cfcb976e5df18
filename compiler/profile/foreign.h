#ifndef COMPILER_PROFILE_FOREIGN_H
#define COMPILER_PROFILE_FOREIGN_H

/* Texts about syscalls that are no profiles, told by words that only such texts have. */

#include "../say/source.h"

struct foreign {
	const char *what; /* "an LXC policy" */
	const char *hint; /* what to give winnow in its place */
};

/* Of a text that could not be read as a profile; NULL: it is like none of those known. */
const struct foreign *foreign_find(const struct source *);

#endif
