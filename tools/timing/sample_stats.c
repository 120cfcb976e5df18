/*
 * The interval is by order statistics: a sample falls below the true median with probability 1/2,
 * so how many of n do is binomial, and the k-th smallest and k-th largest enclose it with
 * probability 1 - 2 * P(fewer than k below). The largest k that leaves 95 % is taken; below six
 * samples even k = 1 leaves less, and the interval is the whole range.
 */

#include "sample_stats.h"

#include "../../compiler/base/base.h"

#include <stdlib.h>

#define TAIL 0.025 /* on each side */

static int by_value(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

/* How many samples may be cut off at each end. */
static size_t cut(size_t count)
{
	double exactly = 1, at_most = 0; /* the probability that k samples lie below */
	size_t k = 0;

	for (size_t i = 0; i < count; i++)
		exactly /= 2;
	while ((at_most += exactly) <= TAIL) {
		k++;
		exactly *= (double)(count - k + 1) / (double)k;
	}
	return k ? k - 1 : 0;
}

struct sample_stats sample_stats(double *sample, size_t count)
{
	assert(count <= SAMPLES_MAX); /* 2^-count is a double */
	if (!count)
		return (struct sample_stats){0};
	qsort(sample, count, sizeof(*sample), by_value);
	size_t k = cut(count);
	return (struct sample_stats){.count = count,
		.min = sample[0],
		.median = (sample[(count - 1) / 2] + sample[count / 2]) / 2,
		.low = sample[k],
		.high = sample[count - 1 - k]};
}
