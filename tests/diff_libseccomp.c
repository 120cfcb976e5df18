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

#include "../backends/bytes.h"
#include "../compiler/caps.h"
#include "../compiler/rules.h"
#include "../tools/build.h"
#include "versus.h"
#include "within.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* --- random profiles --- */

/* clang-format off */
static const struct {
	struct sample_class class;
	uint64_t args_max;
} classes[] = {
	{{.name = "one rule for each syscall", .names = 12, .rules = 12, .conds = 6, .actions = 4,
		 .plain = 20, .ops = ANY_OP, .wide = true, .once = true},
		UINT64_MAX},
	{{.name = "equalities", .names = 1, .rules = 12, .conds = 4, .actions = 1, .plain = 2,
		 .ops = OP_BIT(OP_EQ) | OP_BIT(OP_MASKED_EQ), .wide = true},
		UINT64_MAX},
	{{.name = "one condition", .names = 1, .rules = 12, .conds = 1, .actions = 1, .plain = 2,
		 .ops = ANY_OP},
		UINT64_MAX},
	{{.name = "one condition, several actions", .names = 1, .rules = 10, .conds = 1,
		 .actions = 4, .plain = 2, .ops = ANY_OP},
		UINT32_MAX},
	{{.name = "conjunctions of ==, several actions", .names = 1, .rules = 10, .conds = 4,
		 .actions = 4, .plain = 2, .ops = OP_BIT(OP_EQ), .wide = true},
		UINT64_MAX},
	{{.name = "socket and IPC names", .names = 3, .rules = 10, .conds = 1, .actions = 4,
		 .plain = 30, .ops = OP_BIT(OP_EQ), .multiplexed = true},
		UINT64_MAX},
};

/* clang-format on */

/* libseccomp holds EQ and MASKED_EQ under a full mask for two conditions, winnow for one. */
static void thin_masks(struct sample_rule *rule)
{
	for (size_t i = 0; i < rule->conds; i++) {
		if (rule->cond[i].op == OP_MASKED_EQ)
			rule->cond[i].value &= ~(uint64_t)0x80;
	}
}

#define LEAD "getpid" /* on all ABIs */

/* What both can do: one node, its ABIs known to libseccomp, and a plain rule to begin with. */
static void adapt(struct sample *s)
{
	struct sample_rule *first = &s->rule[0];
	size_t subs = 0;

	s->natives = 1;
	for (size_t i = 0; i < s->rules; i++)
		thin_masks(&s->rule[i]);
	for (size_t i = 0; i < s->subs; i++) {
		if (peer_has_abi(s->sub[i]))
			s->sub[subs++] = s->sub[i];
	}
	s->subs = subs;
	s->mapped = s->mapped && subs;
	*first = (struct sample_rule){.action = ACTION_ERRNO, .names = 1};
	first->data = (uint16_t)(s->data == 38 ? 39 : 38);
	arch_syscall_find(LEAD, sizeof(LEAD) - 1, &first->name[0]);
}

/* Has the sample its first rule still? */
static bool leads(const struct sample *s)
{
	uint16_t id = NAME_UNKNOWN;

	arch_syscall_find(LEAD, sizeof(LEAD) - 1, &id);
	return s->rules && s->rule[0].name[0] == id && !s->rule[0].conds;
}

struct attempt {
	struct versus *versus;
	const struct sample *sample;
};

static bool run_sample(struct arena *arena, void *data)
{
	struct attempt *a = data;
	struct buf text;
	struct diags diags;
	struct node_facts node = {.native = a->sample->native[0]};

	buf_init(&text, arena);
	sample_write(&text, a->sample);
	struct source source = {"sample.json", text.bytes, text.len};
	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	const struct ruleset *set = profile ? resolve(arena, profile, &node, &diags) : NULL;
	return set ? versus_run(arena, a->versus, set, &diags)
		   : versus_complain(a->versus, diags.first->text);
}

static bool print_sample(struct arena *arena, void *data)
{
	const struct attempt *a = data;
	struct buf text;

	buf_init(&text, arena);
	sample_write(&text, a->sample);
	printf("  on %s:\n%.*s", a->sample->native[0]->name, (int)text.len, text.bytes);
	return true;
}

struct again {
	struct versus versus;
	struct random random; /* each time from here, so that the same calls are tried */
};

static bool still_differs(void *data, const struct sample *s)
{
	struct again *a = data;
	struct attempt attempt = {&a->versus, s};

	a->versus.random = a->random;
	return leads(s) && !within_arena(run_sample, &attempt);
}

static void explain(const struct versus *v, struct sample *s, struct random random)
{
	struct again again = {*v, random};

	sample_shrink(s, still_differs, &again);
	again.versus.quiet = false;
	still_differs(&again, s);
	within_arena(print_sample, &(struct attempt){&again.versus, s});
}

static void try_class(struct versus *v, size_t which, uint64_t count, uint64_t seed)
{
	static struct sample sample;
	struct attempt attempt = {v, &sample};

	v->args_max = classes[which].args_max;
	v->what = classes[which].class.name;
	v->quiet = true;
	for (uint64_t n = 0; n < count; n++) {
		const struct abi *native;
		v->random = random_start(seed + n);
		do
			native = &arch_abis[random_below(&v->random, arch_abi_count)];
		while (native->guest || !peer_has_abi(native));
		sample_make(&v->random, &classes[which].class, native, &sample);
		adapt(&sample);
		struct random random = v->random;
		if (!within_arena(run_sample, &attempt))
			explain(v, &sample, random);
	}
	v->quiet = false;
}

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
	f->source = (struct source){f->path, bytes, fread(bytes, 1, SOURCE_MAX, stream)};
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
	const struct ruleset *set = resolve(arena, f->profile, node, &diags);
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
	const struct ruleset *set = resolve(arena, profile, &node, diags);
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
	const struct ruleset *set = resolve(arena, f->profile, &node, &diags);
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
	       "by both, %zu nested ones by libseccomp\n",
		t->filters, t->calls, t->differences, t->conflicts, t->nested);
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
	for (size_t i = 0; i < countof(classes) && !rounds; i++)
		try_class(&v, i, count, seed);
	if (!rounds)
		print_tally(&v);
	peer_close(&v.file);
	free(v.left_out);
	return v.tally.differences ? 1 : 0;
}
