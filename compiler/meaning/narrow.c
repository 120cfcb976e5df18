/*
 * A parameter of `bits` bits is compared as an unsigned number of that many, as a 32-bit ABI's is:
 * among negative ints the order stays as it was, and all of them are above the others.
 */

#include "narrow.h"

uint64_t narrow_low(unsigned bits)
{
	return bits < 64 ? ((uint64_t)1 << bits) - 1 : UINT64_MAX;
}

/*
 * All above `low` set, and looked at, as sign extension leaves a negative value. Whoever asks whether an argument
 * is that means the int; an order is one of numbers without a sign, in which it is beyond all that fit.
 */
static bool is_negative(const struct cond *c, uint64_t low)
{
	uint64_t sign = low ^ low >> 1;

	return (c->op == COND_EQ || c->op == COND_NE) && c->value & sign && (c->value & ~low) == ~low;
}

static enum narrowed never(struct cond *c, uint64_t low)
{
	*c = (struct cond){.arg = c->arg, .op = COND_GT, .mask = low, .value = low};
	return NARROWED_FAILS;
}

/* The value is more than the parameter can hold. */
static enum narrowed beyond(struct cond *c, uint64_t low)
{
	switch (c->op) {
	case COND_NE:
	case COND_LT:
	case COND_LE:
		return NARROWED_HOLDS;
	case COND_EQ:
	case COND_GE:
	case COND_GT:
		return never(c, low);
	}
	unreachable();
}

/* No bit is compared: zero with zero. */
static enum narrowed nothing_left(struct cond *c, uint64_t low)
{
	switch (c->op) {
	case COND_EQ:
	case COND_LE:
	case COND_GE:
		return NARROWED_HOLDS;
	case COND_NE:
	case COND_LT:
	case COND_GT:
		return never(c, low);
	}
	unreachable();
}

enum narrowed narrow_cond(struct cond *c, unsigned bits)
{
	uint64_t low = narrow_low(bits);

	if (c->value & ~low && !is_negative(c, low))
		return beyond(c, low);
	c->mask &= low;
	c->value &= low;
	return c->mask ? NARROWED : nothing_left(c, low);
}

bool narrow_matters(const struct cond *c, unsigned bits)
{
	uint64_t above = c->mask & ~narrow_low(bits);

	switch (c->op) {
	case COND_EQ:
	case COND_NE:
		return above;
	case COND_LT: /* nothing is below 0 */
	case COND_GE:
		return above && c->value;
	case COND_LE: /* nothing is above the mask */
	case COND_GT:
		return above && c->value != c->mask;
	}
	unreachable();
}
