#ifndef COMPILER_MEANING_NARROW_H
#define COMPILER_MEANING_NARROW_H

/*
 * Conditions on parameters that the kernel cuts: compared as wide as the kernel takes them, so that
 * what a caller puts above decides nothing.
 */

#include "policy.h"

enum narrowed {
	NARROWED,       /* the condition looks at the low bits alone */
	NARROWED_HOLDS, /* whatever they are, it holds: it is not needed */
	NARROWED_FAILS, /* whatever they are, it fails; it is one that never holds */
};

/* That many low bits set, 1..64. */
uint64_t narrow_low(unsigned bits);

/*
 * Cut a condition to the low `bits`, 1..64. The value stands for what a program would pass: zero
 * above the low bits, or, for a negative one, all ones (-1 as 0xffffffff or as 2^64 - 1). A value
 * that is neither is beyond what the parameter can be: nothing equals it, all are less.
 */
enum narrowed narrow_cond(struct cond *, unsigned bits);

/* Can what stands above the low `bits` change whether the condition holds? */
bool narrow_matters(const struct cond *, unsigned bits);

#endif
