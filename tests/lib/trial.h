#ifndef TESTS_LIB_TRIAL_H
#define TESTS_LIB_TRIAL_H

/*
 * One sample through the whole compiler: text, profile, policy, proven filter; then calls through
 * the filter, the policy and the reference, which have to agree.
 */

#include "compiler/kernel/call.h"
#include "tools/lib/build.h"
#include "random.h"

#include <stdio.h>

struct tally {
	size_t built, conflicting, too_long; /* samples */
	size_t calls;                        /* compared */
	size_t open; /* of these, where the reference leaves several answers */
};

struct trial {
	struct tally tally; /* of all samples so far */
	unsigned rounds;    /* struct boundary */
	/*
	 * May be NULL: what else is to be done with a filter before calls are compared. False: it
	 * fails for the reason returned in *why.
	 */
	bool (*built)(void *data, struct arena *, struct filter *, const char **why);
	void *data;
	/* of the sample that failed */
	char what[200];
	struct call call;
	bool has_call;
};

/* False: something is wrong, `what` says so. The seed decides about the calls alone. */
bool trial_run(struct trial *, const struct sample *, uint64_t seed);

/* Shrinks the sample that fails as long as it fails, and prints it with what is wrong. */
void trial_explain(struct trial *, struct sample *, uint64_t seed, FILE *);

#endif
