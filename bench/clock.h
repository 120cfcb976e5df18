#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <time.h>

/* ns from some moment on */
static inline double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ns of processor time this process has had: others that run meanwhile do not count */
static inline double now_busy(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

#endif
