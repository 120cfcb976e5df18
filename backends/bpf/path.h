#ifndef BACKENDS_BPF_PATH_H
#define BACKENDS_BPF_PATH_H

/* How far it is through a program. */

#include "../../compiler/base/arena.h"
#include "bpf.h"

/* Instructions on the longest way from the first to a RET, that one included. 0 for an empty program. */
unsigned path_longest(struct arena *, const struct program *);

#endif
