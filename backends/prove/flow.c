/*
 * In: a program, and the clauses of one number. Out: whether every return the number can reach says
 * what the clauses say.
 *
 * Jumps go forward only, so one pass suffices: each instruction is looked at once, with what is known
 * whichever way it was reached. Of the words of the call that is which bits are which, and between
 * which values a word lies; of the clauses, which cannot hold any more and which of their conditions
 * hold. A test adds to it on either side. Where ways meet, what not all of them know is forgotten;
 * but that a clause is out of question stays known, be it for another reason on each of them.
 *
 * What is forgotten may be what rules a way out; it is ruled out where a condition fails that is known to
 * hold, or where all conditions hold of a clause that cannot.
 *
 * A return is right if the first clause that holds for certain says the same, and so do all before
 * it that may hold. Calls for which one of those does hold are answered; so where it hangs on one condition,
 * that one fails for the calls that are left.
 *
 * Nothing is shared with the compiler's way of cutting conditions to pieces (arg_tree.c).
 */

#include "flow.h"

#include "../../compiler/base/base.h"
#include "../bpf/bytes.h"

#include <string.h>

/* What is known of a word: the bits of `known` are those of `value`, and it lies in least..most. */
struct fact {
	uint32_t known, value, least, most;
};

struct state {
	struct fact word[WORDS];
	unsigned a;          /* the word A was loaded from; WORDS: something else */
	uint32_t mask;       /* and what was kept of it */
	bool *holds, *dead;  /* by condition; by clause */
	bool impossible;     /* no call comes here */
	struct state *next;  /* of those to use again */
};

struct flow {
	struct arena *arena;
	const struct program *program;
	enum byte_order order;
	const struct range *range;
	size_t conds;
	uint32_t *clause_of;             /* by condition */
	const struct cond **cond;
	struct state **at;               /* by pc: NULL where nothing leads */
	struct state *spare;
};

/* --- states --- */

static struct state *take_state(struct flow *f)
{
	struct state *s = f->spare;

	if (s) {
		f->spare = s->next;
		return s;
	}
	s = arena_raw(f->arena, 1, sizeof(*s));
	s->holds = arena_raw(f->arena, f->conds, sizeof(*s->holds));
	s->dead = arena_raw(f->arena, f->range->clauses, sizeof(*s->dead));
	return s;
}

static void give_back(struct flow *f, struct state *s)
{
	s->next = f->spare;
	f->spare = s;
}

static struct state *copy_state(struct flow *f, const struct state *from)
{
	struct state *s = take_state(f);
	bool *holds = s->holds, *dead = s->dead;

	*s = *from;
	s->holds = holds;
	s->dead = dead;
	memcpy(holds, from->holds, f->conds * sizeof(*holds));
	memcpy(dead, from->dead, f->range->clauses * sizeof(*dead));
	return s;
}

/* What both know. */
static void forget(const struct flow *f, struct state *s, const struct state *other)
{
	for (unsigned i = 0; i < WORDS; i++) {
		struct fact *a = &s->word[i];
		const struct fact *b = &other->word[i];
		a->known &= b->known & ~(a->value ^ b->value);
		a->value &= a->known;
		a->least = a->least < b->least ? a->least : b->least;
		a->most = a->most > b->most ? a->most : b->most;
	}
	if (s->a != other->a || s->mask != other->mask)
		s->a = WORDS;
	for (size_t i = 0; i < f->conds; i++)
		s->holds[i] &= other->holds[i];
	for (size_t i = 0; i < f->range->clauses; i++)
		s->dead[i] &= other->dead[i];
}

/* --- conditions --- */

/* Between which values the word lies under a mask, which makes it no larger. */
static void bounds(const struct fact *w, uint32_t mask, uint32_t *least, uint32_t *most)
{
	*least = w->value & w->known & mask;
	*most = (w->value | ~w->known) & mask;
	*most = *most < w->most ? *most : w->most;
	if (mask == UINT32_MAX)
		*least = *least > w->least ? *least : w->least;
}

enum answer { FAILS, HOLDS, OPEN };

static enum answer ordered(uint64_t least, uint64_t most, const struct cond *c)
{
	bool inside = least <= c->value && c->value <= most, one = least == most;

