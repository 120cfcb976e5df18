#ifndef TOOLS_TIMING_BENCH_H
#define TOOLS_TIMING_BENCH_H

/* What `winnow bench` measured, and the ways to show it. */

#include "probe.h"
#include "sample_stats.h"
#include "timing.h"

_Static_assert(PROBES_MAX <= TIMING_CALLS, "one lap times every probe");

#define BENCH_FILTERS 17 /* the floor included */

/* A filter's answer to one probe, and what one run of the filter for it costs. */
struct bench_run {
	bool in_class; /* the filter answers as the probe's class does; nothing else is known if not
			*/
	size_t executed; /* instructions */
	struct sample_stats ns;
};

struct bench_filter {
	const char *name;
	struct program given;   /* the blob's */
	struct program program; /* as loaded: with what measuring puts in front of it */
	unsigned copies;        /* in the deep stack */
	bool bypassed; /* seccomp(2) is let through in front of it, so that it can be stacked */
	bool floor;    /* not the user's: the cheapest filter that is run at all */
	struct bench_run run[PROBES_MAX];
	struct sample_stats load;                     /* ns for loading one copy */
	double *load_ns, *slope_ns[PROBES_MAX]; /* one a round */
	double least_one[PROBES_MAX],
		least_all[PROBES_MAX]; /* ns of a call, under one copy and all */
};

struct bench {
	const struct abi *abi;
	char kernel[66]; /* uname -r */
	bool defeated;   /* the kernel's cache */
	struct timing timing;
	struct probe probe[PROBES_MAX];
	size_t probes;
	struct bench_filter *filter; /* the floor is the last */
	size_t filters;
	size_t rounds;
	double seconds; /* they took */
};

/* Fills in what rounds and results say; takes about that many seconds. False: a message says why.
 */
bool bench_measure(struct bench *, struct arena *, double seconds);

/* For one decimal: -0.0 would be no news. */
static inline double bench_shown(double value)
{
	return value > -0.05 && value < 0.05 ? 0 : value;
}

/* "denied: keyctl(-1)" */
void bench_title(struct buf *, const struct bench *, size_t probe);

void bench_text(struct buf *, const struct bench *);
void bench_json(struct buf *, const struct bench *);
void bench_svg(struct buf *, const struct bench *);

#endif
