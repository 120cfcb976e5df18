/*
 * Regions to conditions and back, by brute force over all values of a few bits; regions people write, and in how
 * few rules they are to be had; flags and listeners.
 */

#include "compiler/logic/meaning.h"
#include "compiler/synthesis/boxes.h"
#include "compiler/synthesis/cubes.h"
#include "compiler/synthesis/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"
#include "tests/lib/random.h"

#define FUNCTIONS 300
#define BITS      3u /* of two arguments: 64 values in all */

static struct arena arena;
static struct bdd bdd;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)256 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	bdd_init(&bdd, &arena);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The function that is true for the values of a table: bit n for a0 = n / 8, a1 = n % 8, in the low bits `at`. */
static uint32_t function_of(uint64_t table, unsigned at)
{
	uint32_t result = BDD_FALSE;

	for (unsigned n = 0; n < 1u << 2 * BITS; n++) {
		const uint64_t mask = ((UINT64_C(1) << BITS) - 1) << at;
		const struct cond cond[] = {{0, COND_EQ, mask, (uint64_t)(n >> BITS) << at},
			{1, COND_EQ, mask, (uint64_t)(n & ((1u << BITS) - 1)) << at}};
		const struct clause clause = {.cond = cond, .conds = 2};
		if (table >> n & 1)
			result = bdd_ite(&bdd, meaning_clause(&bdd, &clause), BDD_TRUE, result);
	}
	return result;
}

static bool holds(const struct cube *c, const uint64_t args[2])
{
	return (args[0] & c->mask.args[0]) == c->value.args[0] && (args[1] & c->mask.args[1]) == c->value.args[1];
}

/* For each value of the table: is some cube there? Leaving out `but`. */
static uint64_t table_of(const struct cubes *cubes, unsigned at, size_t but)
{
	uint64_t table = 0;

	for (unsigned n = 0; n < 1u << 2 * BITS; n++) {
		const uint64_t args[] = {(uint64_t)(n >> BITS) << at, (uint64_t)(n & ((1u << BITS) - 1)) << at};
		for (size_t i = 0; i < cubes->count; i++) {
			if (i != but && holds(&cubes->cube[i], args))
				table |= UINT64_C(1) << n;
		}
	}
	return table;
}

static void cubes_hold_what_they_must_and_no_more(void **state)
{
	struct random random = random_start(3);
	struct cube room[64];

	(void)state;
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		struct cubes cubes = {.cube = room, .most = countof(room)};
		unsigned at = random_below(&random, 60);
		uint64_t least = random_next(&random) & random_next(&random), most = least | random_next(&random);
		assert_true(cubes_find(&bdd, function_of(least, at), function_of(most, at), &cubes));
		uint64_t found = table_of(&cubes, at, SIZE_MAX);
		assert_int_equal(found & least, least);
		assert_int_equal(found & ~most, 0);
		for (size_t k = 0; k < cubes.count; k++)
			assert_int_not_equal(table_of(&cubes, at, k) & least, least);
	}
}

static void cubes_are_not_more_than_there_is_room_for(void **state)
{
	const uint64_t odd = UINT64_C(0x6996966996696996); /* parity: a cube each value */
	struct cube room[32];
	struct cubes cubes = {.cube = room, .most = 31};

	(void)state;
	assert_false(cubes_find(&bdd, function_of(odd, 0), function_of(odd, 0), &cubes));
	cubes.most = 32;
	assert_true(cubes_find(&bdd, function_of(odd, 0), function_of(odd, 0), &cubes));
	assert_int_equal(cubes.count, 32);
}

/* --- boxes --- */

static uint32_t box_holds(const struct box *box, unsigned bits)
{
	static const enum cond_op op[PROFILE_OPS] = {[OP_NE] = COND_NE, [OP_LT] = COND_LT, [OP_LE] = COND_LE,
		[OP_EQ] = COND_EQ, [OP_GE] = COND_GE, [OP_GT] = COND_GT, [OP_MASKED_EQ] = COND_EQ};
	uint64_t all = bits == 32 ? UINT32_MAX : UINT64_MAX;
	struct cond cond[CALL_ARGS];
	const struct clause clause = {.cond = cond, .conds = box->conds};

	for (size_t i = 0; i < box->conds; i++) {
		const struct profile_cond *c = &box->cond[i];
		bool masked = c->op == OP_MASKED_EQ;
		cond[i] = (struct cond){c->index, op[c->op], masked ? c->value : all,
			masked ? c->value_two : c->value};
		assert_true(!i || box->cond[i - 1].index < c->index);
	}
	return meaning_clause(&bdd, &clause);
}

