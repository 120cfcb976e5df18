#ifndef COMPILER_PROFILE_FOREIGN_H
#define COMPILER_PROFILE_FOREIGN_H

/* Files about syscalls that are no profiles, told by words that only such files have. */

#include "../say/source.h"

struct foreign {
	const char *what; /* "an LXC policy" */
	const char *hint; /* what to give winnow in its place, or what reads it */
};

/* Of a text that could not be read as a profile; NULL: it is like none of those known. */
const struct foreign *foreign_find(const struct source *);

/* The same of what winnow itself writes beside profiles and filters, and of signatures: nothing else is like those. */
const struct foreign *foreign_own(const struct source *);

#endif
