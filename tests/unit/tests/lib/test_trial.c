/*
 * trial.h notices a fault and cuts the profile down to what shows it. The fault is put into filters
 * of our own compiler, behind its proof: a condition on an argument tests another value.
 */

#include "tests/lib/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SEEDS 10

/* The first test behind the first load of an argument's word is off by a bit. */
static bool break_condition(void *data, struct arena *arena, struct filter *f, const char **why)
{
	struct insn *insn = arena_alloc(arena, f->program.len, sizeof(*insn));
	size_t pc = 0;

	(void)why;
	memcpy(insn, f->program.insn, f->program.len * sizeof(*insn));
	while (pc < f->program.len && (insn[pc].code != INSN_LD || insn[pc].k < 16))
		pc++;
	while (pc < f->program.len && insn[pc].code != INSN_JEQ && insn[pc].code != INSN_JGE)
		pc++;
	if (pc == f->program.len)
		return true;
	insn[pc].k ^= 1;
	f->program.insn = insn;
	++*(unsigned *)data;
	return true;
}

static bool refuse(void *data, struct arena *arena, struct filter *f, const char **why)
{
	(void)data;
	(void)arena;
	*why = "because";
	return f->program.len < 5;
}

static void draw(struct sample *sample, uint64_t seed)
{
	struct random random = random_start(seed);

	sample_make(&random, &sample_classes[seed % sample_class_count], &arch_abis[0], sample);
}

/* What is left of a sample that fails, and what is printed of it. */
static char *explain(struct trial *trial, struct sample *sample, uint64_t seed)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	trial_explain(trial, sample, seed, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void a_wrong_condition_is_shown_by_one_rule(void **state)
{
	static struct sample sample;
	unsigned broken = 0, found = 0;
	struct trial trial = {.rounds = 2, .built = break_condition, .data = &broken};

	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		draw(&sample, seed);
		if (trial_run(&trial, &sample, seed))
			continue;
		found++;
		char *text = explain(&trial, &sample, seed);
		assert_int_equal(sample.rules, 1);
		assert_int_equal(sample.rule[0].names, 1);
		assert_int_equal(sample.rule[0].conds, 1);
		assert_int_equal(sample.natives, 1);
		assert_int_equal(sample.subs, 0);
		assert_non_null(strstr(text, arch_syscall_name(sample.rule[0].name[0])));
		assert_non_null(strstr(text, "for x86_64: the filter returns "));
		assert_non_null(strstr(text, "\narch 0x"));
		assert_false(trial_run(&trial, &sample, seed)); /* it still fails */
		free(text);
	}
	assert_in_range(found, SEEDS / 4, broken);
}

static void a_hook_that_refuses_is_a_failure_too(void **state)
{
	static struct sample sample;
	struct trial trial = {.rounds = 1, .built = refuse};

	(void)state;
	uint64_t seed = 0;
	do
		draw(&sample, ++seed);
	while (trial_run(&trial, &sample, seed)); /* a conflict, which never comes so far */
	char *text = explain(&trial, &sample, seed);
	assert_non_null(strstr(text, ": because\n"));
	assert_in_range(sample.rules, 0, 1);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_condition_is_shown_by_one_rule),
		cmocka_unit_test(a_hook_that_refuses_is_a_failure_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