	switch (c->op) {
	case COND_EQ:
		return !inside ? FAILS : one ? HOLDS : OPEN;
	case COND_NE:
		return !inside ? HOLDS : one ? FAILS : OPEN;
	case COND_LT:
		return most < c->value ? HOLDS : least >= c->value ? FAILS : OPEN;
	case COND_LE:
		return most <= c->value ? HOLDS : least > c->value ? FAILS : OPEN;
	case COND_GE:
		return least >= c->value ? HOLDS : most < c->value ? FAILS : OPEN;
	case COND_GT:
		return least > c->value ? HOLDS : most <= c->value ? FAILS : OPEN;
	}
	unreachable();
}

/* Is a bit known to be another than the condition wants? */
static bool clashes(const struct fact *w, uint32_t mask, uint32_t value)
{
	return ((value & ~mask) | (w->known & mask & (w->value ^ value))) != 0;
}

static enum answer ask(const struct state *s, const struct cond *c)
{
	const struct fact *lo = &s->word[WORD_LO(c->arg)], *hi = &s->word[WORD_HI(c->arg)];
	uint32_t mask_lo = (uint32_t)c->mask, mask_hi = (uint32_t)(c->mask >> 32);
	uint32_t least_lo, most_lo, least_hi, most_hi;

	if ((c->op == COND_EQ || c->op == COND_NE) &&
		(clashes(lo, mask_lo, (uint32_t)c->value) || clashes(hi, mask_hi, (uint32_t)(c->value >> 32))))
		return c->op == COND_NE ? HOLDS : FAILS;
	bounds(lo, mask_lo, &least_lo, &most_lo);
	bounds(hi, mask_hi, &least_hi, &most_hi);
	return ordered((uint64_t)least_hi << 32 | least_lo, (uint64_t)most_hi << 32 | most_lo, c);
}

static void settle(const struct flow *f, struct state *s, size_t i, enum answer answer)
{
	if (answer == HOLDS) {
		s->holds[i] = true;
	} else if (answer == FAILS) {
		s->impossible |= s->holds[i];
		s->dead[f->clause_of[i]] = true;
	}
}

/* What follows for all conditions from what is known of the word now. */
static void conclude(const struct flow *f, struct state *s, unsigned word)
{
	for (size_t i = 0; i < f->conds; i++) {
		const struct cond *c = f->cond[i];
		if (WORD_LO(c->arg) == word || WORD_HI(c->arg) == word)
			settle(f, s, i, ask(s, c));
	}
}

/* (word & mask) is not the value: neither is that any condition that wants it. */
static void rule_out(const struct flow *f, struct state *s, unsigned word, uint32_t mask, uint32_t value)
{
	for (size_t i = 0; i < f->conds; i++) {
		const struct cond *c = f->cond[i];
		bool high = WORD_HI(c->arg) == word;
		if ((!high && WORD_LO(c->arg) != word) || (c->op != COND_EQ && c->op != COND_NE))
			continue;
		uint32_t part = (uint32_t)(high ? c->mask >> 32 : c->mask);
		uint32_t wanted = (uint32_t)(high ? c->value >> 32 : c->value);
		if ((mask & ~part) == 0 && (wanted & mask) == value)
			settle(f, s, i, c->op == COND_NE ? HOLDS : FAILS);
	}
}

/* --- tests: false where no call goes that way --- */

static bool tidy(struct fact *w)
{
	uint32_t least, most;

	bounds(w, UINT32_MAX, &least, &most);
	w->least = least;
	w->most = most;
	if (least == most) {
		if (w->known & (w->value ^ least))
			return false;
		w->known = UINT32_MAX;
		w->value = least;
	}
	return least <= most;
}

static bool is_equal(struct state *s, uint32_t mask, uint32_t k)
{
	struct fact *w = &s->word[s->a];

	if (k & ~mask || w->known & mask & (w->value ^ k))
		return false;
	w->value = (w->value & w->known & ~mask) | k;
	w->known |= mask;
	return tidy(w);
}

