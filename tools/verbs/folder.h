#ifndef TOOLS_VERBS_FOLDER_H
#define TOOLS_VERBS_FOLDER_H

/* Operands that are folders: the profiles in there, as lint looks at them all. */

#include "../../compiler/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct folder {
	const char **path; /* in order of their names */
	bool *below;       /* of each: it was found in a folder, and not named itself */
	size_t count, room;
	bool unread; /* something in there is no file: told */
};

/*
 * Adds a file, or what is below a folder and ends in .json, .yaml or .yml, to DEPTH folders deep. Names that
 * start with a dot and links to folders are left out: what is in there is somebody's own, or would come
 * twice. False: a folder could not be read, or something in there is no file, which is told.
 */
bool folder_add(struct folder *, struct arena *, const char *path);

#endif
