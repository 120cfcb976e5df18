#include "assertion_told.h"

#include "message.h"

static void print_place(const char *fmt, ...) PRINTF_LIKE(1, 2);

static void print_place(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message_from("", fmt, args);
	va_end(args);
}

static void tell(void *unused, const struct source *source, uint32_t line, uint32_t column, const char *text)
{
	(void)unused;
	print_place("%s:%u:%u: error: %s", source->name, line, column, text);
}

const struct assertion_ear assertion_told = {tell, NULL};
