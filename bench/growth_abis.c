/*
 * growth_abis PROFILE [DIR]: how compiling grows with the number of ABIs.
 *
 * In: a profile, whose rules are those of the first ABI of each filter on all of them. Out: the
 * figures on standard output, and plots of them in DIR: the first ABIs of arch/arch.h in as few
 * filters as there are byte orders, and in a filter each. A point is the least of a few compiles,
 * profile to proved program, in processor time.
 */

#include "clock.h"
#include "filters.h"
#include "grid.h"
#include "plot.h"

#include "../tests/lib/within.h"
#include "../tools/cli/files.h"

#include <math.h>
#include <stdio.h>

#define REPEATS  3
#define ABIS_MAX 32

struct job {
	const char *path, *directory; /* for plots; NULL: none */
	struct arena *arena;
	struct buf *out;
};

/* Filters for some ABIs: sizes and times of all together. */
struct load {
	const struct profile *profile;
	const struct abi *abi[ABIS_MAX]; /* of the filter to make now */
	size_t abis;
	size_t insns;
	double time;
	bool failed;
};

/* One filter: its least time of a few. */
static bool make_filter(struct arena *arena, void *data)
{
	struct load *l = data;
	struct program program = {0};
	struct scope scope;
	double least = HUGE_VAL;

	if (!scope_listed(arena, l->profile, l->abi, l->abis, &scope))
		return false;
	for (unsigned i = 0; i < REPEATS; i++) {
		double start = now_busy();
		if (filter_build(arena, &scope, &rows[0], &program))
			return false;
		least = fmin(least, now_busy() - start);
	}
	l->insns += program.len;
	l->time += least;
	return true;
}

static void add_filter(struct load *l)
{
	if (l->abis && !l->failed)
		l->failed = !within_arena(make_filter, l);
	l->abis = 0;
}

/* A filter for each byte order. */
static void add_shared(struct load *l, size_t abis)
{
	static const enum byte_order orders[] = {ORDER_LITTLE, ORDER_BIG};

	for (size_t k = 0; k < countof(orders); k++) {
		for (size_t i = 0; i < abis; i++) {
			if (arch_abis[i].order == orders[k])
				l->abi[l->abis++] = &arch_abis[i];
		}
		add_filter(l);
	}
}

/* A filter for each ABI, its guests with it. */
static void add_separate(struct load *l, size_t abis)
{
	for (size_t i = 0; i < abis; i++) {
		if (arch_abis[i].guest)
			continue;
		l->abi[l->abis++] = &arch_abis[i];
		for (size_t k = 0; k < abis; k++) {
			if (arch_abis[k].guest && arch_abis[k].audit == arch_abis[i].audit)
				l->abi[l->abis++] = &arch_abis[k];
		}
		add_filter(l);
	}
}

static void draw_abis(const struct profile *profile, const char *name,
	void (*add)(struct load *, size_t abis), struct plot *time, struct plot *size,
	struct grid *t)
{
	struct series *times = plot_series(time, name), *sizes = plot_series(size, name);

	for (size_t abis = 1; abis <= arch_abi_count; abis++) {
		struct load l = {.profile = profile};
		add(&l, abis);
		if (l.failed) {
			times->end = sizes->end = "refused";
			return;
		}
		series_add(times, (double)abis, l.time / 1e6);
		series_add(sizes, (double)abis, (double)l.insns);
		if (abis > 4 && abis % 4 && abis != arch_abi_count)
			continue; /* drawn, but not listed */
		grid_row(t);
		grid_cell(t, "%s", name);
		grid_cell(t, "%zu", abis);
		grid_cell(t, "%zu", l.insns);
		grid_cell(t, "%.2f", l.time / 1e6);
	}
}

static bool grow_abis(const struct job *job, const struct profile *profile)
{
	struct plot *time = arena_alloc(job->arena, 2, sizeof(*time)), *size = time + 1;
	struct grid t;

	*time = (struct plot){.title = "Compile time by ABIs",
		.subtitle = "Docker's profile read already; to proved blobs",
		.x_name = "ABIs",
		.y_name = "milliseconds"};
	*size = (struct plot){.title = "Filter size by ABIs",
		.subtitle = "Docker's profile, all filters together",
		.x_name = "ABIs",
		.y_name = "instructions"};
	grid_init(&t, job->arena);
	grid_row(&t);
	grid_cell(&t, "filters");
	grid_cell(&t, "ABIs");
	grid_cell(&t, "insns");
	grid_cell(&t, "ms");
	draw_abis(profile, "one a byte order", add_shared, time, size, &t);
	draw_abis(profile, "one an ABI", add_separate, time, size, &t);
	buf_text(job->out, "### Growth with ABIs\n\n");
	grid_print(job->out, &t);
	buf_text(job->out, "\n");
	return plot_write(job->arena, job->directory, "abis-time", time) &&
		plot_write(job->arena, job->directory, "abis-size", size);
}

static bool run(struct arena *arena, void *data)
{
	struct job *job = data;
	struct buf out;

	buf_init(&out, arena);
	job->arena = arena;
	job->out = &out;
	const struct profile *profile = filters_profile(arena, job->path);
	return profile && grow_abis(job, profile) && files_print(&out);
}

int main(int argc, char **argv)
{
	struct job job = {.path = argv[1], .directory = argc == 3 ? argv[2] : NULL};

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: growth_abis PROFILE [DIR]\n");
		return 2;
	}
	return within_arena(run, &job) ? 0 : 1;
}
