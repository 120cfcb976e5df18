#ifndef COMPILER_BASE_BUF_H
#define COMPILER_BASE_BUF_H

/* Bytes out: a growing buffer in an arena. Every printer writes to one; only tools/ writes files. */

#include "arena.h"
#include "base.h"

#include <stdarg.h>
#include <stdint.h>

struct buf {
	struct arena *arena;
	char *bytes;
	size_t len, room;
};

void buf_init(struct buf *, struct arena *);
/* Makes room for so many more: who knows how long it gets spares the copies. */
void buf_reserve(struct buf *, size_t more);
void buf_add(struct buf *, const void *bytes, size_t len);
void buf_text(struct buf *, const char *text);
void buf_printf(struct buf *, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *, const char *fmt, va_list) PRINTF_LIKE(2, 0);
/* What is in it, as a string. */
const char *buf_string(struct buf *);
/* A string of its own. */
const char *buf_print(struct arena *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Spaces up to `column` (from the last newline), at least one. */
void buf_pad(struct buf *, size_t column);

#endif
