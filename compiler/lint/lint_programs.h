#ifndef COMPILER_LINT_LINT_PROGRAMS_H
#define COMPILER_LINT_LINT_PROGRAMS_H

/* What of programs is not decided, of those who look and for lint_programs(), which tells it. */

#include "programs.h"

/* Where nothing is told that says so. */
struct undecided {
	struct word_list programs, calls;    /* that may not start or end, and what they may need for it */
	struct word_list works, works_calls; /* the same of what they do then */
	uint32_t at;                         /* of a call's rule; NOWHERE: no rule's */
};

void undecided_program(const struct lint *, struct undecided *, size_t program, const struct program_call *);
void undecided_work(const struct lint *, struct undecided *, const char *title, const struct program_call *);

/* Do some programs start and others not? Apart, as many profiles are for one program. */
void lint_kinds(const struct lint *, struct undecided *);

/* Do programs start others, and threads? Apart for the same reason. */
void lint_works(const struct lint *, struct undecided *);

#endif
