/*
 * Garsia and Wachs (1977). Where w[k-1] <= w[k+1], for the first such k, runs k-1 and k are
 * siblings at the bottom of some best tree if order is given up: they are replaced by their sum,
 * which moves left behind the first weight that is no smaller. The tree that comes of it is out of
 * order, but each run lies in it as deep as in a best tree in order; and depths alone determine
 * that one.
 *
 * The list is a stack, as everything before k is decreasing two by two. Moving a sum takes as many
 * steps as it has neighbours to pass, so the time is quadratic at worst and linear as a rule.
 */

#include "garsia_wachs.h"

struct part {
	uint64_t weight;
	uint32_t node; /* a run, or runs + number of a pair */
};

struct pairing {
	struct part *part; /* the stack; part[0] is heavier than anything */
	size_t top;
	uint32_t (*pair)[2]; /* of nodes */
	size_t pairs, runs;
};

/* Removes parts at - 1 and at, and puts their sum where it belongs; returns its place. */
static size_t join(struct pairing *p, size_t at)
{
	struct part *part = p->part;
	struct part sum = {part[at - 1].weight + part[at].weight, (uint32_t)(p->runs + p->pairs)};

	p->pair[p->pairs][0] = part[at - 1].node;
	p->pair[p->pairs++][1] = part[at].node;
	for (size_t k = at; k < p->top; k++)
		part[k] = part[k + 1];
	p->top--;
	size_t place = at - 1;
	for (; part[place - 1].weight < sum.weight; place--)
		part[place] = part[place - 1];
	part[place] = sum;
	return place;
}

/*
 * From a part on, joins until none is at least as heavy as the one two before it. A sum that moved
 * may make a pair of the two it stopped behind, so the next look is there.
 */
static void settle(struct pairing *p, size_t at)
{
	while (at <= p->top) {
		if (at >= 3 && p->part[at - 2].weight <= p->part[at].weight)
			at = join(p, at - 1);
		else
			at++;
	}
}

static void make_pairs(struct pairing *p, const struct run *run)
{
	p->part[0] = (struct part){UINT64_MAX, 0};
	p->top = 0;
	for (size_t i = 0; i < p->runs; i++) {
		p->part[++p->top] = (struct part){run[i].weight, (uint32_t)i};
		settle(p, p->top);
	}
	while (p->top > 1)
		settle(p, join(p, p->top));
}

/* Children come before their parents, so the depths are found from the last pair on. */
static void find_depths(const struct pairing *p, uint16_t *depth)
{
	depth[p->runs + p->pairs - 1] = 0;
	for (size_t i = p->pairs; i-- > 0;) {
		for (unsigned side = 0; side < 2; side++)
			depth[p->pair[i][side]] = (uint16_t)(depth[p->runs + i] + 1);
	}
}

/* A tree that is finished: the runs it is over, and how deep it lies. */
struct tree_part {
	uint16_t first, last, depth;
};

/* Parts that share an end are found from the smallest to the largest. */
static void add_part(
	struct garsia_wachs *a, const struct tree_part *left, const struct tree_part *right)
{
	size_t i = left->first, cut = left->last, j = right->last;
	uint64_t cost = intervals_test(a->row, i, j) + garsia_wachs_cost(a, i, cut) +
		garsia_wachs_cost(a, cut + 1, j);

	a->from[i] = (struct garsia_wachs_part){cost, (uint16_t)j, (uint16_t)cut};
	a->to[j] = (struct garsia_wachs_part){cost, (uint16_t)i, (uint16_t)cut};
}

/* Neighbours of one depth are siblings, those found first lying deepest. */
static void find_parts(struct garsia_wachs *a, const uint16_t *depth, struct tree_part *stack)
{
	size_t top = 0;

	for (size_t i = 0; i < a->row->runs; i++) {
		struct tree_part part = {(uint16_t)i, (uint16_t)i, depth[i]};
		for (; top && stack[top - 1].depth == part.depth; top--) {
			add_part(a, &stack[top - 1], &part);
			part.first = stack[top - 1].first;
			part.depth--;
		}
		stack[top++] = part;
	}
}

void garsia_wachs_init(
	struct garsia_wachs *a, struct scratch *scratch, const struct intervals *row, const uint64_t *leaf)
{
	size_t runs = row->runs;

	*a = (struct garsia_wachs){.row = row, .leaf = leaf};
	a->from = scratch_take(scratch, runs, sizeof(*a->from));
	a->to = scratch_take(scratch, runs, sizeof(*a->to));
	for (size_t i = 0; i < runs; i++)
		a->from[i].other = a->to[i].other = (uint16_t)i;
	struct scratch_mark mark = scratch_mark(scratch);
	struct pairing p = {.runs = runs};
	uint16_t *depth = scratch_take(scratch, 2 * runs, sizeof(*depth));
	struct tree_part *stack = scratch_take(scratch, runs, sizeof(*stack));
	p.part = scratch_take(scratch, runs + 1, sizeof(*p.part));
	p.pair = scratch_take(scratch, runs, sizeof(*p.pair));
	make_pairs(&p, row->run);
	find_depths(&p, depth);
	find_parts(a, depth, stack);
	scratch_release(scratch, mark);
}

/* What is not the largest part from i on is left of a threshold, so the largest up to j. */
static const struct garsia_wachs_part *find_part(const struct garsia_wachs *a, size_t i, size_t j)
{
	return a->from[i].other == j ? &a->from[i] : &a->to[j];
}

uint64_t garsia_wachs_cost(const struct garsia_wachs *a, size_t i, size_t j)
{
	return i == j ? a->leaf[i] : find_part(a, i, j)->cost;
}

size_t garsia_wachs_cut(const struct garsia_wachs *a, size_t i, size_t j)
{
	return find_part(a, i, j)->cut;
}
