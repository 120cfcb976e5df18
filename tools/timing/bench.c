/*
 * One run of a filter takes tens of nanoseconds beside a system call of hundreds that wander with
 * the neighbours' load. So each filter is loaded once and many times over, and the cost of a run is
 * the slope between: whatever the call itself and other filters cost is the same in both and
 * cancels. A round is one lap of every filter at both depths, in random order; a slope is taken
 * within a round.
 */

#include "bench.h"

#include "../cli/message.h"
#include "../cli/options.h"

#include "../../backends/bpf/sim.h"
#include "../../compiler/kernel/action.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *lap_failure(int error)
{
	switch (error) {
	case ECHILD:
		return "the process under it died";
	case ENOMEM:
		return "no room beside the filters already loaded";
	case ENOSYS:
	case EINVAL:
		return "this kernel takes no seccomp filters";
	default:
		return strerror(error);
	}
}

static bool run_lap(
	const struct bench *b, const struct bench_filter *f, unsigned copies, struct lap *lap)
{
	if (timing_lap(&b->timing, &f->program, copies, lap))
		return true;
	if (f->floor)
		message("no seccomp filter can be loaded here: %s", lap_failure(lap->error));
	else
		message("%s: cannot be measured: %s", f->name, lap_failure(lap->error));
	return false;
}

/* One lap at full depth: does it load, and does the kernel answer as the simulator does? */
static bool try_filter(const struct bench *b, const struct bench_filter *f)
{
	struct lap lap;

	if (!run_lap(b, f, f->copies, &lap))
		return false;
	for (size_t i = 0; i < b->probes; i++) {
		const struct probe *probe = &b->probe[i];
		uint64_t ret = sim_run(&f->given, b->abi->order, &probe->call, NULL, NULL);
		long expected = -(long)RET_DATA(ret);
		bool denied = f->run[i].in_class && probe->class == PROBE_DENIED && !f->floor;
		if (denied && lap.answer[i] != expected)
			message("%s: %s answers %ld where the filter says %ld: is another filter "
				"loaded?",
				f->name, probe->name ? probe->name : "a call", lap.answer[i],
				expected);
	}
	return true;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* xorshift64: an order, not a secret */
static size_t random_below(uint64_t *random, size_t n)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return (size_t)(*random % n);
}

static void shuffle(uint64_t *random, size_t *order, size_t n)
{
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = n; i > 1; i--) {
		size_t k = random_below(random, i), kept = order[i - 1];
		order[i - 1] = order[k];
		order[k] = kept;
	}
}

static double lesser(double a, double b, size_t round)
{
	return round && a < b ? a : b;
}

static void note_laps(
	const struct bench *b, struct bench_filter *f, const struct lap *one, const struct lap *all)
{
	f->load_ns[b->rounds] = one->load;
	for (size_t i = 0; i < b->probes; i++) {
		f->slope_ns[i][b->rounds] = (all->call[i] - one->call[i]) / (f->copies - 1);
		f->least_one[i] = lesser(f->least_one[i], one->call[i], b->rounds);
		f->least_all[i] = lesser(f->least_all[i], all->call[i], b->rounds);
	}
}

enum round { ROUND_DONE, ROUND_CUT /* time was up, it does not count */, ROUND_FAILED };

static enum round run_round(struct bench *b, uint64_t *random, double deadline)
{
	size_t order[2 * BENCH_FILTERS];
	struct lap lap[2 * BENCH_FILTERS] = {{0}}; /* analysers do not know that each is in order[] */

	shuffle(random, order, 2 * b->filters);
	for (size_t i = 0; i < 2 * b->filters; i++) {
		const struct bench_filter *f = &b->filter[order[i] / 2];
		if (b->rounds && now() > deadline)
			return ROUND_CUT;
		if (!run_lap(b, f, order[i] % 2 ? f->copies : 1, &lap[order[i]]))
			return ROUND_FAILED;
	}
	for (size_t i = 0; i < b->filters; i++)
		note_laps(b, &b->filter[i], &lap[2 * i], &lap[2 * i + 1]);
	b->rounds++;
	return ROUND_DONE;
}

/* The least is of each depth's least, which luck cannot make too small as it can a slope. */
static void summarise(struct bench *b)
{
	for (size_t i = 0; i < b->filters; i++) {
		struct bench_filter *f = &b->filter[i];
		f->load = sample_stats(f->load_ns, b->rounds);
		for (size_t k = 0; k < b->probes; k++) {
			f->run[k].ns = sample_stats(f->slope_ns[k], b->rounds);
			f->run[k].ns.min = (f->least_all[k] - f->least_one[k]) / (f->copies - 1);
		}
	}
}

static void make_room(struct bench *b, struct arena *arena)
{
	for (size_t i = 0; i < b->filters; i++) {
		struct bench_filter *f = &b->filter[i];
		f->load_ns = arena_alloc(arena, SAMPLES_MAX, sizeof(double));
		for (size_t k = 0; k < b->probes; k++)
			f->slope_ns[k] = arena_alloc(arena, SAMPLES_MAX, sizeof(double));
	}
}

bool bench_measure(struct bench *b, struct arena *arena, double seconds)
{
	bool terminal = isatty(STDERR_FILENO);
	enum round round = ROUND_DONE;
	uint64_t random = (uint64_t)(now() * 1e9) | 1;

	make_room(b, arena);
	for (size_t i = b->filters; i-- > 0;) { /* the floor first: is there seccomp at all? */
		if (!try_filter(b, &b->filter[i]))
			return false;
	}
	double start = now();
	while (b->rounds < SAMPLES_MAX && round == ROUND_DONE) {
		round = run_round(b, &random, start + seconds);
		if (terminal)
			fprintf(stderr, "\rwinnow: round %zu, %.1f s of %g s ", b->rounds,
				now() - start, seconds);
	}
	if (terminal)
		fprintf(stderr, "\r\033[K");
	b->seconds = now() - start;
	summarise(b);
	return round != ROUND_FAILED;
}
