/*
 * The filter machine's arithmetic on numbers that depend on the call, by the methods of school:
 * ripple carry, shift and add, shift and subtract. Every bit of a result is a function of the bits
 * of the operands, put together with if-then-else; where these are constants it folds to one by
 * itself.
 *
 * In: numbers of 32 boolean functions. Out: the same. Nothing is approximated: what grows too large
 * runs out of the store's budget.
 */

#include "bits.h"

#include "../../compiler/base/base.h"

struct bits bits_constant(uint32_t value)
{
	struct bits out;

	for (unsigned i = 0; i < BITS; i++)
		out.bit[i] = value >> i & 1 ? BDD_TRUE : BDD_FALSE;
	return out;
}

struct bits bits_word(struct bdd *b, uint32_t first)
{
	struct bits out;

	for (unsigned i = 0; i < BITS; i++)
		out.bit[i] = bdd_node(b, first + BITS - 1 - i, BDD_FALSE, BDD_TRUE);
	return out;
}

bool bits_known(const struct bits *x, uint32_t *value)
{
	*value = 0;
	for (unsigned i = 0; i < BITS; i++) {
		if (x->bit[i] != BDD_FALSE && x->bit[i] != BDD_TRUE)
			return false;
		*value |= (uint32_t)(x->bit[i] == BDD_TRUE) << i;
	}
	return true;
}

bool bits_masked(const struct bdd *b, const struct bits *x, uint32_t *first, uint32_t *mask)
{
	*mask = 0;
	for (unsigned i = 0; i < BITS; i++) {
		if (x->bit[i] == BDD_FALSE)
			continue;
		uint32_t var = bdd_first(b, x->bit[i], x->bit[i]), place = BITS - 1 - i;
		if (var == BDD_LEAF || var < place || (*mask && var - place != *first))
			return false;
		if (bdd_given(b, x->bit[i], var, false) != BDD_FALSE ||
			bdd_given(b, x->bit[i], var, true) != BDD_TRUE)
			return false;
		*first = var - place;
		*mask |= UINT32_C(1) << i;
	}
	return *mask != 0;
}

static uint32_t opposite(struct bdd *b, uint32_t f)
{
	return bdd_ite(b, f, BDD_FALSE, BDD_TRUE);
}

static uint32_t both(struct bdd *b, uint32_t f, uint32_t g)
{
	return bdd_ite(b, f, g, BDD_FALSE);
}

static uint32_t either(struct bdd *b, uint32_t f, uint32_t g)
{
	return bdd_ite(b, f, BDD_TRUE, g);
}

static uint32_t differ(struct bdd *b, uint32_t f, uint32_t g)
{
	return bdd_ite(b, f, opposite(b, g), g);
}

struct bits bits_and(struct bdd *b, const struct bits *x, const struct bits *y)
{
	struct bits out;

	for (unsigned i = 0; i < BITS; i++)
		out.bit[i] = both(b, x->bit[i], y->bit[i]);
	return out;
}

struct bits bits_or(struct bdd *b, const struct bits *x, const struct bits *y)
{
	struct bits out;

	for (unsigned i = 0; i < BITS; i++)
		out.bit[i] = either(b, x->bit[i], y->bit[i]);
	return out;
}

struct bits bits_xor(struct bdd *b, const struct bits *x, const struct bits *y)
{
	struct bits out;

	for (unsigned i = 0; i < BITS; i++)
		out.bit[i] = differ(b, x->bit[i], y->bit[i]);
	return out;
}

/* x + y + carry; a sum bit is the odd one of three, the carry what at least two agree on. */
static struct bits add(struct bdd *b, const struct bits *x, const struct bits *y, uint32_t carry)
{
	struct bits out;

	for (unsigned i = 0; i < BITS; i++) {
		uint32_t odd = differ(b, x->bit[i], y->bit[i]);
		out.bit[i] = differ(b, odd, carry);
		carry = bdd_ite(b, odd, carry, x->bit[i]);
	}
	return out;
}

struct bits bits_add(struct bdd *b, const struct bits *x, const struct bits *y)
{
	return add(b, x, y, BDD_FALSE);
}

/* x - y is x + ~y + 1. */
struct bits bits_sub(struct bdd *b, const struct bits *x, const struct bits *y)
{
	struct bits inverse;

	for (unsigned i = 0; i < BITS; i++)
		inverse.bit[i] = opposite(b, y->bit[i]);
	return add(b, x, &inverse, BDD_TRUE);
}

