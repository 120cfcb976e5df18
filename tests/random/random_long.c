/*
 * random_long [COUNT [SEED]]: as many random profiles of all classes and ABIs as asked, through
 * trial.h. On a failure the profile is printed as small as it could be made; exit status 1.
 */

#include "tests/lib/trial.h"
#include "tests/lib/seeds.h"

#include <stdio.h>
#include <stdlib.h>

static bool parse(const char *text, uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 0);
	return *text && !*end;
}

static void print_tally(const struct tally *t)
{
	printf("%zu filters, %zu conflicts, %zu too long; %zu calls compared, %zu of them open\n",
		t->built, t->conflicting, t->too_long, t->calls, t->open);
}

/* The n-th sample of a run that started with `first`. */
static bool try_one(struct trial *trial, struct sample *sample, uint64_t seed)
{
	struct random random = random_start(seed);
	const struct sample_class *class =
		&sample_classes[random_below(&random, sample_class_count)];
	const struct abi *native;

	native = seeds_node(&random, 0);
	sample_make(&random, class, native, sample);
	if (trial_run(trial, sample, seed))
		return true;
	printf("seed %llu, class %s:\n", (unsigned long long)seed, class->name);
	return false;
}

int main(int argc, char **argv)
{
	static struct sample sample;
	struct trial trial = {.rounds = 2};
	uint64_t count = 1000, seed = 1;

	if (argc > 3 || (argc > 1 && !parse(argv[1], &count)) ||
		(argc > 2 && !parse(argv[2], &seed))) {
		fprintf(stderr, "usage: random_long [COUNT [SEED]]\n");
		return 2;
	}
	for (uint64_t n = 0; n < count; n++) {
		if (try_one(&trial, &sample, seed + n))
			continue;
		trial_explain(&trial, &sample, seed + n, stdout);
		print_tally(&trial.tally);
		return 1;
	}
	print_tally(&trial.tally);
	return 0;
}
