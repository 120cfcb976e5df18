#include "rounded.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>

_Static_assert(DBL_MANT_DIG == 53, "doubles are those of IEEE 754");

/* The fewest digits that are read as `d` again, as an integer: zeros behind them. */
static uint64_t shortest(double d)
{
	char text[40], *end;
	int digits = 0;
	uint64_t sum = 0;

	do
		snprintf(text, sizeof(text), "%.*e", digits++, d);
	while (digits < 17 && (strtod(text, &end) < d || strtod(text, &end) > d));
	for (end = text; *end != 'e'; end++) /* whatever the locale has for the point */
		sum = *end >= '0' && *end <= '9' ? sum * 10 + (uint64_t)(*end - '0') : sum;
	for (long zeros = strtol(end + 1, NULL, 10) - (digits - 1); zeros > 0; zeros--)
		sum *= 10;
	return sum;
}

/* How far apart doubles are from this number on. */
static uint64_t step_of(uint64_t value)
{
	unsigned bits = 0;

	while (bits < 64 && value >> bits)
		bits++;
	return bits <= DBL_MANT_DIG ? 1 : UINT64_C(1) << (bits - DBL_MANT_DIG);
}

bool rounded_double(uint64_t value, uint64_t *low, uint64_t *high)
{
	uint64_t step = step_of(value), below = value / step * step, over = value - below;
	bool up = over > step / 2 || (over == step / 2 && below / step % 2 == 1);

	if (over == 0 || (up && below > UINT64_MAX - step))
		return false;
	uint64_t nearest = up ? below + step : below;
	if (shortest((double)nearest) != value)
		return false;
	/* what lies half-way goes to the even one; below a power of two doubles are twice as dense */
	uint64_t after = step_of(nearest), before = nearest & (nearest - 1) ? after : after / 2;
	uint64_t odd = nearest / after % 2;
	*low = nearest - before / 2 + odd;
	*high = nearest + after / 2 - odd;
	return true;
}
