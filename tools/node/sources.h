#ifndef TOOLS_NODE_SOURCES_H
#define TOOLS_NODE_SOURCES_H

/*
 * The profiles a node is to have, in memory: a list, whatever they came from: a folder of files,
 * the mount of a ConfigMap, or a bundle of `winnow pack`.
 */

#include "packed.h"

#include "../../compiler/base/arena.h"
#include "../../compiler/say/source.h"

#include <stdbool.h>
#include <stddef.h>

#define SOURCES_NAME_MAX 128 /* bytes of a profile's name */

struct profile_source {
	const char *name;   /* sources_name_ok(), and none twice in a list */
	struct source text; /* text.name is its path, for messages; no bytes if `error` */
	struct source options; /* NAME.options (own_options.h); no bytes: there is none */
	const char *error;  /* why it cannot be had; NULL if it can. Not told yet. */
	const struct packed *packed; /* in the bundle it comes from; NULL: from a file */
};

struct profile_sources {
	const char *path;              /* as the user gave it */
	struct profile_source *source; /* sorted by name */
	size_t count;
};

/* Letters, digits, "._-", no "." in front: what a ConfigMap's keys are. */
bool sources_name_ok(const char *name, size_t len);

/*
 * The profiles in a folder: files that end in .json, .yaml or .yml, by their name without that, and .options for one
 * of them. Of
 * a ConfigMap's mount, those of one moment. `most` bytes are read at most: a file beyond that, or one
 * that takes half of it alone, has an `error`, and the others are read. A folder may have none. False: it
 * cannot be read, or a bundle is larger than `most` or has no profile, and a message was printed. With a SHA-256 it
 * has to be a bundle, and that one. Lines of a profile that is a link out of the folder are not to be
 * shown (files_hidden()) unless `follow`.
 */
bool sources_read(struct profile_sources *, struct arena *, const char *path, size_t most,
	const char *sha256, bool follow);

#endif
