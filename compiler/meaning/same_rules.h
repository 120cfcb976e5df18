#ifndef COMPILER_MEANING_SAME_RULES_H
#define COMPILER_MEANING_SAME_RULES_H

/* Runtimes mostly read a profile alike: what is found of one reading is so of all that are the same. */

#include "select_rules.h"

/* To the letter, places in the text included: what is made of both is the same. */
bool same_rules(const struct ruleset *, const struct ruleset *);

/* With all that it points to, but for what is constant. */
const struct ruleset *copy_rules(struct arena *, const struct ruleset *);

#endif
