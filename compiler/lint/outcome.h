#ifndef COMPILER_LINT_OUTCOME_H
#define COMPILER_LINT_OUTCOME_H

/* What can become of a syscall as a whole (syscall_outcome.h asks a policy). */

#include <stdbool.h>
#include <stdint.h>

enum outcome {
	OUTCOME_ABSENT,  /* the ABI has no such syscall, or the filter is not for the ABI */
	OUTCOME_OPEN,    /* allowed or logged, whatever the arguments */
	OUTCOME_PARTLY,  /* arguments decide, or it would take too long to tell that they do not */
	OUTCOME_ASKED,   /* nothing refuses it, and somebody is asked: NOTIFY, TRACE */
	OUTCOME_ENOSYS,  /* always as if the kernel did not have it */
	OUTCOME_REFUSED, /* always, in other ways */
};

/* Whatever the arguments. */
static inline bool outcome_is_refused(enum outcome how)
{
	return how == OUTCOME_REFUSED || how == OUTCOME_ENOSYS;
}

struct syscall_outcome {
	enum outcome how;
	uint32_t ret; /* of a refusal, or of what is asked; of several, the first, and TRACE only if nothing else is asked */
	uint32_t at;  /* of the first rule that decides, or of the default action */
	bool by_rule; /* a rule says so, and not the default */
	bool unlike;  /* all is refused, but not in one way: by errno here, by the end there, so `ret` says little */
};

#endif
