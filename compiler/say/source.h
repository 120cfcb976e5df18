#ifndef COMPILER_SAY_SOURCE_H
#define COMPILER_SAY_SOURCE_H

/*
 * The text as the user gave it, and places in it. A place is a byte offset; line and column exist
 * only where something is printed. Lines end with LF or CR LF. Columns are counted in bytes, from
 * 1: what editors and compilers agree on.
 */

#include "../base/arena.h"
#include "../base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOURCE_MAX (16u << 20) /* bytes; also keeps every offset within jsmn's int */
#define NOWHERE    UINT32_MAX  /* for what belongs to no place in the source */

struct source {
	const char *name;  /* as the user gave it, or "<stdin>" */
	const char *bytes; /* not NUL-ended */
	size_t len;        /* <= SOURCE_MAX */
	bool hidden;       /* neither lines nor words of it are shown: it may not be what the user thinks it is */
};

/* Line and column (bytes), both from 1. Reads all that is before `at`. */
void source_place(const struct source *, uint32_t at, uint32_t *line, uint32_t *column);

/* A line: its number from 1, and its first byte. */
struct source_line {
	uint32_t number, start;
};

/* For many places: the line that each block of the source starts on. */
struct source_index {
	const struct source *source;
	const struct source_line *block;
};

void source_index(struct source_index *, struct arena *, const struct source *);

/* The line that `at` is on. */
struct source_line source_line(const struct source_index *, uint32_t at);

/*
 * The line that `at` is on behind its number, cut to what fits a terminal, and below it a caret at
 * `at` and tildes under the rest of `len` bytes. `paint` and `plain` go around the caret. Nothing is
 * shown of a blank line and of a hidden source.
 */
void source_print(struct buf *, const struct source_index *, uint32_t at, uint32_t len,
	const char *paint, const char *plain);

#endif
