#ifndef TOOLS_VERBS_REVIEW_H
#define TOOLS_VERBS_REVIEW_H

/*
 * diff -f markdown: what is new between two sides, over several nodes and sets of capabilities, for those who
 * review a change. A line for each thing that is new, however many ABIs and sets it is so for; which rule
 * decides on either side.
 */

#include "../cli/options.h"

int review_run(const struct parsed *);

#endif
