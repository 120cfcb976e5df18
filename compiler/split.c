/*
 * For a side, the only candidate for the mask is every bit that none of its numbers has: a larger mask
 * would hit one of them, a smaller one hits less of the other side. It works if and only if the numbers
 * within the remaining bits are exactly the side's, and those can be counted without listing them. Most
 * candidates fail on a single number of the other side, which is tried first.
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

struct split split_start(const struct run *r)
{
	struct split s = {.first = r->first, .child = r->child};

	split_add(&s, r);
	return s;
}

void split_add(struct split *s, const struct run *r)
{
	struct split_side *side = &s->side[r->child != s->child];

	side->bits |= bits_of(r->first, r->last);
	side->probe = r->first;
	side->numbers += (uint64_t)r->last - r->first + 1;
	s->last = r->last;
}

/* How many n <= limit have no bit outside `bits`. */
static uint64_t count_within(uint32_t bits, uint32_t limit)
{
	unsigned rank = 0; /* of the bits below the one looked at, how many are in `bits` */
	uint64_t count = 0, agree = 1;

	for (unsigned i = 0; i < 32; i++) {
		uint32_t bit = (uint32_t)1 << i;
		bool in = bits & bit;
		/* numbers below limit's low i + 1 bits, from those below its low i bits */
		if (limit & bit) {
			count = ((uint64_t)1 << rank) + (in ? count : 0);
			agree = in ? agree : 0;
		}
		rank += in;
	}
	return count + agree;
}

static bool tells(const struct split *s, const struct split_side *zero, const struct split_side *other)
{
	if (!(other->probe & ~zero->bits))
		return false;
	uint64_t within = count_within(zero->bits, s->last);
	if (s->first)
		within -= count_within(zero->bits, s->first - 1);
	return within == zero->numbers;
}

uint32_t split_mask(const struct split *s)
{
	for (unsigned i = 0; i < 2; i++) {
		if (s->side[!i].numbers && tells(s, &s->side[i], &s->side[!i]))
			return ~s->side[i].bits;
	}
	return 0;
}
