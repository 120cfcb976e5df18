#ifndef COMPILER_BASE_BASE_H
#define COMPILER_BASE_BASE_H

#include <assert.h>
#include <stddef.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* Behind a switch over every enumerator: reaching it is a mistake of ours, never of the input. */
#define unreachable() __builtin_unreachable()

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

#endif
