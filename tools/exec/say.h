#ifndef TOOLS_EXEC_SAY_H
#define TOOLS_EXEC_SAY_H

/* Messages without a libc: pieces put together, sent as one write so that lines stay whole. */

#include <stddef.h>
#include <stdint.h>

struct line {
	size_t len;
	char text[5 * 1024]; /* a path of PATH_MAX and what is said about it; the rest is cut */
};

/* "winnow-exec: " */
void line_begin(struct line *);
void line_add(struct line *, const char *text);
/* Of the command line: no terminal and no CI runner obeys it. */
void line_word(struct line *, const char *word);
void line_number(struct line *, uint32_t);
/* The ABI behind an AUDIT_ARCH_*. */
void line_arch(struct line *, uint32_t audit);
/* An errno in words; the rare ones as "error 71". */
void line_error(struct line *, int error);
/* With a newline at its end. */
void line_send(struct line *, int fd);

#endif
