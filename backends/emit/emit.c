/*
 * The program is written from its end towards its start: a node is placed after both its children, so
 * every jump's target already lies where it will stay, and a place is known by its height, the number
 * of instructions from it to the end. Jumps of classic BPF go forward only, that is downward here.
 *
 * A node has two doors. Coming from a test of the same word, A still holds it: the door is the test
 * itself. From anywhere else the door is the load in front of it, and the mask where tests share one.
 *
 * Conditional jumps reach 255 instructions. A farther target gets a landing within reach: a copy of
 * the RET if it is a leaf, a JA otherwise; later jumps use the nearest landing. Landings are placed
 * just below the jump that needs them and push its other target up by one, so both are checked again
 * until both reach.
 */

#include "emit.h"

#include "../bpf/bytes.h"

#define REACH 255u /* of an 8-bit jump offset */

enum door { DOOR_TEST, DOOR_LOAD, DOORS };

struct emitter {
	const struct tree *tree;
	enum byte_order order;
	struct insn *insn; /* PROGRAM_MAX of them, filled from the end */
	uint32_t height;   /* instructions placed; those beyond PROGRAM_MAX are counted only */
	/* by node */
	uint32_t (*near)[DOORS]; /* height of the nearest landing of a door, 0: none yet */
	bool (*wanted)[DOORS];   /* some parent comes through this door */
};

static void place(struct emitter *e, unsigned code, uint32_t jt, uint32_t jf, uint32_t k)
{
	assert(jt <= REACH && jf <= REACH);
	if (++e->height > PROGRAM_MAX)
		return;
	e->insn[PROGRAM_MAX - e->height] =
		(struct insn){.code = (uint16_t)code, .jt = (uint8_t)jt, .jf = (uint8_t)jf, .k = k};
}

/* The offset a jump placed next would need to a landing. */
static uint32_t offset_to(const struct emitter *e, uint32_t landing)
{
	assert(landing && landing <= e->height);
	return e->height - landing;
}

static bool is_leaf(const struct emitter *e, uint32_t node)
{
	return e->tree->node[node].word == WORD_NONE;
}

/* Which door of `child` a test at `parent` leads to. */
static enum door door_from(const struct emitter *e, uint32_t parent, uint32_t child)
{
	return graph_keeps(&e->tree->node[parent], &e->tree->node[child]) ? DOOR_TEST : DOOR_LOAD;
}

/* A landing of the door right here, whatever lies farther away. */
static void land(struct emitter *e, uint32_t node, enum door door)
{
	if (is_leaf(e, node))
		place(e, INSN_RET, 0, 0, e->tree->node[node].k);
	else
		place(e, INSN_JA, 0, 0, offset_to(e, e->near[node][door]));
	e->near[node][door] = e->height;
}

/* The landing of a child, within reach of a jump placed next; true if one had to be made. */
static bool bring_near(struct emitter *e, uint32_t node, enum door door)
{
	if (e->near[node][door] && offset_to(e, e->near[node][door]) <= REACH)
		return false;
	land(e, node, door);
	return true;
}

static const unsigned jumps[] = {
	[TEST_EQ] = INSN_JEQ, [TEST_GT] = INSN_JGT, [TEST_GE] = INSN_JGE, [TEST_SET] = INSN_JSET};

static void place_jump(struct emitter *e, uint32_t node)
{
	const struct node *n = &e->tree->node[node];
	enum door yes = door_from(e, node, n->yes), no = door_from(e, node, n->no);

	if (n->test == TEST_NONE) {
		if (offset_to(e, e->near[n->yes][yes]))
			land(e, n->yes, yes);
		return;
	}
	while (bring_near(e, n->yes, yes) || bring_near(e, n->no, no))
		;
	place(e, jumps[n->test], offset_to(e, e->near[n->yes][yes]), offset_to(e, e->near[n->no][no]), n->k);
}

static void place_test(struct emitter *e, uint32_t node)
{
	const struct node *n = &e->tree->node[node];

	place_jump(e, node);
	if (n->mask != UINT32_MAX && !n->held)
		place(e, INSN_AND, 0, 0, n->mask);
	e->near[node][DOOR_TEST] = e->height;
	if (!e->wanted[node][DOOR_LOAD])
		return;
	if (n->held)
		place(e, INSN_AND, 0, 0, n->mask);
	place(e, INSN_LD, 0, 0, word_offset(n->word, e->order));
	e->near[node][DOOR_LOAD] = e->height;
}

/* The nodes in order of placing: cold child, hot child, parent; the hot one lies right behind it. */
static size_t placing_order(struct arena *arena, const struct tree *t, uint32_t *list)
{
	enum { NEW, OPEN, DONE };
	uint8_t *state = arena_alloc(arena, t->nodes, 1);
	uint32_t *stack = arena_alloc(arena, (size_t)t->nodes * 2 + 1, sizeof(*stack));
	size_t depth = 0, count = 0;

	stack[depth++] = t->root;
	while (depth) {
		uint32_t i = stack[depth - 1];
		const struct node *n = &t->node[i];
		if (state[i] != NEW || n->word == WORD_NONE) {
			depth--;
			if (state[i] != DONE)
				list[count++] = i;
			state[i] = DONE;
			continue;
		}
		state[i] = OPEN;
		bool hot = t->weight[n->yes] > t->weight[n->no];
		stack[depth++] = hot ? n->yes : n->no;
		stack[depth++] = hot ? n->no : n->yes;
	}
	return count;
}

static void mark_doors(struct emitter *e, const uint32_t *list, size_t count)
{
	e->wanted[e->tree->root][DOOR_LOAD] = true;
	for (size_t i = 0; i < count; i++) {
		const struct node *n = &e->tree->node[list[i]];
		if (n->word == WORD_NONE)
			continue;
		e->wanted[n->yes][door_from(e, list[i], n->yes)] = true;
		e->wanted[n->no][door_from(e, list[i], n->no)] = true;
	}
}

bool emit(struct arena *arena, const struct tree *tree, enum byte_order order, struct program *program)
{
	struct emitter *e = arena_alloc(arena, 1, sizeof(*e));
	uint32_t *list = arena_alloc(arena, tree->nodes, sizeof(*list));

	e->tree = tree;
	e->order = order;
	e->insn = arena_raw(arena, PROGRAM_MAX, sizeof(*e->insn));
	e->near = arena_alloc(arena, tree->nodes, sizeof(*e->near));
	e->wanted = arena_alloc(arena, tree->nodes, sizeof(*e->wanted));
	size_t count = placing_order(arena, tree, list);
	mark_doors(e, list, count);
	for (size_t i = 0; i < count; i++) {
		if (!is_leaf(e, list[i]))
			place_test(e, list[i]); /* leaves are placed where they are needed */
	}
	if (is_leaf(e, tree->root))
		land(e, tree->root, DOOR_LOAD);
	*program = (struct program){NULL, e->height};
	if (e->height > PROGRAM_MAX)
		return false;
	*program = (struct program){e->insn + PROGRAM_MAX - e->height, e->height};
	return true;
}
