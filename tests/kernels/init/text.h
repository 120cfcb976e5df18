#ifndef KERNELS_INIT_TEXT_H
#define KERNELS_INIT_TEXT_H

/* Words and numbers of the protocol, in and out. */

#include "abi.h"

#include <stddef.h>

/* To the console, when it is full or flushed. */
struct out {
	char bytes[4096];
	size_t len;
};

static inline void flush(struct out *o)
{
	raw_call(NR_write, 1, at(o->bytes), (int64_t)o->len, 0, 0, 0);
	o->len = 0;
}

static inline void print(struct out *o, const char *text)
{
	for (; *text; text++) {
		if (o->len == sizeof(o->bytes))
			flush(o);
		o->bytes[o->len++] = *text;
	}
}

static inline void print_char(struct out *o, char c)
{
	const char text[] = {c, 0};

	print(o, text);
}

/* " 1f" */
static inline void print_hex(struct out *o, uint64_t value)
{
	char digits[18] = {0};
	char *p = digits + sizeof(digits) - 1;

	do
		*--p = "0123456789abcdef"[value % 16];
	while (value /= 16);
	*--p = ' ';
	print(o, p);
}

/* A word in the line that `text` begins with; NULL if it is not there. */
static inline const char *find(const char *text, const char *word)
{
	for (; *text && *text != '\n'; text++) {
		size_t i = 0;
		while (word[i] && text[i] == word[i])
			i++;
		if (!word[i])
			return text;
	}
	return NULL;
}

/* One word of the text, NULL at its end; *text is moved behind it. */
static inline const char *next_word(char **text)
{
	char *word = *text;

	while (*word == ' ' || *word == '\n')
		word++;
	if (!*word)
		return NULL;
	char *end = word;
	while (*end && *end != ' ' && *end != '\n')
		end++;
	*text = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

static inline uint64_t next_hex(char **text)
{
	uint64_t value = 0;

	for (const char *p = next_word(text); p && *p; p++)
		value = value * 16 + (uint64_t)(*p <= '9' ? *p - '0' : *p - 'a' + 10);
	return value;
}

#endif
