/*
 * Clauses become decisions by asking for one 32-bit word after the other. A state is the list of
 * clauses with what is left to ask of each; asking a word splits its 2^32 values into runs over which
 * every condition on it is decided, and each run leads to a smaller state. Equal states are built
 * once, and since equal nodes are one node, tests that turn out not to matter disappear: "below 38, or
 * 39, or above 40" asks two numbers of the low word and nothing of the high one.
 *
 *   state:  a0 == 5 (64 bits) -> ALLOW, else ERRNO
 *   ask a0.lo:  5 -> [a0.hi == 0 -> ALLOW, else ERRNO];  other -> ERRNO
 *
 * Bits that a mask leaves out are not looked at. Where conditions share a mask, what it leaves of the word is split
 * as a word is; a condition alone under its mask asks its own question, is the word under it this value, or at least
 * this one. The word itself is split last.
 *
 * Which word goes first is found by trying each while the state is small and that has not taken long, by
 * use otherwise. A syscall whose states multiply is tested clause by clause instead (listing.h), which is never
 * larger than its conditions; so is one that this makes smaller. What is compared is what each adds to the program.
 */

#include "arg_tree.h"

#include "implied.h"
#include "listing.h"
#include "search.h"
#include "state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define WORK_MAX   (1u << 18) /* conditions looked at for one syscall, */
#define WORK_LEFT  (1u << 12) /* or once WORK_ALL were for those before, */
#define WORK_EACH  32u        /* and so many for each of its own */
#define WORK_ALL   (1u << 20)
#define WORK_TRIES (1u << 14) /* looked at while orders of words are still tried */
#define ADDED_MAX  1024u      /* nodes made for a syscall that may stay, though some are of no use; */
#define ADDED_LATE 16u        /* in a graph that is half full */
#define FEW_RUNS   16u        /* whose tests are worth storing */
#define TRIED_MAX  12u      /* conditions up to which every order of words is tried */
#define ARGS_TRIED 2u       /* arguments up to which high halves are tried first as well */
#define SLOTS_FIRST 256u
#define COST_UNIT  1024u    /* fixed point of expected instructions */

/* Most states are known already; they are made in the graph's scratch, and those that are new are kept. */
struct args {
	struct graph *graph;
	struct state **memo; /* lists, by hash */
	size_t slots, states;
	size_t work; /* for the clauses at hand */
	size_t work_max;
	size_t work_before; /* for those before them */
	enum args_aim aim;
	bool alike, plain;
};

enum truth { FALSE_, TRUE_, OPEN };

/* --- deciding conditions --- */

static bool is_order(const struct atom *a)
{
	return a->op != COND_EQ && a->op != COND_NE;
}

/* The least value >= from with no bit outside the mask; false if there is none. */
static bool least_within(uint64_t from, uint64_t mask, uint64_t *least)
{
	uint64_t outside = from & ~mask;

	*least = from;
	if (!outside)
		return true;
	/* it has a bit more than `from`, above those outside, agrees with it above that one, and is least below */
	for (uint64_t bit = 1; bit; bit <<= 1) {
		if (bit > outside && mask & ~from & bit) {
			*least = (from & -bit) | bit;
			return true;
		}
	}
	return false;
}

/*
 * An order under part of the bits asks "at least" or "below" of a value that has no others, so that it
 * can be told word by word. It is left as it is where all bits count.
 */
static enum truth order_within(struct atom *a)
{
	bool less = a->op == COND_LT || a->op == COND_LE;

	if (a->op == COND_LE || a->op == COND_GT) {
		if (a->value >= a->mask)
			return less ? TRUE_ : FALSE_;
		a->value++;
	}
	if (!least_within(a->value, a->mask, &a->value))
		return less ? TRUE_ : FALSE_;
	a->op = less ? COND_LT : COND_GE;
	return OPEN;
}

/* Conditions that every or no value satisfies. */
static enum truth constant(struct atom *a)
{
	uint64_t max = a->part == PART_BOTH ? UINT64_MAX : UINT32_MAX;
	enum truth truth = is_order(a) && a->mask != max ? order_within(a) : OPEN;

	if (truth != OPEN)
		return truth;
	switch ((enum cond_op)a->op) {
	case COND_EQ:
	case COND_NE:
		if (a->mask)
			return a->value & ~a->mask ? (a->op == COND_EQ ? FALSE_ : TRUE_) : OPEN;
		return (a->value == 0) == (a->op == COND_EQ) ? TRUE_ : FALSE_;
	case COND_LT:
		return a->value == 0 ? FALSE_ : OPEN;
	case COND_GE:
		return a->value == 0 ? TRUE_ : OPEN;
	case COND_LE:
		return a->value == max ? TRUE_ : OPEN;
	case COND_GT:
		return a->value == max ? FALSE_ : OPEN;
	}
	unreachable();
}

