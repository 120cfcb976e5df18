/* A character at a time; what needs no escape is copied. */

#include "quote.h"

#include "../compiler/utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* The character text starts with, its length in *len, and never 0 of it. */
static uint32_t next(const char *text, size_t *len)
{
	uint32_t code;

	*len = utf8_read(text, strlen(text), &code);
	if (*len)
		return code;
	*len = 1;
	return UINT32_MAX;
}

void quote_json(struct buf *b, const char *text)
{
	buf_json(b, text, strlen(text));
}

void quote_xml(struct buf *b, const char *text)
{
	size_t len;

	for (; *text; text += len) {
		uint32_t code = next(text, &len);
		if (code == UINT32_MAX || code < 0x20)
			buf_text(b, REPLACEMENT);
		else if (code < 0x80 && strchr("<>&\"'", (int)code))
			buf_printf(b, "&#%u;", (unsigned)code);
		else
			buf_add(b, text, len);
	}
}
