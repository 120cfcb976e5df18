#ifndef TOOLS_LIB_SINGLE_H
#define TOOLS_LIB_SINGLE_H

/* One text to the profile in it, without what it builds on (bases.h). */

#include "../../compiler/profile/profile.h"
#include "input_options.h"

/* *recognised (unless NULL) is what it was: "a Docker profile, JSON". NULL: the diagnostics say why. */
const struct profile *single_read(struct arena *, const struct source *, const struct input_options *, struct diags *,
	const char **recognised);

/*
 * What winnow writes beside profiles and filters, in words: "this is a bundle: winnow pack --list says ...". NULL: it is
 * none of those.
 */
const char *single_own(struct arena *, const struct source *);

/* The same of anything that is known besides profiles, filters and what others have in their place, too. */
const char *single_other(struct arena *, const struct source *);

#endif
