/*
 * GNU make and ninja agree on little: a blank and a '#' behind a backslash, "$$" for '$'. What else is special to
 * either is no part of a name here: a colon is make's, and a backslash is read otherwise by each.
 */

#include "depfile.h"

#include <assert.h>
#include <string.h>

bool depfile_takes(const char *name)
{
	return *name && !strpbrk(name, "\n\r\t:\\;|%*?[]~=&<>()`'\"");
}

static void add_name(struct buf *b, const char *name)
{
	assert(depfile_takes(name));
	for (; *name; name++) {
		if (*name == ' ' || *name == '#')
			buf_text(b, "\\");
		else if (*name == '$')
			buf_text(b, "$");
		buf_add(b, name, 1);
	}
}

void depfile_print(
	struct buf *b, const char *const *target, size_t targets, const char *const *source, size_t sources)
{
	for (size_t i = 0; i < targets; i++) {
		buf_text(b, i ? " " : "");
		add_name(b, target[i]);
	}
	buf_text(b, ":");
	for (size_t i = 0; i < sources; i++) {
		buf_text(b, " ");
		add_name(b, source[i]);
	}
	buf_text(b, "\n");
}
