#ifndef COMPILER_EXPLAIN_FLATTEN_H
#define COMPILER_EXPLAIN_FLATTEN_H

/*
 * A ruleset as plain OCI JSON that every runtime reads the same way: names, architectures and
 * errnos spelt out, no condition on capabilities or kernels, no rule equal to the default, one rule
 * where repeated indices made alternatives. The same ruleset always gives the same bytes.
 */

#include "../base/buf.h"
#include "../profile/profile.h"
#include "../meaning/select_rules.h"

/*
 * The ruleset with a rule for each newer syscall that set->enosys would answer with ENOSYS. JSON
 * has no rules for one ABI, so a name that is newer on some ABIs only is left out and reported.
 * Numbers without a name keep the default.
 */
const struct ruleset *flatten_enosys(struct arena *, const struct ruleset *, struct diags *);

enum flatten_how {
	/* the names that set the height of runc's stub are listed, in a rule that is the default, even where no
	 * other rule names them */
	FLATTEN_KEEPS_STUB = 1,
	/* what all take for granted is left out: the node's own architecture (unless a stub depends on it), EPERM, an empty list of rules */
	FLATTEN_TERSE = 2,
};

/*
 * Flags and listener are the profile's. `how`: bits of enum flatten_how. `key`: the name of a last rule that
 * is the default (cache_key.h), NULL for none.
 */
void flatten(
	struct buf *, const struct ruleset *, const struct profile *, unsigned how, const char *key);

#endif
