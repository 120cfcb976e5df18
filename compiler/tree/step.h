#ifndef COMPILER_TREE_STEP_H
#define COMPILER_TREE_STEP_H

/* A clause as a row of steps that all have to hold. */

#include "graph.h"
#include "state.h"

/* Mostly one test of a word. An order of both halves, and "not this value", is a few tests that belong together. */
struct step {
	uint8_t word; /* of both halves, the low one */
	uint8_t test; /* enum test, the word being under `mask`; of both halves the operator, enum cond_op */
	bool negated;
	bool whole;   /* both halves */
	uint64_t mask, k;
};

#define STEPS_EACH 2 /* steps of a condition at most */

/* The steps of a condition; how many. */
size_t step_make(struct step[static STEPS_EACH], const struct atom *);

/* Some order of steps, by words first; 0: they are the same. */
int step_compare(const struct step *, const struct step *);

/* Instructions it takes, about. */
unsigned step_size(const struct step *);

/* Does it ask for one value of what the mask leaves of a word? */
bool step_is_value(const struct step *);

uint32_t step_build(struct graph *, const struct step *, uint32_t yes, uint32_t no);

#endif
