/*
 * differential [-n COUNT] [-s SEED] [-p EVERY]: many small random profiles, fast.
 *
 * Each is compiled for a node drawn at random and proved; then calls at its edges go through filter,
 * policy and reference (trial.h), which have to agree. Half the nodes are this machine's own, and of
 * their filters every LOADED-th is loaded into this kernel. Every ASKED-th seed is a profile of a class
 * in which libseccomp's answer is sound, and is compared with that as well (sound.h).
 *
 * Every profile is its seed's alone: a run that was stopped goes on with -s. A line each EVERY
 * profiles and at the end says what was done. What fails is printed as small as it could be made; exit
 * status 1.
 */

#define _DEFAULT_SOURCE /* mallopt() */

#include "tests/lib/admit.h"
#include "tests/lib/trial.h"
#ifdef HAVE_LIBSECCOMP
#include "tests/lib/sound.h"
#include "tests/lib/seeds.h"
#endif

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ASKED  32
#define LOADED 16

static const struct sample_class classes[] = {
	{.name = "anything", .names = 6, .rules = 5, .conds = 3, .actions = 4, .plain = 50,
	 .ops = ANY_OP, .wide = true, .repeats = true},
	{.name = "arguments", .names = 2, .rules = 3, .conds = 2, .actions = 3, .plain = 4,
	 .ops = ANY_OP, .wide = true, .repeats = true},
	{.name = "numbers", .names = 24, .rules = 8, .conds = 1, .actions = 4, .plain = 98,
	 .ops = ANY_OP},
	{.name = "two actions", .names = 2, .rules = 3, .conds = 2, .actions = 2, .ops = ANY_OP},
	{.name = "multiplexed", .names = 4, .rules = 4, .conds = 2, .actions = 2, .plain = 40,
	 .ops = ANY_OP, .wide = true, .repeats = true, .multiplexed = true},
	{.name = "one condition", .names = 3, .rules = 6, .conds = 1, .actions = 4, .ops = ANY_OP},
	{.name = "equalities", .names = 2, .rules = 3, .conds = 3, .actions = 4,
	 .ops = OP_BIT(OP_EQ), .wide = true},
};

struct run {
	struct trial trial;
	struct sample sample;
	const struct abi *here; /* NULL: this kernel takes no filters */
	uint64_t native, loaded;
#ifdef HAVE_LIBSECCOMP
	struct versus versus;
#endif
};

static bool load_some(void *data, struct arena *arena, struct filter *f, const char **why)
{
	struct run *r = data;
	struct buf b;

	if (!r->here || f->policy->abi[0] != r->here || r->native++ % LOADED)
		return true;
	int error = admit(&f->program);
	if (error == 0) {
		r->loaded++;
		return true;
	}
	buf_init(&b, arena);
	buf_printf(&b, "this kernel does not load it: %s",
		error < 0 ? "it cannot be asked" : strerror(error));
	buf_add(&b, "", 1);
	*why = b.bytes;
	return false;
}

static const struct abi *draw_node(struct random *random)
{
	const struct abi *abi = arch_native();

	if (abi && random_chance(random, 50))
		return abi;
	abi = seeds_node(random, 0);
	return abi;
}

static bool try_trial(struct run *r, uint64_t seed)
{
	struct random random = random_start(seed);
	const struct sample_class *class = &classes[random_below(&random, countof(classes))];

	sample_make(&random, class, draw_node(&random), &r->sample);
	if (trial_run(&r->trial, &r->sample, seed))
		return true;
	printf("seed %llu, class %s:\n", (unsigned long long)seed, class->name);
	r->native = 0; /* each filter is loaded now */
	trial_explain(&r->trial, &r->sample, seed, stdout);
	return false;
}

static bool try_seed(struct run *r, uint64_t seed)
{
#ifdef HAVE_LIBSECCOMP
	if (seed % ASKED == 0 && r->versus.left_out)
		return sound_try(&r->versus, (size_t)(seed / ASKED % sound_classes()), seed);
#endif
	return try_trial(r, seed);
}

static void print_tally(const struct run *r, uint64_t done, uint64_t next)
{
	const struct tally *t = &r->trial.tally;

	printf("%llu profiles: %zu filters proved, %zu conflicts, %zu too long; %zu calls compared, "
	       "%zu of them open; %llu loaded by this kernel",
		(unsigned long long)done, t->built, t->conflicting, t->too_long, t->calls, t->open,
		(unsigned long long)r->loaded);
#ifdef HAVE_LIBSECCOMP
	const struct versus_tally *v = &r->versus.tally;
	printf("; libseccomp: %zu filters, %zu calls, %zu differences, %zu refused by both",
		v->filters, v->calls, v->differences, v->conflicts);
#endif
	printf("; next seed %llu\n", (unsigned long long)next);
	fflush(stdout);
}

static bool start(struct run *r)
{
	r->trial = (struct trial){.rounds = 1, .built = load_some, .data = r};
	r->here = arch_native();
	if (!admit_start()) {
		printf("NOTE: SKIP: this kernel loads no filters: none is loaded\n");
		r->here = NULL;
	}
#ifdef __GLIBC__
	/* what an arena gives back is wanted again at once */
	mallopt(M_MMAP_THRESHOLD, 256 << 20);
	mallopt(M_TRIM_THRESHOLD, 512 << 20);
	mallopt(M_TOP_PAD, 32 << 20);
#endif
#ifdef HAVE_LIBSECCOMP
	r->versus.left_out = calloc(arch_syscall_count(), sizeof(bool));
	return r->versus.left_out && peer_open(&r->versus.file);
#else
	printf("NOTE: SKIP: libseccomp is missing and not asked\n");
	return true;
#endif
}

static void stop(struct run *r)
{
#ifdef HAVE_LIBSECCOMP
	peer_close(&r->versus.file);
	free(r->versus.left_out);
#else
	(void)r;
#endif
}

static bool parse(const char *text, uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 0);
	return *text && !*end;
}

int main(int argc, char **argv)
{
	static struct run run;
	uint64_t count = 20000, seed = 1, every = 50000, done = 0;
	int letter;

	while ((letter = getopt(argc, argv, "n:s:p:")) != -1) {
		uint64_t *value = letter == 'n' ? &count : letter == 's' ? &seed : &every;
		if (letter == '?' || !parse(optarg, value) || !every) {
			fprintf(stderr, "usage: differential [-n COUNT] [-s SEED] [-p EVERY]\n");
			return 2;
		}
	}
	if (!start(&run)) {
		fprintf(stderr, "differential: libseccomp cannot be asked here\n");
		return 2;
	}
	bool ok = true;
	while (ok && done < count) {
		ok = try_seed(&run, seed + done++);
		if (ok && done % every == 0 && done < count)
			print_tally(&run, done, seed + done);
	}
	print_tally(&run, done, seed + done);
	stop(&run);
	return !ok;
}
