/*
 * One decoder, used both to judge what comes in and to show it again. Shown text holds printable
 * characters only, so nothing in a profile, a name or a path can move the cursor, set a title or
 * turn the reading direction of a message. A character counts as one column whatever its width: a
 * terminal's tables of wide characters are not ours to guess.
 *
 * What runs winnow may read its output, too. GitHub's runner obeys a line that starts with "::",
 * whatever blanks are before it, and "##[" anywhere; Azure's obeys "##vso[" and TeamCity
 * "##teamcity[".
 */

#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define ESCAPED 4 /* columns of \xNN */

/* Bytes that the first one announces; 0 if it cannot be first. */
static size_t announced(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc0 || first > 0xf7)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static bool surrogate(uint32_t code)
{
	return code >= 0xd800 && code <= 0xdfff;
}

/* The code as it is spelt, shortest form or not; returns its bytes, 0 if they are not all there. */
static size_t spelt(const char *s, size_t len, uint32_t *code)
{
	size_t n = len ? announced((unsigned char)s[0]) : 0;

	if (n == 0 || n > len)
		return 0;
	*code = (unsigned char)s[0] & (n == 1 ? 0x7fu : 0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (!continues(s[i]))
			return 0;
		*code = *code << 6 | ((unsigned char)s[i] & 0x3f);
	}
	return n;
}

static bool overlong(uint32_t code, size_t bytes)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	return code < least[bytes];
}

size_t utf8_read(const char *s, size_t len, uint32_t *code)
{
	size_t n = spelt(s, len, code);

	if (n == 0 || overlong(*code, n) || surrogate(*code) || *code > 0x10ffff)
		return 0;
	return n;
}

const char *utf8_fault(const char *s, size_t len)
{
	uint32_t code;

	if (continues(s[0]))
		return "the middle of a character that has no beginning";
	if (announced((unsigned char)s[0]) == 0)
		return "never used in UTF-8";
	size_t n = spelt(s, len, &code);
	if (n == 0)
		return "the beginning of a character that is cut short";
	if (overlong(code, n))
		return "the beginning of an overlong form";
	return surrogate(code) ? "the beginning of an encoded surrogate"
			       : "the beginning of a character beyond U+10FFFF";
}

size_t utf8_back(const char *s, size_t len)
{
	uint32_t code;
	size_t n = 1;

	while (n < 4 && n < len && continues(s[len - n]))
		n++;
	return utf8_read(s + len - n, n, &code) == n ? n : 1;
}

size_t utf8_write(char *out, uint32_t code)
{
	assert(code <= 0x10ffff);
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (char)((0xf00u >> n & 0xff) | code);
	return n;
}

/* Controls of both sets, separators of lines, and what turns or marks the direction of reading. */
static bool unprintable(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e ||
		code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
		(code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

/* "##", letters, "[": for the machine that reads the log. */
static bool orders(const char *s, size_t len)
{
	size_t at = 2;

	if (len < 3 || s[0] != '#' || s[1] != '#')
		return false;
	while (at < len && ((s[at] | 0x20) >= 'a' && (s[at] | 0x20) <= 'z'))
		at++;
	return at < len && s[at] == '[';
}

size_t utf8_shown(const char *s, size_t len, size_t *columns)
{
	uint32_t code;
	size_t n = utf8_read(s, len, &code);

	if (n && !unprintable(code) && !orders(s, len)) {
		*columns = 1;
		return n;
	}
	n = n ? n : 1;
	*columns = n * ESCAPED;
	return n;
}

size_t utf8_colon(const char *s, size_t len)
{
	size_t at = 0;

	while (at < len && ((unsigned char)s[at] <= ' ' || (unsigned char)s[at] >= 0x7f))
		at++;
	return at < len && s[at] == ':' ? at : len;
}

size_t utf8_put(char out[UTF8_PUT_MAX + 1], const char *s, size_t len, bool plain)
{
	size_t columns, n = utf8_shown(s, len, &columns);

	if (plain && columns == 1) {
		memcpy(out, s, n);
		out[n] = '\0';
		return n;
	}
	for (size_t i = 0; i < n; i++)
		snprintf(out + ESCAPED * i, ESCAPED + 1, "\\x%02x", (unsigned)(unsigned char)s[i]);
	return n;
}

/* How many are shown as they are without a look at what follows: ASCII that neither controls nor orders. */
static size_t plain_run(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= ' ' && s[n] < 0x7f && s[n] != '#')
		n++;
	return n;
}

void utf8_print(struct buf *b, const char *s, size_t len)
{
	size_t colon = utf8_colon(s, len);
	char shown[UTF8_PUT_MAX + 1];

	for (size_t at = 0, n; at < len; at += n) {
		n = plain_run(s + at, (at <= colon ? colon : len) - at);
		buf_add(b, s + at, n);
		if (n)
			continue;
		n = utf8_put(shown, s + at, len - at, at != colon);
		buf_text(b, shown);
	}
}

const char *utf8_string(struct arena *arena, const char *text)
{
	struct buf b;

	buf_init(&b, arena);
	utf8_print(&b, text, strlen(text));
	return buf_string(&b);
}

void utf8_sieve(struct buf *b, const char *s, size_t len)
{
	size_t plain = 0, columns;
	char shown[UTF8_PUT_MAX + 1];

	if (!len)
		return; /* s may be NULL */
	for (size_t at = 0, n; at < len; at += n) {
		n = plain_run(s + at, len - at);
		if (n)
			continue;
		n = utf8_shown(s + at, len - at, &columns);
		if (columns == 1 || s[at] == '\n' || s[at] == '\t')
			continue;
		buf_add(b, s + plain, at - plain);
		utf8_put(shown, s + at, len - at, true);
		buf_text(b, shown);
		plain = at + n;
	}
	buf_add(b, s + plain, len - plain);
}
