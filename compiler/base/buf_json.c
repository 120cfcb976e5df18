#include "buf_json.h"

#include "utf8.h"

#include <assert.h>

void buf_json(struct buf *b, const char *text, size_t len)
{
	uint32_t code;
	size_t columns;

	buf_text(b, "\"");
	for (size_t at = 0, bytes; at < len; at += bytes) {
		bytes = utf8_shown(text + at, len - at, &columns);
		if (utf8_read(text + at, len - at, &code) == 0) {
			buf_text(b, "\xef\xbf\xbd");
		} else if (columns > 1) {
			assert(code <= 0xffff); /* no surrogates are needed */
			buf_printf(b, "\\u%04x", (unsigned)code);
		} else {
			if (code == '"' || code == '\\')
				buf_text(b, "\\");
			buf_add(b, text + at, bytes);
		}
	}
	buf_text(b, "\"");
}
