#ifndef COMPILER_TREE_EQUALITY_CHAIN_H
#define COMPILER_TREE_EQUALITY_CHAIN_H

/*
 * An interval of runs where all lead to one place but for a few single values, A x A y A: these are
 * tested for one after the other, likeliest first.
 */

#include "run.h"

#include <stdbool.h>

#define PEEL_MAX  8u                 /* values */
#define PEEL_RUNS (2 * PEEL_MAX + 1) /* runs with PEEL_MAX values among them, at most */

struct peel {
	const struct run *run;
	uint32_t child; /* where the others lead */
	uint64_t rest;  /* weight of the others */
	uint64_t tests; /* weight times tests, of all */
	size_t count;
	uint16_t value[PEEL_MAX]; /* runs, likeliest first */
};

/* Take in one more run. False: it is no single value, or there are too many. */
bool peel_add(struct peel *, size_t run);

/* Weight that goes against the odds of its test. */
uint64_t peel_missed(const struct peel *);

/* What the tests cost. */
static inline uint64_t peel_cost(const struct peel *p, const struct price *price)
{
	uint64_t missed = price->miss ? price->miss * peel_missed(p) : 0;

	return p->tests + p->count * price->size + missed;
}

/* The cheaper way to see runs from..to; false: there is none. */
bool peel_find(struct peel *, const struct run *, size_t from, size_t to, const struct price *);

#endif
