/*
 * What comes in is text nobody vouches for: any byte may be anything, and the text may end
 * anywhere. What holds behind a scan_ function that returns true: the bytes it went over are one
 * well-formed word, in UTF-8. Strings are only judged here; json_text() decodes them once they are
 * known to be good.
 *
 * A diagnostic stands at the first byte that no JSON text could have there, or at the beginning of
 * what has to change as a whole: an escape, a number with a needless 0.
 */

#include "scan.h"

#include "../base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SPACES (1ull << ' ' | 1ull << '\n' | 1ull << '\t' | 1ull << '\r')

static bool is_space(char c)
{
	return (unsigned char)c <= ' ' && SPACES >> (unsigned char)c & 1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool next_is_digit(const struct scanner *s)
{
	return !scan_at_end(s) && is_digit(s->bytes[s->at]);
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		c == '$';
}

bool scan_next_is_word(const struct scanner *s)
{
	return !scan_at_end(s) && is_word(s->bytes[s->at]);
}

static uint32_t word_len(const struct scanner *s)
{
	uint32_t end = s->at;

	while (end < s->len && is_word(s->bytes[end]))
		end++;
	return end - s->at;
}

void scan_space(struct scanner *s)
{
	uint32_t at =
		s->at; /* here and in skip_plain(): a local, as these two loops see most bytes */

	while (at < s->len && is_space(s->bytes[at]))
		at++;
	s->at = at;
}

/* --- refusing --- */

static bool not_utf8(const struct scanner *s)
{
	const char *p = s->bytes + s->at;

	return diag(s->diags, DIAG_NOT_UTF8, s->at, 1, "byte 0x%02x is %s",
		(unsigned)(unsigned char)*p, utf8_fault(p, s->len - s->at));
}

#define FOUND_MAX 48

/* What is next, in words; returns its bytes. */
static uint32_t describe(const struct scanner *s, char found[static FOUND_MAX])
{
	uint32_t word = word_len(s), code = 0;

	if (scan_at_end(s)) {
		snprintf(found, FOUND_MAX, "the end of the text");
		return 1;
	}
	if (is_space(s->bytes[s->at])) {
		snprintf(found, FOUND_MAX, "white space");
		return 1;
	}
	if (word) {
		snprintf(found, FOUND_MAX, "'%.*s%s'", word > 32 ? 32 : (int)word, s->bytes + s->at,
			word > 32 ? "..." : "");
		return word;
	}
	uint32_t bytes = (uint32_t)utf8_read(s->bytes + s->at, s->len - s->at, &code);
	if (bytes > 1)
		snprintf(found, FOUND_MAX, "U+%04X", (unsigned)code);
	else if (bytes && code > 0x20 && code < 0x7f)
		snprintf(found, FOUND_MAX, "'%c'", s->bytes[s->at]);
	else
		snprintf(found, FOUND_MAX, "byte 0x%02x", (unsigned)(unsigned char)s->bytes[s->at]);
	return bytes ? bytes : 1;
}

static bool expected(const struct scanner *s, const char *what)
{
	char found[FOUND_MAX];
	uint32_t len = describe(s, found);

	return diag(s->diags, DIAG_SYNTAX, s->at, len, "expected %s, found %s", what, found);
}

/* What people write who take JSON for another language. */
static const struct {
	const char *start, *text;
} habits[] = {
	{"//", "comments are not JSON"},
	{"/*", "comments are not JSON"},
	{"#", "comments are not JSON"},
	{"'", "strings take double quotes, not single ones"},
	{"`", "strings take double quotes, not backquotes"},
	{"\xe2\x80\x9c", "strings take plain double quotes, not typographic ones"},
	{"\xe2\x80\x9d", "strings take plain double quotes, not typographic ones"},
};

bool scan_refuse(const struct scanner *s, const char *wanted)
{
	const char *next = s->bytes + s->at;
	uint32_t left = s->len - s->at, code;

	for (size_t i = 0; i < countof(habits); i++) {
		size_t len = strlen(habits[i].start);
		if (len <= left && memcmp(habits[i].start, next, len) == 0)
			return diag(
				s->diags, DIAG_SYNTAX, s->at, (uint32_t)len, "%s", habits[i].text);
	}
	if (left && utf8_read(next, left, &code) == 0)
		return not_utf8(s);
	return expected(s, wanted);
}

/* --- strings --- */

/* Four hexadecimal digits at `at`. */
static bool read_hex(const struct scanner *s, uint32_t at, uint32_t *code)
{
	*code = 0;
	if (s->len - at < 4)
		return false;
	for (uint32_t i = at; i < at + 4; i++) {
		char c = s->bytes[i];
		char lower = (char)(c | 0x20);
		if (!is_digit(c) && !(lower >= 'a' && lower <= 'f'))
			return false;
		*code = *code << 4 | (uint32_t)(is_digit(c) ? c - '0' : lower - 'a' + 10);
	}
	return true;
}

/* The escape at `at` is \uDC00 to \uDFFF. */
static bool low_surrogate(const struct scanner *s, uint32_t at)
{
	uint32_t code;

	return s->len - at >= 6 && s->bytes[at] == '\\' && s->bytes[at + 1] == 'u' &&
		read_hex(s, at + 2, &code) && code >= 0xdc00 && code <= 0xdfff;
}

static bool take_unicode_escape(struct scanner *s)
{
	uint32_t code;

	if (!read_hex(s, s->at + 2, &code))
		return diag(s->diags, DIAG_SYNTAX, s->at, 2, "'\\u' takes four hexadecimal digits");
	if (low_surrogate(s, s->at))
		return diag(s->diags, DIAG_SYNTAX, s->at, 6,
			"low surrogate '%.6s' without a high one before it", s->bytes + s->at);
	if (code < 0xd800 || code > 0xdfff) {
		s->at += 6;
		return true;
	}
	if (!low_surrogate(s, s->at + 6))
		return diag(s->diags, DIAG_SYNTAX, s->at, 6,
			"high surrogate '%.6s' without a low one behind it", s->bytes + s->at);
	s->at += 12;
	return true;
}

static bool take_escape(struct scanner *s)
{
	uint32_t start = s->at;
	char found[FOUND_MAX];

	if (start + 1 == s->len) {
		s->at++; /* the text ends here; scan_string() says so */
		return true;
	}
	if (s->bytes[start + 1] == 'u')
		return take_unicode_escape(s);
	s->at++;
	if (memchr("\"\\/bfnrt", s->bytes[s->at], 8)) {
		s->at++;
		return true;
	}
	if (is_word(s->bytes[s->at]))
		return diag(s->diags, DIAG_SYNTAX, start, 2, "'\\%c' is not an escape of JSON",
			s->bytes[s->at]);
	describe(s, found);
	return diag(s->diags, DIAG_SYNTAX, start, 1, "a backslash and %s are not an escape of JSON",
		found);
}

static bool control_in_string(const struct scanner *s, uint32_t start)
{
	char c = s->bytes[s->at];

	if (c == '\n' || c == '\r') {
		diag(s->diags, DIAG_SYNTAX, s->at, 1, "unescaped newline in a string");
		diag_note(s->diags, start, 1, "the string was opened here");
	} else if (c == '\t') {
		diag(s->diags, DIAG_SYNTAX, s->at, 1, "unescaped tab in a string, write \\t");
	} else {
		diag(s->diags, DIAG_SYNTAX, s->at, 1,
			"unescaped control character 0x%02x in a string, write \\u%04x",
			(unsigned)c, (unsigned)c);
	}
	return false;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

#define EACH(c) (0x0101010101010101u * (unsigned char)(c)) /* of eight bytes */

/* Is each of eight bytes plain? A byte below 0x20, and one that is 0 after the XOR, borrows its top bit. */
static bool are_plain(const char *eight)
{
	uint64_t word;

	memcpy(&word, eight, sizeof(word));
	uint64_t quote = word ^ EACH('"'), escape = word ^ EACH('\\');
	uint64_t found = word | (word - EACH(0x20)) | (quote - EACH(1)) | (escape - EACH(1));
	return !(found & EACH(0x80));
}

/* Over ASCII that stands for itself. */
static void skip_plain(struct scanner *s)
{
	uint32_t at = s->at;

	while (s->len - at >= 8 && are_plain(s->bytes + at))
		at += 8;
	while (at < s->len && is_plain((unsigned char)s->bytes[at]))
		at++;
	s->at = at;
}

static bool take_character(struct scanner *s)
{
	uint32_t code;
	size_t bytes = utf8_read(s->bytes + s->at, s->len - s->at, &code);

	if (bytes == 0)
		return not_utf8(s);
	s->at += (uint32_t)bytes;
	return true;
}

bool scan_string(struct scanner *s)
{
	uint32_t start = s->at++;

	for (skip_plain(s); !scan_at_end(s); skip_plain(s)) {
		unsigned char c = (unsigned char)s->bytes[s->at];
		if (c == '"') {
			s->at++;
			return true;
		}
		if (c < 0x20)
			return control_in_string(s, start);
		if (!(c == '\\' ? take_escape(s) : take_character(s)))
			return false;
	}
	diag(s->diags, DIAG_SYNTAX, s->at, 1, "the text ends inside a string");
	diag_note(s->diags, start, 1, "the string was opened here");
	return false;
}

/* --- numbers and literals --- */

static bool take_digits(struct scanner *s, const char *where)
{
	if (!next_is_digit(s))
		return expected(s, where);
	while (next_is_digit(s))
		s->at++;
	return true;
}

static bool take_integer(struct scanner *s)
{
	uint32_t start = s->at;

	if (scan_next_is(s, '-'))
		s->at++;
	uint32_t first = s->at;
	if (!take_digits(s, "a digit after '-'"))
		return false;
	if (s->bytes[first] != '0')
		return true;
	if (s->at - first > 1)
		return diag(s->diags, DIAG_SYNTAX, first, s->at - first,
			"a number does not start with a needless 0");
	if (scan_next_is(s, 'x') || scan_next_is(s, 'X'))
		return diag(s->diags, DIAG_SYNTAX, start, s->at - start + word_len(s),
			"hexadecimal numbers are not JSON, write the value in decimal");
	return true;
}

bool scan_number(struct scanner *s)
{
	if (!take_integer(s))
		return false;
	if (scan_next_is(s, '.')) {
		s->at++;
		if (!take_digits(s, "a digit after '.'"))
			return false;
	}
	if (scan_next_is(s, 'e') || scan_next_is(s, 'E')) {
		s->at++;
		if (scan_next_is(s, '+') || scan_next_is(s, '-'))
			s->at++;
		if (!take_digits(s, "a digit in the exponent"))
			return false;
	}
	if (!scan_at_end(s) && (scan_next_is_word(s) || memchr(".+-", s->bytes[s->at], 3)))
		return diag(s->diags, DIAG_SYNTAX, s->at, 1, "'%c' does not belong in a number",
			s->bytes[s->at]);
	return true;
}

bool scan_literal(struct scanner *s, const char *wanted)
{
	static const char *const literals[] = {"true", "false", "null"};
	const char *word = s->bytes + s->at;
	uint32_t len = word_len(s);

	for (size_t i = 0; i < countof(literals); i++) {
		if (len != strlen(literals[i]) || strncasecmp(word, literals[i], len) != 0)
			continue;
		if (memcmp(word, literals[i], len) != 0)
			return diag(s->diags, DIAG_SYNTAX, s->at, len,
				"'%.*s' is spelt '%s' in JSON", (int)len, word, literals[i]);
		s->at += len;
		return true;
	}
	return scan_refuse(s, wanted);
}
