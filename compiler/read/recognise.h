#ifndef COMPILER_READ_RECOGNISE_H
#define COMPILER_READ_RECOGNISE_H

/* Is this JSON? RFC 8259 to the letter, within JSON_DEPTH_MAX, and one good reason if it is not. */

#include "../say/diag.h"
#include "../say/source.h"

#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 64 /* objects and arrays within one another, mappings and sequences of YAML too */

struct recognised {
	uint32_t at, len; /* the document, white space left out */
	uint32_t values;  /* in it: objects, arrays, strings (keys too), numbers, literals */
};

/* False, and one diagnostic with its notes, if the source is not one well-formed JSON value. */
bool recognise(const struct source *, struct diags *, struct recognised *);

#endif
