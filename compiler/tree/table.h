#ifndef COMPILER_TREE_TABLE_H
#define COMPILER_TREE_TABLE_H

/*
 * The best trees over all intervals of a part of a row, by dynamic programming. A tree is a
 * closing, or a threshold between two trees.
 */

#include "row.h"

struct table {
	const struct row *row;
	size_t first, width; /* the part; cells count from 0 */
	uint64_t *cost; /* [i][j]; [j][i] is the same, so that what a threshold adds lies in two
			   rows */
	uint16_t *cut;  /* [i][j], i < j: last run of the left part, or TABLE_CLOSED; [j][i]: best
			   threshold, whatever closes the interval */
};

#define TABLE_CLOSED SIZE_MAX

/* Runs first..last of the row, in memory of the scratch. */
void table_init(struct table *, struct scratch *, const struct row *, size_t first, size_t last);
void table_fill(struct table *);

/* Of the tree over runs i..j. */
uint64_t table_cost(const struct table *, size_t i, size_t j);
/* The last run of its left part, or TABLE_CLOSED. i < j */
size_t table_cut(const struct table *, size_t i, size_t j);

#endif
