#ifndef TOOLS_VERBS_FIX_H
#define TOOLS_VERBS_FIX_H

/* lint --fix: a file's plain slips put right before it is looked at. */

#include "../lib/build.h"
#include "../cli/options.h"

/*
 * Writes the file anew if anything is put right, whole or not at all, and *source is then what was written; what was
 * done, or why nothing is, is told. False: it could not be written, which was told.
 */
bool fix_file(struct arena *, const struct parsed *, const char *path, const struct abi *const *abi,
	size_t abis, const struct node_facts *, struct source *);

#endif
