#ifndef BENCH_BALANCED_H
#define BENCH_BALANCED_H

/*
 * What a careful compiler without weights makes: ranges of numbers under a balanced tree of
 * thresholds. Arguments, dispatch and emission are winnow's own, so that the difference is the
 * tree.
 */

#include "../backends/bpf/bpf.h"
#include "../compiler/base/arena.h"
#include "../compiler/meaning/policy.h"

#include <stdbool.h>

/* False: longer than a kernel takes. */
bool balanced_program(struct arena *, const struct policy *, struct program *);

#endif
