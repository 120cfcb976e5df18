/*
 * The only candidate for the mask is every bit that no number of the zero side has: a larger mask
 * would hit one of them, a smaller one hits less of the other side. It works if and only if the
 * numbers within the remaining bits are exactly those of the zero side, and those can be counted
 * without listing them.
 *
 * What a mask tells apart it tells apart in every part of it. So the intervals that have one are
 * found by moving both ends to the right only. In an interval of two labels they alternate: a side
 * is every other run.
 */

#include "mask_test.h"

/* The highest bit set, and all below. */
static uint32_t spread(uint32_t bits)
{
	for (unsigned shift = 1; shift < 32; shift *= 2)
		bits |= bits >> shift;
	return bits;
}

uint32_t split_bits(const struct run *r)
{
	return r->last | spread(r->first ^ r->last);
}

/* How many n <= limit have no bit outside `bits`. No branch, as none could be foretold. */
static uint64_t count_within(uint32_t bits, uint32_t limit)
{
	uint64_t count = 1, below = 1; /* of the low bits: n <= limit's, and all n */

	for (; limit; limit >>= 1, bits >>= 1) {
		uint64_t in = bits & 1, set = limit & 1;
		count = (below & -set) + (count & (-in | (set - 1)));
		below <<= in;
	}
	return count;
}

/* The same for n of first..last. Of the bits they share, all have to be in `bits`. */
static uint64_t count_between(uint32_t bits, uint32_t first, uint32_t last)
{
	uint32_t shared = ~spread(first ^ last);

	if (first & shared & ~bits)
		return 0;
	first &= ~shared;
	return count_within(bits, last & ~shared) - (first ? count_within(bits, first - 1) : 0);
}

bool split_hits(const struct run *r, uint32_t mask)
{
	if (r->first & mask && r->first != r->last) {
		/* the next number without a bit of it: carried past all bits up to the highest */
		uint32_t above = (r->first | mask | spread(r->first & mask)) + 1;
		return above == 0 || (above & ~mask) > r->last;
	}
	return r->first & mask;
}

static uint64_t run_length(const struct run *r)
{
	return (uint64_t)r->last - r->first + 1;
}

bool split_mask(const struct run *run, size_t runs, uint32_t zero, uint32_t *mask)
{
	uint64_t numbers = 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < runs; i++) {
		if (run[i].child != zero)
			continue;
		bits |= split_bits(&run[i]);
		numbers += run_length(&run[i]);
	}
	*mask = ~bits;
	return count_between(bits, run[0].first, run[runs - 1].last) == numbers;
}

/* Is the side that every other run up to `zero` belongs to the zero side of a mask for from..to? */
static bool side_splits(
	const struct run *run, const uint32_t *run_bits, size_t from, size_t zero, size_t to)
{
	const struct run *other = &run[zero < to ? to : to - 1];
	uint64_t numbers = 0;
	uint32_t bits = 0;

	for (size_t back = 0; back <= zero - from; back += 2) {
		bits |= run_bits[zero - back];
		numbers += run_length(&run[zero - back]);
		if (!(other->first & ~bits) || !(other->last & ~bits))
			return false; /* the mask misses a number it has to hit: most end here */
	}
	return count_between(bits, run[from].first, run[to].last) == numbers;
}

const uint16_t *split_ends(struct scratch *scratch, const struct run *run, size_t runs)
{
	uint16_t *end = scratch_take(scratch, runs, sizeof(*end));
	struct scratch_mark mark = scratch_mark(scratch);
	uint32_t *bits = scratch_take(scratch, runs, sizeof(*bits));
	size_t to = 0;

	for (size_t i = 0; i < runs; i++)
		bits[i] = split_bits(&run[i]);
	for (size_t i = 0; i < runs; i++) {
		if (to <= i)
			to = i + 1 < runs ? i + 1 : i;
		while (to > i && to + 1 < runs && run[to + 1].child == run[to - 1].child &&
			(side_splits(run, bits, i, to + 1, to + 1) ||
				side_splits(run, bits, i, to, to + 1)))
			to++;
		end[i] = (uint16_t)to;
	}
	scratch_release(scratch, mark);
	return end;
}
