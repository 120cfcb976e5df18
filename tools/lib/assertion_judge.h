#ifndef TOOLS_LIB_ASSERTION_JUDGE_H
#define TOOLS_LIB_ASSERTION_JUDGE_H

/* Does an assertion hold of a side? Proved, for every call it speaks of; else a call shows it. */

#include "assertion.h"

#include "comparand.h"

enum finding { HOLDS, UNDECIDABLE, FAILS, FINDINGS };

struct asserting {
	struct bdd *bdd;
	const struct comparand *side;
	const struct source *source; /* of the assertions */
	const struct assertion_ear *ear;
	bool mistaken; /* prover and simulator disagreed on a call: winnow's own mistake */
	/* of the assertion at hand */
	const struct assertion *a;
	const struct abi *abi;
	struct buf why;        /* of the worst finding so far: one or more lines */
	enum finding finding;
	size_t asked;          /* ABIs on which there was something to judge */
	const char *nothing;   /* why there was nothing anywhere, so that what holds says little; else NULL */
};

/* Of a side whose meaning is in the store. Asked of no text, `source` is NULL. */
void asserting_start(struct asserting *, struct bdd *, const struct comparand *, const struct source *,
	const struct assertion_ear *);

/* On all ABIs it is about, the words mean something; what is wrong with the first other one is told. */
bool asserting_fits(struct asserting *, const struct assertion *);

/* Fills in what is of the assertion at hand. Ask bdd->full, once, at the end. */
enum finding asserting_judge(struct asserting *, const struct assertion *);

/* Is the filter for that ABI: its calls are answered apart from others', or the profile covers it? */
bool asserting_is_for(struct asserting *, const struct abi *);

#endif