/* A condition on both halves that the high one decides becomes one on that. */
static void narrow(struct atom *a)
{
	uint32_t lo = (uint32_t)a->value, hi = (uint32_t)(a->value >> 32);
	bool at_edge = a->op == COND_LT || a->op == COND_GE ? lo == 0 : lo == UINT32_MAX;

	if (a->part != PART_BOTH || ((uint32_t)a->mask && !(is_order(a) && at_edge)))
		return;
	a->part = PART_HI;
	a->mask >>= 32;
	a->value = hi;
}

static enum truth compare_word(const struct atom *a, uint32_t x)
{
	uint32_t v = (uint32_t)a->value, under = x & (uint32_t)a->mask;

	switch ((enum cond_op)a->op) {
	case COND_EQ:
		return under == v;
	case COND_NE:
		return under != v;
	case COND_LT:
		return under < v;
	case COND_LE:
		return under <= v;
	case COND_GE:
		return under >= v;
	case COND_GT:
		return under > v;
	}
	unreachable();
}

/* What is left of a condition on both halves when the low word is known: one on the high word. */
static enum truth know_low(struct atom *a, uint32_t word)
{
	uint32_t lo = (uint32_t)a->value, x = word & (uint32_t)a->mask;
	bool equal = x == lo;

	if (a->op == COND_EQ && !equal)
		return FALSE_;
	if (a->op == COND_NE && !equal)
		return TRUE_;
	if (a->op == COND_GE || a->op == COND_GT)
		a->op = x > lo || (x == lo && a->op == COND_GE) ? COND_GE : COND_GT;
	else if (a->op == COND_LE || a->op == COND_LT)
		a->op = x < lo || (x == lo && a->op == COND_LE) ? COND_LE : COND_LT;
	a->part = PART_HI;
	a->mask >>= 32;
	a->value >>= 32;
	return constant(a);
}

static enum truth know_high(struct atom *a, uint32_t word)
{
	uint32_t hi = (uint32_t)(a->value >> 32), x = word & (uint32_t)(a->mask >> 32);

	if (x != hi) {
		if (a->op == COND_EQ || a->op == COND_NE)
			return a->op == COND_NE ? TRUE_ : FALSE_;
		return (x > hi) == (a->op == COND_GE || a->op == COND_GT) ? TRUE_ : FALSE_;
	}
	a->part = PART_LO;
	a->mask = (uint32_t)a->mask;
	a->value = (uint32_t)a->value;
	return constant(a);
}

static bool asks(const struct atom *a, unsigned word)
{
	if (word == WORD_LO(a->arg))
		return a->part != PART_HI;
	return word == WORD_HI(a->arg) && a->part != PART_LO;
}

/* The mask a condition puts on a word it asks, and the value under it. */
static uint32_t mask_on(const struct atom *a, unsigned word, uint32_t *value)
{
	bool high = a->part == PART_BOTH && word == WORD_HI(a->arg);

	*value = (uint32_t)(high ? a->value >> 32 : a->value);
	return (uint32_t)(high ? a->mask >> 32 : a->mask);
}

static enum truth know_word(struct atom *a, unsigned word, uint32_t x)
{
	if (!asks(a, word))
		return OPEN;
	if (a->part != PART_BOTH)
		return compare_word(a, x);
	return word == WORD_LO(a->arg) ? know_low(a, x) : know_high(a, x);
}

/* --- states --- */

static uint64_t hash_state(const struct state *s)
{
	uint64_t h = s->terms;

	for (size_t i = 0; i < s->terms; i++)
		h = (h ^ s->term[i].ret ^ (uint64_t)s->term[i].atoms << 32) * 0x9e3779b97f4a7c15u;
	for (size_t i = 0; i < s->atoms; i++) {
		const struct atom *a = &s->atom[i];
		h = (h ^ h >> 31 ^ a->value) * 0xbf58476d1ce4e5b9u;
		h = (h ^ h >> 29 ^ a->mask) * 0x94d049bb133111ebu + a->arg * 64u + a->part * 8u + a->op;
	}
	return h ^ h >> 32;
}

static bool same_state(const struct state *a, const struct state *b)
{
	if (a->terms != b->terms || a->atoms != b->atoms)
		return false;
	for (size_t i = 0; i < a->terms; i++) {
		if (a->term[i].ret != b->term[i].ret || a->term[i].atoms != b->term[i].atoms)
			return false;
	}
	for (size_t i = 0; i < a->atoms; i++) {
		const struct atom *x = &a->atom[i], *y = &b->atom[i];
		if (x->arg != y->arg || x->part != y->part || x->op != y->op || x->mask != y->mask ||
			x->value != y->value)
			return false;
	}
	return true;
}

/* Room for a state of at most so many clauses and conditions. */
static struct state *new_state(struct args *args, size_t terms, size_t atoms)
{
	struct scratch *scratch = &args->graph->scratch;
	struct state *s = scratch_take(scratch, 1, sizeof(*s));

	*s = (struct state){.term = scratch_take(scratch, terms, sizeof(*s->term)),
		.atom = scratch_take(scratch, atoms, sizeof(*s->atom))};
	return s;
}

