#include "in_arena.h"

#include "options.h"
#include "message.h"

void arena_tell(const struct arena *arena, const char *name)
{
	const char *between = name ? ": " : "";

	name = name ? name : "";
	if (arena->full)
		message("%s%sit would take more than %zu MiB of memory, the most there is for it: nothing was done",
			name, between, arena->cap >> 20);
	else
		message("%s%sout of memory", name, between);
}

int in_kept_arena(struct arena *arena, const char *name, int (*work)(void *), void *context)
{
	volatile int status = EXIT_HOST; /* survives the jump */

	if (!setjmp(arena->out))
		status = work(context);
	else
		arena_tell(arena, name);
	arena_reset(arena);
	return status;
}

int in_arena(
	struct arena *arena, size_t cap, const char *name, int (*work)(void *), void *context)
{
	arena_init(arena, cap);
	int status = in_kept_arena(arena, name, work, context);
	arena_free(arena);
	return status;
}
