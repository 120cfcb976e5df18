/* One growth function: doubling, in the arena. The old bytes stay behind until the arena goes. */

#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define USUAL 256u /* what most texts fit into, so that they are made once */

void buf_init(struct buf *b, struct arena *arena)
{
	*b = (struct buf){.arena = arena};
}

void buf_reserve(struct buf *b, size_t more)
{
	if (more <= b->room - b->len)
		return;
	size_t room = b->room ? b->room * 2 : 4096;
	if (room - b->len < more)
		room = b->len + more;
	char *bytes = arena_raw(b->arena, room, 1);
	if (b->len)
		memcpy(bytes, b->bytes, b->len);
	b->bytes = bytes;
	b->room = room;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (!len)
		return;
	buf_reserve(b, len + 1); /* a NUL that does not count, as behind what is printed */
	memcpy(b->bytes + b->len, bytes, len);
	b->len += len;
	b->bytes[b->len] = '\0';
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
	size_t room = b->room - b->len;
	int len = vsnprintf(room ? b->bytes + b->len : NULL, room, fmt, args); /* mostly it fits */
	assert(len >= 0);
	if ((size_t)len >= room) { /* vsnprintf writes a NUL that does not count */
		buf_reserve(b, (size_t)len + 1);
		vsnprintf(b->bytes + b->len, (size_t)len + 1, fmt, again);
	}
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
	va_list args, again;

	va_start(args, fmt);
	va_copy(again, args);
	char usual[USUAL];
	int len = vsnprintf(usual, sizeof(usual), fmt, args);
	assert(len >= 0);
	char *text = arena_raw(arena, (size_t)len + 1, 1);
	if ((size_t)len < sizeof(usual))
		memcpy(text, usual, (size_t)len + 1);
	else
		vsnprintf(text, (size_t)len + 1, fmt, again);
	va_end(again);
	va_end(args);
	return text;
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