static void assert_exact(const struct boxes *boxes, uint32_t where, unsigned bits)
{
	uint32_t found = BDD_FALSE;

	for (size_t i = 0; i < boxes->count; i++)
		found = bdd_ite(&bdd, box_holds(&boxes->box[i], bits), BDD_TRUE, found);
	assert_int_equal(found, where);
	assert_false(bdd.full);
}

static void boxes_are_exact(void **state)
{
	struct random random = random_start(5);
	static struct boxes boxes;

	(void)state;
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		unsigned bits = random_chance(&random, 50) ? 32 : 64;
		unsigned at = random_below(&random, random_chance(&random, 50) ? 1 : bits - BITS);
		uint32_t where = function_of(random_next(&random) & random_next(&random), at);
		for (unsigned style = BOX_ANY; style <= BOX_EQUALITIES; style++) {
			if (boxes_find(&bdd, where, bits, (enum box_style)style, &boxes))
				assert_exact(&boxes, where, bits);
			else
				assert_int_equal(style, BOX_ANY); /* each value is a cube at most */
		}
	}
}

/* Conditions of a clause that holds nowhere else; several clauses are alternatives. */
struct region {
	const char *what;
	unsigned bits;
	struct cond cond[2][3];
	size_t conds[2];
	bool either; /* of two clauses, else not the second */
	size_t boxes;
};

#define ALL UINT64_MAX

static const struct region regions[] = {
	{"one value", 64, {{{0, COND_EQ, ALL, 5}}}, {1, 0}, true, 1},
	{"all but one", 64, {{{0, COND_NE, ALL, 5}}}, {1, 0}, true, 1},
	{"all but two", 64, {{{0, COND_NE, ALL, 38}, {0, COND_NE, ALL, 40}}}, {2, 0}, true, 3},
	{"between two bounds", 64, {{{0, COND_GE, ALL, 5}, {0, COND_LE, ALL, 10}}}, {2, 0}, true, 4},
	{"a block", 64, {{{0, COND_GE, ALL, 16}, {0, COND_LE, ALL, 31}}}, {2, 0}, true, 1},
	{"two arguments", 64, {{{0, COND_LT, ALL, 38}, {1, COND_NE, ALL, 9}}}, {2, 0}, true, 1},
	{"no bits of a mask", 64, {{{0, COND_EQ, 0x7e020000, 0}}}, {1, 0}, true, 1},
	{"some bits of a mask", 64, {{{0, COND_NE, 0x70, 0}}}, {1, 0}, true, 3},
	{"this or that", 64, {{{0, COND_NE, ALL, 16}}, {{2, COND_NE, ALL, 9}}}, {1, 1}, true, 2},
	{"this without that", 64, {{{0, COND_LE, ALL, 100}}, {{0, COND_EQ, ALL, 0}}}, {1, 1}, false, 9}, /* 1 to 100 in blocks */
	{"below on 32 bits", 32, {{{0, COND_LT, UINT32_MAX, 38}}}, {1, 0}, true, 1},
	{"the low half of 64", 64, {{{0, COND_LT, UINT32_MAX, 8}}}, {1, 0}, true, 1},
	{"no argument", 64, {{{0, COND_GE, ALL, 0}}}, {1, 0}, true, 1},
};

static void people_s_regions_are_few_boxes(void **state)
{
	static struct boxes boxes;

	(void)state;
	for (size_t i = 0; i < countof(regions); i++) {
		const struct region *r = &regions[i];
		const struct clause one = {.cond = r->cond[0], .conds = r->conds[0]};
		const struct clause other = {.cond = r->cond[1], .conds = r->conds[1]};
		uint32_t where = meaning_clause(&bdd, &one);
		uint32_t second = r->conds[1] ? meaning_clause(&bdd, &other) : BDD_FALSE;
		where = r->either ? bdd_ite(&bdd, second, BDD_TRUE, where) : bdd_ite(&bdd, second, BDD_FALSE, where);
		assert_true(boxes_find(&bdd, where, r->bits, BOX_ANY, &boxes));
		assert_exact(&boxes, where, r->bits);
		if (boxes.count != r->boxes)
			fail_msg("%s: %zu boxes, expected %zu", r->what, boxes.count, r->boxes);
	}
}

static void what_takes_too_many_boxes_is_not_found(void **state)
{
	const struct cond cond[] = {{0, COND_GT, ALL, 40}, {1, COND_GT, ALL, 40}, {2, COND_GT, ALL, 40}};
	const struct clause clause = {.cond = cond, .conds = 3};
	static struct boxes boxes;
	uint32_t where = meaning_clause(&bdd, &clause);

	(void)state;
	assert_true(boxes_find(&bdd, where, 64, BOX_ANY, &boxes));
	assert_int_equal(boxes.count, 1);
	assert_false(boxes_find(&bdd, where, 64, BOX_EQUALITIES, &boxes));
}

