/*
 * Argument by argument, in the order of their variables. What values of one lead to is told apart; for each
 * such rest the values are covered that lead to it, or to a rest that holds more. Values of one argument are
 * covered as ranges (those that begin at 0 or end at the largest are one comparison, others a few equalities
 * under masks), as equalities under masks, or as both, whichever is least.
 *
 * Last, conditions and boxes are left out that are not needed.
 */

#include "boxes.h"

#include "../base/base.h"
#include "../logic/meaning.h"
#include "cubes.h"

#include <string.h>

#define NODES_MAX  512u /* of one argument's part of a diagram */
#define EXITS_MAX  24u
#define RANGES_MAX 16u

struct finder {
	struct bdd *bdd;
	struct boxes *boxes;
	unsigned bits;
};

static uint32_t but(struct bdd *b, uint32_t f, uint32_t g)
{
	return bdd_ite(b, g, BDD_FALSE, f);
}

static uint64_t all_bits(unsigned bits)
{
	return bits == 32 ? UINT32_MAX : UINT64_MAX;
}

static bool add_box(struct boxes *boxes, const struct box *box)
{
	if (boxes->count == BOXES_MAX)
		return false;
	boxes->box[boxes->count++] = *box;
	return true;
}

/* --- a box as a function --- */

static enum cond_op cond_op(enum profile_op op)
{
	static const enum cond_op ops[PROFILE_OPS] = {[OP_NE] = COND_NE, [OP_LT] = COND_LT,
		[OP_LE] = COND_LE, [OP_EQ] = COND_EQ, [OP_GE] = COND_GE, [OP_GT] = COND_GT,
		[OP_MASKED_EQ] = COND_EQ};

	return ops[op];
}

uint32_t boxes_region(struct bdd *b, const struct profile_cond *conds, size_t count, unsigned bits)
{
	struct cond cond[CALL_ARGS];
	struct clause clause = {.cond = cond, .conds = count};

	assert(count <= CALL_ARGS);
	for (size_t i = 0; i < count; i++) {
		const struct profile_cond *c = &conds[i];
		bool masked = c->op == OP_MASKED_EQ;
		uint64_t all = all_bits(bits);
		cond[i] = (struct cond){.arg = c->index, .op = cond_op(c->op), .mask = masked ? c->value & all : all,
			.value = (masked ? c->value_two & c->value : c->value) & all};
	}
	return meaning_clause(b, &clause);
}

static uint32_t box_function(struct bdd *b, const struct box *box, unsigned bits)
{
	return boxes_region(b, box->cond, box->conds, bits);
}

/* --- values of one argument --- */

/* Conditions one of which holds. */
struct choice {
	struct profile_cond cond[BOXES_MAX];
	size_t count;
	bool failed;
};

static void add_cond(struct choice *c, unsigned arg, enum profile_op op, uint64_t value, uint64_t two)
{
	if (c->count == BOXES_MAX) {
		c->failed = true;
		return;
	}
	c->cond[c->count++] =
		(struct profile_cond){(uint8_t)arg, op, value, two, .at = NOWHERE, .len = 1};
}

/* The bits under the mask; all of them are plain equality. */
static void add_equality(struct choice *c, unsigned arg, unsigned bits, uint64_t mask, uint64_t value)
{
	if (mask == all_bits(bits))
		add_cond(c, arg, OP_EQ, value, 0);
	else
		add_cond(c, arg, OP_MASKED_EQ, mask, value);
}

struct value_range {
	uint64_t first, last;
};

struct ranges {
	struct value_range range[RANGES_MAX];
	size_t count;
	bool failed;
};

static void add_range(struct ranges *r, uint64_t first, uint64_t last)
{
	if (r->count && r->range[r->count - 1].last + 1 == first)
		r->range[r->count - 1].last = last;
	else if (r->count < RANGES_MAX)
		r->range[r->count++] = (struct value_range){first, last};
	else
		r->failed = true;
}

