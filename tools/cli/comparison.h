#ifndef TOOLS_CLI_COMPARISON_H
#define TOOLS_CLI_COMPARISON_H

/*
 * What verify, diff, subset, assert, smt and info compare: profiles, blobs and what processes are under,
 * each of which comes to a function of the call. All sides of a comparison share one store.
 */

#include "node_options.h"
#include "operand.h"
#include "options.h"

#include "../../compiler/logic/bdd.h"

#define COMPARANDS_MAX 2

struct comparison {
	const struct parsed *parsed;
	void *context; /* of comparison_run_for() */
	struct arena arena;
	struct bdd bdd;
	struct comparand side[COMPARANDS_MAX];
	struct operand operand[COMPARANDS_MAX];
	bool to_be_blob[COMPARANDS_MAX]; /* set before it is read: a profile would be a mistake */
	size_t count;
	bool profiles_alone; /* what sides mean is not asked for, nor are the nodes they are read for */
	bool told;   /* what is odd about profiles: it is not said again */
	bool unread; /* meanings are not asked for: there may be none within the budget */
	const struct abi *abi; /* the first of --arch; NULL: not given */
};

/* Run a verb with arena and store: sets up, catches out of memory, frees. */
int comparison_run(const struct parsed *, int (*verb)(struct comparison *));
int comparison_run_for(const struct parsed *, int (*verb)(struct comparison *), void *context);

/*
 * Read the operands from `first` on, and what they mean. EXIT_DONE, or what to exit with, the
 * message printed; EXIT_HOST where a meaning was not found within the budget.
 */
int comparison_read(struct comparison *, size_t first, size_t count);

/* Finds the meanings of what was read `unread`. The same. */
int comparison_understand(struct comparison *);

/* The proven filter of a profile. EXIT_DONE, or what to exit with, the message printed. */
int comparand_build(struct comparison *, const struct comparand *, const struct layout *, struct filter *);

/*
 * After a function was made of the meanings ("comparison", "proof") and calls of it tried (`right`: the simulator
 * agrees). EXIT_DONE, or what to exit with, the message printed.
 */
int comparison_compared(const struct comparison *, const char *what, bool right);

/*
 * Are there calls for which a blob decides nothing, as kernels differ? Says so, with one of them. A
 * difference that was shown holds nevertheless.
 */
bool comparison_undecided(struct comparison *);
/* The same of one side, for those of its calls that matter: a function as of diff_undecided(). */
bool comparand_undecided(struct comparison *, const struct comparand *, uint32_t open);

#endif
