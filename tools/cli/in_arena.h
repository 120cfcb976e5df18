#ifndef TOOLS_CLI_IN_ARENA_H
#define TOOLS_CLI_IN_ARENA_H

/* A verb's work in an arena of its own, which ends when memory does. */

#include "../../compiler/base/arena.h"

/*
 * Sets the arena up with `cap` bytes at most, does the work, frees it. The work's exit status;
 * EXIT_HOST if memory ran out, and "NAME: out of memory" was printed (name NULL: without). What the
 * work keeps outside the arena is the caller's to free, in either case.
 */
int in_arena(struct arena *, size_t cap, const char *name, int (*work)(void *), void *context);

#endif
