#ifndef COMPILER_TREE_STATE_H
#define COMPILER_TREE_STATE_H

/* A list of clauses as far as it is undecided, in terms of the halves of the arguments. */

#include <stddef.h>
#include <stdint.h>

/* Which half of the argument a condition still asks for. */
enum part { PART_LO, PART_HI, PART_BOTH };

/* A condition as far as it is undecided; mask and value of one half are 32 bits. */
struct atom {
	uint8_t arg, part, op; /* op: enum cond_op */
	uint64_t mask, value;
};

struct term {
	uint32_t ret;
	uint32_t atoms; /* how many of the state's atoms, in order, are this clause's */
};

struct state {
	struct term *term;
	size_t terms; /* the last has no atoms */
	struct atom *atom;
	size_t atoms;
	/* memo (arg_tree.c) */
	uint64_t hash;
	uint32_t node;
	uint64_t cost; /* expected instructions behind the load door, in COST_UNIT */
	struct state *next;
};

#endif
