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

#include "alphabetic.h"

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

static void fill_cell(struct table *t, const struct tree_part *left, const struct tree_part *right)
{
	size_t i = left->first, cut = left->last, j = right->last;

	t->cost[i * t->width + j] = row_test(t->row, t->first + i, t->first + j) +
		t->cost[i * t->width + cut] + t->cost[(cut + 1) * t->width + j];
	t->cut[i * t->width + j] = (uint16_t)cut;
}

/* Neighbours of one depth are siblings, those found first lying deepest. */
static void fill_cells(struct table *t, const uint16_t *depth, struct tree_part *stack)
{
	size_t top = 0;

	for (size_t i = 0; i < t->width; i++) {
		struct tree_part part = {(uint16_t)i, (uint16_t)i, depth[i]};
		for (; top && stack[top - 1].depth == part.depth; top--) {
			fill_cell(t, &stack[top - 1], &part);
			part.first = stack[top - 1].first;
			part.depth--;
		}
		stack[top++] = part;
	}
}

void alphabetic_fill(struct table *t, struct scratch *scratch, const uint64_t *leaf)
{
	struct scratch_mark mark = scratch_mark(scratch);
	struct pairing p = {.runs = t->width};
	uint16_t *depth = scratch_take(scratch, 2 * p.runs, sizeof(*depth));
	struct tree_part *stack = scratch_take(scratch, p.runs, sizeof(*stack));

	p.part = scratch_take(scratch, p.runs + 1, sizeof(*p.part));
	p.pair = scratch_take(scratch, p.runs, sizeof(*p.pair));
	make_pairs(&p, t->row->run + t->first);
	find_depths(&p, depth);
	for (size_t i = 0; i < t->width; i++)
		t->cost[i * t->width + i] = leaf[t->first + i];
	fill_cells(t, depth, stack);
	scratch_release(scratch, mark);
}
