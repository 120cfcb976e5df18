#ifndef COMPILER_EXPLAIN_ALLOW_H
#define COMPILER_EXPLAIN_ALLOW_H

/* What would have to be in a profile for a call to be allowed. */

#include "explain.h"

/*
 * The least change that allows the call, as a line or two: a capability whose rule is there already, a
 * rule for the very arguments that rules look at, one for the syscall, or what to take out of a rule that
 * refuses. Each is tried before it is told: the profile so changed allows the call. Nothing if it is allowed.
 */
void allow_call(struct buf *, const struct question *);

#endif