/* Out of the scratch. */
static struct state *keep_state(struct args *args, const struct state *from)
{
	struct arena *arena = args->graph->arena;
	struct state *s = arena_raw(arena, 1, sizeof(*s));

	*s = *from;
	s->term = arena_raw(arena, s->terms, sizeof(*s->term));
	s->atom = arena_raw(arena, s->atoms, sizeof(*s->atom));
	memcpy(s->term, from->term, s->terms * sizeof(*s->term));
	memcpy(s->atom, from->atom, s->atoms * sizeof(*s->atom));
	return s;
}

static void memo_init(struct args *args, size_t slots)
{
	args->memo = arena_alloc(args->graph->arena, slots, sizeof(struct state *));
	args->slots = slots;
	args->states = 0;
}

static void memo_add(struct args *args, struct state *s)
{
	struct state **slot = &args->memo[s->hash & (args->slots - 1)];

	s->next = *slot;
	*slot = s;
	args->states++;
}

static void memo_grow(struct args *args)
{
	struct state **old = args->memo, *s;
	size_t slots = args->slots;

	memo_init(args, 2 * slots);
	for (size_t i = 0; i < slots; i++) {
		while ((s = old[i])) {
			old[i] = s->next;
			memo_add(args, s);
		}
	}
}

/* Clauses at the end that say what the last one says anyway are not asked. */
static void trim(struct state *s)
{
	while (s->terms > 1 && s->term[s->terms - 2].ret == s->term[s->terms - 1].ret) {
		s->atoms -= s->term[s->terms - 2].atoms;
		s->terms--;
		s->term[s->terms - 1].atoms = 0;
	}
}

/* How a state changes when something is known: each atom is decided, reduced or left. */
typedef enum truth decide(struct atom *, const void *fact);

static struct state *know(struct args *args, const struct state *from, decide *decide_atom,
	const void *fact)
{
	struct state *to = new_state(args, from->terms, from->atoms);
	const struct atom *next = from->atom;

	args->work += from->atoms + from->terms;
	for (size_t t = 0; t < from->terms; t++) {
		const struct atom *end = next + from->term[t].atoms;
		size_t start = to->atoms;
		bool dead = false;
		for (; next < end; next++) {
			struct atom a = *next;
			enum truth truth = dead ? FALSE_ : decide_atom(&a, fact);
			dead |= truth == FALSE_;
			if (truth == OPEN)
				to->atom[to->atoms++] = a;
		}
		if (dead) {
			to->atoms = start;
			continue;
		}
		uint32_t atoms = (uint32_t)(to->atoms - start);
		to->term[to->terms++] = (struct term){from->term[t].ret, atoms};
		if (!atoms)
			break;
	}
	trim(to);
	return to;
}


/* A question about the bits of a word that a mask leaves, and its answer. */
struct fact_mask {
	unsigned word;
	uint32_t mask, value;
	bool least; /* is it `value` or more; else: is it `value` */
	bool holds;
};

/* What an equality learns from one under another mask, the value on the word being its own. */
static enum truth equal_by_value(
	struct atom *a, const struct fact_mask *f, uint32_t mask, uint32_t value)
{
	bool around = (f->mask & ~mask) == 0;
	bool clash = ((value ^ f->value) & mask & f->mask) != 0;
	bool no_match = f->holds ? clash : around && !clash;

	if (no_match)
		return a->op == COND_EQ ? FALSE_ : TRUE_;
	if (!f->holds || mask & ~f->mask)
		return OPEN;
	return know_word(a, f->word, f->value); /* this half matches, any other is left */
}

static enum truth equal_by_least(
	const struct atom *a, const struct fact_mask *f, uint32_t mask, uint32_t value)
{
	bool around = (f->mask & ~mask) == 0;

	if (!around || ((value & f->mask) >= f->value) == f->holds)
		return OPEN;
	return a->op == COND_EQ ? FALSE_ : TRUE_;
}

static bool is_upper(const struct atom *a, unsigned word)
{
	return a->part == PART_BOTH && word == WORD_HI(a->arg);
}

/* An order's high half is known to be the value's, or not to: then it decides alone. */
static enum truth order_by_value(struct atom *a, const struct fact_mask *f, uint32_t mask, uint32_t value)
{
	if (f->holds)
		return mask & ~f->mask ? OPEN : know_word(a, f->word, f->value);
	if (!is_upper(a, f->word) || mask != f->mask || value != f->value)
		return OPEN;
	a->part = PART_HI;
	a->mask = mask;
	a->value = value;
	return constant(a);
}

/* Of the values that answer the same all decide alike, or none does. */
static enum truth order_by_least(struct atom *a, const struct fact_mask *f, uint32_t mask, uint32_t value)
{
	if (mask != f->mask)
		return OPEN;
	if (!f->holds)
		return f->value <= value ? know_word(a, f->word, 0) : OPEN;
	if (f->value < value || (f->value == value && is_upper(a, f->word)))
		return OPEN;
	return know_word(a, f->word, f->value);
}

