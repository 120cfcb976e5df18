/*
 * If-then-else for comparisons, without building the comparison.
 *
 * In: a masked word, a constant, and two functions. Out: what bdd_ite() would say. The heaviest bit
 * in which word and constant differ decides, so at each bit one of two ways is final and takes its
 * part of `yes` or `no` whole; only the other goes on.
 *
 * That is right as long as neither function depends on a variable the comparison has passed by.
 * Where one does, the rest is left to bdd_ite(); filters that ask for audit arch, number and
 * arguments in this order never bring it about.
 */

#include "chain.h"

#include "../base/base.h"

#define WORD_BITS 32u

/* From bit `at` on, counted from the top; the bits before are equal. Depth is the word's bits. */
static uint32_t choose(struct bdd *b, const struct chain *c, uint32_t at, uint32_t yes, uint32_t no)
{
	const struct relation holds = c->relation;

	if (yes == no)
		return yes;
	if (at == WORD_BITS)
		return holds.equal ? yes : no;
	uint32_t var = c->first + at, bit = UINT32_C(0x80000000) >> at;
	bool one = c->k & bit;
	if (!(c->mask & bit) && one) /* the word's bit counts as 0 */
		return holds.less ? yes : no;
	if (!(c->mask & bit))
		return choose(b, c, at + 1, yes, no);
	if (bdd_first(b, yes, no) < var)
		return bdd_ite(b, choose(b, c, at, BDD_TRUE, BDD_FALSE), yes, no);

	bool answer = one ? holds.less : holds.more; /* where the word's bit is the other */
	uint32_t decided = bdd_given(b, answer ? yes : no, var, !one);
	uint32_t open =
		choose(b, c, at + 1, bdd_given(b, yes, var, one), bdd_given(b, no, var, one));
	return one ? bdd_node(b, var, decided, open) : bdd_node(b, var, open, decided);
}

uint32_t chain_choose(struct bdd *b, const struct chain *c, uint32_t yes, uint32_t no)
{
	return choose(b, c, 0, yes, no);
}

struct words chain_words(const struct chain *c, bool holds, struct words of)
{
	const bool less = c->relation.less == holds, more = c->relation.more == holds, equal = c->relation.equal == holds;
	int64_t k = c->k, first = of.first, last = of.last;

	if (c->mask != UINT32_MAX)
		return of;
	if (!less && first < k)
		first = k;
	if (!more && last > k)
		last = k;
	first += !equal && first == k;
	last -= !equal && last == k;
	return first > last ? NO_WORDS : (struct words){(uint32_t)first, (uint32_t)last};
}

/* What is left of a function where the word's first bits are those of `word`. */
static uint32_t given_bits(const struct bdd *b, uint32_t function, uint32_t var, uint32_t word, uint32_t bits)
{
	for (;;) {
		uint32_t at = b->node[function].var - var;
		if (b->node[function].var < var || at >= bits)
			return function;
		function = word >> (WORD_BITS - 1 - at) & 1 ? b->node[function].hi : b->node[function].lo;
	}
}

uint32_t chain_choose_among(struct bdd *b, const struct chain *c, uint32_t yes, uint32_t no, struct words of)
{
	uint32_t known = 0;

	if (words_none(chain_words(c, true, of)))
		return no;
	if (words_none(chain_words(c, false, of)))
		return yes;
	while (c->mask == UINT32_MAX && !((of.first ^ of.last) >> (WORD_BITS - 1 - known)))
		known++;
	/* k has these bits, too: were it not among the words, it would be known which way they go */
	assert(!known || (of.first <= c->k && c->k <= of.last));
	yes = given_bits(b, yes, c->first, of.first, known);
	no = given_bits(b, no, c->first, of.first, known);
	return choose(b, c, known, yes, no);
}
