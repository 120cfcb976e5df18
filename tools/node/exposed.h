#ifndef TOOLS_NODE_EXPOSED_H
#define TOOLS_NODE_EXPOSED_H

/*
 * Who else may write a file or folder of winnow's: one that anybody can change is as it was installed by luck alone.
 * Trusted are root, who asks, and whom the node's root folder belongs to; of groups, theirs. So a group of one's own and
 * its umask are no fault, and whoever else is let in is. A mode that lets too few read is none: that shows by itself.
 */

#include "root.h"

/* One of a profile's. */
struct exposed {
	const char *path;
	const char *why;    /* "may be written by everybody" */
	const char *sha256; /* that its bytes have to have; NULL: it is the record that says so, or a folder */
	bool folder;
};

struct exposures {
	struct exposed *one;
	size_t count;
};

/* NULL: nobody else may. */
const char *exposed_why(const struct root *, struct arena *, const struct stat *);

/* If it is. */
void exposed_add(struct exposures *, const struct root *, struct arena *, const char *path, const char *sha256,
	const struct stat *);

/* Is one of them a file? */
bool exposed_files(const struct exposures *);

/* The folders on the way to that one, and it. False: told. What is not there is none. */
bool exposed_folders(struct exposures *, const struct root *, struct arena *, const char *path);

/*
 * The file once more with the same bytes, so that it is winnow's own again. Not if they are not those it has to have:
 * nobody would see any more that they are somebody else's. *done: it was, or would be in a dry run. False: told.
 */
bool exposed_close(const struct root *, struct arena *, const struct exposed *, bool dry, bool *done);

#endif
