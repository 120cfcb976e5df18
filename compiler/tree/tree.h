#ifndef COMPILER_TREE_TREE_H
#define COMPILER_TREE_TREE_H

/* A policy becomes one decision graph: audit arch, then number, then arguments. */

#include "graph.h"
#include "layout.h"

struct policy; /* not included: who reads the tree alone does not see it */

/* The finished graph. root is the test of the audit arch. */
struct tree {
	const struct node *node;
	const uint64_t *weight;
	uint32_t nodes, root;
};

/* NULL if the policy needs more nodes than any program can have. */
const struct tree *tree_build(struct arena *, const struct policy *, const struct layout *);

#endif
