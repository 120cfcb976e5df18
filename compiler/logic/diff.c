/*
 * In: what two filters return, as functions in one store. Out: their difference. Since diagrams are
 * canonical, "no difference on this audit arch" or "on this number" is one comparison of indices,
 * and a walk over a word's 32 bits leaves out whole ranges of values at a time: it takes no more
 * steps than 32 for every span it finds.
 */

#include "diff.h"

#include "../base/base.h"
#include "../kernel/action.h"
#include "../kernel/undecided.h"
#include "combine.h"
#include "meaning.h"
#include "verdict.h"

#include <stdlib.h>

#define WORD_BITS 32u

static uint64_t pair_if(bool differ, uint32_t left, uint32_t right)
{
	return differ ? (uint64_t)left << 32 | right : DIFF_SAME;
}

static uint64_t compare(uint64_t f, uint64_t g)
{
	if (is_undecided(f) || is_undecided(g))
		return DIFF_SAME;
	uint32_t left = verdict_of((uint32_t)f), right = verdict_of((uint32_t)g);

	return pair_if(left != right, left, right);
}

/* Two errnos are equally strict: neither is allowed by the other. */
static uint64_t compare_ranks(uint64_t f, uint64_t g)
{
	if (is_undecided(f) || is_undecided(g))
		return DIFF_SAME;
	uint32_t left = verdict_of((uint32_t)f), right = verdict_of((uint32_t)g);

	return pair_if(verdict_rank(left) > verdict_rank(right), left, right);
}

uint32_t diff_function(struct bdd *b, uint32_t left, uint32_t right)
{
	return combine(b, left, right, compare);
}

uint32_t diff_laxer(struct bdd *b, uint32_t left, uint32_t right)
{
	return combine(b, left, right, compare_ranks);
}

static uint64_t keep_equal(uint64_t f, uint64_t g)
{
	return f == g ? f : DIFF_SAME;
}

uint32_t diff_only(struct bdd *b, uint32_t function, uint64_t leaf)
{
	return combine(b, function, bdd_leaf(b, leaf), keep_equal);
}

static uint64_t drop_equal(uint64_t f, uint64_t g)
{
	return f == g ? DIFF_SAME : f;
}

uint32_t diff_without(struct bdd *b, uint32_t function, uint64_t leaf)
{
	return combine(b, function, bdd_leaf(b, leaf), drop_equal);
}

static uint64_t keep_undecided(uint64_t f, uint64_t g)
{
	(void)g;
	return is_undecided(f) ? f : DIFF_SAME;
}

uint32_t diff_undecided(struct bdd *b, uint32_t function)
{
	return combine(b, function, function, keep_undecided);
}

static unsigned rank(uint64_t ret)
{
	return verdict_rank(verdict_of((uint32_t)ret));
}

static uint64_t keep_left(uint64_t f, uint64_t g)
{
	bool strict = !is_undecided(g) && rank(g) == rank(RET_ALLOW);

	return is_undecided(f) && !strict ? f : DIFF_SAME;
}

static uint64_t keep_right(uint64_t f, uint64_t g)
{
	bool strict = !is_undecided(f) && rank(f) == ACTION_KILL_PROCESS;

	return is_undecided(g) && !strict ? g : DIFF_SAME;
}

uint32_t diff_left_undecided(struct bdd *b, uint32_t left, uint32_t right)
{
	return combine(b, left, right, keep_left);
}

uint32_t diff_right_undecided(struct bdd *b, uint32_t left, uint32_t right)
{
	return combine(b, left, right, keep_right);
}

/* --- spans --- */

struct spans {
	const struct bdd *bdd;
	uint32_t word; /* its first variable */
	uint32_t same; /* the leaf */
	bool (*visit)(void *, const struct span *);
	void *data;
	struct span open; /* found and not yet told: it may grow */
	bool is_open, stopped;
};

