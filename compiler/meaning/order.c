/*
 * Each rule is a chain of nodes, as libseccomp compares them: one node a condition, but two (high
 * word, low word) for an equality on a 64-bit ABI. LT and GE of one datum are one node, so are LE and
 * GT, EQ and NE; such a node keeps the place of whichever rule brought it first. A rule finds it only
 * on the way to its own place, though: LT not beyond a node of LT or LE with a larger datum, and of those
 * of GE and GT it meets the first only.
 *
 * Rules are sorted by their first node, those that share it by their second, and so on; a rule that
 * ends where others go on comes first. A chain has at most 12 nodes, which bounds the recursion.
 */

#include "order.h"

#include <stdlib.h>
#include <string.h>

#define NODES_MAX (2 * CALL_ARGS)

/* What a node compares with, and the place its operator takes among others of one argument. */
enum node_test { NODE_EQUAL, NODE_GE, NODE_GT };
enum node_class { CLASS_EQUAL, CLASS_LESS, CLASS_GREATER };

struct order_node {
	uint8_t arg;
	enum node_test test;
	enum node_class class;
	bool masked;
	uint64_t mask, datum;
};

struct chain {
	const struct merge_rule *rule;
	size_t seq; /* place in the file */
	struct order_node node[NODES_MAX];
	size_t nodes;
	/* of the node being sorted by: the first rule that brought it, and its class there */
	size_t node_first;
	enum node_class node_class;
	size_t level;
};

static void add_node(struct chain *c, const struct cond *cond, enum node_test test,
	enum node_class class, unsigned shift, uint64_t word)
{
	c->node[c->nodes++] = (struct order_node){.arg = cond->arg, .test = test, .class = class,
		.masked = order_is_masked(c->rule, cond), .mask = cond->mask >> shift & word, .datum = cond->value >> shift & word};
}

