#ifndef BACKENDS_PROVE_BITS_H
#define BACKENDS_PROVE_BITS_H

/*
 * A 32-bit number that depends on the call: each of its bits is a boolean function. Arithmetic is
 * exact and modulo 2^32, as the filter machine's; a constant is a number whose bits are leaves.
 */

#include "../../compiler/logic/chain.h"

#define BITS 32

struct bits {
	uint32_t bit[BITS]; /* bit[i] weighs 2^i */
};

struct bits bits_constant(uint32_t);
/* The word whose top bit is variable `first`, the others following. */
struct bits bits_word(struct bdd *, uint32_t first);
/* Is it the same for every call? */
bool bits_known(const struct bits *, uint32_t *value);
/*
 * Is bit 31 the variable `first`, the others those that follow, and what the mask leaves out 0? So
 * are the words of the call, masked and shifted; constants are not.
 */
bool bits_masked(const struct bdd *, const struct bits *, uint32_t *first, uint32_t *mask);

struct bits bits_and(struct bdd *, const struct bits *, const struct bits *);
struct bits bits_or(struct bdd *, const struct bits *, const struct bits *);
struct bits bits_xor(struct bdd *, const struct bits *, const struct bits *);
struct bits bits_add(struct bdd *, const struct bits *, const struct bits *);
struct bits bits_sub(struct bdd *, const struct bits *, const struct bits *);
struct bits bits_mul(struct bdd *, const struct bits *, const struct bits *);
/* Where the divisor is 0 the quotient is any number. */
struct bits bits_div(struct bdd *, const struct bits *, const struct bits *);
/* By the low five bits of the right operand. */
struct bits bits_lsh(struct bdd *, const struct bits *, const struct bits *);
struct bits bits_rsh(struct bdd *, const struct bits *, const struct bits *);

/* Boolean: does x RELATION y hold? */
uint32_t bits_compare(struct bdd *, const struct bits *x, const struct bits *y, struct relation);

/* The function whose leaves are the number's values. Budget permitting: it has a path for each. */
uint32_t bits_value(struct bdd *, const struct bits *);

#endif
