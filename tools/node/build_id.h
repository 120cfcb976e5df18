#ifndef TOOLS_NODE_BUILD_ID_H
#define TOOLS_NODE_BUILD_ID_H

/*
 * Which program this is, by what its linker noted of it and of each library it runs with: the digest of what is in
 * them. Two builds of one version differ in it, and the same build twice does not.
 */

#include "../../compiler/base/buf.h"

#include <stdbool.h>

/* The bytes, for a digest of them, each behind its length. False: one of them has none, so that it cannot be told from another. */
bool build_id_add(struct buf *);

#endif
