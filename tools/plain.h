#ifndef TOOLS_PLAIN_H
#define TOOLS_PLAIN_H

/* A profile as plain OCI JSON for one node, proved before anybody sees it. */

#include "build.h"

/*
 * The JSON, held against the profile: read back as every runtime reads it, it means the same; a
 * runtime that refuses it is a finding. BUILD_REFUSED: the diagnostics say why.
 */
enum build plain_build(struct arena *, const struct profile *, const struct node_facts *,
	struct diags *, struct buf *json, struct mistake *);

#endif
