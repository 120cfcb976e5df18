#ifndef BACKENDS_EMIT_EMIT_H
#define BACKENDS_EMIT_EMIT_H

/* A decision graph becomes a program. Sees the tree, never the policy it was made from. */

#include "../../compiler/tree/tree.h"
#include "../bpf/bpf.h"

#include <stdbool.h>

/*
 * False if the program would have more than PROGRAM_MAX instructions: *program then has no instructions,
 * and tells how many it would have.
 * The byte order decides where the halves of an argument are loaded from.
 */
bool emit(struct arena *, const struct tree *, enum byte_order, struct program *);

#endif
