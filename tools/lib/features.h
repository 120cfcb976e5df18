#ifndef TOOLS_LIB_FEATURES_H
#define TOOLS_LIB_FEATURES_H

/* What `runc features` and `crun features` print (runtime-spec features.md), as far as it tells how a
 * profile is read. */

#include "../../compiler/profile/dialect.h"
#include "../../compiler/profile/libseccomp.h"

/*
 * The row of the runtime's version, that as --runtime takes it in the arena ("runc@1.1.5+ds1"), and the libseccomp it links. False, and *why in the arena, if that
 * is no such document or of a version that is not known here.
 */
bool features_read(struct arena *, const struct source *, const struct dialect **,
	const char **name, const struct libseccomp **, const char **why);

#endif