/* Ranges within first..first + 2^bits - 1. */
static void find_ranges(struct bdd *b, struct ranges *r, uint32_t node, uint32_t var, uint64_t first, unsigned bits)
{
	if (node == BDD_FALSE || r->failed)
		return;
	if (node == BDD_TRUE) {
		add_range(r, first, bits == 64 ? UINT64_MAX : first + (((uint64_t)1 << bits) - 1));
		return;
	}
	find_ranges(b, r, bdd_given(b, node, var, false), var + 1, first, bits - 1);
	find_ranges(b, r, bdd_given(b, node, var, true), var + 1, first + ((uint64_t)1 << (bits - 1)), bits - 1);
}

static struct ranges ranges_of(struct bdd *b, uint32_t where, unsigned arg, unsigned bits)
{
	struct ranges r = {.count = 0};

	find_ranges(b, &r, where, meaning_variable(bits == 32 ? WORD_LO(arg) : WORD_HI(arg)), 0, bits);
	return r;
}

/* Blocks of a power of two that lie at a multiple of it. */
static void add_blocks(struct choice *c, unsigned arg, unsigned bits, struct value_range r)
{
	for (uint64_t at = r.first;;) {
		uint64_t block = 1;
		while (!(at & block) && block << 1 && at + (2 * block - 1) <= r.last && at + (2 * block - 1) >= at)
			block *= 2;
		add_equality(c, arg, bits, all_bits(bits) & ~(block - 1), at);
		if (c->failed || r.last - at < block)
			return;
		at += block;
	}
}

static void add_edge(struct choice *c, unsigned arg, unsigned bits, struct value_range r)
{
	if (r.first == r.last)
		add_equality(c, arg, bits, all_bits(bits), r.first);
	else if (!r.first)
		add_cond(c, arg, OP_LE, r.last, 0);
	else
		add_cond(c, arg, OP_GE, r.first, 0);
}

static bool is_edge(struct value_range r, unsigned bits)
{
	return r.first == r.last || !r.first || r.last == all_bits(bits);
}

static void by_ranges(struct choice *c, const struct ranges *r, unsigned arg, unsigned bits)
{
	const struct value_range *range = r->range;

	c->failed = r->failed;
	if (r->count == 2 && !range[0].first && range[1].last == all_bits(bits) &&
		range[0].last + 2 == range[1].first) {
		add_cond(c, arg, OP_NE, range[0].last + 1, 0);
		return;
	}
	for (size_t i = 0; i < r->count && !c->failed; i++) {
		if (is_edge(range[i], bits))
			add_edge(c, arg, bits, range[i]);
		else
			add_blocks(c, arg, bits, range[i]);
	}
}

static void by_cubes(struct bdd *b, struct choice *c, uint32_t least, uint32_t most, unsigned arg, unsigned bits)
{
	struct cube room[BOXES_MAX];
	struct cubes cubes = {.cube = room, .most = BOXES_MAX};

	if (!cubes_find(b, least, most, &cubes)) {
		c->failed = true;
		return;
	}
	for (size_t i = 0; i < cubes.count; i++)
		add_equality(c, arg, bits, room[i].mask.args[arg], room[i].value.args[arg]);
}

/* Ranges that begin at 0 or end at the largest value, and equalities for what is left. */
static void by_both(struct bdd *b, struct choice *c, const struct ranges *r, uint32_t least, uint32_t most,
	unsigned arg, unsigned bits)
{
	c->failed = r->failed;
	for (size_t i = 0; i < r->count && !c->failed; i++) {
		struct box edge = {.conds = 1};
		if (!is_edge(r->range[i], bits) || r->range[i].first == r->range[i].last)
			continue;
		add_edge(c, arg, bits, r->range[i]);
		edge.cond[0] = c->cond[c->count - 1];
		least = but(b, least, box_function(b, &edge, bits));
	}
	if (!c->failed)
		by_cubes(b, c, least, most, arg, bits);
}

