#ifndef TOOLS_LIB_FEATURES_H
#define TOOLS_LIB_FEATURES_H

/* What `runc features` and `crun features` print (runtime-spec features.md), as far as it tells how a
 * profile is read. */

#include "../../compiler/profile/dialect.h"
#include "../../compiler/profile/libseccomp.h"

struct features {
	const struct dialect *row; /* of the runtime's version */
	const char *name;          /* that as --runtime takes it, "runc@1.1.5+ds1"; in the arena */
	const struct libseccomp *libseccomp; /* what it links; NULL: not told */
	const char *differs; /* where its lists are not that row's (feature_lists.h), in the arena; NULL: nowhere */
};

/* False, and *why in the arena, if that is no such document or of a version that is not known here. */
bool features_read(struct arena *, const struct source *, struct features *, const char **why);

#endif