static enum truth decide_mask(struct atom *a, const void *fact)
{
	const struct fact_mask *f = fact;
	uint32_t value, mask;

	if (!asks(a, f->word))
		return OPEN;
	mask = mask_on(a, f->word, &value);
	if (a->part == PART_BOTH && mask == 0)
		return OPEN;
	if (is_order(a) && mask == UINT32_MAX)
		return OPEN;
	if (is_order(a))
		return f->least ? order_by_least(a, f, mask, value) : order_by_value(a, f, mask, value);
	return f->least ? equal_by_least(a, f, mask, value) : equal_by_value(a, f, mask, value);
}

/* A word, or what a mask leaves of it, is within a run of its values. */
struct fact_value {
	unsigned word;
	uint32_t mask;
	uint32_t x; /* the first; conditions under the mask decide alike on all */
	bool alone;
};

static enum truth decide_value(struct atom *a, const void *fact)
{
	const struct fact_value *f = fact;
	const struct fact_mask is = {.word = f->word, .mask = f->mask, .value = f->x, .holds = true};
	uint32_t value;

	if (f->mask == UINT32_MAX || (asks(a, f->word) && mask_on(a, f->word, &value) == f->mask))
		return know_word(a, f->word, f->x);
	return f->alone ? decide_mask(a, &is) : OPEN;
}

/* --- asking --- */

static const struct state *solve(struct args *args, struct state *s);

/*
 * What a condition on the word under part of its bits asks: these are tested one by one, before the word is
 * split. The high half of an order asks for its value first, where the low one counts.
 */
static bool find_masked(const struct state *s, unsigned word, struct fact_mask *f)
{
	for (size_t i = 0; i < s->atoms; i++) {
		const struct atom *a = &s->atom[i];
		if (!asks(a, word))
			continue;
		f->word = word;
		f->mask = mask_on(a, word, &f->value);
		f->least = is_order(a) && !is_upper(a, word);
		if (f->mask != 0 && f->mask != UINT32_MAX)
			return true;
	}
	return false;
}

static uint64_t ask_mask(struct args *args, const struct state *s, struct fact_mask *f, uint32_t *node)
{
	struct scratch_mark mark = scratch_mark(&args->graph->scratch);

	f->holds = true;
	const struct state *yes = solve(args, know(args, s, decide_mask, f));
	f->holds = false;
	const struct state *no = solve(args, know(args, s, decide_mask, f));
	scratch_release(&args->graph->scratch, mark);
	bool jset = !f->least &&
		(f->value == 0 || (f->mask == f->value && !(f->mask & (f->mask - 1))));

	*node = graph_test(args->graph, f->word, f->mask, f->least ? TEST_GE : TEST_EQ, f->value,
		yes->node, no->node);
	if (yes->node == no->node)
		return yes->cost;
	return (jset ? 2 : 3) * COST_UNIT + (yes->cost + no->cost) / 2;
}

/*
 * Is a word worth masking once for all conditions under that mask? Where two or more of them want values that no
 * JSET tells: else each is tested on the word as it is.
 */
static bool is_shared(const struct state *s, const struct fact_mask *f)
{
	uint32_t first = 0, value;

	for (size_t i = 0; i < s->atoms; i++) {
		const struct atom *a = &s->atom[i];
		if (!asks(a, f->word) || mask_on(a, f->word, &value) != f->mask || value == 0)
			continue;
		if (value == f->mask && !(value & (value - 1)))
			continue;
		if (first && first != value)
			return true;
		first = value;
	}
	return false;
}

/* A run starts at the first value under the mask. */
static void add_cut(uint64_t *cut, size_t *cuts, uint64_t at, uint32_t mask)
{
	if (at > 0 && at <= UINT32_MAX && least_within(at, mask, &at))
		cut[(*cuts)++] = at;
}

