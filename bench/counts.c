/*
 * counts [-o DIR] PROFILE FREQ...: exact figures of the filters each compiler makes of a profile.
 *
 * In: a profile and frequency files, the first of which is the mix. Out: tables on standard output,
 * and with -o the blobs of the profile's own ABIs. Nothing is timed, so every figure is the same on
 * every machine. A filter is counted after its verdicts were found equal to the policy's.
 *
 * Means are over the named syscalls of x86_64 with all arguments 0: `mix` weighs them by the mix,
 * `uniform` gives every allowed one the same weight (whatever its arguments, or for some of them),
 * `uncached` is the mix without the calls that are allowed whatever their arguments, which kernels
 * from 5.11 on answer without running the filter. `odds` are the jumps a call of the mix takes in the
 * direction they rarely go.
 */

#include "filters.h"
#include "freq.h"
#include "grid.h"
#include "rival.h"

#include "../backends/bpf/bytes.h"
#include "../backends/bpf/path.h"
#include "../backends/bpf/sim.h"
#include "../backends/bpf/stats.h"
#include "../tests/lib/within.h"
#include "../backends/bpf/cached.h"
#include "../tools/cli/files.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FREQS_MAX 16

struct job {
	const char *profile, *directory;
	char **path;
	size_t freqs;
	struct freq freq[FREQS_MAX];
	struct arena *arena;
	struct buf *out;
};

/* --- one filter's figures --- */

struct figures {
	const char *why; /* there are none */
	size_t insns;
	double mean[FREQS_MAX], uniform, uncached, odds;
	unsigned worst;
	size_t cacheable, allowed; /* syscalls allowed whatever their arguments; cached of them */
	size_t installed; /* instructions a kernel's cache walks when the filter is loaded */
};

/* What the policy makes of a syscall. */
enum standing { REFUSED, ARGUED, ALLOWED };

static enum standing standing(const struct policy *policy, const struct abi *abi, uint32_t nr)
{
	for (size_t d = 0; d < policy->domains; d++) {
		const struct domain *domain = &policy->domain[d];
		if (domain->audit != abi->audit)
			continue;
		const struct range *r = domain_find(domain, nr);
		if (r->clauses == 1)
			return r->clause->ret == RET_ALLOW ? ALLOWED : REFUSED;
		for (size_t i = 0; i < r->clauses; i++) {
			if (r->clause[i].ret == RET_ALLOW)
				return ARGUED;
		}
	}
	return REFUSED;
}

struct mean {
	double sum, weight;
};

static void mean_add(struct mean *mean, double weight, size_t value)
{
	mean->sum += weight * (double)value;
	mean->weight += weight;
}

static double mean_of(const struct mean *mean)
{
	return mean->weight > 0 ? mean->sum / mean->weight : 0;
}

static void count_means(
	const struct job *job, const struct scope *s, const struct program *p, struct figures *f)
{
	const struct abi *abi = s->policy->abi[0];
	struct mean freq[FREQS_MAX] = {{0}}, uniform = {0}, uncached = {0};
	struct call call = {.arch = abi->audit};

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		size_t executed;
		if (!arch_nr(abi, (uint16_t)id, &call.nr))
			continue;
		enum standing how = standing(s->policy, abi, call.nr);
		sim_run(p, s->policy->order, &call, &executed, NULL);
		for (size_t i = 0; i < job->freqs; i++)
			mean_add(&freq[i], job->freq[i].count[id], executed);
		mean_add(&uniform, how != REFUSED, executed);
		mean_add(&uncached, how != ALLOWED ? job->freq[0].count[id] : 0, executed);
		f->allowed += how == ALLOWED;
		f->cacheable += how == ALLOWED &&
			cached_allows(p, s->policy->order, abi->audit, call.nr, NULL);
	}
	for (size_t i = 0; i < job->freqs; i++)
		f->mean[i] = mean_of(&freq[i]);
	f->uniform = mean_of(&uniform);
	f->uncached = mean_of(&uncached);
}

/* The numbers of its own and of its compatible ABI that an x86_64 kernel walks; x32 has no cache.
 */
static size_t count_installed(const struct scope *s, const struct program *p)
{
	static const char *const walked[] = {"x86_64", "x86"};
	size_t total = 0;

	for (size_t i = 0; i < countof(walked); i++) {
		const struct abi *abi = arch_find(walked[i], strlen(walked[i]));
		uint32_t end = 0, nr;
		for (size_t id = 0; id < arch_syscall_count(); id++) {
			if (arch_nr(abi, (uint16_t)id, &nr) && nr >= end)
				end = nr + 1;
		}
		for (nr = 0; nr < end; nr++) {
			size_t steps;
			cached_allows(p, s->policy->order, abi->audit, nr, &steps);
			total += steps;
		}
	}
	return total;
}

