#include "fake_io.h"

#include "compiler/base/base.h"
#include "tools/cli/files.h"
#include "tools/cli/message.h"
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_io fake_io;

void fake_io_clear(void)
{
	free(fake_io.out);
	free(fake_io.said);
	fake_io.out = fake_io.said = NULL;
	fake_io.out_len = fake_io.said_len = 0;
}

static void add(char **text, size_t *len, const char *more, size_t more_len)
{
	if (!more_len)
		return;
	*text = realloc(*text, *len + more_len + 1);
	assert(*text);
	memcpy(*text + *len, more, more_len);
	*len += more_len;
	(*text)[*len] = '\0';
}

bool files_read(struct arena *arena, const char *path, size_t max, struct source *source)
{
	for (size_t i = 0; i < FAKE_IO_FILES; i++) {
		if (!fake_io.file[i].name || strcmp(fake_io.file[i].name, path) != 0)
			continue;
		assert(fake_io.file[i].len <= max);
		*source = (struct source){path,
			arena_text(arena, fake_io.file[i].bytes, fake_io.file[i].len),
			fake_io.file[i].len, false};
		return true;
	}
	message("%s: not there", path);
	return false;
}

bool files_operand(struct arena *arena, const struct parsed *p, const char *path, size_t max,
	struct source *source)
{
	(void)p; /* nothing is hidden */
	return files_read(arena, path, max, source);
}

bool files_hidden(int fd, const char *path)
{
	(void)fd, (void)path;
	return false;
}

bool files_print(const struct buf *b)
{
	add(&fake_io.out, &fake_io.out_len, b->bytes, b->len);
	return true;
}

void files_diags(struct arena *arena, const struct diags *diags, bool quiet, const char *colour)
{
	struct buf b;

	(void)colour;
	buf_init(&b, arena);
	diags_print(&b, diags, quiet ? SEVERITY_ERROR : SEVERITY_NOTE, false);
	add(&fake_io.said, &fake_io.said_len, b.bytes, b.len);
}

void message_from(const char *who, const char *fmt, va_list args)
{
	char text[8192];

	vsnprintf(text, sizeof(text), fmt, args);
	add(&fake_io.said, &fake_io.said_len, who, strlen(who));
	add(&fake_io.said, &fake_io.said_len, text, strlen(text));
	add(&fake_io.said, &fake_io.said_len, "\n", 1);
}

void message(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message_from("winnow: ", fmt, args);
	va_end(args);
}
