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
