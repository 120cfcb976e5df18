#include "in_arena.h"

#include "options.h"
#include "message.h"

int in_arena(
	struct arena *arena, size_t cap, const char *name, int (*work)(void *), void *context)
{
	volatile int status = EXIT_HOST; /* survives the jump */

	arena_init(arena, cap);
	if (!setjmp(arena->out))
		status = work(context);
	else if (name)
		message("%s: out of memory", name);
	else
		message("out of memory");
	arena_free(arena);
	return status;
}
