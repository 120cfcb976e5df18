/* Arithmetic on numbers of boolean functions against the machine's own, for every assignment. */

#include "backends/prove/bits.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define VARS   8 /* that a number's bits depend on */
#define ROWS   (1u << VARS)
#define ROUNDS 60 /* pairs of numbers an operation is tried on */

/* Variable i is 1 in row r if bit i of r is. */
static uint32_t function_at(const struct bdd *b, uint32_t f, uint32_t row)
{
	for (uint32_t var = 0; var < VARS; var++)
		f = bdd_given(b, f, var, row >> var & 1);
	return (uint32_t)bdd_value(b, f);
}

static uint32_t number_at(const struct bdd *b, const struct bits *x, uint32_t row)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < BITS; i++)
		value |= function_at(b, x->bit[i], row) << i;
	return value;
}

/* Bits that are constant, variables, their opposites, or several of these put together. */
static struct bits random_number(struct bdd *b, struct dice *d)
{
	struct bits x = bits_constant((uint32_t)arbitrary_value(d));
	unsigned variety = dice_below(d, 4);

	for (unsigned i = 0; i < BITS && variety; i++) {
		uint32_t var = dice_below(d, VARS), other = dice_below(d, VARS);
		uint32_t f = bdd_node(b, var, BDD_FALSE, BDD_TRUE);
		uint32_t g = bdd_node(b, other, BDD_TRUE, BDD_FALSE);
		if (!dice_below(d, variety))
			continue;
		const uint32_t kinds[] = {f, f, g, bdd_ite(b, f, g, x.bit[i])};
		x.bit[i] = kinds[dice_below(d, countof(kinds))];
	}
	return x;
}

static uint32_t machine_and(uint32_t x, uint32_t y)
{
	return x & y;
}

static uint32_t machine_or(uint32_t x, uint32_t y)
{
	return x | y;
}

static uint32_t machine_xor(uint32_t x, uint32_t y)
{
	return x ^ y;
}

static uint32_t machine_add(uint32_t x, uint32_t y)
{
	return x + y;
}

static uint32_t machine_sub(uint32_t x, uint32_t y)
{
	return x - y;
}

static uint32_t machine_mul(uint32_t x, uint32_t y)
{
	return x * y;
}

static uint32_t machine_div(uint32_t x, uint32_t y)
{
	return x / y;
}

static uint32_t machine_lsh(uint32_t x, uint32_t y)
{
	return x << (y & 31);
}

static uint32_t machine_rsh(uint32_t x, uint32_t y)
{
	return x >> (y & 31);
}

static const struct {
	const char *name;
	struct bits (*bits)(struct bdd *, const struct bits *, const struct bits *);
	uint32_t (*machine)(uint32_t, uint32_t);
} operations[] = {
	{"and", bits_and, machine_and},
	{"or", bits_or, machine_or},
	{"xor", bits_xor, machine_xor},
	{"add", bits_add, machine_add},
	{"sub", bits_sub, machine_sub},
	{"mul", bits_mul, machine_mul},
	{"div", bits_div, machine_div},
	{"lsh", bits_lsh, machine_lsh},
	{"rsh", bits_rsh, machine_rsh},
};

static void try_operation(struct dice *d, size_t op)
{
	struct arena arena;
	struct bdd b;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	struct bits x = random_number(&b, d), y = random_number(&b, d);
	struct bits result = operations[op].bits(&b, &x, &y);
	for (uint32_t row = 0; row < ROWS; row++) {
		uint32_t left = number_at(&b, &x, row), right = number_at(&b, &y, row);
		if (operations[op].machine == machine_div && !right)
			continue;
		uint32_t found = number_at(&b, &result, row);
		if (found != operations[op].machine(left, right))
			fail_msg("0x%x %s 0x%x is 0x%x", left, operations[op].name, right, found);
	}
	assert_false(b.full);
	arena_free(&arena);
}

static void bits_compute_as_the_machine_does(void **state)
{
	struct dice d = {1};

	(void)state;
	for (size_t i = 0; i < countof(operations) * ROUNDS; i++)
		try_operation(&d, i / ROUNDS);
}

static bool relation_holds(struct relation holds, uint32_t x, uint32_t y)
{
	if (x == y)
		return holds.equal;
	return x < y ? holds.less : holds.more;
}

