/*
 * Showing a place must cost the same wherever it is: a profile may be one line of a megabyte, or a
 * million empty lines, with a thousand findings in it. So lines are counted once, a mark each
 * block, and of a line only the bytes that will be shown are looked at.
 *
 * Line and caret stay aligned because both are measured by one function, columns_of(): a character
 * is one column, a tab four, and what must not reach a terminal as long as its \xNN. Both have a
 * gutter before them: a line of a file that starts a line of the output could be an order to whoever
 * reads that, as "::" is to GitHub's runner.
 */

#include "source.h"

#include "../base/utf8.h"

#include <stdio.h>
#include <string.h>

#define BLOCK  4096u
#define GUTTER 5   /* digits of a line's number */
#define WINDOW 66u /* columns of a line that are shown: 80 with what is around them */
#define TAB    4u
#define CUT    "..."

/* The line that `to` is on, knowing the one that `from` is on. */
static struct source_line advance(
	const struct source *s, struct source_line line, size_t from, size_t to)
{
	const char *newline;

	while (from < to && (newline = memchr(s->bytes + from, '\n', to - from))) {
		from = (size_t)(newline - s->bytes) + 1;
		line = (struct source_line){line.number + 1, (uint32_t)from};
	}
	return line;
}

void source_place(const struct source *s, uint32_t at, uint32_t *line, uint32_t *column)
{
	assert(at <= s->len);
	struct source_line found = advance(s, (struct source_line){1, 0}, 0, at);

	*line = found.number;
	*column = at - found.start + 1;
}

void source_index(struct source_index *index, struct arena *arena, const struct source *s)
{
	size_t blocks = s->len / BLOCK + 1;
	struct source_line *block = arena_alloc(arena, blocks, sizeof(*block));

	block[0] = (struct source_line){1, 0};
	for (size_t i = 1; i < blocks; i++)
		block[i] = advance(s, block[i - 1], (i - 1) * BLOCK, i * BLOCK);
	*index = (struct source_index){s, block};
}

struct source_line source_line(const struct source_index *index, uint32_t at)
{
	uint32_t block = at / BLOCK;

	assert(at <= index->source->len);
	return advance(index->source, index->block[block], block * BLOCK, at);
}

static bool line_ends(const struct source *s, uint32_t at)
{
	return at >= s->len || s->bytes[at] == '\n' ||
		(s->bytes[at] == '\r' && at + 1 < s->len && s->bytes[at + 1] == '\n');
}

/* The columns that the character at `at` takes, and its bytes. */
static size_t columns_of(const struct source *s, uint32_t at, uint32_t *bytes)
{
	size_t columns = TAB;

	*bytes = 1;
	if (s->bytes[at] != '\t')
		*bytes = (uint32_t)utf8_shown(s->bytes + at, s->len - at, &columns);
	return columns;
}

/* How far the line goes on from `at` in so many columns; what is left of them stays in *columns. */
static uint32_t ahead(const struct source *s, uint32_t at, size_t *columns)
{
	while (!line_ends(s, at)) {
		uint32_t bytes;
		size_t wide = columns_of(s, at, &bytes);
		if (wide > *columns)
			break;
		*columns -= wide;
		at += bytes;
	}
	return at;
}

/* The same backwards, not beyond `start`. */
static uint32_t behind(const struct source *s, uint32_t start, uint32_t at, size_t *columns)
{
	while (at > start) {
		uint32_t before = at - (uint32_t)utf8_back(s->bytes + start, at - start), bytes;
		size_t wide = columns_of(s, before, &bytes);
		if (wide > *columns)
			break;
		*columns -= wide;
		at = before;
	}
	return at;
}

struct window {
	uint32_t from, to; /* bytes of the line that are shown */
};

/* Half the columns to each side of `at`; a side that needs less leaves the rest to the other. */
static struct window window_around(const struct source *s, uint32_t start, uint32_t at)
{
	size_t right = WINDOW / 2;

	ahead(s, at, &right);
	size_t left = WINDOW - (WINDOW / 2 - right);
	uint32_t from = behind(s, start, at, &left);
	size_t rest = left + (WINDOW / 2 - right);
	return (struct window){from, ahead(s, at, &rest)};
}

static bool blank(const struct source *s, struct window w)
{
	while (w.from < w.to && (s->bytes[w.from] == ' ' || s->bytes[w.from] == '\t'))
		w.from++;
	return w.from == w.to;
}

/* Print bytes of one line if there is a buffer, and tell their columns. No line starts with them. */
static size_t print_span(struct buf *b, const struct source *s, uint32_t from, uint32_t to)
{
	size_t columns = 0;

	for (uint32_t bytes; from < to; from += bytes) {
		char shown[UTF8_PUT_MAX + 1];
		columns += columns_of(s, from, &bytes);
		if (!b)
			continue;
		if (s->bytes[from] == '\t')
			snprintf(shown, sizeof(shown), "%*s", (int)TAB, "");
		else
			utf8_put(shown, s->bytes + from, s->len - from, true);
		buf_text(b, shown);
	}
	return columns;
}

void source_print(struct buf *b, const struct source_index *index, uint32_t at, uint32_t len,
	const char *paint, const char *plain)
{
	const struct source *s = index->source;
	struct source_line line = source_line(index, at);
	uint32_t start = line.start;

	if (s->hidden)
		return;
	if (at > start && at < s->len && s->bytes[at] == '\n' && s->bytes[at - 1] == '\r')
		at--; /* the line ended one byte before */
	struct window w = window_around(s, start, at);
	if (blank(s, w))
		return;
	buf_printf(b, "%*u | %s", GUTTER, line.number, w.from > start ? CUT : "");
	print_span(b, s, w.from, w.to);
	buf_text(b, line_ends(s, w.to) ? "\n" : CUT "\n");

	size_t indent = print_span(NULL, s, w.from, at) + (w.from > start ? strlen(CUT) : 0);
	size_t under = print_span(NULL, s, at, len < w.to - at ? at + len : w.to);
	buf_printf(b, "%*s | %*s%s^", GUTTER, "", (int)indent, "", paint);
	for (size_t i = 1; i < under; i++)
		buf_text(b, "~");
	buf_printf(b, "%s\n", plain);
}
