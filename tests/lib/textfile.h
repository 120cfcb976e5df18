#ifndef TESTS_LIB_TEXTFILE_H
#define TESTS_LIB_TEXTFILE_H

/* A whole file in memory, for tests; include it behind cmocka.h. */

#include <stdio.h>
#include <stdlib.h>

/* NUL-ended, to be freed by the caller. */
static inline char *textfile_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	size_t room = (size_t)1 << 16, got;
	char *text = malloc(room);

	if (!file || !text)
		fail_msg("cannot read %s", path);
	for (*len = 0; (got = fread(text + *len, 1, room - *len - 1, file)); *len += got) {
		if (*len + got + 1 < room)
			continue;
		room *= 2;
		text = realloc(text, room);
		assert_non_null(text);
	}
	fclose(file);
	text[*len] = '\0';
	return text;
}

#endif