static int by_value(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

/* Where a run of the word starts, for every change of some condition's truth; sorted, 0 first. */
static uint64_t *find_cuts(struct args *args, const struct state *s, unsigned word, uint32_t mask, size_t *cuts)
{
	uint64_t *cut = scratch_take(&args->graph->scratch, 2 * s->atoms + 1, sizeof(*cut));
	size_t found = 1, kept = 1;
	uint32_t v;

	cut[0] = 0;
	for (size_t i = 0; i < s->atoms; i++) {
		const struct atom *a = &s->atom[i];
		if (!asks(a, word) || mask_on(a, word, &v) != mask)
			continue;
		bool below = a->op == COND_LT || a->op == COND_GE; /* truth changes below v only */
		bool above = a->op == COND_LE || a->op == COND_GT;
		bool half = is_upper(a, word);
		if (half || !above)
			add_cut(cut, &found, v, mask);
		if (half || !below)
			add_cut(cut, &found, (uint64_t)v + 1, mask);
	}
	qsort(cut + 1, found - 1, sizeof(*cut), by_value);
	for (size_t i = 1; i < found; i++) {
		if (cut[i] != cut[kept - 1])
			cut[kept++] = cut[i];
	}
	*cuts = kept;
	return cut;
}

static bool is_high(unsigned word)
{
	return word % 2 != WORD_ARG_LO % 2;
}

/* Where it ends when high words are 0, as far as they are what is asked for. */
static const struct node *follow_zeros(const struct graph *g, uint32_t node)
{
	const struct node *n = &g->node[node];

	while (n->word != WORD_NONE && is_high(n->word)) {
		bool yes = (n->test == TEST_EQ || n->test == TEST_GE) && n->k == 0;
		n = &g->node[yes ? n->yes : n->no];
	}
	return n;
}

/*
 * A guess at how calls spread over a word: high words are nearly always 0, denied values rare, and small
 * values the commonest, be they families, types or sets of flags.
 */
static uint64_t guess_weight(const struct graph *g, unsigned word, const struct run *r)
{
	if (is_high(word))
		return r->first == 0 ? 96 : r->last == UINT32_MAX ? 3 : 1;
	const struct node *n = follow_zeros(g, r->child);
	if (n->word == WORD_NONE && n->k != RET_ALLOW)
		return 1;
	return r->first == 0 ? 12 : 4;
}

/*
 * Clauses by what they want of a word: most of a long list want one value each, so for any value the
 * few that can hold are found without looking at the others.
 */
struct wanted {
	const struct state *state;
	size_t *first_atom;               /* by clause */
	uint32_t *any;                    /* clauses that may hold for many values, in order */
	size_t anys;
	struct wanted_value {
		uint32_t value, term;
	} *one;                           /* clauses that hold for one value only, by value and order */
	size_t ones, next;                /* those before `next` want smaller values than any to come */
};

static int by_wanted(const void *pa, const void *pb)
{
	const struct wanted_value *a = pa, *b = pb;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return a->term < b->term ? -1 : a->term > b->term;
}

static struct wanted sort_clauses(struct args *args, const struct state *s, unsigned word, uint32_t mask)
{
	struct scratch *scratch = &args->graph->scratch;
	struct wanted w = {.state = s, .first_atom = scratch_take(scratch, s->terms, sizeof(size_t)),
		.any = scratch_take(scratch, s->terms, sizeof(*w.any)),
		.one = scratch_take(scratch, s->terms, sizeof(*w.one))};
	size_t atom = 0;

	for (uint32_t t = 0; t < s->terms; t++) {
		size_t end = atom + s->term[t].atoms;
		uint32_t value = 0;
		bool one = false;
		w.first_atom[t] = atom;
		for (; atom < end && !one; atom++) {
			const struct atom *a = &s->atom[atom];
			one = asks(a, word) && a->op == COND_EQ && mask_on(a, word, &value) == mask;
		}
		atom = end;
		if (one)
			w.one[w.ones++] = (struct wanted_value){value, t};
		else
			w.any[w.anys++] = t;
	}
	qsort(w.one, w.ones, sizeof(*w.one), by_wanted);
	return w;
}

/* The state cut to the clauses that can hold for x; x grows from call to call. */
static const struct state *clauses_for(struct args *args, struct wanted *w, uint32_t x)
{
	const struct state *s = w->state;
	size_t any = 0, atoms = 0;

	while (w->next < w->ones && w->one[w->next].value < x)
		w->next++;
	size_t end = w->next;
	for (; end < w->ones && w->one[end].value == x; end++)
		atoms += s->term[w->one[end].term].atoms;
	for (size_t i = 0; i < w->anys; i++)
		atoms += s->term[w->any[i]].atoms;
	struct state *part = new_state(args, w->anys + end - w->next, atoms);
	for (size_t one = w->next; any < w->anys || one < end;) {
		bool take_one = one < end && (any == w->anys || w->one[one].term < w->any[any]);
		uint32_t t = take_one ? w->one[one++].term : w->any[any++];
		part->term[part->terms++] = s->term[t];
		for (size_t i = 0; i < s->term[t].atoms; i++)
			part->atom[part->atoms++] = s->atom[w->first_atom[t] + i];
	}
	return part;
}

/* Has it taken too long, or too many nodes? What is built is then of no use (shorter()). */
static bool given_up(const struct args *args)
{
	return args->work > args->work_max || args->graph->full;
}

/* The runs of a word's values and what each costs, both with room for all cuts; how many there are. */
static size_t find_runs(struct args *args, const struct state *s, unsigned word, uint32_t mask,
	const uint64_t *cut, size_t cuts, struct run *run, uint64_t *cost)
{
	struct wanted wanted = sort_clauses(args, s, word, mask);
	size_t runs = 0;

	for (size_t i = 0; i < cuts && !(runs && given_up(args)); i++) {
		struct scratch_mark start = scratch_mark(&args->graph->scratch);
		uint32_t last = i + 1 < cuts ? (uint32_t)(cut[i + 1] - 1) : UINT32_MAX;
		uint64_t next;
		bool more = least_within(cut[i] + 1, mask, &next) && next <= last;
		struct fact_value fact = {word, mask, (uint32_t)cut[i], !more};
		const struct state *part = clauses_for(args, &wanted, fact.x);
		const struct state *to = solve(args, know(args, part, decide_value, &fact));
		scratch_release(&args->graph->scratch, start);
		if (runs && run[runs - 1].child == to->node) {
			run[runs - 1].last = last;
			continue;
		}
		cost[runs] = to->cost;
		run[runs++] = (struct run){.first = fact.x, .last = last, .child = to->node};
	}
	return runs;
}

/* A tree over the runs; its cost. */
static uint64_t ask_runs(struct args *args, unsigned word, uint32_t mask, struct run *run, const uint64_t *cost,
	size_t runs, uint32_t *node)
{
	struct search_goal goal = {.held = mask == UINT32_MAX ? 0 : mask};
	uint64_t total = 0, spent = 0, tests;

	if (runs == 1) {
		*node = run[0].child;
		return cost[0];
	}
	for (size_t i = 0; i < runs; i++) {
		run[i].weight = guess_weight(args->graph, word, &run[i]);
		total += run[i].weight;
		spent += run[i].weight * cost[i];
	}
	assert(total);
	if (args->aim == ARGS_SMALL || (args->aim == ARGS_USUAL && goal.held && runs > FEW_RUNS))
		goal.price.size = total; /* a test stored for one that every call is spared */
	*node = search_build(args->graph, word, run, runs, &goal, &tests);
	return (goal.held ? 2 : 1) * COST_UNIT + (tests * COST_UNIT + spent) / total;
}

static uint64_t ask_values(struct args *args, const struct state *s, unsigned word, uint32_t mask, uint32_t *node)
{
	struct scratch *scratch = &args->graph->scratch;
	struct scratch_mark start = scratch_mark(scratch);
	size_t cuts;
	uint64_t *cut = find_cuts(args, s, word, mask, &cuts);
	struct run *run = scratch_take(scratch, cuts, sizeof(*run));
	uint64_t *cost = scratch_take(scratch, cuts, sizeof(*cost));
	size_t runs = find_runs(args, s, word, mask, cut, cuts, run, cost);
	uint64_t all = ask_runs(args, word, mask, run, cost, runs, node);

	scratch_release(scratch, start);
	return all;
}

static uint64_t ask(struct args *args, const struct state *s, unsigned word, uint32_t *node)
{
	struct fact_mask f;

	if (!find_masked(s, word, &f))
		return ask_values(args, s, word, UINT32_MAX, node);
	return is_shared(s, &f) ? ask_values(args, s, word, f.mask, node) : ask_mask(args, s, &f, node);
}

/*
 * The word to ask first where trying takes too long: of the argument most conditions are about, its high
 * half. That decides most of them at once, and leaves the states of a 32-bit ABI, whose nodes are then
 * shared.
 */
static unsigned favourite(const struct state *s)
{
	size_t uses[CALL_ARGS] = {0};
	bool high[CALL_ARGS] = {false};
	unsigned best = 0;

	for (size_t i = 0; i < s->atoms; i++) {
		const struct atom *a = &s->atom[i];
		uses[a->arg]++;
		high[a->arg] |= a->part != PART_LO;
	}
	for (unsigned arg = 1; arg < CALL_ARGS; arg++)
		best = uses[arg] > uses[best] ? arg : best;
	return high[best] ? WORD_HI(best) : WORD_LO(best);
}

/*
 * Is the word worth trying first? Any that is asked for, but where there are many arguments only low
 * halves while both are open: orders multiply, and a high half seldom decides.
 */
static bool worth_trying(const struct state *s, unsigned word)
{
	bool asked = false, both[CALL_ARGS] = {false};
	unsigned open = 0;

	for (size_t i = 0; i < s->atoms; i++) {
		const struct atom *a = &s->atom[i];
		asked |= asks(a, word);
		open += a->part == PART_BOTH && !both[a->arg];
		both[a->arg] |= a->part == PART_BOTH;
	}
	unsigned arg = (word - WORD_ARG_LO) / 2;
	return asked && (open <= ARGS_TRIED || word == WORD_LO(arg) || !both[arg]);
}

static void ask_best(struct args *args, struct state *s)
{
	uint32_t node;

	s->cost = UINT64_MAX;
	if (s->atoms > TRIED_MAX || args->work > WORK_TRIES || args->work_before > WORK_ALL) {
		s->cost = ask(args, s, favourite(s), &s->node);
		return;
	}
	for (unsigned word = WORD_ARG_LO; word < WORDS; word++) {
		if (!worth_trying(s, word))
			continue;
		uint64_t cost = ask(args, s, word, &node);
		if (cost < s->cost) {
			s->cost = cost;
			s->node = node;
		}
	}
}

/* The state with its node, from the memo if it is known. At most one level an atom deep. */
static const struct state *solve(struct args *args, struct state *made)
{
	made->hash = hash_state(made);
	for (struct state *known = args->memo[made->hash & (args->slots - 1)]; known; known = known->next) {
		if (known->hash == made->hash && same_state(known, made))
			return known;
	}
	struct state *s = keep_state(args, made);
	if (!s->atoms || given_up(args)) {
		s->node = graph_leaf(args->graph, s->term[0].ret);
		s->cost = COST_UNIT;
	} else {
		ask_best(args, s);
	}
	if (args->states == args->slots)
		memo_grow(args);
	memo_add(args, s);
	return s;
}

/* --- which layout --- */

/* The shortest list of the clauses; of those alike the one that shares its end with lists to come. */
static uint32_t shortest_list(const struct args *args, const struct state *s, size_t *size)
{
	static const uint8_t ways[] = {LISTING_TAIL, LISTING_PLAIN, LISTING_COMMON};
	struct graph *g = args->graph;
	size_t count = countof(ways) - !(s->terms > 2 && !args->plain);
	uint32_t best = 0;

	*size = SIZE_MAX;
	for (size_t i = 0; i < count; i++) {
		uint32_t list = listing_build(g, s, (enum listing_way)ways[i]);
		size_t its = graph_added(g, list);
		if (its >= *size)
			continue;
		*size = its;
		best = list;
	}
	return best;
}

/* --- alike on ABIs of 64 and of 32 bits --- */

/* The clauses as a list in each way, and as a tree. */
struct ways {
	uint32_t root[LISTINGS + 1];
	size_t count;
};

static struct ways find_ways(const struct args *args, const struct state *s, uint32_t tree)
{
	struct ways w = {.root = {tree}, .count = 1};

	for (unsigned way = 0; way < LISTINGS; way++) {
		if (!args->plain || way == LISTING_TAIL || way == LISTING_PLAIN)
			w.root[w.count++] = listing_build(args->graph, s, (enum listing_way)way);
	}
	return w;
}

static enum truth decide_high(struct atom *a, const void *fact)
{
	(void)fact;
	return know_word(a, WORD_HI(a->arg), 0);
}

/* What is left of the clauses where all high halves are 0: what they are on a 32-bit ABI. */
static struct state *narrow_state(struct args *args, const struct state *s)
{
	struct state *narrowed = know(args, s, decide_high, NULL);

	if (narrowed->terms > 2) {
		implied_drop(narrowed, &args->graph->scratch);
		trim(narrowed);
	}
	return narrowed;
}

/* Does it hold for no value whose high half is another than 0? */
static bool wants_no_high(const struct atom *a)
{
	uint32_t value;
	bool less = a->part == PART_BOTH && (a->op == COND_LT || a->op == COND_LE);

	return asks(a, WORD_HI(a->arg)) && (less || a->op == COND_EQ) &&
		mask_on(a, WORD_HI(a->arg), &value) == UINT32_MAX && value == 0;
}

/* The arguments, as bits, whose high half has to be 0 for any clause but the last to hold. */
static unsigned no_highs(const struct state *s)
{
	const struct atom *a = s->atom;
	unsigned all = (1u << CALL_ARGS) - 1;

	for (size_t t = 0; t + 1 < s->terms; t++) {
		unsigned these = 0;
		for (uint32_t i = 0; i < s->term[t].atoms; i++, a++)
			these |= wants_no_high(a) ? 1u << a->arg : 0;
		all &= these;
	}
	return all;
}

/* The 32-bit ABI's graph behind tests that these high halves are 0. */
static uint32_t behind_highs(struct graph *g, const struct state *s, unsigned highs, uint32_t node)
{
	uint32_t otherwise = graph_leaf(g, s->term[s->terms - 1].ret);

	for (unsigned arg = CALL_ARGS; arg-- > 0;) {
		if (highs >> arg & 1)
			node = graph_test(g, WORD_HI(arg), UINT32_MAX, TEST_GE, 1, otherwise, node);
	}
	return node;
}

/* Instructions that both add, as if a test led to one or the other. */
static size_t added_by_both(struct graph *g, uint32_t a, uint32_t b)
{
	return graph_added(g, graph_test(g, WORD_ARCH, UINT32_MAX, TEST_EQ, 0, a, b));
}

/* Of all ways to build the state that which, with the best one for a 32-bit ABI, comes to the fewest instructions. */
static uint32_t shortest_with_narrow(struct args *args, const struct state *s, uint32_t tree,
	const struct state *narrowed, uint32_t narrow_tree)
{
	struct graph *g = args->graph;
	struct ways wide = find_ways(args, s, tree), narrow = find_ways(args, narrowed, narrow_tree);
	unsigned highs = 0, needed = no_highs(s);
	uint32_t best = tree;
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < s->atoms; i++)
		highs |= s->atom[i].part != PART_LO ? 1u << s->atom[i].arg : 0;
	for (size_t i = 0; i < narrow.count; i++) {
		for (size_t k = 0; k <= wide.count; k++) {
			if (k == wide.count && (highs & ~needed))
				continue;
			uint32_t way = k < wide.count ? wide.root[k] : behind_highs(g, s, highs, narrow.root[i]);
			size_t size = added_by_both(g, way, narrow.root[i]);
			best = size < least ? way : best;
			least = size < least ? size : least;
		}
	}
	return best;
}

