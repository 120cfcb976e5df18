/*
 * libseccomp's tree of one syscall, as far as it takes to know what it refuses. Tests are shared: what comes
 * behind an order of 64 bits hangs on two answers, and a level may be entered at a test that is not
 * its first any more; both decide what a later rule meets, so levels are lists with links here, too,
 * and who refers to a test is counted.
 */

#include "refusal.h"

#include <string.h>

#define STEPS_MAX 30000000u /* tests compared for one number */

enum test { TEST_EQUAL, TEST_MASKED, TEST_GE, TEST_GT };
enum rank { RANK_GREATER, RANK_LESS, RANK_EQUAL }; /* of what the rule asked; the highest goes first */
enum { YES, NO, ANSWERS };

struct node {
	uint32_t word; /* twice the argument, 1 more for its high half */
	enum test test;
	enum rank rank;
	uint32_t mask, datum;
	uint64_t whole; /* the condition's value */
	const struct merge_rule *act[ANSWERS]; /* whose action; NULL: none */
	struct node *go[ANSWERS];              /* into the level of tests behind */
	struct node *before, *after;           /* on this level */
	uint32_t refs;
};

struct tree {
	struct arena *arena;
	struct node *top;
	const struct merge_rule *clash; /* whose action stood in the way */
	const struct merge_rule *rule;  /* being added */
	uint32_t steps;
	bool wide; /* 64 bits */
};

/* --- chains --- */

/* Where a condition holds: up to two answers, which lead to the next one. */
struct exits {
	struct node *node[2];
	unsigned answer[2];
	size_t count;
};

static struct node *new_node(
	struct tree *t, const struct cond *c, enum test test, enum rank rank, bool high)
{
	struct node *n = arena_alloc(t->arena, 1, sizeof(*n));
	unsigned shift = high ? 32 : 0;

	*n = (struct node){.word = 2u * c->arg + high, .test = test, .rank = rank,
		.mask = (uint32_t)(c->mask >> shift), .datum = (uint32_t)(c->value >> shift),
		.whole = c->value};
	return n;
}

static struct node *refer(struct node *n)
{
	n->refs++;
	return n;
}

static void add_exit(struct exits *out, struct node *node, unsigned answer)
{
	out->node[out->count] = node;
	out->answer[out->count++] = answer;
}

/* Its first test. */
static struct node *make_equality(struct tree *t, const struct cond *c, struct exits *out)
{
	enum test test = order_is_masked(t->rule, c) ? TEST_MASKED : TEST_EQUAL;
	struct node *high = t->wide ? new_node(t, c, test, RANK_EQUAL, true) : NULL;
	struct node *low = new_node(t, c, test, RANK_EQUAL, false);
	unsigned holds = c->op == COND_EQ ? YES : NO;

	if (high)
		high->go[YES] = refer(low);
	if (high && holds == NO)
		add_exit(out, high, NO);
	add_exit(out, low, holds);
	return high ? high : low;
}

static struct node *make_order(struct tree *t, const struct cond *c, struct exits *out)
{
	bool less = c->op == COND_LT || c->op == COND_LE;
	enum rank rank = less ? RANK_LESS : RANK_GREATER;
	enum test test = c->op == COND_LT || c->op == COND_GE ? TEST_GE : TEST_GT;
	struct node *low = new_node(t, c, test, rank, false);

	if (!t->wide) {
		add_exit(out, low, less ? NO : YES);
		return low;
	}
	struct node *above = new_node(t, c, TEST_GT, rank, true);
	struct node *same = new_node(t, c, TEST_EQUAL, rank, true);
	above->go[NO] = refer(same);
	same->go[YES] = refer(low);
	if (less)
		add_exit(out, same, NO);
	else
		add_exit(out, above, YES);
	add_exit(out, low, less ? NO : YES);
	return above;
}

static struct node *make_chain(struct tree *t, const struct merge_rule *rule)
{
	struct exits last = {.count = 0};
	struct node *first = NULL;

