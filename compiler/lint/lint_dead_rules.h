#ifndef COMPILER_LINT_LINT_DEAD_RULES_H
#define COMPILER_LINT_LINT_DEAD_RULES_H

/*
 * Rules that decide nothing: without one of them the filter means the same, for every call. Exact,
 * by comparing meanings, and so not to be had from a look at two rules: several together may cover
 * one, and libseccomp's order decides which.
 */

#include "lint.h"

void lint_dead_rules(const struct lint *);

#endif
