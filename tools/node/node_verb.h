#ifndef TOOLS_NODE_NODE_VERB_H
#define TOOLS_NODE_NODE_VERB_H

/* What the verbs about a node share: its root, its lock, an arena. */

#include "root.h"

#include "../cli/options.h"

#define NODE_WAIT 60 /* seconds, unless --wait says */

struct node_verb {
	const struct parsed *parsed;
	struct arena arena;
	struct root root;
	int lock; /* -1: none is held */
};

/* Run a verb with arena and --root, under the node's lock, waiting --wait for it: sets up, catches out of
 * memory, frees. */
int node_verb_run(const struct parsed *, enum root_lock, int (*verb)(struct node_verb *));

/* A number of an option from `least` to `most`, `unset` if text is NULL. EXIT_DONE, or EXIT_USAGE
 * with a message. */
int node_number(const struct verb *, const char *option, const char *text, unsigned least,
	unsigned most, unsigned unset, unsigned *number);

/* Let others at the node, for what is left to do without it. */
void node_unlock(struct node_verb *);

/* --keep, `unset` if it is not given. EXIT_DONE, or EXIT_USAGE with a message. */
int node_keep(const struct verb *, const char *text, unsigned unset, unsigned *keep);

/*
 * "no profile 'wbe' on this node; did you mean 'web'?" unless it is among those there. EXIT_DONE,
 * EXIT_FINDING or, if the node cannot be read, EXIT_HOST.
 */
int node_knows(struct node_verb *, const char *name);

#endif
