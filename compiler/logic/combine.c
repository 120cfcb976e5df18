/*
 * The product of two diagrams: both are walked side by side, and where both have come to a leaf the
 * operation says what the leaf of the result is.
 *
 * In: two functions of one store and an operation on values. Out: a function of the same store. A
 * pair of nodes met before is not walked again, so there are no more steps than pairs; each is paid
 * from the store's budget. The depth is that of the diagrams.
 */

#include "combine.h"

#include "../base/base.h"

#include <string.h>

#define ROOM_FIRST (1u << 6) /* most products are small */

/* An empty one has f and g 0, which are leaves and never looked up. */
struct pair {
	uint32_t f, g, result;
};

struct product {
	struct bdd *bdd;
	uint64_t (*op)(uint64_t, uint64_t);
	struct pair *slot;
	uint32_t pairs, room; /* room is a power of two, half full at most */
};

static struct pair *find_slot(const struct product *p, uint32_t f, uint32_t g)
{
	uint64_t hash = ((uint64_t)f << 32 | g) * 0x9e3779b97f4a7c15;
	uint32_t at = (uint32_t)(hash >> 32) & (p->room - 1);

	while ((p->slot[at].f || p->slot[at].g) && (p->slot[at].f != f || p->slot[at].g != g))
		at = (at + 1) & (p->room - 1);
	return &p->slot[at];
}

static void add_room(struct product *p)
{
	const struct pair *old = p->slot;
	uint32_t room = p->room;

	p->room = room ? 2 * room : ROOM_FIRST;
	p->slot = scratch_take(&p->bdd->scratch, p->room, sizeof(*p->slot));
	memset(p->slot, 0, p->room * sizeof(*p->slot));
	for (uint32_t i = 0; i < room; i++) {
		if (old[i].f || old[i].g)
			*find_slot(p, old[i].f, old[i].g) = old[i];
	}
}

static uint32_t walk(struct product *p, uint32_t f, uint32_t g)
{
	struct bdd *b = p->bdd;
	uint32_t var = bdd_first(b, f, g);

	if (var == BDD_LEAF)
		return bdd_leaf(b, p->op(bdd_value(b, f), bdd_value(b, g)));
	const struct pair *known = find_slot(p, f, g);
	if (known->f || known->g)
		return known->result;
	if (b->full || !b->steps--) {
		b->full = true;
		return BDD_FALSE;
	}
	uint32_t lo = walk(p, bdd_given(b, f, var, false), bdd_given(b, g, var, false));
	uint32_t hi = walk(p, bdd_given(b, f, var, true), bdd_given(b, g, var, true));
	uint32_t result = bdd_node(b, var, lo, hi);
	if (2 * ++p->pairs > p->room)
		add_room(p);
	*find_slot(p, f, g) = (struct pair){f, g, result};
	return result;
}

uint32_t combine(struct bdd *b, uint32_t f, uint32_t g, uint64_t (*op)(uint64_t, uint64_t))
{
	struct product p = {.bdd = b, .op = op};
	struct scratch_mark before = scratch_mark(&b->scratch);

	add_room(&p);
	uint32_t result = walk(&p, f, g);
	scratch_release(&b->scratch, before);
	return result;
}

static uint64_t is_equal(uint64_t f, uint64_t g)
{
	return f == g;
}

uint32_t combine_is(struct bdd *b, uint32_t f, uint64_t value)
{
	return combine(b, f, bdd_leaf(b, value), is_equal);
}
