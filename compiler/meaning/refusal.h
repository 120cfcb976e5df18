#ifndef COMPILER_MEANING_REFUSAL_H
#define COMPILER_MEANING_REFUSAL_H

/*
 * X of merge.h: which rule of one number libseccomp refuses to load (EEXIST). It depends on how its tree
 * of the rules before it came about, so the rules are put into such a tree here, in the file's order.
 *
 * A rule is a chain of tests of 32-bit words: on a 64-bit ABI an equality is two of them (high, low), an
 * order three (high above, high equal, low). Tests of one level stand in an order of their own; a new
 * chain looks for the place of its first test there, and where it meets a test that is the same it goes
 * on behind it. NE, LT and LE are the tests of EQ, GE and GT with the answer turned round, so rules meet
 * that have no condition in common. A rule is refused where an answer has an action already that is another
 * and nothing else tells the two apart, or where it wants an action and another one stands further down.
 * Before that, a rule takes away what it makes needless, or is found needless itself.
 *
 * The same on 2.5.4, 2.6.0 and 2.6.1: nothing of it has changed.
 */

#include "order.h"

enum refusal {
	REFUSAL_NONE,
	REFUSAL_FOUND,
	REFUSAL_UNKNOWN, /* too much to look through: not decided */
};

/* Rules have conditions, all of them; bits: 32 or 64. *later is refused because of *earlier. */
enum refusal refusal_find(struct arena *, const struct merge_rule *, size_t rules, unsigned bits,
	const struct merge_rule **earlier, const struct merge_rule **later);

#endif
