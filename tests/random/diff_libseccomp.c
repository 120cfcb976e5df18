/*
 * winnow's filters beside libseccomp's, call by call, in classes of profiles where libseccomp's
 * answer is sound; outside these classes the plain set semantics of policy.h hold.
 *
 *   diff_libseccomp [-n COUNT] [-s SEED] [-t ROUNDS] [PROFILE...]
 *
 * COUNT random profiles of each class, and each PROFILE on every ABI as the node's own with no, one
 * and all capabilities. Compared are ours, the policy and libseccomp's at both optimisation levels,
 * and whether both refuse the rules. -t times both compilers on the PROFILEs instead.
 *
 * What differs is printed with the profile, cut down if it is a random one. Exit status 1 then.
 */

#include "backends/bpf/bytes.h"
#include "compiler/kernel/caps.h"
#include "compiler/meaning/rules.h"
#include "tools/lib/build.h"
#include "tests/lib/sound.h"
#include "tests/lib/within.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* --- profiles from files --- */

struct file {
	struct versus *versus;
	const char *path;
	struct source source;
	const struct profile *profile; /* NULL: could not be read */
};

static bool read_profile(struct arena *arena, struct file *f)
{
	char *bytes = arena_alloc(arena, SOURCE_MAX, 1);
	FILE *stream = fopen(f->path, "rb");
	struct diags diags;

	if (!stream) {
		perror(f->path);
		return false;
	}
	f->source = (struct source){f->path, bytes, fread(bytes, 1, SOURCE_MAX, stream), false};
	fclose(stream);
	diags_init(&diags, arena, &f->source);
	f->profile = build_profile(arena, &f->source, &diags);
	if (!f->profile)
		fprintf(stderr, "%s: %s\n", f->path, diags.first->text);
	return f->profile;
}

static void try_node(struct arena *arena, struct file *f, const struct node_facts *node)
{
	struct diags diags;
	struct buf what;

	diags_init(&diags, arena, &f->source);
	buf_init(&what, arena);
	buf_printf(&what, "%s on %s, capabilities %#llx", f->path, node->native->name,
		(unsigned long long)node->caps);
	f->versus->what = arena_text(arena, what.bytes, what.len);
	const struct ruleset *set = select_rules(arena, f->profile, node, &diags);
	if (!set && !versus_refused_for(&diags, DIAG_BYTE_ORDER))
		versus_complain(f->versus, diags.first->text);
	if (!set)
		return;
	for (size_t i = 0; i < set->abis; i++) {
		if (!peer_has_abi(set->abi[i]))
			return;
	}
	versus_run(arena, f->versus, set, &diags);
}

static bool try_profile(struct arena *arena, void *data)
{
	static const uint64_t caps[] = {
		0, (uint64_t)1 << 21 /* CAP_SYS_ADMIN */, ((uint64_t)1 << CAPS) - 1};
	struct file *f = data;

	if (!read_profile(arena, f))
		return false;
	f->versus->args_max = UINT64_MAX;
	f->versus->random = random_start(1);
	for (size_t i = 0; i < arch_abi_count * countof(caps); i++) {
		struct node_facts node = {
			.native = &arch_abis[i / countof(caps)], .caps = caps[i % countof(caps)]};
		if (!node.native->guest)
			try_node(arena, f, &node);
	}
	return true;
}

/* --- times --- */

enum timed { OURS, OURS_PROVEN, THEIRS, TIMED = THEIRS + PEER_LEVELS };

struct stopwatch {
	const struct file *file;
	enum timed timed;
	uint64_t time; /* ns */
};

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool make_filter(struct arena *arena, const struct profile *profile, bool proven,
	struct diags *diags, struct filter *f)
{
	struct node_facts node = {.native = arch_abis};
	struct mistake mistake;

	if (proven)
		return build_filter(arena, profile, &node, 1, NULL, diags, f, &mistake) ==
			BUILD_DONE;
	const struct ruleset *set = select_rules(arena, profile, &node, diags);
	f->policy = set ? rules_policy(arena, &set, 1, diags) : NULL;
	return f->policy && versus_program(arena, f->policy, &f->program);
}

/* JSON text to blob. */
static bool compile(struct arena *arena, const struct source *source, bool proven)
{
	struct diags diags;
	struct filter f;
	struct buf out;

	diags_init(&diags, arena, source);
	const struct profile *profile = build_profile(arena, source, &diags);
	if (!profile || !make_filter(arena, profile, proven, &diags, &f))
		return false;
	buf_init(&out, arena);
	bytes_write(&out, &f.program, f.policy->order);
	return true;
}

