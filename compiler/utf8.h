#ifndef COMPILER_UTF8_H
#define COMPILER_UTF8_H

/*
 * UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing above U+10FFFF. And text
 * from outside made safe to print: what a terminal would obey is shown as \xNN instead.
 */

#include "buf.h"

#include <stddef.h>
#include <stdint.h>

/* The character that s[0..len) starts with, and its bytes; 0 if it starts with none. */
size_t utf8_read(const char *s, size_t len, uint32_t *code);

/* Why it starts with none, to follow "byte 0x.. is ". */
const char *utf8_fault(const char *s, size_t len);

/* The bytes of the character that s[0..len) ends with; 1 if it ends with none. len > 0. */
size_t utf8_back(const char *s, size_t len);

/* Encode a code point, in 1 to 4 bytes; returns how many. */
size_t utf8_write(char *out, uint32_t code);

/* The bytes of what s[0..len) starts with, and the columns utf8_print gives it. len > 0. */
size_t utf8_shown(const char *s, size_t len, size_t *columns);

/* The text, with control characters, marks of direction and bytes that are not UTF-8 as \xNN. */
void utf8_print(struct buf *, const char *s, size_t len);

#endif
