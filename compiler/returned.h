#ifndef COMPILER_RETURNED_H
#define COMPILER_RETURNED_H

/* What a filter returns for an action as written, as the node's runtime reads it. */

#include "node_facts.h"

uint32_t returned(const struct profile_action *, const struct node_facts *, struct diags *);

#endif
