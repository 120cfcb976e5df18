#ifndef BENCH_GRID_H
#define BENCH_GRID_H

/* A table as Markdown has it, aligned so that it reads as plain text too. */

#include "../compiler/base/buf.h"

#define GRID_COLUMNS 12
#define GRID_ROWS    64

struct grid {
	struct arena *arena;
	const char *cell[GRID_ROWS][GRID_COLUMNS]; /* the first row is the head */
	size_t rows, columns;
};

void grid_init(struct grid *, struct arena *);
/* The next cell; after grid_row() the first of a new row. */
void grid_row(struct grid *);
void grid_cell(struct grid *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* First column to the left, all others to the right. */
void grid_print(struct buf *, const struct grid *);

#endif