static void tell(struct spans *s)
{
	if (s->is_open && !s->stopped)
		s->stopped = !s->visit(s->data, &s->open);
	s->is_open = false;
}

static void found(struct spans *s, uint32_t first, uint32_t last, uint32_t rest)
{
	if (s->is_open && s->open.rest == rest && s->open.last + 1 == first) {
		s->open.last = last;
		return;
	}
	tell(s);
	s->open = (struct span){first, last, rest};
	s->is_open = true;
}

/* The values first..first + 2^bits - 1. */
static void walk(struct spans *s, uint32_t rest, uint32_t first, unsigned bits)
{
	uint32_t var = s->word + WORD_BITS - bits;

	if (rest == s->same || s->stopped)
		return;
	if (bdd_first(s->bdd, rest, rest) >= s->word + WORD_BITS) {
		found(s, first, first + (uint32_t)((UINT64_C(1) << bits) - 1), rest);
		return;
	}
	walk(s, bdd_given(s->bdd, rest, var, false), first, bits - 1);
	walk(s, bdd_given(s->bdd, rest, var, true), first + (UINT32_C(1) << (bits - 1)), bits - 1);
}

bool diff_spans(struct bdd *b, uint32_t function, unsigned word,
	bool (*visit)(void *, const struct span *), void *data)
{
	struct spans s = {.bdd = b,
		.word = meaning_variable(word),
		.same = bdd_leaf(b, DIFF_SAME),
		.visit = visit,
		.data = data};

	walk(&s, function, 0, WORD_BITS);
	tell(&s);
	return !s.stopped;
}

/* --- names --- */

static int by_number(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return x->nr < y->nr ? -1 : x->nr > y->nr;
}

size_t diff_names(struct arena *arena, uint32_t audit, struct named **names)
{
	size_t count = 0, room = 0;

	for (size_t i = 0; i < arch_abi_count; i++)
		room += arch_abis[i].audit == audit ? arch_syscall_count() : 0;
	*names = arena_alloc(arena, room, sizeof(**names));
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		for (size_t id = 0; abi->audit == audit && id < arch_syscall_count(); id++) {
			struct named *n = &(*names)[count];
			*n = (struct named){.name = arch_syscall_name((uint16_t)id), .abi = abi};
			count += arch_nr(abi, (uint16_t)id, &n->nr);
		}
	}
	qsort(*names, count, sizeof(**names), by_number);
	return count;
}

/* --- a call --- */

uint64_t diff_call(const struct bdd *b, uint32_t function, struct call *call)
{
	while (!bdd_is_leaf(b, function)) {
		uint32_t var = bdd_first(b, function, function);
		uint32_t lo = bdd_given(b, function, var, false);
		bool one = bdd_is_leaf(b, lo) && bdd_value(b, lo) == DIFF_SAME;
		if (one)
			meaning_set(call, var);
		function = bdd_given(b, function, var, one);
	}
	return bdd_value(b, function);
}

uint64_t diff_witness(struct bdd *b, uint32_t function, struct call *call)
{
	uint32_t same = bdd_leaf(b, DIFF_SAME);

	*call = (struct call){0};
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		uint32_t here = meaning_given(b, function, WORD_ARCH, abi->audit);
		for (size_t id = 0; here != same && id < arch_syscall_count(); id++) {
			uint32_t nr, rest;
			if (!arch_nr(abi, (uint16_t)id, &nr))
				continue;
			rest = meaning_given(b, here, WORD_NR, nr);
			if (rest == same)
				continue;
			*call = (struct call){.arch = abi->audit, .nr = nr};
			return diff_call(b, rest, call);
		}
	}
	for (size_t i = 0; i < arch_abi_count; i++) {
		uint32_t here = meaning_given(b, function, WORD_ARCH, arch_abis[i].audit);
		if (here == same)
			continue;
		call->arch = arch_abis[i].audit;
		return diff_call(b, here, call);
	}
	return diff_call(b, function, call);
}
