#ifndef COMPILER_LINT_ASKED_H
#define COMPILER_LINT_ASKED_H

/*
 * What all the checks find of one reading, for the others that are the same: of most profiles runtimes hand
 * libseccomp one list. What a runtime says or does itself is asked of each: lint_start(), lint_cache().
 */

#include "lint.h"

struct asked {
	const struct ruleset *set;
	const struct policy *policy; /* NULL: there is none, as `found` says */
	struct outcome_row *rows; /* of that policy */
	struct diags *found;
	bool goes_on;     /* the profile is one that further checks are for */
	bool asks_kernel; /* of its runtime all that checks look at beside the rules */
	bool of_author;
	const struct asked *next;
};

/* Both arenas outlive the readings; `kept` may be reset together with `first`. */
struct asked_memo {
	struct arena *findings, *kept;
	const struct asked *first;
};

/*
 * Of the reading l->set; l->policy is not looked at. What is found is added to l->diags. The answer lives as
 * long as the memo, or, if the rules are too many to be kept, as l->arena has it.
 */
const struct asked *asked_of(struct asked_memo *, const struct lint *l);

#endif