static void bits_compare_as_unsigned_numbers(void **state)
{
	struct dice d = {2};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (unsigned i = 0; i < 8 * ROUNDS; i++) {
		const struct relation relation = {i & 1, i & 2, i & 4};
		struct bits x = random_number(&b, &d), y = random_number(&b, &d);
		if (dice_below(&d, 2)) { /* else they are hardly ever equal */
			y = x;
			y.bit[dice_below(&d, BITS)] = dice_below(&d, 2) ? BDD_TRUE : BDD_FALSE;
		}
		uint32_t f = bits_compare(&b, &x, &y, relation);
		for (uint32_t row = 0; row < ROWS; row++) {
			uint32_t left = number_at(&b, &x, row), right = number_at(&b, &y, row);
			assert_int_equal(
				function_at(&b, f, row), relation_holds(relation, left, right));
		}
	}
	arena_free(&arena);
}

static void bits_value_has_the_number_in_its_leaves(void **state)
{
	struct dice d = {3};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct bits x = random_number(&b, &d);
		uint32_t f = bits_value(&b, &x);
		for (uint32_t row = 0; row < ROWS; row++)
			assert_int_equal(function_at(&b, f, row), number_at(&b, &x, row));
	}
	arena_free(&arena);
}

static void bits_that_are_a_masked_word_are_known(void **state)
{
	static const uint32_t masks[] = {UINT32_MAX, 1, 0x80000000, 0x80000001, 0x0ff0};
	struct arena arena;
	struct bdd b;
	uint32_t first, mask, value;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	struct bits word = bits_word(&b, 96), other = bits_word(&b, 64);
	for (size_t i = 0; i < countof(masks); i++) {
		struct bits by = bits_constant(masks[i]), x = bits_and(&b, &word, &by);
		assert_true(bits_masked(&b, &x, &first, &mask));
		assert_int_equal(first, 96);
		assert_int_equal(mask, masks[i]);
		assert_false(bits_known(&x, &value));
		x.bit[5] = BDD_TRUE;
		assert_false(bits_masked(&b, &x, &first, &mask));
	}
	struct bits mixed = word;
	mixed.bit[7] = other.bit[7];
	assert_false(bits_masked(&b, &mixed, &first, &mask));
	mixed.bit[7] = word.bit[6];
	assert_false(bits_masked(&b, &mixed, &first, &mask));
	mixed.bit[7] = bdd_ite(&b, word.bit[7], BDD_FALSE, BDD_TRUE);
	assert_false(bits_masked(&b, &mixed, &first, &mask));
	mixed.bit[7] = bdd_ite(&b, word.bit[7], word.bit[3], BDD_FALSE);
	assert_false(bits_masked(&b, &mixed, &first, &mask));
	mixed.bit[7] = bdd_ite(&b, word.bit[7], BDD_TRUE, word.bit[3]);
	assert_false(bits_masked(&b, &mixed, &first, &mask));
	mixed = bits_constant(0);
	assert_false(bits_masked(&b, &mixed, &first, &mask));
	mixed.bit[3] = bdd_node(&b, 2, BDD_FALSE, BDD_TRUE); /* would begin before variable 0 */
	assert_false(bits_masked(&b, &mixed, &first, &mask));
	arena_free(&arena);
}

static void bits_of_constants_are_constants(void **state)
{
	struct dice d = {4};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (size_t i = 0; i < countof(operations) * ROUNDS; i++) {
		size_t op = i / ROUNDS;
		uint32_t left = (uint32_t)arbitrary_value(&d), found;
		uint32_t right = (uint32_t)arbitrary_value(&d);
		struct bits x = bits_constant(left), y = bits_constant(right);
		struct bits result = operations[op].bits(&b, &x, &y);
		assert_true(bits_known(&result, &found));
		if (right || operations[op].machine != machine_div)
			assert_int_equal(found, operations[op].machine(left, right));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits_compute_as_the_machine_does),
		cmocka_unit_test(bits_compare_as_unsigned_numbers),
		cmocka_unit_test(bits_value_has_the_number_in_its_leaves),
		cmocka_unit_test(bits_that_are_a_masked_word_are_known),
		cmocka_unit_test(bits_of_constants_are_constants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
