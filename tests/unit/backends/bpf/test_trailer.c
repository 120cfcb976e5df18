/* What is put behind a program comes back, costs nothing, and nothing else passes for it. */

#include "backends/bpf/check.h"
#include "backends/bpf/sim.h"
#include "backends/bpf/trailer.h"
#include "compiler/kernel/action.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct insn code[] = {
	{INSN_LD, 0, 0, 0}, {INSN_JEQ, 0, 1, 1}, {INSN_RET, 0, 0, RET_ALLOW}, {INSN_RET, 0, 0, 0}};
static const struct program plain = {code, countof(code)};

static struct trailer sample(const char *text)
{
	struct trailer t = {.text = text};

	for (unsigned i = 0; i < SHA256_SIZE; i++) {
		t.profile[i] = (uint8_t)(200 + i);
		t.meaning[i] = (uint8_t)i;
	}
	return t;
}

static void what_is_added_is_found(void **state)
{
	static const char *const texts[] = {
		"", "a=\n", "ab=c\n", "abis=x86_64 x86\nby=x\n", "abcde"};
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(texts); i++) {
		const struct trailer t = sample(texts[i]);
		struct trailer found;
		struct program with;
		struct fault *faults;
		assert_true(trailer_add(&arena, &plain, &t, &with));
		assert_int_equal(check_program(&arena, &with, &faults), 0);
		assert_true(trailer_find(&arena, &with, &found));
		assert_int_equal(found.code, plain.len);
		assert_string_equal(found.text, t.text);
		assert_memory_equal(found.profile, t.profile, SHA256_SIZE);
		assert_memory_equal(found.meaning, t.meaning, SHA256_SIZE);
	}
	arena_free(&arena);
}

static void the_least_there_can_be_is_found(void **state)
{
	static const struct insn ret = {INSN_RET, 0, 0, 0};
	const struct trailer t = sample("");
	struct trailer found;
	struct program with;
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	assert_true(trailer_add(&arena, &(struct program){&ret, 1}, &t, &with));
	assert_true(trailer_find(&arena, &with, &found));
	assert_int_equal(found.code, 1);
	arena_free(&arena);
}

static void a_program_with_it_executes_the_same_instructions(void **state)
{
	const struct trailer t = sample("x=y\n");
	struct program with;
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	assert_true(trailer_add(&arena, &plain, &t, &with));
	for (uint32_t nr = 0; nr < 3; nr++) {
		struct call call = {.nr = nr};
		size_t before, after;
		assert_int_equal(sim_run(&plain, ORDER_LITTLE, &call, &before, NULL),
			sim_run(&with, ORDER_LITTLE, &call, &after, NULL));
		assert_int_equal(before, after);
	}
	arena_free(&arena);
}

static void every_damaged_word_is_noticed(void **state)
{
	const struct trailer t = sample("abis=x86_64\n");
	struct program with;
	struct trailer found;
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	assert_true(trailer_add(&arena, &plain, &t, &with));
	struct insn *insn = arena_grow(&arena, with.insn, with.len, with.len, sizeof(*insn));
	const struct program copy = {insn, with.len};
	for (size_t pc = plain.len; pc + 1 < with.len; pc++) {
		for (unsigned bit = 0; bit < 32; bit++) {
			insn[pc].k ^= 1u << bit;
			assert_false(trailer_find(&arena, &copy, &found));
			insn[pc].k ^= 1u << bit;
		}
	}
	assert_true(trailer_find(&arena, &copy, &found));
	arena_free(&arena);
}

static void a_hash_can_be_missing(void **state)
{
	struct trailer t = sample("x=y\n"), found;
	struct arena arena;
	struct program with;

	(void)state;
	ARENA_START(&arena);
	assert_true(trailer_hashed(&t));
	memset(t.meaning, 0, sizeof(t.meaning));
	assert_true(trailer_add(&arena, &plain, &t, &with));
	assert_true(trailer_find(&arena, &with, &found));
	assert_false(trailer_hashed(&found));
	assert_string_equal(found.text, "x=y\n");
	arena_free(&arena);
}

static void words_that_can_be_reached_are_no_trailer(void **state)
{
	const struct trailer t = sample("");
	struct program with;
	struct trailer found;
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	assert_true(trailer_add(&arena, &plain, &t, &with));
	struct insn *insn = arena_grow(&arena, with.insn, with.len, with.len, sizeof(*insn));
	const struct program copy = {insn, with.len};
	insn[1].jf = 2;
	assert_false(trailer_find(&arena, &copy, &found));
	insn[1].jf = 1;
	insn[3].code = INSN_LD;
	assert_false(trailer_find(&arena, &copy, &found));
	assert_false(trailer_find(&arena, &plain, &found));
	arena_free(&arena);
}

static void what_does_not_fit_is_not_added(void **state)
{
	const struct trailer t = sample("");
	struct program with;
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct insn *insn = arena_alloc(&arena, PROGRAM_MAX, sizeof(*insn));
	for (size_t i = 0; i < PROGRAM_MAX; i++)
		insn[i] = (struct insn){.code = INSN_RET};
	struct program large = {insn, PROGRAM_MAX};
	while (large.len && !trailer_add(&arena, &large, &t, &with))
		large.len--;
	assert_int_equal(with.len, PROGRAM_MAX);
	arena_free(&arena);
}

static void values_are_found_by_their_whole_key(void **state)
{
	const struct trailer t = sample("abis=x86_64 x86\narch=x86_64\nempty=\nlast=1");
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	assert_string_equal(trailer_value(&arena, &t, "abis"), "x86_64 x86");
	assert_string_equal(trailer_value(&arena, &t, "empty"), "");
	assert_null(trailer_value(&arena, &t, "abi"));
	assert_null(trailer_value(&arena, &t, "last")); /* its line has no end */
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_is_found),
		cmocka_unit_test(the_least_there_can_be_is_found),
		cmocka_unit_test(a_program_with_it_executes_the_same_instructions),
		cmocka_unit_test(every_damaged_word_is_noticed),
		cmocka_unit_test(a_hash_can_be_missing),
		cmocka_unit_test(words_that_can_be_reached_are_no_trailer),
		cmocka_unit_test(what_does_not_fit_is_not_added),
		cmocka_unit_test(values_are_found_by_their_whole_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
