#ifndef TOOLS_LIB_NUMBER_H
#define TOOLS_LIB_NUMBER_H

/* The one reader of numbers that people write: operands, options, assertions. */

#include <stddef.h>
#include <stdint.h>

/*
 * Decimal, 0x hexadecimal, or octal with a 0 in front, as C has them; with - in front two's
 * complement of 64 bits, down to -2^63. Returns NULL, or what is wrong with the text: then *value
 * is not set. What may have been meant as hexadecimal is never taken for something else.
 */
const char *number_read(const char *text, size_t len, uint64_t *value);

/* Hexadecimal without 0x, as audit records have numbers; with it, too. As number_read(). */
const char *number_read_hex(const char *text, size_t len, uint64_t *value);

#endif
