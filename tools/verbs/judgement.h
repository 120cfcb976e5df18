#ifndef TOOLS_VERBS_JUDGEMENT_H
#define TOOLS_VERBS_JUDGEMENT_H

/* Does a profile or a filter do what an assertion says? */

#include "../cli/side.h"
#include "assertion.h"

enum finding { HOLDS, UNDECIDABLE, FAILS };

struct judgement {
	enum finding finding;
	const char *why; /* "" if it holds */
	bool mistaken;   /* prover and simulator disagree on a call */
};

/* Of a side with a policy or a program whose meaning is in the store. With a full store it is nothing. */
struct judgement judgement(struct bdd *, const struct side *, const struct assertion *);

/* assertion_fits() on all ABIs that it is about there. */
bool judgement_fits(struct bdd *, const struct side *, const struct assertion *, const struct source *);

#endif
