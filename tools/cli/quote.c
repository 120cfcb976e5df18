/* A character at a time; what needs no escape is copied. */

#include "quote.h"

#include "../../compiler/base/buf_json.h"
#include "../../compiler/base/utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

void quote_json(struct buf *b, const char *text)
{
	buf_json(b, text, strlen(text));
}

/* What is neither unreserved nor a slash is percent-encoded. */
void quote_uri(struct buf *b, const char *path)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

	buf_text(b, "\"");
	for (; *path; path++) {
		if (strchr(plain, *path))
			buf_add(b, path, 1);
		else
			buf_printf(b, "%%%02X", (unsigned)(unsigned char)*path);
	}
	buf_text(b, "\"");
}

void quote_xml(struct buf *b, const char *text)
{
	const char *end = text + strlen(text);
	size_t columns;

	for (size_t len; text < end; text += len) {
		len = utf8_shown(text, (size_t)(end - text), &columns);
		if ((columns > 1 && *text == '#') || strchr("<>&\"'", *text))
			buf_printf(b, "&#%u;", (unsigned)(unsigned char)*text);
		else if (columns > 1)
			buf_text(b, REPLACEMENT);
		else
			buf_add(b, text, len);
	}
}
