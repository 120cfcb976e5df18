#ifndef COMPILER_MEANING_RULES_H
#define COMPILER_MEANING_RULES_H

/*
 * Rulesets become a policy: every rule under its number on every ABI, socket and IPC names also
 * under the multiplexer, conditions cut to the ABI's width (or, if that is asked for, to the
 * parameter's), and the gaps filled with the default.
 */

#include "policy.h"
#include "select_rules.h"

/*
 * One policy for all ABIs of all rulesets, which share a byte order. An ABI that several rulesets
 * hold is taken from the first. NULL (and errors) if libseccomp would refuse the rules.
 */
const struct policy *rules_policy(struct arena *, const struct ruleset *const *, size_t sets,
	struct diags *);

#endif