/* --- settings --- */

#define FLAG(name) "'SECCOMP_FILTER_FLAG_" name "'"
#define PROFILE(more) "{'defaultAction': 'SCMP_ACT_ALLOW'" more "}"

static const struct {
	const char *a, *b;
	enum stacked how;
	const char *flags; /* NULL: absent */
} flags[] = {
	{PROFILE(""), PROFILE(""), STACK_STRICTEST, NULL},
	{PROFILE(""), PROFILE(", 'flags': []"), STACK_STRICTEST, ""},
	{PROFILE(""), PROFILE(", 'flags': []"), STACK_LAXEST, "SPEC_ALLOW"},
	{PROFILE(", 'flags': []"), PROFILE(", 'flags': []"), STACK_LAXEST, ""},
	{PROFILE(""), PROFILE(", 'flags': [" FLAG("LOG") "]"), STACK_STRICTEST, "LOG"},
	{PROFILE(""), PROFILE(", 'flags': [" FLAG("LOG") "]"), STACK_LAXEST, "LOG SPEC_ALLOW"},
	{PROFILE(", 'flags': [" FLAG("SPEC_ALLOW") ", " FLAG("TSYNC") "]"), PROFILE(""), STACK_STRICTEST,
		"TSYNC SPEC_ALLOW"},
};

static void flags_are_sets(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(flags); i++) {
		struct attempt a[2];
		struct settings_side side[2];
		struct profile to;
		char text[256] = "";
		attempt_text(&a[0], flags[i].a);
		attempt_text(&a[1], flags[i].b);
		for (size_t k = 0; k < 2; k++)
			side[k] = (struct settings_side){a[k].profile, "p", false};
		assert_true(settings_merge(&arena, flags[i].how, side, 2, false, &a[0].diags, &to));
		for (size_t k = 0; k < to.flags.count; k++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", k ? " " : "",
				to.flags.text[k].s + strlen("SECCOMP_FILTER_FLAG_"));
		assert_int_equal(to.flags.present, flags[i].flags != NULL);
		assert_string_equal(text, flags[i].flags ? flags[i].flags : "");
		attempt_end(&a[0], true);
		attempt_end(&a[1], true);
	}
}

#define LISTENS(path) PROFILE(", 'listenerPath': '" path "'")

static const struct {
	const char *a, *b;
	bool asks[2], result, ok;
	const char *path;
} listeners[] = {
	{LISTENS("/x"), LISTENS("/x"), {true, true}, true, true, "/x"},
	{LISTENS("/x"), LISTENS("/y"), {true, true}, true, false, NULL},
	{LISTENS("/x"), LISTENS("/y"), {true, false}, true, true, "/x"},
	{LISTENS("/x"), LISTENS("/y"), {true, true}, false, true, ""},
	{LISTENS("/x"), PROFILE(""), {true, true}, true, false, NULL},
	{PROFILE(""), LISTENS("/x"), {false, true}, true, true, "/x"},
	{PROFILE(""), PROFILE(""), {true, true}, true, true, ""},
};

static void a_filter_has_one_listener(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(listeners); i++) {
		struct attempt a[2];
		struct settings_side side[2];
		struct profile to;
		attempt_text(&a[0], listeners[i].a);
		attempt_text(&a[1], listeners[i].b);
		for (size_t k = 0; k < 2; k++)
			side[k] = (struct settings_side){a[k].profile, k ? "b" : "a", listeners[i].asks[k]};
		assert_int_equal(settings_merge(&arena, STACK_STRICTEST, side, 2, listeners[i].result, &a[0].diags, &to),
			listeners[i].ok);
		if (listeners[i].ok)
			assert_string_equal(to.listener_path.len ? to.listener_path.s : "", listeners[i].path);
		else
			assert_true(attempt_says(&a[0], "one filter has one listener"));
		attempt_end(&a[0], true);
		attempt_end(&a[1], true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cubes_hold_what_they_must_and_no_more),
		cmocka_unit_test(cubes_are_not_more_than_there_is_room_for),
		cmocka_unit_test(boxes_are_exact),
		cmocka_unit_test(people_s_regions_are_few_boxes),
		cmocka_unit_test(what_takes_too_many_boxes_is_not_found),
		cmocka_unit_test(flags_are_sets),
		cmocka_unit_test(a_filter_has_one_listener),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
