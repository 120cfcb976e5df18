/* Nothing is allocated: running out of memory is told this way too. What is too long is cut. */

#include "message.h"

#include "../../compiler/base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_MAX 8192 /* a path of PATH_MAX, and what is said about it */

/* `first`: it starts the line. */
static void show(const char *text, size_t len, bool first)
{
	size_t colon = first ? utf8_colon(text, len) : len;
	char shown[UTF8_PUT_MAX + 1];

	for (size_t at = 0; at < len;) {
		at += utf8_put(shown, text + at, len - at, at != colon);
		fputs(shown, stderr);
	}
}

void message_from(const char *who, const char *fmt, va_list args)
{
	char text[MESSAGE_MAX];

	vsnprintf(text, sizeof(text), fmt, args);
	fputs(who, stderr);
	show(text, strlen(text), !*who);
	fputc('\n', stderr);
}

void message(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message_from("winnow: ", fmt, args);
	va_end(args);
}
