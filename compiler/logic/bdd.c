/*
 * A store of decision diagrams with one operation, if-then-else.
 *
 * In: variables and values. Out: indices of functions. What stays true: no node has two equal
 * children, no two nodes are equal, and a node's variable comes before those of its children. These
 * three make the diagram of a function unique, and comparing functions comparing two integers.
 *
 * Two tables serve that: `slots` finds the node that equals a new one, and never forgets; `memo`
 * remembers results of bdd_ite(), one a place, and forgetting costs time only. Both grow with the
 * nodes. An operation beyond the budget sets `full` and from then on returns BDD_FALSE.
 */

#include "bdd.h"

#include "../base/base.h"

#include <string.h>

#define ROOM_FIRST (1u << 12) /* small filters need no more */
#define ROOM_SMALL (1u << 8)  /* nor do questions about one call */
#define MEMO_SHARE 4          /* nodes for each place in the memo: filters hardly use it */

static_assert((ROOM_FIRST & (ROOM_FIRST - 1)) == 0 && (BDD_NODES & (BDD_NODES - 1)) == 0 &&
		(MEMO_SHARE & (MEMO_SHARE - 1)) == 0,
	"tables double, and a mask finds the place in them");
static_assert(BDD_NODES <= UINT32_MAX / 4, "indices, slots and their doubles fit");

struct bdd_memo {
	uint32_t test, yes, no; /* test is BDD_FALSE in an empty one */
	uint32_t result;
};

static uint32_t hash(uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15;

	h = (h ^ h >> 29 ^ c) * 0xbf58476d1ce4e5b9;
	return (uint32_t)(h >> 32);
}

static bool same_node(const void *of, uint32_t index, const void *wanted)
{
	const struct bdd_node *old = (const struct bdd_node *)of + index, *n = wanted;

	return old->var == n->var && old->lo == n->lo && old->hi == n->hi;
}

static uint32_t *find_slot(const struct bdd *b, struct bdd_node n)
{
	return slots_find(&b->slots, hash(n.lo, n.hi, n.var), same_node, b->node, &n);
}

static void make_room(struct bdd *b, uint32_t room)
{
	struct bdd_node *node = arena_raw(b->arena, room, sizeof(*node));

	if (b->count)
		memcpy(node, b->node, b->count * sizeof(*node));
	b->node = node;
	b->room = room;
	b->slots = slots_make(b->arena, room);
	for (uint32_t i = 0; i < b->count; i++)
		*find_slot(b, b->node[i]) = i + 1;
	b->memos = room / MEMO_SHARE;
	b->memo = arena_alloc(b->arena, b->memos, sizeof(*b->memo));
}

static uint32_t intern(struct bdd *b, struct bdd_node n)
{
	if (b->full)
		return BDD_FALSE;
	uint32_t *slot = find_slot(b, n);
	if (*slot)
		return *slot - 1;
	if (b->count == b->room) {
		if (b->room >= b->most) {
			b->full = true;
			return BDD_FALSE;
		}
		make_room(b, 2 * b->room);
		slot = find_slot(b, n);
	}
	b->node[b->count] = n;
	*slot = b->count + 1;
	return b->count++;
}

static void begin(struct bdd *b, struct arena *arena, uint32_t room)
{
	*b = (struct bdd){.arena = arena, .scratch = {.arena = arena}, .most = BDD_NODES, .steps = BDD_STEPS};
	make_room(b, room);
	bdd_leaf(b, 0);
	bdd_leaf(b, 1);
	assert(bdd_value(b, BDD_FALSE) == 0 && bdd_value(b, BDD_TRUE) == 1);
}

void bdd_init(struct bdd *b, struct arena *arena)
{
	begin(b, arena, ROOM_FIRST);
}

void bdd_init_small(struct bdd *b, struct arena *arena)
{
	begin(b, arena, ROOM_SMALL);
}

uint32_t bdd_leaf(struct bdd *b, uint64_t value)
{
	struct bdd_node leaf = {BDD_LEAF, (uint32_t)(value & UINT32_MAX), (uint32_t)(value >> 32)};

	return intern(b, leaf);
}

bool bdd_is_leaf(const struct bdd *b, uint32_t function)
{
	return b->node[function].var == BDD_LEAF;
}

uint64_t bdd_value(const struct bdd *b, uint32_t leaf)
{
	assert(bdd_is_leaf(b, leaf));
	return (uint64_t)b->node[leaf].hi << 32 | b->node[leaf].lo;
}

uint32_t bdd_node(struct bdd *b, uint32_t var, uint32_t lo, uint32_t hi)
{
	assert(var < BDD_VARS && var < b->node[lo].var && var < b->node[hi].var);
	if (lo == hi)
		return lo;
	return intern(b, (struct bdd_node){var, lo, hi});
}

/* One step of if-then-else: split at the first variable. Every call within is of a later one. */
static uint32_t split(struct bdd *b, uint32_t test, uint32_t yes, uint32_t no)
{
	uint32_t place = hash(test, yes, no);
	const struct bdd_memo *known = &b->memo[place & (b->memos - 1)];

	if (known->test == test && known->yes == yes && known->no == no)
		return known->result;
	if (b->full || !b->steps--) {
		b->full = true;
		return BDD_FALSE;
	}
	uint32_t var = bdd_first(b, yes, no);
	if (b->node[test].var < var)
		var = b->node[test].var;
	uint32_t half[2];
	for (unsigned v = 0; v < 2; v++)
		half[v] = bdd_ite(b, bdd_given(b, test, var, v), bdd_given(b, yes, var, v),
			bdd_given(b, no, var, v));
	uint32_t result = bdd_node(b, var, half[0], half[1]);
	b->memo[place & (b->memos - 1)] = (struct bdd_memo){test, yes, no, result};
	return result;
}

uint32_t bdd_ite(struct bdd *b, uint32_t test, uint32_t yes, uint32_t no)
{
	const struct bdd_node *n = &b->node[test];

	if (test == BDD_TRUE || yes == no)
		return yes;
	if (test == BDD_FALSE)
		return no;
	if (yes == BDD_TRUE && no == BDD_FALSE)
		return test;
	assert(n->var != BDD_LEAF);
	/* A lone variable before all others: conditions are chains of these. */
	if (n->lo == BDD_FALSE && n->hi == BDD_TRUE && n->var < bdd_first(b, yes, no))
		return bdd_node(b, n->var, no, yes);
	return split(b, test, yes, no);
}
