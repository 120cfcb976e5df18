#ifndef COMPILER_GRAPH_H
#define COMPILER_GRAPH_H

/*
 * The decision graph: each node tests one 32-bit word of the call or is a leaf with the value to
 * return. Nodes are hash-consed (equal nodes are one node) and a child's index is always below its
 * parent's, so the graph is acyclic by construction and passes over it are loops.
 */

#include "arena.h"
#include "buf.h"
#include "call.h"

#include <stdbool.h>
#include <stdint.h>

enum test { TEST_EQ, TEST_GT, TEST_GE, TEST_SET };

#define WORD_NONE 0xff /* the word of a leaf */

struct node {
	uint8_t word;   /* enum word, or WORD_NONE */
	uint8_t test;   /* enum test */
	uint32_t mask;  /* the word is ANDed with it first; UINT32_MAX: it is not */
	uint32_t k;     /* compared with; of a leaf: the value returned */
	uint32_t yes, no;
};

#define GRAPH_MAX (1u << 20) /* nodes; a program has 4096 instructions at most */

struct graph {
	struct arena *arena;
	struct node *node;
	uint64_t *weight; /* calls that come by, in any unit; decides which child lies near */
	uint32_t count, room;
	uint32_t *slot; /* hash table of indices + 1 */
	uint32_t slots;
	bool full; /* GRAPH_MAX was reached: what was built since is not to be used */
};

void graph_init(struct graph *, struct arena *);
uint32_t graph_leaf(struct graph *, uint32_t ret);

/*
 * (word & mask) TEST k ? yes : no. Returns `yes` if both are one; turns equality tests that one JSET
 * answers into it, so that A is kept.
 */
uint32_t graph_test(struct graph *, unsigned word, uint32_t mask, enum test, uint32_t k, uint32_t yes,
	uint32_t no);

static inline bool graph_is_leaf(const struct graph *g, uint32_t node)
{
	return g->node[node].word == WORD_NONE;
}

/* Does the child find the word it tests in A, behind a test of the parent? */
static inline bool graph_keeps(const struct node *parent, const struct node *child)
{
	return parent->word == child->word && parent->mask == UINT32_MAX;
}

/* For people: a line a node, children first. */
void graph_print(struct buf *, const struct node *, uint32_t root);

#endif
