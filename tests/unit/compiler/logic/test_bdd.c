/* Diagrams of few variables against their tables of values. */

#include "compiler/logic/bdd.h"
#include "compiler/logic/chain.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define VARS 6 /* spread over all there are */
#define ROWS (1u << VARS)

static const uint32_t vars[VARS] = {0, 1, 31, 32, 200, BDD_VARS - 1};

/* A function as its values: row r has variable i set if bit i of r is. */
struct table {
	uint64_t value[ROWS];
};

static struct table table_random(struct dice *d, size_t values)
{
	struct table t;
	unsigned unused =
		dice_below(d, VARS + 1); /* does not depend on this variable, if there is */

	for (uint32_t r = 0; r < ROWS; r++)
		t.value[r] = dice_below(d, values);
	for (uint32_t r = 0; r < ROWS; r++)
		t.value[r] = t.value[r & ~(unused < VARS ? 1u << unused : 0)];
	return t;
}

/* From variable i on; the ones before are set as in `row`. */
static uint32_t table_build(struct bdd *b, const struct table *t, unsigned i, uint32_t row)
{
	if (i == VARS)
		return bdd_leaf(b, t->value[row]);
	uint32_t lo = table_build(b, t, i + 1, row);
	uint32_t hi = table_build(b, t, i + 1, row | 1u << i);
	return bdd_node(b, vars[i], lo, hi);
}

static uint64_t value_at(const struct bdd *b, uint32_t f, uint32_t row)
{
	for (unsigned i = 0; i < VARS; i++)
		f = bdd_given(b, f, vars[i], row >> i & 1);
	return bdd_value(b, f);
}

