#ifndef TOOLS_VERBS_FIX_CONDITIONS_H
#define TOOLS_VERBS_FIX_CONDITIONS_H

/* lint --fix: conditions of which lint knows one that says what was meant. */

#include "../lib/build.h"

/*
 * The text with them put right; *fixed 0: there are none, or it was not proved that the result is the profile with those
 * conditions and nothing else changed, on each of the nodes and in what it reads as (*doubt then says so, NULL else).
 */
void fix_conditions(struct arena *, const struct source *, const struct node_facts *node, size_t nodes, struct buf *text,
	size_t *fixed, const char **doubt);

#endif
