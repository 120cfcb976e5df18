#ifndef TOOLS_NODE_BASE_SPEC_H
#define TOOLS_NODE_BASE_SPEC_H

/*
 * A containerd base runtime spec: a whole OCI config.json that pods of one runtime handler start
 * from, with the filter in crun's annotation.
 */

#include "../../compiler/base/buf.h"
#include "../../compiler/profile/profile.h"

/* winnow's own spec without a filter: what a container of containerd's has by default. */
extern const struct source base_spec_default;

/* False (and diagnostics): the document is no OCI spec that a filter can be put into. */
bool base_spec_check(struct arena *, const struct source *spec, struct diags *);

/*
 * The spec (NULL: the default one), which passed base_spec_check(), with the blob. An annotation
 * and a linux.seccomp that it has are replaced, every other byte stays.
 */
void base_spec_write(
	struct buf *, const struct source *spec, const struct buf *blob, const struct profile *);

#endif