	for (size_t i = 0; i < rule->conds; i++) {
		const struct cond *c = &rule->cond[i];
		struct exits out = {.count = 0};
		bool equality = c->op == COND_EQ || c->op == COND_NE;
		struct node *head = equality ? make_equality(t, c, &out) : make_order(t, c, &out);
		for (size_t k = 0; k < last.count; k++)
			last.node[k]->go[last.answer[k]] = refer(head);
		if (!first)
			first = refer(head);
		last = out;
	}
	for (size_t k = 0; k < last.count; k++)
		last.node[k]->act[last.answer[k]] = rule;
	return first;
}

/* --- tests of a level --- */

static bool is_same(const struct node *a, const struct node *b)
{
	return a->word == b->word && a->test == b->test && a->datum == b->datum && a->mask == b->mask;
}

/* Does `n` belong before `x`? */
static bool goes_before(const struct node *n, const struct node *x)
{
	if (n->word != x->word)
		return n->word > x->word;
	if (n->rank != x->rank)
		return n->rank > x->rank;
	return x->rank == RANK_LESS ? n->datum < x->datum : n->datum > x->datum;
}

static bool is_leaf(const struct node *n)
{
	return !n->go[YES] && !n->go[NO];
}

static struct node *level_start(struct tree *t, struct node *n)
{
	for (; n->before && t->steps < STEPS_MAX; n = n->before)
		t->steps++;
	return n;
}

/* Drops a reference; what nobody refers to any more drops its own. True: the node is gone. */
static bool drop(struct node *n)
{
	struct node *before = n->before, *after = n->after;

	if (--n->refs)
		return false;
	if (before) {
		before->after = NULL;
		drop(before);
	}
	if (after) {
		after->before = NULL;
		drop(after);
	}
	if (before && after) {
		before->after = refer(after);
		after->before = refer(before);
	}
	for (unsigned answer = 0; answer < ANSWERS; answer++) {
		if (n->go[answer])
			drop(n->go[answer]);
	}
	return true;
}

/* The first action on a level or below it that is not the rule's, NULL if there is none. */
static const struct merge_rule *find_other(struct tree *t, struct node *n, uint32_t ret)
{
	if (!n)
		return NULL;
	for (n = level_start(t, n); n && t->steps < STEPS_MAX; n = n->after) {
		t->steps++;
		for (unsigned answer = 0; answer < ANSWERS; answer++) {
			if (n->act[answer] && n->act[answer]->ret != ret)
				return n->act[answer];
			const struct merge_rule *found = find_other(t, n->go[answer], ret);
			if (found)
				return found;
		}
	}
	return NULL;
}

/* --- adding --- */

static bool add_level(struct tree *t, struct node **at, struct node *n);

/* The new test wants an action for an answer of one that is the same. */
static bool take_action(struct tree *t, struct node *x, const struct node *n, unsigned answer)
{
	const struct merge_rule *want = n->act[answer];

	if (!want)
		return true;
	if (!x->act[answer]) {
		t->clash = find_other(t, x->go[answer], want->ret);
		if (t->clash)
			return false;
		if (x->go[answer])
			drop(x->go[answer]);
		x->go[answer] = NULL;
		x->act[answer] = want;
		return true;
	}
	if (x->act[answer]->ret == want->ret)
		return true;
	t->clash = x->act[answer];
	if (answer == YES && n->word & 1 && n->whole > x->whole)
		x->act[YES] = want;
	return !is_leaf(x) && !is_leaf(n);
}

/* The tests are the same: goes on behind them. */
static bool meet(struct tree *t, struct node *x, struct node *n)
{
	if (!take_action(t, x, n, YES) || !take_action(t, x, n, NO))
		return false;
	for (unsigned answer = 0; answer < ANSWERS; answer++) {
		if (!n->go[answer])
			continue;
		if (x->go[answer]) {
			if (!add_level(t, &x->go[answer], n->go[answer]))
				return false;
		} else if (!x->act[answer])
			x->go[answer] = refer(n->go[answer]);
		else
			return true; /* a shorter rule decides here */
	}
	return true;
}

