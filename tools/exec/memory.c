/*
 * What a compiler may call in a program without a libc: to clear an array, to copy a structure. The
 * empty assembly keeps it from seeing the loops for what they are and calling these from within.
 */

#include <stddef.h>

void *memset(void *to, int byte, size_t len);
void *memcpy(void *restrict to, const void *restrict from, size_t len);

void *memmove(void *to, const void *from, size_t len);

void *memset(void *to, int byte, size_t len)
{
	unsigned char *at = to;

	while (len--) {
		*at++ = (unsigned char)byte;
		__asm__ volatile("");
	}
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
	unsigned char *at = to;
	const unsigned char *source = from;

	while (len--) {
		*at++ = *source++;
		__asm__ volatile("");
	}
	return to;
}

void *memmove(void *to, const void *from, size_t len)
{
	unsigned char *at = to;
	const unsigned char *source = from;

	if (at <= source)
		return memcpy(to, from, len);
	while (len--) {
		at[len] = source[len];
		__asm__ volatile("");
	}
	return to;
}
