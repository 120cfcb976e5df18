#ifndef TOOLS_NODE_NODE_VERB_H
#define TOOLS_NODE_NODE_VERB_H

/* What the verbs about a node share: its root, its lock, an arena. */

#include "root.h"

#include "../options.h"

#define NODE_ROW_ROOT                                                                              \
	{                                                                                          \
		0, "root", "DIR", "the node's root directory, default /"                           \
	}

struct node_verb {
	const struct parsed *parsed;
	struct arena arena;
	struct root root;
};

/*
 * Run a verb with arena and root, of which `row` is the option, under the node's lock if winnow has
 * a home there: sets up, catches out of memory, frees.
 */
int node_verb_run(const struct parsed *, size_t row, int (*verb)(struct node_verb *));

/* --keep, `unset` if it is not given. EXIT_DONE, or EXIT_USAGE with a message. */
int node_keep(const struct verb *, const char *text, unsigned unset, unsigned *keep);

/*
 * "no profile 'wbe' on this node; did you mean 'web'?" unless it is among those there. EXIT_DONE,
 * EXIT_FINDING or, if the node cannot be read, EXIT_HOST.
 */
int node_knows(struct node_verb *, const char *name);

#endif