static bool is_other(const struct flow *f, struct state *s, uint32_t mask, uint32_t k)
{
	struct fact *w = &s->word[s->a];

	if (k & ~mask)
		return true;
	if ((w->known & mask) == mask && (w->value & mask) == k)
		return false;
	if (mask == UINT32_MAX && w->least == k && w->most == k)
		return false;
	rule_out(f, s, s->a, mask, k);
	if (!(mask & (mask - 1)))
		return is_equal(s, mask, k ^ mask);
	if (mask == UINT32_MAX && w->least == k)
		w->least++;
	else if (mask == UINT32_MAX && w->most == k)
		w->most--;
	return tidy(w);
}

static bool is_at_least(struct state *s, uint32_t mask, uint64_t k)
{
	struct fact *w = &s->word[s->a];
	uint32_t least, most;

	bounds(w, mask, &least, &most);
	if (most < k)
		return false;
	if (mask == UINT32_MAX && w->least < k)
		w->least = (uint32_t)k;
	return tidy(w);
}

static bool is_below(struct state *s, uint32_t mask, uint64_t k)
{
	struct fact *w = &s->word[s->a];
	uint32_t least, most;

	bounds(w, mask, &least, &most);
	if (least >= k)
		return false;
	if (mask == UINT32_MAX && w->most >= k)
		w->most = (uint32_t)(k - 1);
	return tidy(w);
}

static bool goes(const struct flow *f, struct state *s, const struct insn *insn, bool yes)
{
	switch (insn->code) {
	case INSN_JEQ:
		return yes ? is_equal(s, s->mask, insn->k) : is_other(f, s, s->mask, insn->k);
	case INSN_JSET:
		return yes ? is_other(f, s, s->mask & insn->k, 0) : is_equal(s, s->mask & insn->k, 0);
	case INSN_JGE:
		return yes ? is_at_least(s, s->mask, insn->k) : is_below(s, s->mask, insn->k);
	case INSN_JGT:
		return yes ? is_at_least(s, s->mask, (uint64_t)insn->k + 1)
			   : is_below(s, s->mask, (uint64_t)insn->k + 1);
	}
	unreachable();
}

/* --- returns --- */

/* What follows where a condition does not hold. False: no call is left. */
static bool suppose_not(const struct flow *f, struct state *s, const struct cond *c)
{
	const uint32_t mask[] = {(uint32_t)c->mask, (uint32_t)(c->mask >> 32)};
	const uint32_t value[] = {(uint32_t)c->value, (uint32_t)(c->value >> 32)};
	bool possible = true;

	for (unsigned half = 0; half < 2; half++) {
		s->a = half ? WORD_HI(c->arg) : WORD_LO(c->arg);
		if (c->op == COND_NE)
			possible = possible && is_equal(s, mask[half], value[half]);
		else if (c->op == COND_EQ && !mask[!half] && !value[!half])
			possible = possible && is_other(f, s, mask[half], value[half]);
		conclude(f, s, s->a);
	}
	return possible && !s->impossible;
}

/* How many of the conditions from `first` on may not hold, and the last of those. */
static size_t count_open(const struct state *s, size_t first, size_t conds, size_t *last)
{
	size_t open = 0;

	for (size_t i = first; i < first + conds; i++) {
		if (s->holds[i])
			continue;
		open++;
		*last = i;
	}
	return open;
}

/*
 * Does the first clause that holds for certain say so, and all before it that may hold? `suppose`: calls for which
 * one of these holds are answered, so it does not; the state is then used up.
 */
static bool says(const struct flow *f, struct state *s, uint32_t ret, bool suppose)
{
	size_t next = 0, last = 0;

	for (size_t c = 0; c < f->range->clauses; next += f->range->clause[c++].conds) {
		const struct clause *clause = &f->range->clause[c];
		size_t open = count_open(s, next, clause->conds, &last);
		if (s->dead[c] && !open && clause->conds)
			return true; /* no call comes here */
		if (s->dead[c])
			continue;
		if (clause->ret != ret)
			return false;
		if (!open || (suppose && open == 1 && !suppose_not(f, s, f->cond[last])))
			return true;
	}
	unreachable(); /* the last clause has no condition */
}

/* The state is used up. What is supposed takes long, and is seldom needed. */
static bool is_right(const struct flow *f, struct state *s, uint32_t ret)
{
	return says(f, s, ret, false) || says(f, s, ret, true);
}

