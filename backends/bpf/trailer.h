#ifndef BACKENDS_BPF_TRAILER_H
#define BACKENDS_BPF_TRAILER_H

/*
 * What a blob says of itself: words that are loaded by instructions nothing ever reaches, behind
 * the last return, closed by a return of their own. Kernel and loaders take it for what it is, a
 * part of the filter that is never executed. doc/blob.md has the layout.
 */

#include "../../compiler/base/arena.h"
#include "bpf.h"
#include "sha256.h"

#include <stdbool.h>

#define TRAILER_TEXT_MAX 4096 /* bytes */

struct trailer {
	uint8_t profile[SHA256_SIZE]; /* digest of the profile's bytes */
	uint8_t meaning[SHA256_SIZE]; /* hash.h, of the program; all 0: none was found */
	const char *text;             /* lines "key=value", each with its newline */
	size_t code;                  /* instructions before the trailer */
};

/* The program with the trailer behind it. False: it would not fit PROGRAM_MAX. */
bool trailer_add(
	struct arena *, const struct program *, const struct trailer *, struct program *with);

/* False: there is none, or it is damaged, or jumps lead into it. */
bool trailer_find(struct arena *, const struct program *, struct trailer *);

/* Does it tell the program's semantic hash? */
bool trailer_hashed(const struct trailer *);

/* The value of a key, in the arena; NULL: the trailer does not say. */
const char *trailer_value(struct arena *, const struct trailer *, const char *key);

#endif