static void take_shorter(struct choice *best, const struct choice *other)
{
	if (!other->failed && (best->failed || other->count < best->count))
		*best = *other;
}

/* Conditions that all values of `least` pass and none but those of `most`. */
static struct choice cover(struct finder *f, uint32_t least, uint32_t most, unsigned arg)
{
	struct choice best = {.count = 0}, other = {.count = 0}, both = {.count = 0};

	by_cubes(f->bdd, &best, least, most, arg, f->bits);
	const struct ranges r = ranges_of(f->bdd, most, arg, f->bits);
	by_ranges(&other, &r, arg, f->bits);
	take_shorter(&best, &other);
	by_both(f->bdd, &both, &r, least, most, arg, f->bits);
	take_shorter(&best, &both);
	return best;
}

/* --- one argument of a diagram --- */

struct level {
	unsigned arg;
	uint32_t end;             /* first variable behind the argument's */
	uint32_t node[NODES_MAX]; /* children before parents */
	size_t nodes;
	uint32_t exit[EXITS_MAX]; /* what values lead to, but BDD_FALSE */
	size_t exits;
	bool failed;
};

static size_t place_of(const uint32_t *list, size_t count, uint32_t what)
{
	size_t i = 0;

	while (i < count && list[i] != what)
		i++;
	return i;
}

static void add_exit(struct level *l, uint32_t node)
{
	if (node == BDD_FALSE || place_of(l->exit, l->exits, node) < l->exits)
		return;
	if (l->exits == EXITS_MAX)
		l->failed = true;
	else
		l->exit[l->exits++] = node;
}

/* As deep as an argument has bits. */
static void list_nodes(const struct bdd *b, struct level *l, uint32_t node)
{
	uint32_t var = bdd_first(b, node, node);

	if (l->failed || place_of(l->node, l->nodes, node) < l->nodes)
		return;
	if (var >= l->end) {
		add_exit(l, node);
		return;
	}
	list_nodes(b, l, bdd_given(b, node, var, false));
	list_nodes(b, l, bdd_given(b, node, var, true));
	if (l->nodes == NODES_MAX)
		l->failed = true;
	else
		l->node[l->nodes++] = node;
}

/* Where values lead to `exit`; `or_more`: to all that it holds, too. */
static uint32_t values_to(struct bdd *b, const struct level *l, uint32_t exit, bool or_more)
{
	uint32_t value[NODES_MAX] = {0}, half[2];

	for (size_t i = 0; i < l->nodes; i++) {
		uint32_t var = bdd_first(b, l->node[i], l->node[i]);
		for (unsigned v = 0; v < 2; v++) {
			uint32_t child = bdd_given(b, l->node[i], var, v);
			size_t place = place_of(l->node, i, child);
			bool hit = child == exit || (or_more && but(b, exit, child) == BDD_FALSE);
			half[v] = place < i ? value[place] : hit ? BDD_TRUE : BDD_FALSE;
		}
		value[i] = bdd_node(b, var, half[0], half[1]);
	}
	return value[l->nodes - 1];
}

static unsigned argument_of(uint32_t var)
{
	unsigned arg = 0;

	while (arg < CALL_ARGS - 1 && var >= meaning_variable(WORD_HI(arg + 1)))
		arg++;
	return arg;
}

/* --- boxes --- */

static bool find(struct finder *f, uint32_t where, const struct box *prefix);

static bool find_exit(
	struct finder *f, const struct level *l, uint32_t exit, const struct box *prefix)
{
	uint32_t least = values_to(f->bdd, l, exit, false);
	uint32_t most = values_to(f->bdd, l, exit, true);

