/* Cells are text; columns are as wide as their widest. */

#include "grid.h"

#include <string.h>

void grid_init(struct grid *t, struct arena *arena)
{
	*t = (struct grid){.arena = arena};
}

void grid_row(struct grid *t)
{
	assert(t->rows < GRID_ROWS);
	t->rows++;
	t->columns = 0;
}

void grid_cell(struct grid *t, const char *fmt, ...)
{
	struct buf b;
	va_list args;

	assert(t->rows && t->columns < GRID_COLUMNS);
	buf_init(&b, t->arena);
	va_start(args, fmt);
	buf_vprintf(&b, fmt, args);
	va_end(args);
	t->cell[t->rows - 1][t->columns++] = arena_text(t->arena, b.bytes ? b.bytes : "", b.len);
}

static size_t width(const struct grid *t, size_t column)
{
	size_t most = 3;

	for (size_t row = 0; row < t->rows; row++) {
		const char *cell = t->cell[row][column];
		if (cell && strlen(cell) > most)
			most = strlen(cell);
	}
	return most;
}

static void print_rule(struct buf *b, const struct grid *t, size_t columns)
{
	for (size_t column = 0; column < columns; column++) {
		buf_text(b, "|");
		for (size_t i = 0; i < width(t, column) + 1; i++)
			buf_text(b, "-");
		buf_text(b, column ? ":" : "-");
	}
	buf_text(b, "|\n");
}

void grid_print(struct buf *b, const struct grid *t)
{
	size_t columns = 0;

	while (columns < GRID_COLUMNS && t->cell[0][columns])
		columns++;
	for (size_t row = 0; row < t->rows; row++) {
		for (size_t column = 0; column < columns; column++) {
			const char *cell = t->cell[row][column] ? t->cell[row][column] : "";
			int wide = (int)width(t, column);
			buf_printf(b, "| %*s ", column ? wide : -wide, cell);
		}
		buf_text(b, "|\n");
		if (row == 0)
			print_rule(b, t, columns);
	}
}
