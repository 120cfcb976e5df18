/*
 * Base64: three bytes in, four digits out; a last group of one or two bytes is padded with '='.
 * What comes out has no line ends, because crun's annotation is one string and JSON's strings have
 * no lines.
 */

#include "base64.h"

void base64_write(struct buf *b, const char *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *)bytes;

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		unsigned group = (unsigned)s[i] << 16;
		group |= left > 1 ? (unsigned)s[i + 1] << 8 : 0;
		group |= left > 2 ? s[i + 2] : 0u;
		char out[4] = {digits[group >> 18], digits[group >> 12 & 63], '=', '='};
		if (left > 1)
			out[2] = digits[group >> 6 & 63];
		if (left > 2)
			out[3] = digits[group & 63];
		buf_add(b, out, sizeof(out));
	}
}
