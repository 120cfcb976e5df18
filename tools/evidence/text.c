#include "text.h"

#define TEN(c) [c] = true, [(c) + 1] = true, [(c) + 2] = true, [(c) + 3] = true, [(c) + 4] = true, \
	[(c) + 5] = true, [(c) + 6] = true, [(c) + 7] = true, [(c) + 8] = true, [(c) + 9] = true
#define LETTERS(c) TEN(c), TEN((c) + 10), [(c) + 20] = true, [(c) + 21] = true, [(c) + 22] = true, \
	[(c) + 23] = true, [(c) + 24] = true, [(c) + 25] = true

const bool text_name_part[256] = {TEN('0'), LETTERS('A'), LETTERS('a'), ['_'] = true};

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
