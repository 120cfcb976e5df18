#ifndef COMPILER_TREE_ARG_TREE_H
#define COMPILER_TREE_ARG_TREE_H

/* A list of clauses (first match decides) as a decision graph over the halves of the arguments. */

#include "graph.h"
#include "../meaning/policy.h"

struct args;

enum args_aim {
	ARGS_USUAL,
	ARGS_SMALL,   /* few instructions count more than few that are executed */
	ARGS_SHALLOW, /* the other way round: paths have a bound */
};

/* Lists that go into one graph share what they have in common, if it is built once. `alike`, `plain`: layout.h. */
struct args *args_start(struct graph *, enum args_aim, bool alike, bool plain);

/* The node where the decision starts; a leaf when no argument matters. */
uint32_t args_build(struct args *, const struct clause *, size_t clauses);

#endif
