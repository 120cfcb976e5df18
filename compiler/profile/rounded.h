#ifndef COMPILER_PROFILE_ROUNDED_H
#define COMPILER_PROFILE_ROUNDED_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Numbers as programs write them that keep all numbers as IEEE 754 doubles (JavaScript, jq before 1.7): of 17 digits at
 * most, with zeros behind them. Above 2^53 that is another number than the one they read (ECMA-262, Number::toString).
 */

/*
 * Is `value` one that such a program writes for a double which is not `value` itself? Then *low to *high, ends included,
 * are the integers of 64 bits that it would read as that double and write so. Always false up to 2^53.
 */
bool rounded_double(uint64_t value, uint64_t *low, uint64_t *high);

#endif
