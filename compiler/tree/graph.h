#ifndef COMPILER_TREE_GRAPH_H
#define COMPILER_TREE_GRAPH_H

/*
 * The decision graph: each node tests one 32-bit word of the call or is a leaf with the value to
 * return. Nodes are hash-consed (equal nodes are one node) and a child's index is always below its
 * parent's, so the graph is acyclic by construction and passes over it are loops.
 */

#include "../base/arena.h"
#include "../base/buf.h"
#include "../kernel/call.h"
#include "../base/scratch.h"
#include "../base/slots.h"

#include <stdbool.h>
#include <stdint.h>

enum test {
	TEST_EQ,
	TEST_GT,
	TEST_GE,
	TEST_SET,
	TEST_NONE, /* the word is ANDed with `mask` and what is left handed on to `yes` */
};

#define WORD_NONE 0xff /* the word of a leaf */

struct node {
	uint8_t word;   /* enum word, or WORD_NONE */
	uint8_t test;   /* enum test */
	bool held;      /* the mask is applied where the word is loaded, and A keeps what it leaves */
	uint32_t mask;  /* the word is ANDed with it first; UINT32_MAX: it is not */
	uint32_t k;     /* compared with; of a leaf: the value returned */
	uint32_t yes, no;
};

#define GRAPH_MAX (1u << 20) /* nodes; a program has 4096 instructions at most */

struct graph {
	struct arena *arena;
	struct node *node;
	uint64_t *weight; /* calls that come by, in any unit; decides which child lies near */
	uint16_t *depth;  /* instructions from the test itself to the farthest RET, at most 65535 */
	uint8_t *kept;    /* is it part of the program: by a test of its word (1), or any way (2)? */
	uint8_t *way;     /* the same of a root that is looked at; 0 else */
	uint32_t count, room;
	struct slots slots;
	struct scratch scratch; /* for whoever builds */
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

/* The same where the mask is applied once, for all tests of the word under it: they keep A. */
uint32_t graph_test_held(struct graph *, unsigned word, uint32_t mask, enum test, uint32_t k, uint32_t yes,
	uint32_t no);

/* Clears the bits of the word that `mask` lacks, for `child` and all below it that test the word. */
uint32_t graph_clear(struct graph *, unsigned word, uint32_t mask, uint32_t child);

/*
 * Forgets all nodes from `mark` on (a former `count`) but those `root` leads to; where `root` is now. Other
 * indices from `mark` on mean nothing any more.
 */
uint32_t graph_prune(struct graph *, uint32_t mark, uint32_t root);

/* The instructions of the nodes that `root` leads to and nothing kept does, leaves and far jumps apart. */
size_t graph_added(struct graph *, uint32_t root);

/* What `root` leads to will be part of the program. */
void graph_keep(struct graph *, uint32_t root);

static inline bool graph_is_leaf(const struct graph *g, uint32_t node)
{
	return g->node[node].word == WORD_NONE;
}

/* Instructions in front of a node's test where A does not hold its word. */
static inline unsigned graph_loading(const struct node *n)
{
	return n->word == WORD_NONE ? 0 : 1u + n->held;
}

/* Instructions executed from a node's load to the farthest RET; 1 for a leaf. */
static inline unsigned graph_depth(const struct graph *g, uint32_t node)
{
	return g->depth[node] + graph_loading(&g->node[node]);
}

/* Does the child find the word it tests in A, behind a test of the parent? */
static inline bool graph_keeps(const struct node *parent, const struct node *child)
{
	bool whole = parent->mask == UINT32_MAX || parent->test == TEST_NONE;

	return parent->word == child->word && parent->held == child->held &&
	       (child->held ? parent->mask == child->mask : whole);
}

#endif