static struct figures count(
	const struct job *job, const struct scope *s, const struct row *row, struct program *p)
{
	struct figures f = {.why = filter_make(job->arena, s, row, p)};
	struct stats stats;

	if (f.why)
		return f;
	f.insns = p->len;
	f.worst = path_longest(job->arena, p);
	count_means(job, s, p, &f);
	f.installed = count_installed(s, p);
	stats_count(&stats, job->arena, p, s->policy->order, s->policy->abi, 1, job->freq[0].count);
	f.odds = stats.abi[0].missed;
	return f;
}

/* --- tables --- */

static void add_figures(struct grid *t, const char *name, const struct figures *f)
{
	grid_row(t);
	grid_cell(t, "%s", name);
	grid_cell(t, "%zu", f->insns);
	grid_cell(t, "%zu", f->insns * INSN_SIZE);
	grid_cell(t, "%.2f", f->mean[0]);
	grid_cell(t, "%.2f", f->uniform);
	grid_cell(t, "%.2f", f->uncached);
	grid_cell(t, "%.2f", f->odds);
	grid_cell(t, "%u", f->worst);
	grid_cell(t, "%zu/%zu", f->cacheable, f->allowed);
	grid_cell(t, "%zu", f->installed);
}

/* How many times winnow's figure the other's is. */
static void add_ratio(
	struct grid *t, const char *name, const struct figures *ours, const struct figures *theirs)
{
	grid_row(t);
	grid_cell(t, "%s / winnow", name);
	grid_cell(t, "%.2fx", (double)theirs->insns / (double)ours->insns);
	grid_cell(t, "%s", "");
	grid_cell(t, "%.2fx", theirs->mean[0] / ours->mean[0]);
	grid_cell(t, "%.2fx", theirs->uniform / ours->uniform);
	grid_cell(t, "%.2fx", theirs->uncached / ours->uncached);
	grid_cell(t, "%.2fx", theirs->odds / ours->odds);
	grid_cell(t, "%.2fx", (double)theirs->worst / (double)ours->worst);
	grid_cell(t, "%s", "");
	grid_cell(t, "%.2fx", (double)theirs->installed / (double)ours->installed);
}

static void head(struct grid *t, const char *const *name, size_t names)
{
	grid_row(t);
	for (size_t i = 0; i < names; i++)
		grid_cell(t, "%s", name[i]);
}

static void print_counts(const struct job *job, const struct figures *f)
{
	static const char *const columns[] = {"filter", "insns", "bytes", "mix", "uniform",
		"uncached", "odds", "worst", "cacheable", "installed"};
	struct grid t;

	grid_init(&t, job->arena);
	head(&t, columns, countof(columns));
	for (size_t i = 0; i < row_count; i++) {
		if (!f[i].why)
			add_figures(&t, rows[i].name, &f[i]);
	}
	for (size_t i = 0; i < row_count; i++) {
		if (rows[i].maker == MAKER_LIBSECCOMP && !f[i].why && !f[0].why)
			add_ratio(&t, rows[i].name, &f[0], &f[i]);
	}
	grid_print(job->out, &t);
	buf_text(job->out, "\n");
	for (size_t i = 0; i < row_count; i++) {
		if (f[i].why && *f[i].why)
			buf_printf(job->out, "No %s: %s.\n\n", rows[i].name, f[i].why);
	}
}

/* A row for layouts made for the very workload that is counted. */
static void add_tuned(const struct job *job, const struct scope *s, struct grid *t)
{
	grid_row(t);
	grid_cell(t, "winnow -O mix --freq THIS");
	for (size_t i = 0; i < job->freqs; i++) {
		const struct row tuned = {
			.layout = {.objective = OBJECTIVE_MIX, .share = job->freq[i].share}};
		struct program p;
		struct figures f = count(job, s, &tuned, &p);
		grid_cell(t, f.why ? "none" : "%.2f", f.mean[i]);
	}
}

static void print_workloads(const struct job *job, const struct scope *s, const struct figures *f)
{
	struct grid t;

	buf_text(job->out, "Mean instructions executed, by workload:\n\n");
	grid_init(&t, job->arena);
	grid_row(&t);
	grid_cell(&t, "filter");
	for (size_t i = 0; i < job->freqs; i++)
		grid_cell(&t, "%s", job->freq[i].name);
	for (size_t i = 0; i < row_count; i++) {
		if (f[i].why)
			continue;
		grid_row(&t);
		grid_cell(&t, "%s", rows[i].name);
		for (size_t k = 0; k < job->freqs; k++)
			grid_cell(&t, "%.2f", f[i].mean[k]);
	}
	add_tuned(job, s, &t);
	grid_print(job->out, &t);
	buf_text(job->out, "\n");
}

