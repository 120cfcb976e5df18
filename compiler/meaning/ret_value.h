#ifndef COMPILER_MEANING_RET_VALUE_H
#define COMPILER_MEANING_RET_VALUE_H

/* What a filter returns for an action as written, as the node's runtime reads it. */

#include "../profile/node_facts.h"

uint32_t ret_value(const struct profile_action *, const struct node_facts *, struct diags *);

#endif
