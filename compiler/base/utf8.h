#ifndef COMPILER_BASE_UTF8_H
#define COMPILER_BASE_UTF8_H

/*
 * UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing above U+10FFFF.
 *
 * And text from outside made safe to print, whoever it is from: operands, names of files, what is in
 * files, names of processes, the environment. What a terminal or the runner of a CI job would obey is
 * shown as \xNN instead. All that is printed asks utf8_shown what that is: here as text, in
 * buf_json and quote_xml with those formats' own escapes.
 */

#include "buf.h"

#include <stdbool.h>
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

/*
 * The bytes of what s[0..len) starts with, and the columns utf8_print gives it: 1, or more if it is
 * not to be shown as it is. len > 0.
 */
size_t utf8_shown(const char *s, size_t len, size_t *columns);

/* Where the text has a colon with nothing but blanks and no ASCII before it; len: it has none. */
size_t utf8_colon(const char *s, size_t len);

#define UTF8_PUT_MAX 16 /* bytes of a character, escaped */

/*
 * What s[0..len) starts with, as it is shown, escaped in any case if not `plain`; returns the bytes
 * of s it is. len > 0.
 */
size_t utf8_put(char out[UTF8_PUT_MAX + 1], const char *s, size_t len, bool plain);

/*
 * The text, with control characters, marks of direction and bytes that are not UTF-8 as \xNN; as
 * well as what orders a runner about: a leading colon, and "##[" and its kin.
 */
void utf8_print(struct buf *, const char *s, size_t len);

/* The same, to be a part of what is formatted. */
const char *utf8_string(struct arena *, const char *text);

/* Lines that are made already: the same, but for newlines, tabs and leading colons. */
void utf8_sieve(struct buf *, const char *s, size_t len);

#endif