static void bdd_leaves_keep_64_bits(void **state)
{
	static const uint64_t values[] = {0, 1, 2, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (size_t i = 0; i < countof(values); i++) {
		uint32_t leaf = bdd_leaf(&b, values[i]);
		assert_true(bdd_is_leaf(&b, leaf));
		assert_true(bdd_value(&b, leaf) == values[i]);
		assert_int_equal(leaf, bdd_leaf(&b, values[i]));
	}
	assert_int_equal(bdd_leaf(&b, 0), BDD_FALSE);
	assert_int_equal(bdd_leaf(&b, 1), BDD_TRUE);
	assert_int_equal(bdd_first(&b, BDD_FALSE, BDD_TRUE), BDD_LEAF);
	arena_free(&arena);
}

static void bdd_a_node_of_equal_children_is_its_child(void **state)
{
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	uint32_t x = bdd_node(&b, 7, BDD_FALSE, BDD_TRUE);
	assert_int_equal(bdd_node(&b, 3, x, x), x);
	assert_int_equal(bdd_node(&b, 7, BDD_FALSE, BDD_TRUE), x);
	assert_int_not_equal(bdd_node(&b, 7, BDD_TRUE, BDD_FALSE), x);
	assert_int_not_equal(bdd_node(&b, 8, BDD_FALSE, BDD_TRUE), x);
	arena_free(&arena);
}

/* So many that they meet in the hash table. */
static void bdd_nodes_differ_in_variable_or_children(void **state)
{
	enum { VALUES = 5 };
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (uint32_t value = 0; value < VALUES; value++)
		bdd_leaf(&b, value);
	for (unsigned round = 0; round < 2; round++) {
		uint32_t expected = VALUES;
		for (uint32_t var = 0; var < BDD_VARS; var++) {
			for (uint32_t i = 0; i < VALUES * VALUES; i++) {
				uint32_t lo = i / VALUES, hi = i % VALUES;
				uint32_t f = bdd_node(&b, var, lo, hi);
				assert_int_equal(f, lo == hi ? lo : expected++);
			}
		}
	}
	arena_free(&arena);
}

static void bdd_equal_functions_are_equal_indices(void **state)
{
	struct dice d = {1};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (unsigned i = 0; i < 2000; i++) {
		struct table t = table_random(&d, 2), u = t;
		if (i % 2)
			u.value[dice_below(&d, ROWS)] ^= 1;
		uint32_t f = table_build(&b, &t, 0, 0), g = table_build(&b, &u, 0, 0);
		assert_int_equal(f == g, i % 2 == 0);
		for (uint32_t r = 0; r < ROWS; r++)
			assert_int_equal(value_at(&b, f, r), t.value[r]);
	}
	arena_free(&arena);
}

static void bdd_ite_is_the_choice_of_each_row(void **state)
{
	struct dice d = {2};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (unsigned i = 0; i < 2000; i++) {
		struct table test = table_random(&d, 2), yes = table_random(&d, 1 + i % 5);
		struct table no = table_random(&d, 1 + i % 3), chosen;
		for (uint32_t r = 0; r < ROWS; r++)
			chosen.value[r] = test.value[r] ? yes.value[r] : no.value[r];
		uint32_t f = table_build(&b, &test, 0, 0);
		uint32_t g = table_build(&b, &yes, 0, 0), h = table_build(&b, &no, 0, 0);
		assert_int_equal(bdd_ite(&b, f, g, h), table_build(&b, &chosen, 0, 0));
	}
	arena_free(&arena);
}

static void bdd_ite_decides_at_once_what_is_decided(void **state)
{
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	uint32_t x = bdd_node(&b, 7, BDD_FALSE, BDD_TRUE), y = bdd_node(&b, 3, BDD_FALSE, BDD_TRUE);
	uint64_t steps = b.steps;
	assert_int_equal(bdd_ite(&b, BDD_TRUE, x, y), x);
	assert_int_equal(bdd_ite(&b, BDD_FALSE, x, y), y);
	assert_int_equal(bdd_ite(&b, x, y, y), y);
	assert_int_equal(bdd_ite(&b, x, BDD_TRUE, BDD_FALSE), x);
	assert_int_equal(b.steps, steps);
	arena_free(&arena);
}

/* Tables grow: what was found before is found again, at its index. */
static void bdd_grows_without_forgetting(void **state)
{
	enum { LEAVES = 200000 };
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (uint32_t i = 0; i < LEAVES; i++)
		assert_int_equal(bdd_leaf(&b, i), i);
	for (uint32_t i = 0; i < LEAVES; i++)
		assert_int_equal(bdd_leaf(&b, i), i);
	assert_int_equal(b.count, LEAVES);
	assert_false(b.full);
	arena_free(&arena);
}

static void bdd_without_room_is_full_and_stays_so(void **state)
{
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (uint32_t i = 0; i < BDD_NODES; i++)
		bdd_leaf(&b, i);
	assert_false(b.full);
	assert_int_equal(bdd_leaf(&b, BDD_NODES - 1), BDD_NODES - 1);
	assert_int_equal(bdd_leaf(&b, BDD_NODES), BDD_FALSE);
	assert_true(b.full);
	assert_int_equal(bdd_leaf(&b, 5), BDD_FALSE);
	assert_int_equal(b.count, BDD_NODES);
	arena_free(&arena);
}

static void bdd_without_steps_is_full(void **state)
{
	struct dice d = {3};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	b.steps = 10;
	for (unsigned i = 0; i < 100; i++) {
		struct table test = table_random(&d, 2), yes = table_random(&d, 9);
		struct table no = table_random(&d, 9);
		uint32_t f = table_build(&b, &test, 0, 0), g = table_build(&b, &yes, 0, 0);
		bdd_ite(&b, f, g, table_build(&b, &no, 0, 0));
	}
	assert_true(b.full);
	arena_free(&arena);
}

static bool chain_holds(const struct chain *c, uint32_t word)
{
	word &= c->mask;
	if (word == c->k)
		return c->relation.equal;
	return word < c->k ? c->relation.less : c->relation.more;
}

/* A function of the word at variable 64 and its neighbours, to be chosen from. */
static uint32_t bystander(struct bdd *b, struct dice *d, uint32_t from)
{
	uint32_t f = bdd_leaf(b, dice_below(d, 3));

	for (uint32_t var = 120; var-- > from;) {
		uint32_t g = bdd_leaf(b, dice_below(d, 3));
		if (!dice_below(d, 4))
			f = dice_below(d, 2) ? bdd_node(b, var, f, g) : bdd_node(b, var, g, f);
	}
	return f;
}

/* The comparison as nodes, from the lightest bit up. */
static uint32_t chain_build(struct bdd *b, const struct chain *c)
{
	uint32_t result = c->relation.equal;

	for (uint32_t i = 0; i < 32; i++) {
		uint32_t one = c->k >> i & 1 ? result : c->relation.more;
		uint32_t zero = c->k >> i & 1 ? c->relation.less : result;
		result = bdd_node(b, c->first + 31 - i, zero, c->mask >> i & 1 ? one : zero);
	}
	return result;
}

/* Also where the functions depend on variables before the word, in it, outside the mask. */
static void chain_chooses_as_ite_does(void **state)
{
	struct dice d = {4};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (unsigned i = 0; i < 20000; i++) {
		struct chain c = {.first = 64, .k = (uint32_t)arbitrary_value(&d)};
		c.mask = dice_below(&d, 2) ? UINT32_MAX : (uint32_t)arbitrary_value(&d);
		c.relation =
			(struct relation){dice_below(&d, 2), dice_below(&d, 2), dice_below(&d, 2)};
		uint32_t from = dice_below(&d, 2) ? 64 : 50;
		uint32_t yes = bystander(&b, &d, from), no = bystander(&b, &d, from);
		uint32_t test = chain_build(&b, &c);
		assert_int_equal(chain_choose(&b, &c, yes, no), bdd_ite(&b, test, yes, no));
		assert_int_equal(chain_choose(&b, &c, BDD_TRUE, BDD_FALSE), test);
	}
	assert_false(b.full);
	arena_free(&arena);
}

static void chain_holds_for_the_words_it_should(void **state)
{
	struct dice d = {5};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (unsigned i = 0; i < 20000; i++) {
		struct chain c = {.first = 64, .k = (uint32_t)arbitrary_value(&d)};
		c.mask = dice_below(&d, 2) ? UINT32_MAX : (uint32_t)arbitrary_value(&d);
		c.relation =
			(struct relation){dice_below(&d, 2), dice_below(&d, 2), dice_below(&d, 2)};
		uint32_t f = chain_choose(&b, &c, BDD_TRUE, BDD_FALSE);
		for (unsigned k = 0; k < 8; k++) {
			const struct cond near = {.mask = c.mask, .value = c.k};
			uint32_t word = (uint32_t)arbitrary_near(&d, &near), g = f;
			for (uint32_t v = 0; v < 32; v++)
				g = bdd_given(&b, g, c.first + v, word >> (31 - v) & 1);
			assert_int_equal(g, chain_holds(&c, word));
		}
	}
	arena_free(&arena);
}

static struct chain arbitrary_chain(struct dice *d)
{
	struct chain c = {.first = 64, .k = (uint32_t)arbitrary_value(d)};

	c.mask = dice_below(d, 4) ? UINT32_MAX : (uint32_t)arbitrary_value(d);
	c.relation = (struct relation){dice_below(d, 2), dice_below(d, 2), dice_below(d, 2)};
	return c;
}

/* Some near k, some far from it, some that are one word. */
static struct words arbitrary_words(struct dice *d, uint32_t k)
{
	const struct cond near = {.mask = UINT32_MAX, .value = k};
	uint32_t a = (uint32_t)(dice_below(d, 3) ? arbitrary_near(d, &near) : arbitrary_value(d));
	uint32_t b = dice_below(d, 4) ? a + dice_below(d, 1u << dice_below(d, 16)) : (uint32_t)arbitrary_value(d);

	return a < b ? (struct words){a, b} : (struct words){b, a};
}

/* Of all calls whose word is one of these. */
static uint32_t within(struct bdd *b, struct words of, uint32_t f)
{
	const struct chain least = {64, UINT32_MAX, of.first, {.equal = true, .more = true}};
	const struct chain most = {64, UINT32_MAX, of.last, {.equal = true, .less = true}};
	uint32_t in = bdd_ite(b, chain_build(b, &least), chain_build(b, &most), BDD_FALSE);

	return bdd_ite(b, in, f, BDD_FALSE);
}

static void chain_chooses_right_among_the_words_it_is_given(void **state)
{
	struct dice d = {6};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (unsigned i = 0; i < 20000; i++) {
		struct chain c = arbitrary_chain(&d);
		struct words of = arbitrary_words(&d, c.k);
		uint32_t from = dice_below(&d, 2) ? 64 : 50;
		uint32_t yes = bystander(&b, &d, from), no = bystander(&b, &d, from);
		uint32_t exact = bdd_ite(&b, chain_build(&b, &c), yes, no);
		uint32_t among = chain_choose_among(&b, &c, yes, no, of);
		assert_int_equal(within(&b, of, among), within(&b, of, exact));
	}
	assert_false(b.full);
	arena_free(&arena);
}

static bool words_have(struct words w, uint32_t word)
{
	return w.first <= word && word <= w.last;
}

static void chain_words_are_those_between_the_ends_it_holds_for(void **state)
{
	struct dice d = {7};

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		struct chain c = arbitrary_chain(&d);
		struct words of = arbitrary_words(&d, c.k);
		bool way = dice_below(&d, 2);
		struct words some = chain_words(&c, way, of);
		for (uint32_t k = 0; k < 9; k++) {
			uint32_t word = (k < 3 ? of.first : k < 6 ? of.last : c.k) + k % 3 - 1;
			if (words_have(of, word) && chain_holds(&c, word) == way)
				assert_true(words_have(some, word));
		}
		if (c.mask != UINT32_MAX || words_none(some))
			continue;
		assert_true(words_have(of, some.first) && words_have(of, some.last));
		assert_true(chain_holds(&c, some.first) == way && chain_holds(&c, some.last) == way);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bdd_leaves_keep_64_bits),
		cmocka_unit_test(bdd_a_node_of_equal_children_is_its_child),
		cmocka_unit_test(bdd_nodes_differ_in_variable_or_children),
		cmocka_unit_test(bdd_equal_functions_are_equal_indices),
		cmocka_unit_test(bdd_ite_is_the_choice_of_each_row),
		cmocka_unit_test(bdd_ite_decides_at_once_what_is_decided),
		cmocka_unit_test(bdd_grows_without_forgetting),
		cmocka_unit_test(bdd_without_room_is_full_and_stays_so),
		cmocka_unit_test(bdd_without_steps_is_full),
		cmocka_unit_test(chain_chooses_as_ite_does),
		cmocka_unit_test(chain_holds_for_the_words_it_should),
		cmocka_unit_test(chain_chooses_right_among_the_words_it_is_given),
		cmocka_unit_test(chain_words_are_those_between_the_ends_it_holds_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
