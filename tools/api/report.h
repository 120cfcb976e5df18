#ifndef TOOLS_API_REPORT_H
#define TOOLS_API_REPORT_H

#include "handle.h"

/* A question about one or two sides. */
struct asking {
	const struct winnow_side *of[2];
	size_t count;
	bool nodes; /* profiles are read for a node each: else for as many as one filter takes */
	/* by report_make() */
	struct winnow_report *report;
	struct arena *arena;
	struct bdd *bdd;
	struct comparand side[2]; /* meanings are not there yet */
	const struct ruleset *set; /* of the first, where `nodes` */
};

/*
 * A report in memory of its own, as the first side's is; the sides' policies; then the work, which gets the asking.
 * The work may be part of a larger struct, of which the asking is the first member.
 */
enum winnow_status report_make(struct asking *, enum winnow_status (*work)(void *), struct winnow_report **);

/* One line that says why. */
enum winnow_status report_fail(struct asking *, enum winnow_status, const char *why);

/* Fills in the meanings. WINNOW_DONE, or UNDECIDED and why. */
enum winnow_status report_understand(struct asking *);

/* A line for a call with both verdicts. */
void report_call(struct winnow_line *, const struct call *, uint32_t left, uint32_t right);

#endif
