#ifndef TOOLS_NODE_FOLDERS_H
#define TOOLS_NODE_FOLDERS_H

/*
 * inotify(7) on paths that may not exist yet, vanish and come back: every folder on the way is
 * watched for the next part of the path, and the last one for everything in it.
 */

#include <stdbool.h>
#include <stddef.h>

#define FOLDERS_MAX 256 /* parts of all paths together */

struct folder_row {
	int wd;
	const char *name; /* what of the folder matters, not NUL-ended; NULL: all */
	size_t len;
	unsigned kind; /* of the path it belongs to */
};

struct folders {
	int fd; /* inotify's, for poll(2) */
	struct folder_row row[FOLDERS_MAX], before[FOLDERS_MAX];
	size_t rows, befores;
	bool failed;
};

/* False: there is no inotify here, and a message said so. */
bool folders_open(struct folders *);
void folders_close(struct folders *);

/*
 * Set about watching anew, as paths may lead elsewhere than before: begin, add each path, end,
 * which forgets the folders that are on no way any more. Nothing that happens meanwhile is missed.
 * The path outlives it; its parts from byte `from` on are waited for, what is before has to be
 * there. `kind` is a bit of the caller's. False: something cannot be watched, a message said so.
 */
void folders_begin(struct folders *);
void folders_add(struct folders *, const char *path, size_t from, unsigned kind);
bool folders_end(struct folders *);

/* Takes all events there are: the kinds they are of, all kinds if the kernel lost some. */
unsigned folders_events(struct folders *);

#endif
