#ifndef COMPILER_LINT_DEAD_MEMO_H
#define COMPILER_LINT_DEAD_MEMO_H

/*
 * What was found of one ruleset, for others that say the same: runtimes read most profiles alike, and
 * lint_dead_rules() is nearly all that a reading costs.
 */

#include "../meaning/select_rules.h"
#include "../say/diag.h"

struct dead_memo {
	struct arena *arena; /* outlives the readings; holds copies */
	struct dead_known *known;
};

/* What was kept for a ruleset of the same rules on the same ABIs; NULL: nothing. */
const struct diags *dead_memo_find(const struct dead_memo *, const struct ruleset *);

/* Keeps it, unless the ruleset is so large that a copy would cost more than it saves. */
void dead_memo_keep(struct dead_memo *, const struct ruleset *, const struct diags *);

#endif
