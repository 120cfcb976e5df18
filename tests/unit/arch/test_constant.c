/* Constants have the values that the ABIs' headers give them, and only those that have them. */

#include "arch/constant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

static bool value_of(const char *abi, const char *name, uint64_t *value)
{
	uint16_t id;

	assert_true(arch_constant_find(name, strlen(name), &id));
	assert_string_equal(arch_constant_name(id), name);
	return arch_constant_value(arch_find(abi, strlen(abi)), id, value);
}

static const struct {
	const char *abi, *name;
	uint64_t value;
} rows[] = {
	{"x86_64", "AF_ALG", 38},
	{"mips64", "AF_ALG", 38},
	{"x86", "AF_UNIX", 1},
	{"x86_64", "AF_LOCAL", 1},
	{"x86_64", "SOCK_STREAM", 1},
	{"mips", "SOCK_STREAM", 2},
	{"mipsel64", "SOCK_DGRAM", 1},
	{"mips", "SOCK_NONBLOCK", 0x80},
	{"aarch64", "SOCK_NONBLOCK", 0x800},
	{"x86_64", "O_CREAT", 0100},
	{"mips", "O_CREAT", 0x100},
	{"arm", "O_DIRECTORY", 040000},
	{"x86_64", "O_DIRECTORY", 0200000},
	{"x86_64", "MAP_ANONYMOUS", 0x20},
	{"mips", "MAP_ANONYMOUS", 0x800},
	{"x86_64", "MAP_PRIVATE", 2},
	{"s390x", "CLONE_NEWUSER", 0x10000000},
	{"x86_64", "PROT_EXEC", 4},
	{"x86_64", "TIOCSTI", 0x5412},
	{"mips", "TIOCSTI", 0x5472},
	{"ppc64le", "FIONREAD", 0x4004667f},
	{"ppc", "TCSETS", 0x802c7414},
	{"ppc64", "TCGETS", 0x402c7413},
	{"parisc", "TCSETS", 0x80245411},
	{"parisc64", "TCGETS", 0x40245410},
	{"alpha", "TCGETS", 0x402c7413}, /* _IOR of 44 bytes, read is 2 << 29 */
	{"mips", "TCSETS", 0x540e},
	{"x86_64", "TCSETS2", 0x402c542b},
	{"mips", "TCSETS2", 0x8030542b},
	{"parisc", "SOCK_NONBLOCK", 0x40000000},
	{"parisc", "SOCK_CLOEXEC", 010000000},
	{"x86_64", "O_ACCMODE", 3},
	{"x86_64", "O_TMPFILE", 020200000},
	{"arm", "O_TMPFILE", 020040000},
	{"parisc", "O_TMPFILE", 040010000},
	{"x86_64", "MAP_DROPPABLE", 8},
	{"mips", "SIGCHLD", 18},
	{"aarch64", "SIGCHLD", 17},
	{"x86_64", "AT_FDCWD", (uint64_t)-100},
	{"x86", "AT_FDCWD", (uint32_t)-100},
	{"mips", "MAP_RENAME", 0x20},
};

static void constants_are_those_of_each_abi(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		uint64_t value = 0;
		assert_true(value_of(rows[i].abi, rows[i].name, &value));
		assert_int_equal(value, rows[i].value);
	}
}

static void some_constants_are_not_everywhere(void **state)
{
	uint64_t value;

	(void)state;
	assert_true(value_of("x86_64", "MAP_32BIT", &value));
	assert_false(value_of("aarch64", "MAP_32BIT", &value));
	assert_true(value_of("aarch64", "PROT_BTI", &value));
	assert_false(value_of("x86_64", "PROT_BTI", &value));
	assert_false(value_of("ppc", "TCSETS2", &value));
	assert_false(value_of("mips", "SIGSTKFLT", &value));
}

static void names_are_exact(void **state)
{
	static const char *const unknown[] = {"", "AF_AL", "AF_ALGO", "af_alg", "AF_MAX"};
	uint16_t id;

	(void)state;
	for (size_t i = 0; i < countof(unknown); i++)
		assert_false(arch_constant_find(unknown[i], strlen(unknown[i]), &id));
	for (uint16_t i = 1; i < arch_constant_count(); i++)
		assert_true(strcmp(arch_constant_name(i - 1), arch_constant_name(i)) < 0);
	for (uint16_t i = 0; i < arch_constant_count(); i++) {
		const char *name = arch_constant_name(i);
		assert_true(arch_constant_find(name, strlen(name), &id) && id == i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constants_are_those_of_each_abi),
		cmocka_unit_test(some_constants_are_not_everywhere),
		cmocka_unit_test(names_are_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
