/* One growth function: doubling, in the arena. The old bytes stay behind until the arena goes. */

#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *b, struct arena *arena)
{
	*b = (struct buf){.arena = arena};
}

static void buf_reserve(struct buf *b, size_t more)
{
	if (more <= b->room - b->len)
		return;
	size_t room = b->room ? b->room * 2 : 4096;
	if (room - b->len < more)
		room = b->len + more;
	b->bytes = arena_grow(b->arena, b->bytes, b->len, room, 1);
	b->room = room;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (!len)
		return;
	buf_reserve(b, len);
	memcpy(b->bytes + b->len, bytes, len);
	b->len += len;
}

void buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	buf_vprintf(b, fmt, args);
	va_end(args);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list args)
{
	va_list again;

	va_copy(again, args);
	int len = vsnprintf(NULL, 0, fmt, args);
	assert(len >= 0);
	buf_reserve(b, (size_t)len + 1); /* vsnprintf writes a NUL that does not count */
	vsnprintf(b->bytes + b->len, (size_t)len + 1, fmt, again);
	b->len += (size_t)len;
	va_end(again);
}

const char *buf_string(struct buf *b)
{
	buf_add(b, "", 1);
	return b->bytes;
}

const char *buf_print(struct arena *arena, const char *fmt, ...)
{
	struct buf b;
	va_list args;

	buf_init(&b, arena);
	va_start(args, fmt);
	buf_vprintf(&b, fmt, args);
	va_end(args);
	return buf_string(&b);
}

void buf_pad(struct buf *b, size_t column)
{
	size_t start = b->len;

	while (start && b->bytes[start - 1] != '\n')
		start--;
	do
		buf_add(b, " ", 1);
	while (b->len - start < column);
}
