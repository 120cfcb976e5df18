#ifndef COMPILER_TREE_RUN_H
#define COMPILER_TREE_RUN_H

/* What a search tree is made over: a word's values in runs; and what its tests cost. */

#include <stddef.h>
#include <stdint.h>

struct run {
	uint32_t first, last; /* gap-free, sorted */
	uint32_t child;       /* node; differs from the neighbours' */
	uint64_t weight;      /* share of calls, in any unit; sums stay below 2^50 */
};

/* Add a run behind others, joined to the last if both lead to one node. */
void run_append(struct run *, size_t *runs, const struct run *);

/*
 * What a test costs: the weight that comes to it (it is executed that often), `size` (it is stored
 * once), and the weight that goes the rarer way `miss` times (a processor expects the other). Size 0
 * makes the fastest tree, weights 0 the smallest, a high miss one with few even odds.
 */
struct price {
	uint64_t size;
	unsigned miss; /* PRICE_MISS_MAX at most */
};

#define PRICE_MISS_MAX 64u

/* Of the weight that comes to the test, `side` goes one way. */
static inline uint64_t price_test(const struct price *p, uint64_t weight, uint64_t side)
{
	uint64_t other = weight - side;

	return weight + p->size + p->miss * (side < other ? side : other);
}

#endif
