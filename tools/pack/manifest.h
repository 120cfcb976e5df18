#ifndef TOOLS_PACK_MANIFEST_H
#define TOOLS_PACK_MANIFEST_H

/*
 * What a bundle says is in it, as JSON. A bundle has one manifest: what is read is written again
 * and has to come out byte by byte, so that no key, order or spelling is there that means nothing.
 */

#include "bundle_contents.h"

#define MANIFEST_NAME    "manifest.json"
#define MANIFEST_VERSION 1

/* The paths of all files, from the names; in the arena. */
void manifest_paths(struct bundle *, struct arena *);

void manifest_write(struct buf *, const struct bundle *);

/*
 * Everything but the bytes of the files, of which the archive has `files`. False (and E050): it is
 * none.
 */
bool manifest_read(
	struct bundle *, struct arena *, const struct source *, size_t files, struct diags *);

#endif
