#ifndef TESTS_FUZZ_FAKE_IO_H
#define TESTS_FUZZ_FAKE_IO_H

/*
 * In place of tools/cli/files.c and tools/cli/message.c: files that are in memory, and what a verb prints
 * kept instead of printed.
 */

#include <stddef.h>

#define FAKE_IO_FILES 3

struct fake_io_file {
	const char *name, *bytes;
	size_t len;
};

struct fake_io {
	struct fake_io_file file[FAKE_IO_FILES];
	char *out, *said; /* NUL-ended */
	size_t out_len, said_len;
};

extern struct fake_io fake_io;

/* Forget all that was printed. */
void fake_io_clear(void);

#endif
