#ifndef TOOLS_EVIDENCE_TEXT_H
#define TOOLS_EVIDENCE_TEXT_H

/* Pieces of a line, each from s up to end. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What a byte may be a part of: one look a byte, as there are as many as the log has. */
enum { TEXT_NAME = 1, /* letters, digits and '_' */ TEXT_TIME = 2 /* digits, '.' and ':' */ };

extern const uint8_t text_part[256];

static inline bool is_name_part(char c)
{
	return text_part[(unsigned char)c] & TEXT_NAME;
}

static inline bool is_time_part(char c)
{
	return text_part[(unsigned char)c] & TEXT_TIME;
}

static inline const char *skip_blanks(const char *s, const char *end)
{
	while (s < end && is_blank(*s))
		s++;
	return s;
}

static inline bool starts(const char *s, const char *end, const char *with)
{
	size_t len = strlen(with);

	return (size_t)(end - s) >= len && memcmp(s, with, len) == 0;
}

static inline bool is_text(const char *s, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(s, text, len) == 0;
}

/* The first place of `what`; NULL: it is not there. */
const char *find(const char *s, const char *end, const char *what);

/* Digits at *at, which is moved behind them. False: there are none, or too many. */
static inline bool read_decimal(const char **at, const char *end, uint64_t *value)
{
	const char *s = *at;
	uint64_t number = 0;

	for (; s < end && is_digit(*s); s++) {
		if (number > (UINT64_MAX - 9) / 10)
			return false;
		number = 10 * number + (uint64_t)(*s - '0');
	}
	bool any = s > *at;
	*at = s;
	*value = number;
	return any;
}

bool read_hex(const char **at, const char *end, uint64_t *value);

#endif
