#ifndef TOOLS_CLI_IN_ARENA_H
#define TOOLS_CLI_IN_ARENA_H

/* A verb's work in an arena of its own, which ends when memory does. */

#include "../../compiler/base/arena.h"

/*
 * Sets the arena up with `cap` bytes at most, does the work, frees it. The work's exit status;
 * EXIT_HOST if memory ran out, and arena_tell() has said so. What the work keeps outside the arena is
 * the caller's to free, in either case.
 */
int in_arena(struct arena *, size_t cap, const char *name, int (*work)(void *), void *context);

/*
 * The same in one that is set up and stays so: what it has taken serves the next work, what it has handed out is taken
 * back.
 */
int in_kept_arena(struct arena *, const char *name, int (*work)(void *), void *context);

/* Says which bound was met, or that the host has no more memory; before arena_free(). name NULL: without. */
void arena_tell(const struct arena *, const char *name);

#endif