/*
 * Takes the state to an instruction. At a return it is asked at once: what the ways to one return have in
 * common is often nothing but what it says. False: it is wrong.
 */
static bool arrive(struct flow *f, size_t pc, struct state *s)
{
	const struct insn *insn = &f->program->insn[pc];
	bool right = true;

	if (insn->code == INSN_RET)
		right = is_right(f, s, insn->k);
	else if (f->at[pc])
		forget(f, f->at[pc], s);
	else
		f->at[pc] = s;
	if (f->at[pc] != s)
		give_back(f, s);
	return right;
}

/* --- instructions --- */

static bool jump(struct flow *f, size_t pc, struct state *s)
{
	const struct insn *insn = &f->program->insn[pc];

	if (s->a == WORDS)
		return false;
	for (unsigned yes = 0; yes < 2; yes++) {
		struct state *to = copy_state(f, s);
		if (!goes(f, to, insn, yes)) {
			give_back(f, to);
			continue;
		}
		conclude(f, to, s->a);
		if (to->impossible) {
			give_back(f, to);
			continue;
		}
		if (!arrive(f, pc + 1 + (yes ? insn->jt : insn->jf), to))
			return false;
	}
	return true;
}

/* One instruction, reached with `s`, which is given on or back. False: it cannot be followed, or is wrong. */
static bool step(struct flow *f, size_t pc, struct state *s)
{
	const struct insn *insn = &f->program->insn[pc];
	bool done;

	switch (insn->code) {
	case INSN_LD:
		s->a = word_at(insn->k, f->order);
		s->mask = UINT32_MAX;
		return arrive(f, pc + 1, s);
	case INSN_AND:
		s->mask &= insn->k;
		return arrive(f, pc + 1, s);
	case INSN_JA:
		return arrive(f, pc + 1 + insn->k, s);
	case INSN_JEQ:
	case INSN_JGT:
	case INSN_JGE:
	case INSN_JSET:
		done = jump(f, pc, s);
		give_back(f, s);
		return done;
	}
	return false;
}

/* --- the walk --- */

static void list_conds(struct flow *f)
{
	size_t next = 0;

	for (size_t c = 0; c < f->range->clauses; c++)
		f->conds += f->range->clause[c].conds;
	f->cond = arena_raw(f->arena, f->conds, sizeof(const struct cond *));
	f->clause_of = arena_raw(f->arena, f->conds, sizeof(*f->clause_of));
	for (size_t c = 0; c < f->range->clauses; c++) {
		for (size_t i = 0; i < f->range->clause[c].conds; i++) {
			f->cond[next] = &f->range->clause[c].cond[i];
			f->clause_of[next++] = (uint32_t)c;
		}
	}
}

static struct state *start(struct flow *f, uint32_t audit, uint32_t nr)
{
	struct state *s = take_state(f);

	memset(s->holds, 0, f->conds * sizeof(*s->holds));
	s->impossible = false;
	memset(s->dead, 0, f->range->clauses * sizeof(*s->dead));
	for (unsigned i = 0; i < WORDS; i++)
		s->word[i] = (struct fact){.most = UINT32_MAX};
	s->word[WORD_ARCH] = (struct fact){UINT32_MAX, audit, audit, audit};
	s->word[WORD_NR] = (struct fact){UINT32_MAX, nr, nr, nr};
	s->a = WORDS;
	s->mask = 0;
	for (unsigned i = WORD_ARG_LO; i < WORDS; i++)
		conclude(f, s, i); /* what always or never holds */
	return s;
}

bool flow_shows(struct arena *arena, const struct program *program, enum byte_order order, uint32_t audit,
	uint32_t nr, const struct range *range, uint64_t *steps)
{
	struct flow f = {.arena = arena, .program = program, .order = order, .range = range};

	list_conds(&f);
	uint64_t cost = 4 * (f.conds + range->clauses + WORDS);
	f.at = arena_alloc(arena, program->len, sizeof(struct state *));
	if (!arrive(&f, 0, start(&f, audit, nr)))
		return false;
	for (size_t pc = 0; pc < program->len; pc++) {
		if (!f.at[pc])
			continue;
		if (*steps < cost)
			return false;
		*steps -= cost;
		if (!step(&f, pc, f.at[pc]))
			return false;
	}
	return true;
}