static void add_cond(struct chain *c, const struct cond *cond, unsigned bits)
{
	switch (cond->op) {
	case COND_EQ:
	case COND_NE:
		if (bits == 64)
			add_node(c, cond, NODE_EQUAL, CLASS_EQUAL, 32, UINT32_MAX);
		add_node(c, cond, NODE_EQUAL, CLASS_EQUAL, 0, UINT32_MAX);
		return;
	case COND_LT:
		add_node(c, cond, NODE_GE, CLASS_LESS, 0, UINT64_MAX);
		return;
	case COND_LE:
		add_node(c, cond, NODE_GT, CLASS_LESS, 0, UINT64_MAX);
		return;
	case COND_GE:
		add_node(c, cond, NODE_GE, CLASS_GREATER, 0, UINT64_MAX);
		return;
	case COND_GT:
		add_node(c, cond, NODE_GT, CLASS_GREATER, 0, UINT64_MAX);
		return;
	}
	unreachable();
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* 0 if both compare one thing, whatever the test. Larger data first, for find_nodes(). */
static int compare_data(const struct order_node *a, const struct order_node *b)
{
	int order = compare(a->arg, b->arg);

	order = order ? order : compare(b->datum, a->datum);
	order = order ? order : compare(a->test == NODE_EQUAL, b->test == NODE_EQUAL);
	order = order ? order : compare(a->masked, b->masked);
	return order ? order : compare(a->mask, b->mask);
}

/* 0 if both chains ask the same here. */
static int compare_identity(const struct order_node *a, const struct order_node *b)
{
	int order = compare_data(a, b);

	return order ? order : compare(a->test, b->test);
}

static int by_data(const void *pa, const void *pb)
{
	const struct chain *a = *(struct chain *const *)pa, *b = *(struct chain *const *)pb;
	int order = compare_data(&a->node[a->level], &b->node[b->level]);

	return order ? order : compare(a->seq, b->seq);
}

static bool same_node(const struct chain *a, const struct chain *b)
{
	return a->node_first == b->node_first &&
	       compare_identity(&a->node[a->level], &b->node[b->level]) == 0;
}

/* Who first brought a node of a class: one of this datum or a larger one, one of a larger one. */
struct seen {
	size_t here, above; /* seq; SIZE_MAX: none */
};

/* Of one level: what was seen of each class of the argument, and the nodes of the datum at hand. */
struct nodes {
	struct seen seen[CLASS_GREATER + 1];
	const struct chain *less[NODE_GT + 1], *other[NODE_GT + 1]; /* by test, the two there can be */
};

/* Does a chain that wants a node of class "less" stop before it comes to one of another class? */
static bool is_blocked(const struct nodes *n, const struct chain *c, enum node_test test)
{
	enum node_test twin = test == NODE_GE ? NODE_GT : NODE_GE;

	return n->seen[CLASS_LESS].above < c->seq || n->seen[CLASS_GREATER].above < c->seq ||
		(n->other[twin] && n->other[test] && n->other[twin]->seq < n->other[test]->seq);
}

/* Gives a chain, the next of those that compare with one datum, its node: there already, or new. */
static void find_node(struct chain *c, struct nodes *n)
{
	enum node_class class = c->node[c->level].class;
	enum node_test test = c->node[c->level].test;
	bool blocked = class == CLASS_LESS && is_blocked(n, c, test);
	const struct chain *found = n->less[test] || blocked ? n->less[test] : n->other[test];

	if (!found) {
		found = c;
		*(class == CLASS_LESS ? &n->less[test] : &n->other[test]) = c;
		if (c->seq < n->seen[class].here)
			n->seen[class].here = c->seq;
	}
	c->node_first = found->seq;
	c->node_class = found->node[c->level].class;
}

/* The nodes of one level; chains are sorted by_data(). */
static void find_nodes(struct chain **chain, size_t count, size_t level)
{
	static const struct seen none = {SIZE_MAX, SIZE_MAX};
	struct nodes nodes = {0};

	for (size_t i = 0; i < count; i++) {
		const struct order_node *n = &chain[i]->node[level];
		const struct order_node *before = i ? &chain[i - 1]->node[level] : NULL;
		for (size_t class = 0; class < countof(nodes.seen); class++) {
			struct seen *seen = &nodes.seen[class];
			if (!before || n->arg != before->arg)
				*seen = none;
			else if (n->datum != before->datum)
				seen->above = seen->here;
		}
		if (before && compare_data(n, before) != 0) {
			memset(nodes.less, 0, sizeof(nodes.less));
			memset(nodes.other, 0, sizeof(nodes.other));
		}
		find_node(chain[i], &nodes);
	}
}

static int by_precedence(const void *pa, const void *pb)
{
	const struct chain *a = *(struct chain *const *)pa, *b = *(struct chain *const *)pb;
	const struct order_node *an = &a->node[a->level], *bn = &b->node[b->level];
	int order = compare(bn->arg, an->arg);

	order = order ? order : compare(a->node_class, b->node_class);
	if (!order)
		order = a->node_class == CLASS_LESS ? compare(an->datum, bn->datum)
						    : compare(bn->datum, an->datum);
	order = order ? order : compare(a->node_first, b->node_first);
	order = order ? order : compare_identity(an, bn);
	return order ? order : compare(a->seq, b->seq);
}

/* Sorts chains that are alike in their first `level` nodes. */
static void sort_level(struct chain **chain, size_t count, size_t level)
{
	size_t done = 0; /* chains that end here come first, in file order */

	for (size_t i = 0; i < count; i++) {
		struct chain *c = chain[i];
		if (c->nodes > level)
			continue;
		for (size_t k = i; k > done; k--)
			chain[k] = chain[k - 1];
		chain[done++] = c;
	}
	chain += done;
	count -= done;
	if (count < 2)
		return;
	for (size_t i = 0; i < count; i++)
		chain[i]->level = level;
	qsort(chain, count, sizeof(struct chain *), by_data);
	find_nodes(chain, count, level);
	qsort(chain, count, sizeof(struct chain *), by_precedence);
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && same_node(chain[i], chain[next]);)
			next++;
		sort_level(chain + i, next - i, level + 1);
	}
}

void order_rules(struct arena *arena, const struct merge_rule **rule, size_t rules, unsigned bits)
{
	struct chain *chain = arena_alloc(arena, rules, sizeof(*chain));
	struct chain **sorted = arena_alloc(arena, rules, sizeof(*sorted));

	for (size_t i = 0; i < rules; i++) {
		chain[i].rule = rule[i];
		chain[i].seq = i;
		for (size_t k = 0; k < rule[i]->conds; k++)
			add_cond(&chain[i], &rule[i]->cond[k], bits);
		sorted[i] = &chain[i];
	}
	sort_level(sorted, rules, 0);
	for (size_t i = 0; i < rules; i++)
		rule[i] = sorted[i]->rule;
}