/* --- which --- */

/* Of an argument that is to be another than one value the low half is right for nearly all calls: it comes first in a tree. */
static bool mostly_low(const struct args *args, const struct state *s)
{
	return args->aim != ARGS_SMALL && s->terms == 2 && s->term[0].atoms == 1 && s->atom[0].op == COND_NE;
}

/*
 * What was built, or a list of the clauses: where that could not be built to its end, or is so much larger that
 * taking fewer steps does not make up for it. A single clause is a list, however it is built.
 */
static uint32_t shorter(struct args *args, const struct state *s, uint32_t first, uint32_t built)
{
	static const unsigned too_large[] = {[ARGS_USUAL] = 115, [ARGS_SMALL] = 100, [ARGS_SHALLOW] = 200};
	struct graph *g = args->graph;
	size_t list_size;
	struct state *narrowed = args->alike ? narrow_state(args, s) : NULL;
	uint32_t narrow_tree = narrowed ? solve(args, narrowed)->node : 0;

	if (given_up(args)) {
		memo_init(args, SLOTS_FIRST);
		graph_prune(g, first, graph_leaf(g, s->term[0].ret));
		g->full = false;
		built = shortest_list(args, s, &list_size);
		if (!args->alike)
			return built;
		narrow_tree = shortest_list(args, narrowed, &list_size);
	}
	if (args->alike)
		return shortest_with_narrow(args, s, built, narrowed, narrow_tree);
	uint32_t list = shortest_list(args, s, &list_size);
	size_t size = graph_added(g, built);
	if (g->full)
		return built;
	if (s->terms <= 2 && (args->aim != ARGS_SHALLOW || graph_depth(g, list) <= graph_depth(g, built)))
		return list_size < size + !mostly_low(args, s) ? list : built;
	bool long_way = args->aim == ARGS_USUAL && graph_depth(g, list) > 2 * graph_depth(g, built);
	return list_size * too_large[long_way ? ARGS_SHALLOW : args->aim] < size * 100 ? list : built;
}

