#ifndef COMPILER_MEANING_RULE_APPLIES_H
#define COMPILER_MEANING_RULE_APPLIES_H

/* Does a rule apply on a node: includes and excludes, as the node's runtime reads them. */

#include "../profile/node_facts.h"

bool rule_applies(const struct profile_rule *, const struct node_facts *, struct diags *);

#endif
