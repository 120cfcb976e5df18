#ifndef TOOLS_API_GUARD_H
#define TOOLS_API_GUARD_H

/*
 * What stands between the passes, which jump out of an arena that is full and assert what cannot be otherwise, and a
 * caller who gets a status whatever happens.
 */

#include "../../compiler/base/arena.h"

#pragma GCC visibility push(default) /* all else in the library is hidden */
#include <winnow-compile.h>
#pragma GCC visibility pop

/* Bytes, unless options say otherwise: PROFILE_ARENA, and what chunks leave unused beside large arrays. */
#define MEMORY_MAX ((size_t)320 << 20)

/* A handle's own memory, and where it is from. */
struct owned {
	struct arena_memory memory;
	struct arena arena;
	const char *mistake; /* of ours, which was caught; else NULL */
};

/* A zeroed block that starts with a struct owned; NULL: out of memory. */
void *owned_make(const struct arena_memory *, size_t size, size_t memory_max);
void owned_free(void *);

/* The work with the arena of `owned`, which it may leave by running out or by a failed assertion. */
enum winnow_status guarded(struct owned *, enum winnow_status (*work)(void *), void *context);

#endif
