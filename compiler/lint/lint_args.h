#ifndef COMPILER_LINT_LINT_ARGS_H
#define COMPILER_LINT_LINT_ARGS_H

#include "lint.h"

/*
 * Is there one condition that says what this one was to say, as lint's note has it (W071, W072): the same argument under
 * *mask compared with *two? Of a syscall of the node's own ABI. A valueTwo that is written says what it says, be it 0.
 */
bool lint_args_meant(const struct lint *, const struct rule *, const struct profile_cond *, uint64_t *mask, uint64_t *two);

#endif
