/* Nothing is allocated: running out of memory is told this way too. What is too long is cut. */

#include "message.h"

#include "../compiler/utf8.h"

#include <stdio.h>
#include <string.h>

#define MESSAGE_MAX 8192 /* a path of PATH_MAX, and what is said about it */

static void show(const char *text, size_t len)
{
	size_t columns;

	for (size_t at = 0, n; at < len; at += n) {
		n = utf8_shown(text + at, len - at, &columns);
		if (columns == 1)
			fwrite(text + at, 1, n, stderr);
		for (size_t i = 0; i < n && columns > 1; i++)
			fprintf(stderr, "\\x%02x", (unsigned)(unsigned char)text[at + i]);
	}
}

void message_from(const char *who, const char *fmt, va_list args)
{
	char text[MESSAGE_MAX];

	vsnprintf(text, sizeof(text), fmt, args);
	fputs(who, stderr);
	show(text, strlen(text));
	fputc('\n', stderr);
}

void message(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message_from("winnow: ", fmt, args);
	va_end(args);
}