static struct bits choose(
	struct bdd *b, uint32_t test, const struct bits *yes, const struct bits *no)
{
	struct bits out;

	for (unsigned i = 0; i < BITS; i++)
		out.bit[i] = bdd_ite(b, test, yes->bit[i], no->bit[i]);
	return out;
}

/* x << places; what comes in at the low end is 0. */
static struct bits up(const struct bits *x, unsigned places)
{
	struct bits out;

	for (unsigned i = 0; i < BITS; i++)
		out.bit[i] = i < places ? BDD_FALSE : x->bit[i - places];
	return out;
}

static struct bits down(const struct bits *x, unsigned places)
{
	struct bits out;

	for (unsigned i = 0; i < BITS; i++)
		out.bit[i] = i + places < BITS ? x->bit[i + places] : BDD_FALSE;
	return out;
}

struct bits bits_lsh(struct bdd *b, const struct bits *x, const struct bits *y)
{
	struct bits out = *x;

	for (unsigned i = 0; i < 5; i++) {
		struct bits moved = up(&out, 1u << i);
		out = choose(b, y->bit[i], &moved, &out);
	}
	return out;
}

struct bits bits_rsh(struct bdd *b, const struct bits *x, const struct bits *y)
{
	struct bits out = *x;

	for (unsigned i = 0; i < 5; i++) {
		struct bits moved = down(&out, 1u << i);
		out = choose(b, y->bit[i], &moved, &out);
	}
	return out;
}

struct bits bits_mul(struct bdd *b, const struct bits *x, const struct bits *y)
{
	struct bits out = bits_constant(0);

	for (unsigned i = 0; i < BITS && !b->full; i++) {
		if (y->bit[i] == BDD_FALSE)
			continue;
		struct bits moved = up(x, i);
		struct bits sum = bits_add(b, &out, &moved);
		out = choose(b, y->bit[i], &sum, &out);
	}
	return out;
}

/*
 * From the lightest bit up: `result` is the answer where the heavier bits are equal; where they
 * differ they decide.
 */
uint32_t bits_compare(
	struct bdd *b, const struct bits *x, const struct bits *y, struct relation holds)
{
	const uint32_t less = holds.less ? BDD_TRUE : BDD_FALSE;
	const uint32_t more = holds.more ? BDD_TRUE : BDD_FALSE;
	uint32_t result = holds.equal ? BDD_TRUE : BDD_FALSE;

	for (unsigned i = 0; i < BITS; i++) {
		uint32_t one = bdd_ite(b, y->bit[i], result, more);
		uint32_t zero = bdd_ite(b, y->bit[i], less, result);
		result = bdd_ite(b, x->bit[i], one, zero);
	}
	return result;
}

/* Digit by digit: the rest is never above the digits taken so far, so no bit of it is lost. */
struct bits bits_div(struct bdd *b, const struct bits *x, const struct bits *y)
{
	const struct relation least = {.equal = true, .more = true};
	struct bits out = bits_constant(0), rest = out;

	for (unsigned i = BITS; i-- && !b->full;) {
		rest = up(&rest, 1);
		rest.bit[0] = x->bit[i];
		out.bit[i] = bits_compare(b, &rest, y, least);
		struct bits less = bits_sub(b, &rest, y);
		rest = choose(b, out.bit[i], &less, &rest);
	}
	return out;
}

/*
 * The values whose bits from `bits` up are those of `value`, provided that `test` holds; it says
 * for which calls they are, so that no value is tried that the number never has.
 */
static uint32_t values(
	struct bdd *b, const struct bits *x, unsigned bits, uint32_t value, uint32_t test)
{
	if (!bits--)
		return bdd_leaf(b, value);
	uint32_t ones = both(b, test, x->bit[bits]);
	uint32_t zeros = both(b, test, opposite(b, x->bit[bits]));
	if (ones == BDD_FALSE)
		return values(b, x, bits, value, zeros);
	if (zeros == BDD_FALSE)
		return values(b, x, bits, value | 1u << bits, ones);
	uint32_t no = values(b, x, bits, value, zeros);
	uint32_t yes = values(b, x, bits, value | 1u << bits, ones);
	return bdd_ite(b, x->bit[bits], yes, no);
}

uint32_t bits_value(struct bdd *b, const struct bits *x)
{
	return values(b, x, BITS, 0, BDD_TRUE);
}
