#ifndef TOOLS_LIB_ADD_TRAILER_H
#define TOOLS_LIB_ADD_TRAILER_H

/* A filter gets its trailer: what it was made from, for what, and what it does. */

#include "compile_facts.h"

/*
 * The proven program with the trailer behind it, and nothing else changed. Where it has no semantic hash
 * (f->proven.hashed), neither has the trailer. BUILD_REFUSED: the trailer does not fit.
 * BUILD_MISTAKEN: `mistake` tells.
 */
enum build add_trailer(struct arena *, const struct filter *, const struct origin *,
	struct program *with, struct mistake *);

#endif
