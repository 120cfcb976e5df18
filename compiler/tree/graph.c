/* One array of nodes, one open-addressed table of their indices; both double when they fill. */

#include "graph.h"

#include <string.h>

#define ROOM_FIRST 512u

void graph_init(struct graph *g, struct arena *arena)
{
	*g = (struct graph){.arena = arena, .room = ROOM_FIRST,
		.scratch = {.arena = arena}};
	g->node = arena_raw(arena, g->room, sizeof(*g->node));
	g->weight = arena_raw(arena, g->room, sizeof(*g->weight));
	g->depth = arena_raw(arena, g->room, sizeof(*g->depth));
	g->kept = arena_raw(arena, g->room, 1);
	g->way = arena_raw(arena, g->room, 1);
	g->slots = slots_make(arena, g->room);
}

static uint32_t hash_node(const struct node *n)
{
	uint64_t h = (uint64_t)n->held << 48 ^ (uint64_t)n->word << 40 ^ (uint64_t)n->test << 32 ^ n->k;

	h = (h ^ h >> 31) * 0x9e3779b97f4a7c15u + n->mask;
	h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u + n->yes;
	h = (h ^ h >> 32) * 0x94d049bb133111ebu + n->no;
	return (uint32_t)(h ^ h >> 31);
}

static bool same_node(const void *of, uint32_t index, const void *wanted)
{
	const struct node *a = (const struct node *)of + index, *b = wanted;

	return a->word == b->word && a->test == b->test && a->held == b->held && a->mask == b->mask &&
	       a->k == b->k && a->yes == b->yes && a->no == b->no;
}

static uint32_t *find_slot(struct graph *g, const struct node *n)
{
	return slots_find(&g->slots, hash_node(n), same_node, g->node, n);
}

static void grow(struct graph *g)
{
	g->node = arena_grow(g->arena, g->node, g->count, (size_t)g->room * 2, sizeof(*g->node));
	g->weight = arena_grow(g->arena, g->weight, g->count, (size_t)g->room * 2, sizeof(*g->weight));
	g->depth = arena_grow(g->arena, g->depth, g->count, (size_t)g->room * 2, sizeof(*g->depth));
	g->kept = arena_grow(g->arena, g->kept, g->count, (size_t)g->room * 2, 1);
	g->way = arena_grow(g->arena, g->way, g->count, (size_t)g->room * 2, 1);
	g->room *= 2;
	g->slots = slots_make(g->arena, g->room);
	for (uint32_t i = 0; i < g->count; i++)
		*find_slot(g, &g->node[i]) = i + 1;
}

/* Instructions behind a test on one of its sides. */
static unsigned depth_behind(const struct graph *g, const struct node *n, uint32_t child)
{
	return graph_keeps(n, &g->node[child]) ? g->depth[child] : graph_depth(g, child);
}

static uint16_t node_depth(const struct graph *g, const struct node *n)
{
	if (n->word == WORD_NONE)
		return 1;
	unsigned yes = depth_behind(g, n, n->yes), no = depth_behind(g, n, n->no);
	unsigned depth = 1u + (n->mask != UINT32_MAX && !n->held) + (yes > no ? yes : no);
	return (uint16_t)(depth < UINT16_MAX ? depth : UINT16_MAX);
}

static uint32_t intern(struct graph *g, const struct node *n)
{
	uint32_t *slot = find_slot(g, n);

	if (*slot)
		return *slot - 1;
	if (g->count == GRAPH_MAX) {
		g->full = true;
		return 0;
	}
	if (g->count == g->room) {
		grow(g);
		slot = find_slot(g, n);
	}
	g->node[g->count] = *n;
	g->weight[g->count] = 0;
	g->kept[g->count] = g->way[g->count] = 0;
	g->depth[g->count] = node_depth(g, n);
	*slot = ++g->count;
	return g->count - 1;
}

uint32_t graph_leaf(struct graph *g, uint32_t ret)
{
	struct node n = {.word = WORD_NONE, .mask = UINT32_MAX, .k = ret};

	return intern(g, &n);
}

uint32_t graph_test(struct graph *g, unsigned word, uint32_t mask, enum test test, uint32_t k,
	uint32_t yes, uint32_t no)
{
	struct node n = {.word = (uint8_t)word, .test = (uint8_t)test, .mask = mask, .k = k, .yes = yes,
		.no = no};

	assert(word < WORDS && yes <= g->count && no <= g->count);
	if (yes == no)
		return yes;
	bool one_bit = mask && !(mask & (mask - 1));
	if (test == TEST_EQ && mask != UINT32_MAX && k == 0)
		n = (struct node){.word = n.word, .test = TEST_SET, .mask = UINT32_MAX, .k = mask,
			.yes = no, .no = yes};
	else if (test == TEST_EQ && one_bit && k == mask)
		n = (struct node){.word = n.word, .test = TEST_SET, .mask = UINT32_MAX, .k = mask,
			.yes = yes, .no = no};
	return intern(g, &n);
}