/* --- from clauses --- */

static enum truth decide_constant(struct atom *a, const void *fact)
{
	(void)fact;
	if (a->mask <= UINT32_MAX && a->value <= UINT32_MAX)
		a->part = PART_LO;
	enum truth truth = constant(a); /* of the whole, before a half is left out */
	if (truth != OPEN)
		return truth;
	narrow(a);
	return constant(a);
}

static struct state *first_state(struct args *args, const struct clause *clause, size_t clauses)
{
	size_t atoms = 0;

	for (size_t i = 0; i < clauses; i++)
		atoms += clause[i].conds;
	struct state *s = new_state(args, clauses, atoms);
	for (size_t i = 0; i < clauses; i++) {
		for (size_t k = 0; k < clause[i].conds; k++) {
			const struct cond *c = &clause[i].cond[k];
			s->atom[s->atoms++] = (struct atom){.arg = c->arg, .part = PART_BOTH,
				.op = (uint8_t)c->op, .mask = c->mask, .value = c->value};
		}
		s->term[s->terms++] = (struct term){clause[i].ret, (uint32_t)clause[i].conds};
	}
	s = know(args, s, decide_constant, NULL);
	if (s->terms > 2) {
		implied_drop(s, &args->graph->scratch);
		trim(s);
	}
	return s;
}

