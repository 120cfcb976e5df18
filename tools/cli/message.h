#ifndef TOOLS_CLI_MESSAGE_H
#define TOOLS_CLI_MESSAGE_H

/*
 * Messages to people, on stderr, a line each. Paths and words in them come from outside, so that
 * control characters are shown as \xNN: a file's name cannot give orders to a terminal.
 */

#include "../../compiler/base/base.h"

#include <stdarg.h>

/* "winnow: text" */
void message(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* The same with other words in front, which may be "". */
void message_from(const char *who, const char *fmt, va_list) PRINTF_LIKE(2, 0);

/* Of what winnow found itself wrong about. */
static inline void message_mistake(const char *what)
{
	message("%s: a mistake of winnow's, please report it", what);
}

#endif