static bool run_timed(struct arena *arena, void *data)
{
	struct stopwatch *w = data;
	struct versus *v = w->file->versus;
	struct program program;
	uint64_t start = now();
	bool ok = w->timed < THEIRS ? compile(arena, &w->file->source, w->timed == OURS_PROVEN)
				    : peer_filter(arena, &v->file, v->set, w->timed - THEIRS + 1,
					      &program) == PEER_DONE;

	w->time = now() - start;
	return ok;
}

static int by_value(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

static void print_times(const char *path, uint64_t *const time[TIMED], size_t rounds)
{
	static const char *const names[TIMED] = {"winnow, text to blob", "the same, proven",
		"libseccomp, level 1", "libseccomp, level 2"};

	printf("%s\n%-24s %12s %12s %8s\n", path, "", "least us", "median us", "ratio");
	for (unsigned i = 0; i < TIMED; i++)
		qsort(time[i], rounds, sizeof(uint64_t), by_value);
	for (unsigned i = 0; i < TIMED; i++)
		printf("  %-22s %12.1f %12.1f %8.2f\n", names[i], (double)time[i][0] / 1e3,
			(double)time[i][rounds / 2] / 1e3,
			(double)time[i][rounds / 2] / (double)time[OURS][rounds / 2]);
}

/* libseccomp gets the rules ready made. Interleaved, so that what slows the machine slows all. */
static bool time_profile(struct arena *arena, struct file *f, size_t rounds)
{
	struct stopwatch watch = {.file = f};
	struct diags diags;
	uint64_t *time[TIMED];
	const struct node_facts node = {.native = arch_abis};

	if (!read_profile(arena, f))
		return false;
	diags_init(&diags, arena, &f->source);
	const struct ruleset *set = select_rules(arena, f->profile, &node, &diags);
	if (!set)
		return false;
	f->versus->set = versus_common(arena, f->versus, set);
	for (unsigned i = 0; i < TIMED; i++)
		time[i] = arena_alloc(arena, rounds, sizeof(uint64_t));
	for (size_t n = 0; n < rounds * TIMED; n++) {
		watch.timed = (enum timed)(n % TIMED);
		if (!within_arena(run_timed, &watch))
			return false;
		time[n % TIMED][n / TIMED] = watch.time;
	}
	print_times(f->path, time, rounds);
	return true;
}

struct timing {
	struct file file;
	size_t rounds;
};

static bool run_timing(struct arena *arena, void *data)
{
	struct timing *t = data;

	return time_profile(arena, &t->file, t->rounds);
}

/* --- the program --- */

static void print_tally(const struct versus *v)
{
	const struct versus_tally *t = &v->tally;
	char version[32];

	peer_version(version);
	printf("NOTE: libseccomp %s has no", version);
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (!peer_has_abi(&arch_abis[i]))
			printf(" %s", arch_abis[i].name);
	}
	printf("\nNOTE: left out, since its tables say otherwise on some ABI:");
	for (size_t i = 0; i < arch_syscall_count(); i++) {
		if (v->left_out[i])
			printf(" %s", arch_syscall_name((uint16_t)i));
	}
	printf("\nlibseccomp: %zu filters, %zu calls compared, %zu differences; %zu profiles "
	       "refused "
	       "by both\n",
		t->filters, t->calls, t->differences, t->conflicts);
}

static bool parse(const char *text, uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 0);
	return *text && !*end;
}

static int usage(void)
{
	fprintf(stderr, "usage: diff_libseccomp [-n COUNT] [-s SEED] [-t ROUNDS] [PROFILE...]\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct versus v = {0};
	uint64_t count = 0, seed = 1, rounds = 0;
	int letter;

	while ((letter = getopt(argc, argv, "n:s:t:")) != -1) {
		uint64_t *value = letter == 'n' ? &count : letter == 's' ? &seed : &rounds;
		if (letter == '?' || !parse(optarg, value))
			return usage();
	}
	v.left_out = calloc(arch_syscall_count(), sizeof(bool));
	if (!v.left_out || !peer_open(&v.file)) {
		fprintf(stderr, "diff_libseccomp: libseccomp cannot be asked here\n");
		return 2;
	}
	for (int i = optind; i < argc; i++) {
		struct timing t = {{.versus = &v, .path = argv[i]}, rounds};
		if (!(rounds ? within_arena(run_timing, &t) : within_arena(try_profile, &t.file)))
			return 2;
	}
	for (size_t i = 0; i < sound_classes() && !rounds; i++) {
		for (uint64_t n = 0; n < count; n++)
			sound_try(&v, i, seed + n);
	}
	if (!rounds)
		print_tally(&v);
	peer_close(&v.file);
	free(v.left_out);
	return v.tally.differences ? 1 : 0;
}
