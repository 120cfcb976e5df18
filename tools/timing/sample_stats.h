#ifndef TOOLS_TIMING_SAMPLE_STATS_H
#define TOOLS_TIMING_SAMPLE_STATS_H

/* What repeated measurements of one thing say, without asking that their noise be of any shape. */

#include <stddef.h>

#define SAMPLES_MAX 1000 /* samples */

struct sample_stats {
	size_t count;
	double min, median;
	double low, high; /* the true median lies between with 95 % confidence, from 6 samples on */
};

/* Sorts the samples. All 0 for none of them. */
struct sample_stats sample_stats(double *sample, size_t count);

#endif
