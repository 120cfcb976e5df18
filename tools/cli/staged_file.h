#ifndef TOOLS_CLI_STAGED_FILE_H
#define TOOLS_CLI_STAGED_FILE_H

/*
 * How every file of winnow's gets its bytes: under a temporary name beside it, fsync(2) but for what is
 * easily made again, rename(2), in a folder that was opened once, so that all of it happens there, whatever
 * becomes of the folder's path.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Links on the way to a folder: its user is trusted, or whoever is not root may have put them there. */
enum staged_links { STAGED_ANY_LINK, STAGED_OWN_LINKS };

/*
 * The folder that the path names a file of; *leaf is the file's name in it. With STAGED_OWN_LINKS a
 * link on the way is followed only if it is root's or the user's own. -1 with errno; ELOOP: for that.
 */
int staged_open(const char *path, enum staged_links, const char **leaf);

/* The same for the folder itself. */
int staged_open_folder(const char *path, enum staged_links);

/* Why one of these failed, by errno. */
const char *staged_why(int error);

/*
 * STAGED_MADE: whenever the process dies, the file has all of its old bytes or all of its new ones; nothing
 * waits for a disk, so that a machine that loses power within seconds may find it empty or full of zeros, which
 * the kernel takes for no filter (kernel/seccomp.c: it has to end in a return). STAGED_WHOLE: whenever the machine dies, too.
 * STAGED_KEPT: and once this returned true, it is the new ones: the folder is synced too,
 * but where the user may not read it.
 */
enum staged_lasts { STAGED_MADE, STAGED_WHOLE, STAGED_KEPT };

struct staged_file {
	int at;           /* the folder */
	const char *leaf; /* the file's name */
	mode_t mode;      /* whatever the umask */
	enum staged_lasts lasts;
	/* A fixed one is for who is alone there: a file that a killed process left is written anew. NULL: any. */
	const char *temporary;
	const struct stat *before; /* whose owner and group it gets, where that is allowed; NULL: of nobody */
};

/* All of it to a descriptor, or false with errno. */
bool staged_fill(int fd, const void *bytes, size_t len);

/* False with errno: nothing was changed; or, with STAGED_KEPT, what was may not last. */
bool staged_write(const struct staged_file *, const void *bytes, size_t len);

#endif
