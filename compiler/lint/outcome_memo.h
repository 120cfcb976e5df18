#ifndef COMPILER_LINT_OUTCOME_MEMO_H
#define COMPILER_LINT_OUTCOME_MEMO_H

/*
 * Outcomes of syscalls that are known. Of one reading, by ABI and syscall: checks ask for the same ones thousands of
 * times. Of all readings of a profile, by the clauses themselves: what took diagrams in one is as it was in the others.
 */

#include "outcome.h"

#include "../meaning/policy.h"

struct outcome_memo {
	struct arena *arena; /* outlives the readings */
	struct outcome_known *settled;
	size_t count; /* of these */
};

/* All that the answer depends on; `made`: of the calls asked for, or NULL. */
struct outcome_question {
	const struct range *range;
	const struct clause *made;
	uint32_t enosys, default_at;
};

/* NULL: not known. */
const struct syscall_outcome *outcome_memo_find(const struct outcome_memo *, const struct outcome_question *);

/* Copies what it takes; nothing of a question that is too large. */
void outcome_memo_keep(struct outcome_memo *, const struct outcome_question *, const struct syscall_outcome *);

/* The row of one reading: an outcome by ABI of the policy and syscall, `asked` where it is known. */
struct outcome_row {
	bool asked;
	struct syscall_outcome outcome;
};

struct outcome_row *outcome_rows(struct arena *, const struct policy *);

/* NULL: the policy is not for the ABI. */
struct outcome_row *outcome_row(struct outcome_row *, const struct policy *, const struct abi *, uint16_t id);

#endif