	if (most == BDD_TRUE)
		return find(f, exit, prefix);
	const struct choice choice = cover(f, least, most, l->arg);
	for (size_t i = 0; i < choice.count && !choice.failed; i++) {
		struct box box = *prefix;
		box.cond[box.conds++] = choice.cond[i];
		if (!find(f, exit, &box))
			return false;
	}
	return !choice.failed;
}

/* As deep as there are arguments. */
static bool find(struct finder *f, uint32_t where, const struct box *prefix)
{
	uint32_t var = bdd_first(f->bdd, where, where);
	struct level l = {.nodes = 0};

	if (where == BDD_FALSE)
		return true;
	if (where == BDD_TRUE)
		return add_box(f->boxes, prefix);
	l.arg = argument_of(var);
	l.end = meaning_variable(WORD_LO(l.arg)) + 32;
	list_nodes(f->bdd, &l, where);
	for (size_t i = 0; i < l.exits && !l.failed; i++) {
		if (!find_exit(f, &l, l.exit[i], prefix))
			return false;
	}
	return !l.failed && !f->bdd->full;
}

/* --- what is not needed --- */

static bool drop_conds(struct finder *f, uint32_t where)
{
	bool dropped = false;

	for (size_t i = 0; i < f->boxes->count; i++) {
		struct box *box = &f->boxes->box[i];
		for (size_t k = box->conds; k-- > 0;) {
			struct box less = *box;
			memmove(&less.cond[k], &less.cond[k + 1], (less.conds - k - 1) * sizeof(*less.cond));
			less.conds--;
			if (but(f->bdd, box_function(f->bdd, &less, f->bits), where) != BDD_FALSE)
				continue;
			*box = less;
			dropped = true;
		}
	}
	return dropped;
}

/* Those with most conditions first. Cubes as they were found cannot be left out. */
static void drop_boxes(struct finder *f)
{
	struct boxes *boxes = f->boxes;
	uint32_t holds[BOXES_MAX];
	size_t kept = 0;

	for (size_t i = 0; i < boxes->count; i++)
		holds[i] = box_function(f->bdd, &boxes->box[i], f->bits);
	for (size_t conds = CALL_ARGS + 1; conds-- > 0;) {
		for (size_t i = boxes->count; i-- > 0;) {
			uint32_t left = holds[i];
			if (boxes->box[i].conds != conds)
				continue;
			for (size_t k = 0; k < boxes->count && left != BDD_FALSE; k++)
				left = k == i ? left : but(f->bdd, left, holds[k]);
			if (left == BDD_FALSE)
				holds[i] = BDD_FALSE;
		}
	}
	for (size_t i = 0; i < boxes->count; i++) {
		if (holds[i] != BDD_FALSE)
			boxes->box[kept++] = boxes->box[i];
	}
	boxes->count = kept;
}

static bool find_cubes(struct finder *f, uint32_t where)
{
	struct cube room[BOXES_MAX];
	struct cubes cubes = {.cube = room, .most = BOXES_MAX};

	if (!cubes_find(f->bdd, where, where, &cubes))
		return false;
	for (size_t i = 0; i < cubes.count; i++) {
		struct box box = {.conds = 0};
		struct choice choice = {.count = 0};
		for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
			if (room[i].mask.args[arg])
				add_equality(&choice, arg, f->bits, room[i].mask.args[arg], room[i].value.args[arg]);
		}
		memcpy(box.cond, choice.cond, choice.count * sizeof(*box.cond));
		box.conds = choice.count;
		add_box(f->boxes, &box);
	}
	return true;
}

bool boxes_find(struct bdd *b, uint32_t where, unsigned bits, enum box_style style, struct boxes *boxes)
{
	struct finder f = {.bdd = b, .boxes = boxes, .bits = bits};
	const struct box none = {.conds = 0};

	boxes->count = 0;
	if (style == BOX_EQUALITIES ? !find_cubes(&f, where) : !find(&f, where, &none))
		return false;
	if (drop_conds(&f, where) || style == BOX_ANY)
		drop_boxes(&f);
	return !b->full;
}
