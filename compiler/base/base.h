#ifndef COMPILER_BASE_BASE_H
#define COMPILER_BASE_BASE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* Behind a switch over every enumerator: reaching it is a mistake of ours, never of the input. */
#define unreachable() __builtin_unreachable()

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* A hash of what was hashed before and one word more. */
static inline uint64_t hash_mix(uint64_t hash, uint64_t more)
{
	hash = (hash ^ more) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

#endif