static void put_before(struct node **at, struct node *x, struct node *n)
{
	n->before = x->before;
	n->after = x;
	if (x->before)
		x->before->after = refer(n);
	else
		refer(x);
	x->before = refer(n);
	if (*at == x) {
		*at = refer(n);
		drop(x);
	}
}

/* False: refused. The level is entered where *at is, be that its first test or not. */
static bool add_level(struct tree *t, struct node **at, struct node *n)
{
	for (struct node *x = *at; t->steps < STEPS_MAX; x = x->after) {
		t->steps++;
		if (is_same(x, n))
			return meet(t, x, n);
		if (goes_before(n, x)) {
			put_before(at, x, n);
			return true;
		}
		if (!x->after) {
			n->before = refer(x);
			x->after = refer(n);
			return true;
		}
	}
	return true;
}

/* --- what is needless --- */

/* What is found on the way down both chains. */
enum {
	FOUND = 1,      /* they meet in a test */
	MET = 2,        /* they have met above: from here on they must go on meeting */
	OLD_ENDS = 4,   /* the tree's chain ends in it */
	NEW_ENDS = 8,   /* the new one does */
	OLD_LONGER = 16, /* the tree's began with more */
	NEW_LONGER = 32,
};

/* Takes a test out of the tree, and tests above that are left with nothing. True: some are gone. */
static bool remove_node(struct tree *t, struct node **at, struct node *node)
{
	bool gone = false;

	for (struct node *x = *at ? level_start(t, *at) : NULL; x && !gone && t->steps < STEPS_MAX; x = x->after) {
		t->steps++;
		bool out = x == node;
		if (!out) {
			gone |= remove_node(t, &x->go[YES], node);
			gone |= remove_node(t, &x->go[NO], node);
			out = is_leaf(x) && !x->act[YES] && !x->act[NO];
		}
		if (!out)
			continue;
		if (*at == x)
			*at = x->before ? x->before : x->after;
		if (x->before)
			x->before->after = x->after;
		if (x->after)
			x->after->before = x->before;
		x->before = x->after = NULL;
		return drop(x) || gone;
	}
	return gone;
}

struct search {
	unsigned found;
	bool gone; /* something was taken out */
};

static void prune(struct tree *t, struct node **at, struct node *n, struct search *s);

/* Both go on; *gone_x: the test above was taken out meanwhile. What was found is added to `found`. */
static bool go_on(struct tree *t, struct node *x, struct node **at, struct node *n, struct search *s,
	unsigned flags, unsigned *found, bool *gone_x)
{
	struct search below = {.found = flags};

	refer(x);
	prune(t, at, n, &below);
	*gone_x = drop(x);
	s->gone |= below.gone || *gone_x;
	if (below.found & FOUND)
		*found |= below.found;
	return below.found & FOUND;
}

static bool leads(const struct node *n, unsigned answer)
{
	return n->act[answer] || n->go[answer];
}

enum step { STEP_NEXT, STEP_DONE };

/* The tests are the same. */
static enum step prune_same(struct tree *t, struct node *x, struct node *n, struct search *s, unsigned *found)
{
	bool gone_x;

