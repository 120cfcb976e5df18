#ifndef TOOLS_LIB_TERMS_H
#define TOOLS_LIB_TERMS_H

/*
 * Values as people write them, on the command line and in assertions:
 *
 *	value := term { "|" term }
 *	term  := number | constant, where errnos are asked for an errno's name
 *
 * Which names there are is known when they are read; what they are on an ABI, when the ABI is.
 */

#include "../../arch/arch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TERMS_MAX 16

enum term_kind { TERM_NUMBER, TERM_CONSTANT, TERM_ERRNO };

struct term {
	const char *text; /* as written, lent */
	size_t len;
	enum term_kind kind;
	uint16_t id;     /* of a constant */
	uint64_t number; /* of a number */
};

struct value {
	const char *text; /* as written, lent */
	size_t len;
	struct term term[TERMS_MAX];
	size_t terms;
};

struct term_fault {
	const char *what; /* "no constant": what the word is */
	const char *at;   /* in the text */
	size_t len;       /* of the word that is wrong; 0: the text lacks one */
	const char *near; /* a name like it, may be NULL */
};

/* The value at *at, which is moved behind it. False: *fault says why. */
bool terms_read(const char **at, bool errnos, struct value *, struct term_fault *);

/* What the value is on an ABI. False: it lacks one of the names, which is *missing. */
bool terms_on(
	const struct value *, const struct abi *, uint64_t *number, const struct term **missing);

#endif
