#ifndef TESTS_LIB_BOUNDARY_H
#define TESTS_LIB_BOUNDARY_H

/* The calls where a filter is likeliest to be wrong: those at the edges of its policy. */

#include "compiler/meaning/policy.h"
#include "random.h"

struct boundary {
	const struct policy *policy;
	uint64_t args_max; /* arguments have no bits beyond these */
	unsigned rounds;   /* calls for each interesting value of an argument */
	bool every_name;   /* every number the tables know, not only where the policy changes */
	bool (*visit)(void *data, const struct call *);
	void *data;
};

/* Visits calls at the edges of the policy's numbers and conditions, until `visit` says false. */
bool boundary_visit(struct random *, const struct boundary *);

#endif
