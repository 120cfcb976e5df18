#ifndef COMPILER_READ_SCAN_H
#define COMPILER_READ_SCAN_H

/*
 * The words of JSON: white space, strings, numbers, literals. Each scan_ function takes one from
 * `at` on, or refuses the text with a diagnostic and returns false.
 */

#include "../say/diag.h"

#include <stdbool.h>
#include <stdint.h>

struct scanner {
	const char *bytes;
	uint32_t len;
	uint32_t at; /* next byte */
	struct diags *diags;
};

static inline bool scan_at_end(const struct scanner *s)
{
	return s->at == s->len;
}

static inline bool scan_next_is(const struct scanner *s, char c)
{
	return !scan_at_end(s) && s->bytes[s->at] == c;
}

/* A letter, digit, '_' or '$' is next: a number or what looks like a literal. */
bool scan_next_is_word(const struct scanner *);

void scan_space(struct scanner *);
bool scan_string(struct scanner *);
bool scan_number(struct scanner *);
/* true, false or null; `wanted` is for the message if it is none of them. */
bool scan_literal(struct scanner *, const char *wanted);

/* Refuse what is next: expected `wanted`, found that. */
bool scan_refuse(const struct scanner *, const char *wanted);

#endif
