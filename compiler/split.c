/*
 * The only candidate for the mask is every bit that no number of the zero side has: a larger mask would
 * hit one of them, a smaller one hits less of the other side. It works if and only if the numbers within
 * the remaining bits are exactly those of the zero side, and those can be counted without listing them.
 */

#include "split.h"

/* Every bit that some number of first..last has. */
static uint32_t bits_of(uint32_t first, uint32_t last)
{
	uint32_t below = first ^ last;

	for (unsigned shift = 1; shift < 32; shift *= 2)
		below |= below >> shift;
	return last | below;
}

/* How many n <= limit have no bit outside `bits`. */
static uint64_t count_within(uint32_t bits, uint32_t limit)
{
	uint64_t count = 0;

	for (unsigned i = 32; i-- > 0;) {
		uint32_t bit = (uint32_t)1 << i;
		if (!(limit & bit))
			continue;
		/* numbers that agree with limit above, and have 0 where it has 1 */
		count += (uint64_t)1 << __builtin_popcount(bits & (bit - 1));
		if (!(bits & bit))
			return count;
	}
	return count + 1;
}

bool split_mask(const struct run *run, size_t runs, uint32_t zero, uint32_t *mask)
{
	uint64_t numbers = 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < runs; i++) {
		if (run[i].child != zero)
			continue;
		bits |= bits_of(run[i].first, run[i].last);
		numbers += (uint64_t)run[i].last - run[i].first + 1;
	}
	uint64_t within = count_within(bits, run[runs - 1].last);
	if (run[0].first)
		within -= count_within(bits, run[0].first - 1);
	*mask = ~bits;
	return within == numbers;
}
