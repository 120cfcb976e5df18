#ifndef TESTS_FUZZ_WORLD_H
#define TESTS_FUZZ_WORLD_H

/*
 * In place of tools/cli/files.c and tools/cli/message.c: files that are in memory, and what a verb prints
 * kept instead of printed.
 */

#include <stddef.h>

#define WORLD_FILES 3

struct world_file {
	const char *name, *bytes;
	size_t len;
};

struct world {
	struct world_file file[WORLD_FILES];
	char *out, *said; /* NUL-ended */
	size_t out_len, said_len;
};

extern struct world world;

/* Forget all that was printed. */
void world_clear(void);

#endif
