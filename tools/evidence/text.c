#include "text.h"

#define FIVE(c, of) [c] = (of), [(c) + 1] = (of), [(c) + 2] = (of), [(c) + 3] = (of), [(c) + 4] = (of)
#define TEN(c, of) FIVE(c, of), FIVE((c) + 5, of)
#define LETTERS(c) TEN(c, TEXT_NAME), TEN((c) + 10, TEXT_NAME), FIVE((c) + 20, TEXT_NAME), [(c) + 25] = TEXT_NAME

const uint8_t text_part[256] = {TEN('0', TEXT_NAME | TEXT_TIME), LETTERS('A'), LETTERS('a'), ['_'] = TEXT_NAME,
	['.'] = TEXT_TIME, [':'] = TEXT_TIME};

const char *find(const char *s, const char *end, const char *what)
{
	size_t len = strlen(what);

	while ((size_t)(end - s) >= len) {
		const char *at = memchr(s, *what, (size_t)(end - s) - len + 1);
		if (!at || memcmp(at, what, len) == 0)
			return at;
		s = at + 1;
	}
	return NULL;
}

static unsigned hex_digit(char c)
{
	if (is_digit(c))
		return (unsigned)(c - '0');
	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

bool read_hex(const char **at, const char *end, uint64_t *value)
{
	const char *s = *at;
	uint64_t number = 0;

	for (; s < end && hex_digit(*s) < 16; s++) {
		if (number >> 60)
			return false;
		number = number << 4 | hex_digit(*s);
	}
	bool any = s > *at;
	*at = s;
	*value = number;
	return any;
}