struct args *args_start(struct graph *graph, enum args_aim aim, bool alike, bool plain)
{
	struct args *args = arena_alloc(graph->arena, 1, sizeof(*args));

	args->graph = graph;
	args->aim = aim;
	args->alike = alike;
	args->plain = plain;
	memo_init(args, SLOTS_FIRST);
	return args;
}

uint32_t args_build(struct args *args, const struct clause *clause, size_t clauses)
{
	if (!clause[0].conds || args->graph->full)
		return graph_leaf(args->graph, clause[0].ret);
	struct scratch_mark mark = scratch_mark(&args->graph->scratch);
	struct state *s = first_state(args, clause, clauses);
	args->work = 0; /* what is left out makes no difference */
	uint32_t first = args->graph->count;
	args->work_max = WORK_EACH * s->atoms + (args->work_before > WORK_ALL ? WORK_LEFT : WORK_MAX);
	uint32_t node = shorter(args, s, first, solve(args, s)->node);
	if (args->graph->count - first > (args->graph->count < GRAPH_MAX / 2 ? ADDED_MAX : ADDED_LATE)) {
		node = graph_prune(args->graph, first, node);
		memo_init(args, SLOTS_FIRST); /* its states have lost their nodes */
	}
	graph_keep(args->graph, node);
	args->work_before += args->work;
	scratch_release(&args->graph->scratch, mark);
	return node;
}
