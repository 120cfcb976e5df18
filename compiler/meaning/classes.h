#ifndef COMPILER_MEANING_CLASSES_H
#define COMPILER_MEANING_CLASSES_H

/*
 * Classes of rules that libseccomp 2.5 and 2.6 are known to compile to what the rules mean. Outside them it
 * compiles some wrongly, and more is not said of it here. The rules of one number are in a class if there is one alone, if all conditions
 * are equalities (EQ, MASKED_EQ), or if each rule has a single condition, on a value below 2^32 where
 * arguments have 64 bits.
 */

#include "resolve.h"

/* Reports the syscalls whose rules are in no class on some ABI of the set, once each. */
void classes_check(struct arena *, const struct ruleset *, struct diags *);

/*
 * The same rules, for people and runtimes: where those of a syscall are in no class and have one action, as
 * equalities that mean the same on every ABI of the set, if there are some and not many.
 */
const struct ruleset *classes_settle(struct arena *, const struct ruleset *);

#endif
