#ifndef TESTS_LIB_VERSUS_H
#define TESTS_LIB_VERSUS_H

/* One ruleset by winnow and by libseccomp, compared call by call. */

#include "peer.h"
#include "random.h"

struct versus_tally {
	size_t conflicts; /* rulesets both refuse */
	size_t filters;   /* rulesets compared */
	size_t calls;
	size_t differences;
};

struct versus {
	struct peer_file file;
	bool *left_out; /* by syscall id: the two sides' tables disagree about it */
	struct random random;
	uint64_t args_max; /* struct boundary */
	bool quiet;        /* count differences, print nothing */
	const char *what;  /* is compared, for messages */
	struct versus_tally tally;
	/* of the ruleset being compared */
	const struct ruleset *set;
	const struct policy *policy;
	struct program ours, theirs[PEER_LEVELS];
	bool built; /* ours; false: too long */
};

/* Counts, and prints, one difference. Returns false. */
bool versus_complain(struct versus *, const char *why);

/* The ruleset without the syscalls the tables disagree about, which are noted in left_out. */
const struct ruleset *versus_common(struct arena *, struct versus *, const struct ruleset *);

/* libseccomp's programs for v->set, at each level. */
enum peer versus_peers(struct arena *, struct versus *);

/* A policy's program, not proved. False: it is too long. */
bool versus_program(struct arena *, const struct policy *, struct program *);

/* Was it refused, and for nothing else? */
bool versus_refused_for(const struct diags *, enum diag_id);

/* False: a difference was found. The diagnostics are those of making the ruleset. */
bool versus_run(struct arena *, struct versus *, const struct ruleset *, struct diags *);

#endif
