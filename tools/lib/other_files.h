#ifndef TOOLS_LIB_OTHER_FILES_H
#define TOOLS_LIB_OTHER_FILES_H

/* What lies beside profiles in a folder and is none: files of other programs, told by the keys they have. */

#include "../../compiler/say/diag.h"

/*
 * "a package.json of npm"; NULL: it is none that is known, or no document at all, or has a key that is a profile's or
 * nearly one, so that it may be meant as such.
 */
const char *other_file(struct arena *, const struct source *);

#endif
