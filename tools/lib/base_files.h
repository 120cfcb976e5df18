#ifndef TOOLS_LIB_BASE_FILES_H
#define TOOLS_LIB_BASE_FILES_H

/*
 * Who opens the files of --base-dir for those that look for base profiles there, which touch no file themselves.
 * Nothing is ever fetched.
 */

#include "../../compiler/say/source.h"

#include <stdbool.h>
#include <stddef.h>

#define BASE_FILES_MAX 4096u           /* entries of a folder that are looked at */
#define BASE_BYTES_MAX ((size_t)1 << 20) /* of a file: what KEP-6061 allows a profile */

struct base_entry {
	const char *name;
	bool folder;
};

struct base_files {
	/* Entries of a folder by name, none that starts with a dot. False: *why says what is wrong with it. */
	bool (*list)(struct arena *, const char *folder, struct base_entry **, size_t *count, const char **why);
	/* A regular file whole, which `source` names by its path. The same; *why NULL: there is no such file. */
	bool (*read)(struct arena *, const char *path, bool follow, struct source *, const char **why);
};

#endif