static bool write_blob(const struct job *job, const struct scope *s, const struct row *row,
	const struct program *p)
{
	struct buf path, bytes;

	buf_init(&path, job->arena);
	buf_printf(&path, "%s/%s.bpf%c", job->directory, row->file, 0);
	buf_init(&bytes, job->arena);
	bytes_write(&bytes, p, s->policy->order);
	return files_write(path.bytes, bytes.bytes, bytes.len);
}

/* --- one scope --- */

enum { BRIEF, WORKLOADS = 1, BLOBS = 2, RIVALS = 4 }; /* may be added */

static bool count_scope(const struct job *job, const struct scope *s, unsigned extent)
{
	struct figures *f = arena_alloc(job->arena, row_count, sizeof(*f));
	struct program *p = arena_alloc(job->arena, row_count, sizeof(*p));

	for (size_t i = 0; i < row_count; i++) {
		if (rows[i].maker == MAKER_LIBSECCOMP && !(extent & RIVALS))
			f[i].why = "";
		else
			f[i] = count(job, s, &rows[i], &p[i]);
		bool write = job->directory && extent & BLOBS && !f[i].why;
		if (write && !write_blob(job, s, &rows[i], &p[i]))
			return false;
	}
	print_counts(job, f);
	if (extent & WORKLOADS)
		print_workloads(job, s, f);
	return true;
}

/* The scope as it is and, where libseccomp has other tables, what both can do. */
static bool count_twice(
	const struct job *job, const struct scope *s, const char *name, unsigned extent)
{
	char version[32];
	struct scope common;
	size_t names;

	rival_version(version);
	bool shared = scope_common(job->arena, s, &common, &names);
	buf_printf(job->out, "### %s\n\n", name);
	if (!shared || names == 0)
		return count_scope(job, s, extent | RIVALS);
	if (!count_scope(job, s, BRIEF))
		return false;
	buf_printf(job->out,
		"Without the %zu names that libseccomp %s lacks or numbers otherwise:\n\n", names,
		version);
	return count_scope(job, &common, extent | RIVALS);
}

static size_t find_abis(const char *const *name, size_t names, const struct abi **abi)
{
	for (size_t i = 0; i < names; i++) {
		abi[i] = arch_find(name[i], strlen(name[i]));
		assert(abi[i]);
	}
	return names;
}

static bool count_all(const struct job *job, const struct profile *profile)
{
	static const char *const seven[] = {
		"x86_64", "x86", "x32", "aarch64", "arm", "ppc64le", "riscv64"};
	static const char *const nodes[] = {
		"x86_64", "aarch64", "riscv64", "ppc64le", "loongarch64"};
	const struct abi *abi[8];
	struct scope s;
	size_t abis;

	if (!scope_own(job->arena, profile, &s) ||
		!count_twice(job, &s, "x86_64, x86 and x32", WORKLOADS | BLOBS))
		return false;
	if (!scope_alone(job->arena, profile, &s) || !count_twice(job, &s, "x86_64 alone", BRIEF))
		return false;
	abis = find_abis(nodes, countof(nodes), abi);
	if (!scope_fat(job->arena, profile, abi, abis, &s) ||
		!count_twice(job, &s, "8 little-endian ABIs, each node's own rules", BRIEF))
		return false;
	abis = find_abis(seven, countof(seven), abi);
	return scope_listed(job->arena, profile, abi, abis, &s) &&
		count_twice(job, &s, "7 of them, x86_64's rules on each", BRIEF);
}

static bool run(struct arena *arena, void *data)
{
	struct job *job = data;
	struct buf out;

	buf_init(&out, arena);
	job->arena = arena;
	job->out = &out;
	for (size_t i = 0; i < job->freqs; i++) {
		if (!freq_read(arena, job->path[i], &job->freq[i]))
			return false;
	}
	const struct profile *profile = filters_profile(arena, job->profile);
	const char *slash = strrchr(job->profile, '/');
	buf_printf(&out, "## %s\n\n", slash ? slash + 1 : job->profile);
	return profile && count_all(job, profile) && files_print(&out);
}

int main(int argc, char **argv)
{
	struct job job = {0};
	int letter;

	while ((letter = getopt(argc, argv, "o:")) == 'o')
		job.directory = optarg;
	if (letter != -1 || argc - optind < 2 || argc - optind - 1 > FREQS_MAX) {
		fprintf(stderr, "usage: counts [-o DIR] PROFILE FREQ...\n");
		return 2;
	}
	job.profile = argv[optind];
	job.path = argv + optind + 1;
	job.freqs = (size_t)(argc - optind - 1);
	return within_arena(run, &job) ? 0 : 1;
}
