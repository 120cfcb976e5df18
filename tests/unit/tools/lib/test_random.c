/*
 * A few random profiles of each class for each ABI as the node's own, through trial.h. The same
 * ones on every run, so that a failure can be looked at; random_long draws others for as long as
 * asked.
 */

#include "tests/lib/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SAMPLES 4 /* of a class for an ABI */

/* Same seed, same sample; different seeds, different samples. */
static void samples_depend_on_the_seed_alone(void **state)
{
	static struct sample a, b;
	size_t same = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct random one = random_start(seed), two = random_start(seed);
		sample_make(&one, &sample_classes[0], &arch_abis[0], &a);
		sample_make(&two, &sample_classes[0], &arch_abis[0], &b);
		assert_int_equal(one.state, two.state);
		assert_int_equal(a.rules, b.rules);
		two = random_start(seed + 1);
		same += random_next(&one) == random_next(&two);
	}
	assert_int_equal(same, 0);
}

static void try_class(const struct sample_class *class)
{
	static struct sample sample;
	struct trial trial = {.rounds = 1};

	for (size_t i = 0; i < arch_abi_count; i++) {
		for (uint64_t n = 0; n < SAMPLES && !arch_abis[i].guest; n++) {
			uint64_t seed = 1000 * i + n;
			struct random random = random_start(seed);
			sample_make(&random, class, &arch_abis[i], &sample);
			if (trial_run(&trial, &sample, seed))
				continue;
			trial_explain(&trial, &sample, seed, stdout);
			fail();
		}
	}
	printf("NOTE: %s: %zu filters, %zu conflicts, %zu too long; %zu calls compared, %zu of "
	       "them "
	       "open\n",
		class->name, trial.tally.built, trial.tally.conflicting, trial.tally.too_long,
		trial.tally.calls, trial.tally.open);
	assert_true(trial.tally.built > 0);
}

static void filter_policy_and_reference_agree(void **state)
{
	(void)state;
	for (size_t i = 0; i < sample_class_count; i++)
		try_class(&sample_classes[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_depend_on_the_seed_alone),
		cmocka_unit_test(filter_policy_and_reference_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
