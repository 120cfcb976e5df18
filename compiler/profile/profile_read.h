#ifndef COMPILER_PROFILE_PROFILE_READ_H
#define COMPILER_PROFILE_PROFILE_READ_H

/* From a document to the profile in it. */

#include "input.h"
#include "../read/json.h"
#include "profile.h"

/* Reads all there is, reporting all that is wrong. NULL when something was an error. */
const struct profile *profile_read(struct arena *, const struct json *, struct diags *);

/*
 * The same of a document that is to be of one format. `base_known`: nothing is said of a base it builds on, as
 * somebody will look for that.
 */
const struct profile *profile_read_as(
	struct arena *, const struct json *, enum input, bool base_known, struct diags *);

#endif
