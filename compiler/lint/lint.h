#ifndef COMPILER_LINT_LINT_H
#define COMPILER_LINT_LINT_H

/*
 * What is doubtful about the meaning of a profile on one node. Nothing here is wrong as JSON or
 * refused by a runtime: the checks look at the policy, so at what the filter will do, and name the
 * place in the file that makes it so. lint.c lists them; each idea has a file of its own.
 */

#include "dead_memo.h"
#include "../say/diag.h"
#include "../meaning/policy.h"
#include "../meaning/select_rules.h"

struct lint {
	struct arena *arena;
	const struct profile *profile;
	const struct node_facts *node;
	const struct ruleset *set; /* of the profile on the node */
	const struct policy *policy;
	struct diags *diags;
	/*
	 * For lint_dead_rules(), which makes a policy for each of very many questions: reset for each. It jumps
	 * where `arena` does. NULL: all are made in `arena`.
	 */
	struct arena *questions;
	struct dead_memo *memo; /* of lint_dead_rules(), for readings that come to the same rules; NULL: none is kept */
	bool no_new_privs;   /* containers are started with it */
	const char *version; /* of runc or crun, if one was asked for: "1.3"; NULL: any */
	struct outcome_memo *outcomes; /* of all readings of the profile; NULL: none is kept */
	struct outcome_row *rows;      /* of this one's policy; NULL: none are kept */
	struct program_verdict *verdicts; /* of it; NULL: none are kept */
	/* Says why no filter can be made of a policy, which no check here can know. NULL: nobody does. */
	void (*tell_fit)(void *context, const struct policy *, struct diags *);
	void *context;
};

/* It builds on a profile whose rules are not at hand, so what it means as a whole is not known. */
static inline bool lint_lacks_base(const struct lint *l)
{
	return l->profile->base.len && !l->profile->bases;
}

/* False: it lacks its base, or allows everything or nothing, and further checks are not for such. */
bool lint(const struct lint *);

/* Does a container start? Apart, as every program but a container may do without. */
void lint_start(const struct lint *);

/* Errnos that its runtime's cache of filters does not see. Apart, as it is the runtime's. */
void lint_cache(const struct lint *);

/* Do some programs start and others not; do they start others, and threads; of which is it not decided? Apart, as many
 * profiles are for one program. */
void lint_programs(const struct lint *);

/* Names that none of the filter's ABIs has, programs that none is for. */
void lint_names(const struct lint *);

/* The checks. What one of them reports is named in diag.tbl. */
bool lint_extremes(const struct lint *);  /* everything or nothing is allowed; true: then stop */
void lint_vital(const struct lint *);     /* no way to start, to end */
bool lint_vital_tells(const struct lint *, const char *name); /* ... that programs crash without the call */
void lint_siblings(const struct lint *);  /* calls that do each other's work, treated unlike */
void lint_errnos(const struct lint *);    /* new calls refused with another errno than ENOSYS */
void lint_abis(const struct lint *);      /* ABIs beside the node's own that let more in */
void lint_multiplex(const struct lint *); /* what socketcall(2) and ipc(2) undo */
void lint_detours(const struct lint *);   /* io_uring, ptrace */
void lint_records(const struct lint *);   /* whether refusals leave records */
void lint_conds(const struct lint *);     /* conditions that never or always hold */
void lint_args(const struct lint *);      /* that ask of an argument what it does not say */
void lint_together(const struct lint *);  /* that cancel each other */

#endif
