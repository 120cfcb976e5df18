#ifndef TOOLS_NODE_ROOT_H
#define TOOLS_NODE_ROOT_H

/*
 * Files below a node's root, which may be that of another machine: --root /host. Paths are relative
 * to it, without "." and "..". No link leads out: where the root is not "/", a folder that is a
 * link is refused, and a file that is one is never followed. Everything here tells on stderr what
 * failed.
 */

#include "../../backends/bpf/sha256.h"
#include "../../compiler/base/arena.h"
#include "../../compiler/say/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct root {
	int fd;
	const char *name; /* as the user gave it */
	bool own;         /* it is "/" */
	uid_t owner;      /* of the folder itself */
	gid_t group;
};

enum root_read {
	ROOT_READ,
	ROOT_ABSENT,
	ROOT_OTHER,  /* a link, a folder, a pipe: nothing winnow writes */
	ROOT_FAILED, /* told */
};

struct root_names {
	const char **name; /* sorted */
	size_t count;
};

struct root_entry {
	const char *name;
	struct stat st; /* of itself, be it a link */
};

struct root_entries {
	struct root_entry *entry; /* sorted by name */
	size_t count;
};

bool root_open(struct root *, const char *path);
void root_close(struct root *);

/* "ROOT/PATH" for messages, in the arena. */
const char *root_path(const struct root *, struct arena *, const char *path);

/* A whole file; ROOT_OTHER also if it is larger than `max`. */
enum root_read root_read(
	const struct root *, struct arena *, const char *path, size_t max, struct source *);

/* The SHA-256 of a file, which is not read into memory as a whole, and what stat(2) tells of it. */
enum root_read root_digest(const struct root *, const char *path, size_t max, uint8_t digest[static SHA256_SIZE],
	struct stat *);

/* Are both files there, with the same bytes? */
enum root_same { ROOT_SAME, ROOT_DIFFERENT, ROOT_UNREAD /* told */ };
enum root_same root_same(const struct root *, const char *a, const char *b, size_t max);

/* What stands there, of whatever kind: ROOT_READ, ROOT_ABSENT or ROOT_FAILED. */
enum root_read root_look(const struct root *, const char *path, struct stat *);

/*
 * A file whole or not at all, whenever the process or the machine dies: a temporary name beside it,
 * fsync, rename, fsync of the folder. Folders above are made.
 */
bool root_write(const struct root *, const char *path, const void *bytes, size_t len);

/* A file, or an empty folder, gone and forgotten by the disk. True if it was not there. */
bool root_remove(const struct root *, const char *path);

/* Is there a temporary that a root_write() of the path left when it was killed? */
bool root_has_temporary(const struct root *, const char *path);
bool root_remove_temporary(const struct root *, const char *path);

/* What is in a folder, "." and ".." apart; nothing if it is not there. */
bool root_list(const struct root *, struct arena *, const char *path, struct root_names *);

/* The same, with what stat(2) tells of each. */
bool root_look_in(const struct root *, struct arena *, const char *path, struct root_entries *);

/*
 * Hold the lock that is a file, until exit or root_unlock(): alone, and the file is made, to write;
 * with other readers to read. Another process is waited for, `seconds` at most; then, or if the
 * file is not to be had, a message says so and it is false. The file is its owner's alone (0600),
 * so that nobody else can hold up who has to have it. *lock is -1 where there is nothing to guard,
 * and for a reader who may not open it: what that one reads may be half of an install.
 */
enum root_lock { ROOT_LOCK_READ, ROOT_LOCK_WRITE };
bool root_lock(
	const struct root *, const char *path, enum root_lock, unsigned seconds, int *lock);
void root_unlock(int lock);

#endif
