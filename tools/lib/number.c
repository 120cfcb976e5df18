/* Text to a number of 64 bits: every character counts, nothing is clamped. */

#include "number.h"

#include "../../compiler/base/base.h"

#include <stdbool.h>
#include <string.h>

static unsigned digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	const char *at = c ? memchr(digits, c, sizeof(digits) - 1) : NULL;

	return at ? (unsigned)(at - digits) : 16;
}

static bool is_hex(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (digit_of(text[i]) == 16)
			return false;
	}
	return len;
}

static const char *read_digits(const char *text, size_t len, unsigned base, uint64_t *value)
{
	uint64_t number = 0;

	if (!len)
		return "a number without digits";
	for (size_t i = 0; i < len; i++) {
		unsigned digit = digit_of(text[i]);
		if (digit >= base && base == 8 && digit < 10)
			return "no number: a 0 in front means octal, which has no 8 and no 9";
		if (digit >= base && base < 16 && is_hex(text, len))
			return "no decimal number: hexadecimal needs 0x in front";
		if (digit >= base)
			return "no number";
		if (number > (UINT64_MAX - digit) / base)
			return "more than 64 bits";
		number = number * base + digit;
	}
	*value = number;
	return NULL;
}

static bool has_prefix(const char *text, size_t len)
{
	return len > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

const char *number_read_hex(const char *text, size_t len, uint64_t *value)
{
	size_t prefix = has_prefix(text, len) ? 2 : 0;

	return read_digits(text + prefix, len - prefix, 16, value);
}

const char *number_read(const char *text, size_t len, uint64_t *value)
{
	size_t sign = len && text[0] == '-';
	const char *wrong;
	uint64_t number = 0;

	text += sign;
	len -= sign;
	if (has_prefix(text, len))
		wrong = number_read_hex(text, len, &number);
	else
		wrong = read_digits(text, len, len > 1 && text[0] == '0' ? 8 : 10, &number);
	if (!wrong && sign && number > (uint64_t)INT64_MAX + 1)
		wrong = "below the least number of 64 bits";
	if (!wrong)
		*value = sign ? -number : number;
	return wrong;
}