uint32_t graph_test_held(struct graph *g, unsigned word, uint32_t mask, enum test test, uint32_t k,
	uint32_t yes, uint32_t no)
{
	struct node n = {.word = (uint8_t)word, .test = (uint8_t)test, .held = true, .mask = mask, .k = k,
		.yes = yes, .no = no};

	assert(word < WORDS && yes <= g->count && no <= g->count);
	return yes == no ? yes : intern(g, &n);
}

uint32_t graph_clear(struct graph *g, unsigned word, uint32_t mask, uint32_t child)
{
	struct node n = {.word = (uint8_t)word, .test = TEST_NONE, .mask = mask, .yes = child, .no = child};

	/* a leaf needs no word, and a child of another word would load its own */
	return g->node[child].word == word ? intern(g, &n) : child;
}

/* Comes to a node by a test of its word (1) or by any way (2). */
static void come_to(struct graph *g, uint32_t node, uint8_t way, uint32_t *list, size_t *count)
{
	if (!g->way[node])
		list[(*count)++] = node;
	if (g->way[node] < way)
		g->way[node] = way;
}

/* The nodes that `root` leads to, up to the first that are kept; how many there are. */
static size_t find_new(struct graph *g, uint32_t root, uint32_t *list)
{
	size_t count = 0;

	come_to(g, root, 2, list, &count);
	for (size_t i = 0; i < count; i++) {
		const struct node *n = &g->node[list[i]];
		if (n->word == WORD_NONE || g->kept[list[i]])
			continue;
		come_to(g, n->yes, graph_keeps(n, &g->node[n->yes]) ? 1 : 2, list, &count);
		come_to(g, n->no, graph_keeps(n, &g->node[n->no]) ? 1 : 2, list, &count);
	}
	return count;
}

static size_t node_size(const struct node *n, uint8_t way)
{
	if (!way || n->word == WORD_NONE)
		return 0;
	bool masks = n->mask != UINT32_MAX && n->test != TEST_NONE && !n->held;
	return 1u + masks + (way == 2 ? graph_loading(n) : 0);
}

size_t graph_added(struct graph *g, uint32_t root)
{
	struct scratch_mark mark = scratch_mark(&g->scratch);
	uint32_t *list = scratch_take(&g->scratch, g->count, sizeof(*list));
	size_t count = find_new(g, root, list), size = 0;

	for (size_t i = 0; i < count; i++) {
		const struct node *n = &g->node[list[i]];
		uint8_t kept = g->kept[list[i]], way = g->way[list[i]];
		size += way > kept ? node_size(n, way) - node_size(n, kept) : 0;
		g->way[list[i]] = 0;
	}
	scratch_release(&g->scratch, mark);
	return size;
}

void graph_keep(struct graph *g, uint32_t root)
{
	struct scratch_mark mark = scratch_mark(&g->scratch);
	uint32_t *list = scratch_take(&g->scratch, g->count, sizeof(*list));
	size_t count = find_new(g, root, list);

	for (size_t i = 0; i < count; i++) {
		uint32_t node = list[i];
		g->kept[node] = g->way[node] > g->kept[node] ? g->way[node] : g->kept[node];
		g->way[node] = 0;
	}
	scratch_release(&g->scratch, mark);
}

uint32_t graph_prune(struct graph *g, uint32_t mark, uint32_t root)
{
	struct scratch_mark start = scratch_mark(&g->scratch);
	uint32_t *list = scratch_take(&g->scratch, g->count, sizeof(*list));
	size_t reached = find_new(g, root, list);
	uint32_t *moved = scratch_take(&g->scratch, (size_t)root + 1, sizeof(*moved));
	uint32_t count = mark;

	for (uint32_t i = 0; i <= root; i++) {
		moved[i] = i;
		if (i < mark || !g->way[i])
			continue;
		struct node n = g->node[i];
		moved[i] = count;
		if (n.word != WORD_NONE) {
			n.yes = moved[n.yes];
			n.no = moved[n.no];
		}
		g->node[count] = n;
		g->kept[count] = g->kept[i];
		g->weight[count] = g->weight[i];
		g->depth[count++] = g->depth[i];
	}
	for (size_t i = 0; i < reached; i++)
		g->way[list[i]] = 0;
	root = moved[root];
	g->count = count;
	memset(g->slots.slot, 0, ((size_t)g->slots.mask + 1) * sizeof(*g->slots.slot));
	for (uint32_t i = 0; i < g->count; i++)
		*find_slot(g, &g->node[i]) = i + 1;
	scratch_release(&g->scratch, start);
	return root;
}
