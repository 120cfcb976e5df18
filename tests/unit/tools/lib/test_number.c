/* Numbers as people write them: what is taken is what was meant, or is refused with advice. */

#include "tools/lib/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *text;
	uint64_t value;
} good[] = {
	{"0", 0},
	{"10", 10},
	{"0x10", 16},
	{"0XfF", 255},
	{"010", 8},
	{"04777", 2559},
	{"-1", UINT64_MAX},
	{"-0", 0},
	{"-0x10", UINT64_MAX - 15},
	{"18446744073709551615", UINT64_MAX},
	{"0xffffffffffffffff", UINT64_MAX},
	{"-9223372036854775808", (uint64_t)1 << 63},
	{"00", 0},
};

static const struct {
	const char *text, *why;
} bad[] = {
	{"", "without digits"},
	{"-", "without digits"},
	{"0x", "without digits"},
	{"--1", "no number"},
	{"+1", "no number"},
	{" 1", "no number"},
	{"1 ", "no number"},
	{"1k", "no number"},
	{"0x1g", "no number"},
	{"0x0x1", "no number"},
	{"7ffe1234", "needs 0x"},
	{"ff", "needs 0x"},
	{"0ff", "needs 0x"},
	{"089", "octal"},
	{"18446744073709551616", "64 bits"},
	{"0x10000000000000000", "64 bits"},
	{"-9223372036854775809", "least"},
	{"-18446744073709551615", "least"},
};

static void what_is_clear_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(good); i++) {
		uint64_t value = ~good[i].value;
		assert_null(number_read(good[i].text, strlen(good[i].text), &value));
		assert_int_equal(value, good[i].value);
	}
}

static void what_is_not_is_refused_with_advice(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(bad); i++) {
		uint64_t value = 77;
		const char *why = number_read(bad[i].text, strlen(bad[i].text), &value);
		assert_non_null(why);
		assert_non_null(strstr(why, bad[i].why));
		assert_int_equal(value, 77);
	}
}

static void a_record_is_hexadecimal(void **state)
{
	uint64_t value;

	(void)state;
	assert_null(number_read_hex("10000000", 8, &value));
	assert_int_equal(value, 0x10000000);
	assert_null(number_read_hex("0x26", 4, &value));
	assert_int_equal(value, 0x26);
	assert_null(number_read_hex("ffffffffffffff9c", 16, &value));
	assert_int_equal(value, (uint64_t)-100);
	assert_non_null(number_read_hex("", 0, &value));
	assert_non_null(number_read_hex("AF_ALG", 6, &value));
	assert_non_null(number_read_hex("-1", 2, &value));
	assert_non_null(number_read_hex("10000000000000000", 17, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_clear_is_taken),
		cmocka_unit_test(what_is_not_is_refused_with_advice),
		cmocka_unit_test(a_record_is_hexadecimal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
