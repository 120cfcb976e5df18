#include "guard.h"

#include <stdlib.h>
#include <string.h>

/*
 * The innermost call of this thread into the library: all that is not in a handle, and NULL between calls. Eight bytes
 * are there for each library that is loaded later, so the dynamic linker need not be asked, nor be a dependency.
 */
static _Thread_local struct owned *at_work __attribute__((tls_model("initial-exec")));

_Noreturn void caught(const char *what);

_Noreturn void caught(const char *what)
{
	at_work->mistake = what;
	longjmp(at_work->arena.out, 1);
}

void *owned_make(const struct arena_memory *memory, size_t size, size_t memory_max)
{
	struct owned *owned = memory->get(memory->context, size);

	if (!owned)
		return NULL;
	memset(owned, 0, size);
	owned->memory = *memory;
	arena_init_in(&owned->arena, memory_max > size ? memory_max - size : 0, &owned->memory);
	return owned;
}

void owned_free(void *handle)
{
	struct owned *owned = handle;

	if (!owned)
		return;
	const struct arena_memory memory = owned->memory;
	arena_free(&owned->arena);
	memory.give(memory.context, owned);
}

enum winnow_status guarded(struct owned *owned, enum winnow_status (*work)(void *), void *context)
{
	struct owned *outer = at_work; /* an allocate() may call winnow, too */
	volatile enum winnow_status status = WINNOW_MISTAKE;

	at_work = owned;
	if (!setjmp(owned->arena.out))
		status = work(context);
	else if (!owned->mistake)
		status = owned->arena.full ? WINNOW_UNDECIDED : WINNOW_NO_MEMORY;
	at_work = outer;
	return status;
}
