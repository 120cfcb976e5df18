#ifndef COMPILER_LOGIC_BDD_H
#define COMPILER_LOGIC_BDD_H

/*
 * Functions of boolean variables as reduced, ordered decision diagrams whose leaves hold any 64-bit
 * value. Nodes are hash-consed, so within one store two functions are equal exactly if their
 * indices are. A boolean function is one whose leaves are BDD_FALSE and BDD_TRUE.
 */

#include "../base/arena.h"
#include "../base/scratch.h"
#include "../base/slots.h"

#include <stdbool.h>
#include <stdint.h>

#define BDD_FALSE 0u /* the leaf of value 0 */
#define BDD_TRUE  1u /* the leaf of value 1 */

#define BDD_VARS  512u         /* tested in this order from the root down; bounds all recursion */
#define BDD_LEAF  UINT32_MAX   /* the variable of a leaf: below every other */
#define BDD_NODES (1u << 21)   /* about 95 MiB, tables that were outgrown included */
#define BDD_STEPS (1ull << 26) /* a few seconds */

struct bdd_node {
	uint32_t var;    /* or BDD_LEAF */
	uint32_t lo, hi; /* functions for 0 and 1; of a leaf: the halves of its value */
};

struct bdd {
	struct arena *arena;
	struct bdd_node *node;
	uint32_t count, room, most; /* `most` is BDD_NODES, or less where a user wants it so */
	struct slots slots;
	struct bdd_memo *memo;
	uint32_t memos; /* a power of two */
	uint64_t steps; /* left of BDD_STEPS */
	struct scratch scratch; /* for a walk over functions */
	/*
	 * The budget is spent, or a user of the store gave up: every operation is now quick and its
	 * result means nothing. Asked once, at the end.
	 */
	bool full;
};

void bdd_init(struct bdd *, struct arena *);
/* The same for many short questions: it has no room to clear that they do not need, and gets it where they do. */
void bdd_init_small(struct bdd *, struct arena *);

uint32_t bdd_leaf(struct bdd *, uint64_t value);
bool bdd_is_leaf(const struct bdd *, uint32_t function);
uint64_t bdd_value(const struct bdd *, uint32_t leaf);

/* var ? hi : lo; both must not depend on var or any variable before it. */
uint32_t bdd_node(struct bdd *, uint32_t var, uint32_t lo, uint32_t hi);

/* test ? yes : no, for a boolean test and any two functions. */
uint32_t bdd_ite(struct bdd *, uint32_t test, uint32_t yes, uint32_t no);

/* The first variable either function depends on; BDD_LEAF if none. */
static inline uint32_t bdd_first(const struct bdd *b, uint32_t f, uint32_t g)
{
	return b->node[f].var < b->node[g].var ? b->node[f].var : b->node[g].var;
}

/* The function where var is known, provided that it depends on no variable before it. */
static inline uint32_t bdd_given(const struct bdd *b, uint32_t function, uint32_t var, bool value)
{
	const struct bdd_node *n = &b->node[function];

	if (n->var != var)
		return function;
	return value ? n->hi : n->lo;
}

#endif
