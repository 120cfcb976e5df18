#ifndef COMPILER_LINT_LINT_WIDE_ARGS_H
#define COMPILER_LINT_LINT_WIDE_ARGS_H

/*
 * Conditions that decide on bits of an argument which the kernel cuts off (arch/width.h): calls
 * that it takes for the same one are answered differently.
 */

#include "../say/diag.h"
#include "../meaning/policy.h"

/*
 * A W060 for each rule that such bits get round, and one N060 for all rules that they make refuse
 * more. Both rest on two calls that the policy itself decides; no more than a few a rule are tried.
 */
void lint_wide_args(const struct policy *, struct diags *);

#endif