	*found |= FOUND | MET;
	*found |= (is_leaf(n) ? NEW_ENDS : 0) | (is_leaf(x) ? OLD_ENDS : 0);
	for (unsigned answer = 0; answer < ANSWERS; answer++) {
		if (leads(x, answer) && !leads(n, answer))
			return STEP_DONE;
	}
	for (unsigned answer = 0; answer < ANSWERS && is_leaf(n) && is_leaf(x); answer++) {
		if (!n->act[answer] != !x->act[answer] ||
			(n->act[answer] && n->act[answer]->ret != x->act[answer]->ret))
			return STEP_DONE;
	}
	for (unsigned answer = 0; answer < ANSWERS; answer++) {
		if (!n->go[answer])
			continue;
		go_on(t, x, &x->go[answer], n->go[answer], s, s->found | FOUND | MET, found, &gone_x);
		if (gone_x)
			return STEP_NEXT;
	}
	if (find_other(t, x, t->rule->ret))
		return STEP_NEXT;
	if ((*found & (FOUND | NEW_ENDS | OLD_LONGER)) == (FOUND | NEW_ENDS | OLD_LONGER)) {
		s->gone |= remove_node(t, &t->top, x);
		return t->top ? STEP_NEXT : STEP_DONE;
	}
	bool needless = (*found & (FOUND | OLD_ENDS | NEW_LONGER)) == (FOUND | OLD_ENDS | NEW_LONGER);
	return needless ? STEP_DONE : STEP_NEXT;
}

/* One of the chains has more tests before the other's first: the other waits. */
static enum step prune_longer(struct tree *t, struct node *x, struct node *n, struct search *s, unsigned *found)
{
	bool old = goes_before(n, x), gone_x;

	if (s->found & (old ? NEW_LONGER : OLD_LONGER))
		return STEP_DONE;
	for (unsigned answer = 0; answer < ANSWERS; answer++) {
		struct node *self = x, **at = old ? &x->go[answer] : &self;
		unsigned flags = (s->found & ~(unsigned)FOUND) | (old ? OLD_LONGER : NEW_LONGER);
		if (!(old ? x : n)->go[answer])
			continue;
		if (go_on(t, x, at, old ? n : n->go[answer], s, flags, found, &gone_x))
			return STEP_DONE;
		if (gone_x)
			return STEP_NEXT;
	}
	return STEP_NEXT;
}

/* Looks in the tree for the new chain, or in the new chain for one of the tree's. */
static void prune(struct tree *t, struct node **at, struct node *n, struct search *s)
{
	unsigned found = s->found;
	enum step step = STEP_NEXT;
	struct node *next;

	if (n && *at && (s->found & (FOUND | MET)) != MET) {
		for (struct node *x = level_start(t, *at); x && step == STEP_NEXT && t->steps < STEPS_MAX; x = next) {
			t->steps++;
			next = x->after;
			step = is_same(x, n) ? prune_same(t, x, n, s, &found)
					     : prune_longer(t, x, n, s, &found);
		}
		if (step == STEP_NEXT)
			found &= ~(unsigned)FOUND;
	}
	if (found & FOUND)
		s->found |= found;
	else
		s->found &= ~(unsigned)FOUND;
}

/* --- rules --- */

static bool add_rule(struct tree *t, const struct merge_rule *rule)
{
	struct search s = {0};

	t->rule = rule;
	struct node *chain = make_chain(t, rule);
	if (!t->top) {
		t->top = chain;
		return true;
	}
	prune(t, &t->top, chain, &s);
	if (!t->top) {
		t->top = chain;
		return true;
	}
	if (!s.gone && (s.found & (FOUND | OLD_ENDS | NEW_LONGER)) == (FOUND | OLD_ENDS | NEW_LONGER))
		return true;
	bool ok = add_level(t, &t->top, chain);
	drop(chain);
	return ok;
}

enum refusal refusal_find(struct arena *arena, const struct merge_rule *rule, size_t rules, unsigned bits,
	const struct merge_rule **earlier, const struct merge_rule **later)
{
	struct tree t = {.arena = arena, .wide = bits == 64};

	for (size_t i = 0; i < rules; i++) {
		bool ok = add_rule(&t, &rule[i]);
		if (t.steps >= STEPS_MAX)
			return REFUSAL_UNKNOWN;
		if (ok)
			continue;
		*earlier = t.clash;
		*later = &rule[i];
		return REFUSAL_FOUND;
	}
	return REFUSAL_NONE;
}
