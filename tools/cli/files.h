#ifndef TOOLS_CLI_FILES_H
#define TOOLS_CLI_FILES_H

/* All that touches the file system or a terminal. Messages go to stderr, named after the file. */

#include "../../compiler/base/buf.h"
#include "../../compiler/say/diag.h"

#include <stdbool.h>

/*
 * The whole of a file, or of standard input for "-". A named pipe is waited for only if it is the
 * user's own or root's: one that another user put there could hold up for ever who reads it. False: a
 * message was printed.
 */
bool files_read(struct arena *, const char *path, size_t max, struct source *);

/*
 * The same to be read by whoever asks: a descriptor, standard input's for "-", which is the caller's to
 * close. *size: bytes, 0 where that is not known. -1: a message was printed.
 */
int files_open(const char *path, size_t *size, bool *hidden);

/*
 * May what was opened at `path` be another file than who names it thinks, so that its lines are not to
 * be shown? It is no regular file; it is a link that leads out of its own folder, or into a hidden one
 * there; or a folder on a relative path leads out of the current one.
 */
bool files_hidden(int fd, const char *path);

/* What is left to read of a descriptor; `name` for messages. */
bool files_read_fd(struct arena *, int fd, const char *name, size_t max, struct source *);

/* All of it, or false with errno. */
bool files_write_fd(int fd, const void *bytes, size_t len);

/*
 * Write a file whole or not at all: a temporary name beside it, fsync, rename. Signals that would end
 * the program wait until it is done, so that nothing is left behind. "-" is standard output; what is
 * there and no plain file (a link, a pipe, a device) is written through, if it is the user's own or
 * root's, and refused otherwise: a link that another user planted leads to a file of the victim's.
 */
bool files_write(const char *path, const void *bytes, size_t len);

/*
 * The same for a file that is written again and again without anybody looking: nothing is written
 * through. A link or a pipe is replaced, in /dev and /proc refused, as devices are everywhere.
 */
bool files_replace(const char *path, const void *bytes, size_t len);

/* Old content that must not be taken for new: gone, if it is a file. */
void files_forget(const char *path);

/*
 * Text to standard output, reporting what cannot be written (closed pipe, full disk). Whoever made it
 * has escaped what came from outside; what was missed is escaped here.
 */
bool files_print(const struct buf *);

/*
 * For main() to call first. A closed pipe and a limit on file sizes become errors of write(2), reported
 * like any other; no file opened later gets the number of a standard channel that was closed.
 */
void files_start(void);

bool files_is_directory(const char *path);

/* Makes it if it is not there; the folder above has to be. False: a message was printed. */
bool files_make_directory(const char *path);

/* Findings to stderr; colour "auto", "always", "never" or NULL, and NO_COLOR. */
void files_diags(struct arena *, const struct diags *, bool quiet, const char *colour);

#endif
