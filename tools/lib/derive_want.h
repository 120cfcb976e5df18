#ifndef TOOLS_LIB_DERIVE_WANT_H
#define TOOLS_LIB_DERIVE_WANT_H

/* What is wished for as a function of the call: leaves are claims, 0 where answers are to stay as they are. */

#include "derive.h"

/* A claim as a leaf; 0 is none, and DERIVE_CONTRADICTION what two wishes ask that no answer meets. */
#define DERIVE_CONTRADICTION ((uint64_t)1 << 42)
static inline uint32_t derive_ret(uint64_t claim)
{
	return (uint32_t)claim;
}

bool derive_meets(uint32_t ret, uint64_t claim);

/* Boolean: is something wished for, and the answer another? */
uint32_t derive_unmet(struct bdd *, uint32_t answers, uint32_t want);
/* Boolean: ... and the answer that? */
uint32_t derive_met(struct bdd *, uint32_t answers, uint32_t want);
/* Boolean: is something wished for? */
uint32_t derive_present(struct bdd *, uint32_t want);
/* The answers, what is given in place of those that do not do. */
uint32_t derive_target(struct bdd *, uint32_t answers, uint32_t want);

/* Boolean: the calls the wish is about, of its own number on the ABI; FALSE: there are none. */
uint32_t derive_region(struct bdd *, const struct derive_wish *, const struct abi *);

/* Fills in view->want and view->open. `default_ret`: the answer that costs no rule. */
void derive_want(struct bdd *, struct derive_view *, const struct derive_wish *, size_t wishes,
	uint32_t default_ret);

/* Where the view's `is` is not what it has to be: pairs of what that is and what it came to (diff.h). */
uint32_t derive_wrong(struct bdd *, const struct derive_view *);

#endif
