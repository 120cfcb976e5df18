#ifndef TOOLS_CLI_SIDE_H
#define TOOLS_CLI_SIDE_H

/*
 * What verify, diff, subset, assert, smt and info compare: profiles, blobs and what processes are under,
 * each of which comes to a function of the call. All sides of a comparison share one store.
 */

#include "node_options.h"
#include "operand.h"
#include "options.h"

#include "../../compiler/logic/bdd.h"

#define SIDES_MAX 2

struct sides {
	const struct parsed *parsed;
	void *context; /* of sides_run_for() */
	struct arena arena;
	struct bdd bdd;
	struct side side[SIDES_MAX];
	struct operand operand[SIDES_MAX];
	bool to_be_blob[SIDES_MAX]; /* set before it is read: a profile would be a mistake */
	size_t count;
	bool profiles_alone; /* what sides mean is not asked for, nor are the nodes they are read for */
	bool told;   /* what is odd about profiles: it is not said again */
	bool unread; /* meanings are not asked for: there may be none within the budget */
	const struct abi *abi; /* the first of --arch; NULL: not given */
};

/* Run a verb with arena and store: sets up, catches out of memory, frees. */
int sides_run(const struct parsed *, int (*verb)(struct sides *));
int sides_run_for(const struct parsed *, int (*verb)(struct sides *), void *context);

/*
 * Read the operands from `first` on, and what they mean. EXIT_DONE, or what to exit with, the
 * message printed; EXIT_HOST where a meaning was not found within the budget.
 */
int sides_read(struct sides *, size_t first, size_t count);

/* Finds the meanings of what was read `unread`. The same. */
int sides_understand(struct sides *);

/* The proven filter of a profile. EXIT_DONE, or what to exit with, the message printed. */
int side_build(struct sides *, const struct side *, const struct layout *, struct filter *);

/*
 * After a function was made of the meanings ("comparison", "proof") and calls of it tried (`right`: the simulator
 * agrees). EXIT_DONE, or what to exit with, the message printed.
 */
int sides_compared(const struct sides *, const char *what, bool right);

/*
 * Are there calls for which a blob decides nothing, as kernels differ? Says so, with one of them. A
 * difference that was shown holds nevertheless.
 */
bool sides_undecided(struct sides *);
/* The same of one side, for those of its calls that matter: a function as of diff_undecided(). */
bool side_undecided(struct sides *, const struct side *, uint32_t open);

#endif
