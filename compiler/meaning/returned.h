#ifndef COMPILER_MEANING_RETURNED_H
#define COMPILER_MEANING_RETURNED_H

/* What a filter returns for an action as written, as the node's runtime reads it. */

#include "../profile/node_facts.h"

uint32_t returned(const struct profile_action *, const struct node_facts *, struct diags *);

#endif
