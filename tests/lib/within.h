#ifndef TESTS_LIB_WITHIN_H
#define TESTS_LIB_WITHIN_H

/* For programs that compile many things one after the other: an arena for each. */

#include "compiler/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Runs `body` in an arena of its own. False if body says so, or memory ran out. */
static inline bool within_arena(bool (*body)(struct arena *, void *data), void *data)
{
	struct arena arena;

	arena_init(&arena, (size_t)1 << 30);
	if (setjmp(arena.out)) {
		arena_free(&arena);
		return false;
	}
	bool ok = body(&arena, data);
	arena_free(&arena);
	return ok;
}

#endif
