#ifndef TOOLS_CLI_FILES_H
#define TOOLS_CLI_FILES_H

/* All that touches the file system or a terminal. Messages go to stderr, named after the file. */

#include "options.h"

#include "../../compiler/base/buf.h"
#include "../../compiler/say/diag.h"

#include <stdbool.h>

/*
 * The whole of a file, or of standard input for "-". A named pipe is waited for only if it is the
 * user's own or root's: one that another user put there could hold up for ever who reads it; neither that nor
 * a device is read by way of another user's link. False: a message was printed.
 */
bool files_read(struct arena *, const char *path, size_t max, struct source *);

/* The same for a file that a verb was given: its lines are shown wherever links lead if --follow says. */
bool files_operand(struct arena *, const struct parsed *, const char *path, size_t max, struct source *);

/*
 * The same where a file is meant, and nobody is there to see that winnow waits: no named pipe and no
 * device is read, but a pipe without a name is, as a shell makes it for <(...).
 */
bool files_read_plain(struct arena *, const char *path, size_t max, struct source *);

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
 * Write a file whole or not at all, and once this is true, for good (STAGED_KEPT of staged_file.h). Signals
 * that would end the program wait until it is done, so that nothing is left behind. "-" is standard
 * output; what is there and no plain file (a link, a pipe, a device) is written through, if it is the
 * user's own or root's, and refused otherwise: a link that another user planted leads to a file of the
 * victim's.
 */
bool files_write(const char *path, const void *bytes, size_t len);

/* The same of what the same command makes again, as compilers write: nobody waits for a disk (STAGED_MADE). */
bool files_make(const char *path, const void *bytes, size_t len);

/*
 * For a file that is written again and again without anybody looking, maybe in a folder of others:
 * nothing is written through. A link or a pipe is replaced, in /dev and /proc refused, as devices are
 * everywhere. Links on the way are followed if they are the user's own or root's. The file is whole at
 * any time, but a machine that dies may come back with the one before (STAGED_WHOLE).
 */
bool files_replace(const char *path, const void *bytes, size_t len);

/* Old content that must not be taken for new: gone. What files_replace() refuses is left. False: told. */
bool files_forget(const char *path);

/* Its time is now, to say that what it says still holds. False with errno. */
bool files_touch(const char *path);

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

/* Is what goes to the descriptor to be coloured? "auto", "always", "never" or NULL, and NO_COLOR. */
bool files_coloured(const char *colour, int fd);

/* Findings to stderr; colour "auto", "always", "never" or NULL, and NO_COLOR. */
void files_diags(struct arena *, const struct diags *, bool quiet, const char *colour);

#endif
