#ifndef COMPILER_MEANING_CLASSES_H
#define COMPILER_MEANING_CLASSES_H

/*
 * Classes of rules that libseccomp 2.5 and 2.6 are known to compile to what the rules mean (tests/random/settled.c).
 * Outside them it compiles some wrongly, and more is not said of it here. The rules of one number are in a
 * class if there is one alone or one without conditions, and otherwise:
 * - of one action, if all conditions are equalities (EQ, MASKED_EQ), or if each rule has a single condition, on
 *   a value below 2^32 where arguments have 64 bits;
 * - of several, if all conditions are equalities and no call matches two that differ, or all are EQ with values
 *   of the ABI's width; where arguments have 32 bits, if each rule has a single condition.
 * Several rules, some of several conditions, are in none where other names have rules with conditions too, the
 * set has ABIs of 32 and of 64 bits, or a mask is neither whole nor below 2^32 where arguments have 64 bits. And
 * where all rules of an ABI have conditions, those for names it lacks are in none.
 */

#include "select_rules.h"

/* Reports the syscalls whose rules are in no class on some ABI of the set, once each. */
void classes_check(struct arena *, const struct ruleset *, struct diags *);

/*
 * Are all in one on every ABI? `part`: others will stand beside them, some of which have conditions and some
 * have not.
 */
bool classes_hold(struct arena *, const struct ruleset *, bool part);

/*
 * The same rules, for people and runtimes: where those of a syscall are in no class, as equalities that mean the
 * same on every ABI of the set, if there are some, not many, and those of different actions match no call both;
 * without names that no ABI of the set has, where these are the matter. The caller proves that it is the same.
 */
const struct ruleset *classes_settle(struct arena *, const struct ruleset *, bool part);

#endif
