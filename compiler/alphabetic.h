#ifndef COMPILER_ALPHABETIC_H
#define COMPILER_ALPHABETIC_H

/*
 * The best tree of thresholds over a whole row of which nothing but single runs is closed, in a
 * fraction of the time a full table takes.
 */

#include "table.h"

/*
 * leaf[i]: what run i of the table's row costs by itself. Fills the cells that belong to the best
 * tree, from all of the part down to single runs; others keep whatever they held.
 */
void alphabetic_fill(struct table *, struct scratch *, const uint64_t *leaf);

#endif
