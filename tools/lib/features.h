#ifndef TOOLS_LIB_FEATURES_H
#define TOOLS_LIB_FEATURES_H

/* What `runc features` and `crun features` print (runtime-spec features.md), as far as it tells how a
 * profile is read. */

#include "../../compiler/profile/dialect.h"
#include "../../compiler/profile/libseccomp.h"

/*
 * The row of the runtime's version, and the libseccomp it links; *why, in the arena, has where its lists are not
 * that row's (feature_lists.h), or is NULL. False, and *why, if that is no such document or of a version that is
 * not known here.
 */
bool features_read(struct arena *, const struct source *, const struct dialect **,
	const char **name, const struct libseccomp **, const char **why);

#endif
