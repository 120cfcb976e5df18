/* Every verb against the one set of options: a word and a letter mean the same wherever they are. */

#include "compiler/base/base.h"
#include "tools/cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct option_row plain(size_t id)
{
	return option_row(&(struct taken){(enum option_id)id, NULL, NULL});
}

/* None, one, or one that may be left out: what getopt_long has to know. */
static int arity(const char *arg)
{
	return !arg ? 0 : arg[0] == '[' ? 2 : 1;
}

/* What a value is: a number, a file, or words. */
enum sort { NO_VALUE, NUMBER, A_FILE, WORDS };

static enum sort sort_of(const char *arg)
{
	static const struct {
		const char *start;
		enum sort sort;
	} sorts[] = {{"N", NUMBER}, {"SECONDS", NUMBER}, {"MIB", NUMBER}, {"PID", NUMBER}, {"FILE", A_FILE},
		{"PATH", A_FILE}, {"DIR", A_FILE}, {"PROFILE", A_FILE}};

	for (size_t i = 0; arg && i < countof(sorts); i++) {
		size_t len = strlen(sorts[i].start);
		if (strncmp(arg, sorts[i].start, len) == 0 && (arg[len] == '\0' || arg[len] == '|'))
			return sorts[i].sort;
	}
	return arg ? WORDS : NO_VALUE;
}

static void words_and_letters_are_one_options(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPTS; i++) {
		struct option_row a = plain(i);

		assert_true(a.letter != 'h' && strcmp(a.name, "help") != 0);
		assert_true(*a.name && *a.help);
		for (size_t j = i + 1; j < OPTS; j++) {
			struct option_row b = plain(j);

			if (strcmp(a.name, b.name) == 0 || (a.letter && a.letter == b.letter))
				fail_msg("--%s and --%s share a word or a letter", a.name, b.name);
		}
	}
}

static void every_option_has_a_verb(void **state)
{
	bool had[OPTS] = {false};

	(void)state;
	for (size_t i = 0; i < verb_count; i++) {
		for (size_t k = 0; k < verbs[i]->taken; k++)
			had[verbs[i]->takes[k].option] = true;
	}
	for (size_t id = 0; id < OPTS; id++) {
		if (!had[id])
			fail_msg("no verb takes --%s", plain(id).name);
	}
}

static void a_verb_takes_an_option_once_and_as_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < verb_count; i++) {
		const struct verb *verb = verbs[i];
		bool had[OPTS] = {false};

		for (size_t k = 0; k < verb->taken; k++) {
			struct option_row row = option_row(&verb->takes[k]);

			if (had[verb->takes[k].option])
				fail_msg("%s takes --%s twice", verb->name, row.name);
			had[verb->takes[k].option] = true;
			const char *arg = plain(verb->takes[k].option).arg;
			if (arity(row.arg) != arity(arg) || sort_of(row.arg) != sort_of(arg))
				fail_msg("%s: --%s %s is --%s %s elsewhere", verb->name, row.name,
					row.arg ? row.arg : "", row.name, arg ? arg : "");
		}
		if (verb->many && !had[verb->many - 1])
			fail_msg("%s repeats an option it does not take", verb->name);
	}
}

/* The examples themselves are run by tests/scripts/run-examples. */
static void a_verb_says_what_it_is(void **state)
{
	char start[64];

	(void)state;
	for (size_t i = 0; i < verb_count; i++) {
		const struct verb *verb = verbs[i];

		snprintf(start, sizeof(start), "winnow %s", verb->name);
		if (!verb->examples || strncmp(verb->examples, start, strlen(start)) != 0)
			fail_msg("%s has no example of its own", verb->name);
		assert_true(verb->examples[strlen(verb->examples) - 1] == '\n');
		assert_true(*verb->summary && verb->summary[strlen(verb->summary) - 1] != '.');
		for (size_t j = i + 1; j < verb_count; j++)
			assert_string_not_equal(verb->name, verbs[j]->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_letters_are_one_options),
		cmocka_unit_test(every_option_has_a_verb),
		cmocka_unit_test(a_verb_takes_an_option_once_and_as_it_is),
		cmocka_unit_test(a_verb_says_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
