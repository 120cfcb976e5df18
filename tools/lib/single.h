#ifndef TOOLS_LIB_SINGLE_H
#define TOOLS_LIB_SINGLE_H

/* One text to the profile in it, without what it builds on (bases.h). */

#include "../../compiler/profile/profile.h"
#include "input_options.h"

/* *recognised (unless NULL) is what it was: "a Docker profile, JSON". NULL: the diagnostics say why. */
const struct profile *single_read(struct arena *, const struct source *, const struct input_options *, struct diags *,
	const char **recognised);

#endif
