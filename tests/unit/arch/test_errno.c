/*
 * Facts of arch/errno: numbers read by hand from the kernel's errno headers, and what has to hold
 * of any row. The headers of the machine this runs on are asked in one place, about that machine.
 */

#include "arch/errno.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

static bool find(const struct abi *abi, const char *name, uint16_t *value)
{
	return arch_errno_find(abi, name, strlen(name), value);
}

/* The number of a name, 0 if the ABI has no such name. */
static unsigned number(const struct abi *abi, const char *name)
{
	uint16_t value;

	return find(abi, name, &value) ? value : 0;
}

/* --- numberings --- */

static void enosys_of_a_descriptor_is_the_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++)
		assert_int_equal(arch_abis[i].enosys, number(&arch_abis[i], "ENOSYS"));
}

/* --- numbers --- */

static void numbers_are_the_kernels(void **state)
{
	static const struct {
		const char *name;
		unsigned
			value[ERRNO_NUMBERINGS]; /* generic, MIPS, PA-RISC, PowerPC, Alpha; 0: not there */
	} rows[] = {
		{"EPERM", {1, 1, 1, 1, 1}},
		{"ENOENT", {2, 2, 2, 2, 2}},
		{"EINTR", {4, 4, 4, 4, 4}},
		{"E2BIG", {7, 7, 7, 7, 7}},
		{"EAGAIN", {11, 11, 11, 11, 35}},
		{"EWOULDBLOCK", {11, 11, 11, 11, 35}},
		{"ENOMEM", {12, 12, 12, 12, 12}},
		{"EACCES", {13, 13, 13, 13, 13}},
		{"EINVAL", {22, 22, 22, 22, 22}},
		{"ERANGE", {34, 34, 34, 34, 34}},
		{"EDEADLK", {35, 45, 45, 35, 11}},
		{"EDEADLOCK", {35, 56, 45, 58, 11}},
		{"ENAMETOOLONG", {36, 78, 248, 36, 63}},
		{"ENOSYS", {38, 89, 251, 38, 78}},
		{"ELOOP", {40, 90, 249, 40, 62}},
		{"EOVERFLOW", {75, 79, 72, 75, 112}},
		{"EOPNOTSUPP", {95, 122, 223, 95, 45}},
		{"ENOTSUP", {95, 122, 223, 95, 45}},
		{"EAFNOSUPPORT", {97, 124, 225, 97, 47}},
		{"ETIMEDOUT", {110, 145, 238, 110, 60}},
		{"ECONNREFUSED", {111, 146, 239, 111, 61}},
		{"EREFUSED", {0, 0, 239, 0, 0}},
		{"EINPROGRESS", {115, 150, 245, 115, 36}},
		{"EUCLEAN", {117, 135, 177, 117, 117}},
		{"EDQUOT", {122, 1133, 69, 122, 69}},
		{"ECANCELED", {125, 158, 253, 125, 131}},
		{"ECANCELLED", {0, 0, 253, 0, 0}},
		{"ENOKEY", {126, 161, 184, 126, 132}},
		{"EHWPOISON", {133, 168, 257, 133, 139}},
		{"EINIT", {0, 141, 0, 0, 0}},
		{"EREMDEV", {0, 142, 0, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];

		for (size_t r = 0; r < countof(rows); r++)
			if (number(abi, rows[r].name) != rows[r].value[abi->errnos])
				fail_msg("%s is %u on %s", rows[r].name, number(abi, rows[r].name),
					abi->name);
	}
}

static void native_numbers_are_those_of_errno_h(void **state)
{
	static const struct {
		const char *name;
		int value;
	} rows[] = {
		{"EPERM", EPERM},
		{"EWOULDBLOCK", EWOULDBLOCK},
		{"EDEADLK", EDEADLK},
		{"ENOSYS", ENOSYS},
		{"ENOTSUP", ENOTSUP},
		{"EOPNOTSUPP", EOPNOTSUPP},
		{"EDQUOT", EDQUOT},
		{"ETIMEDOUT", ETIMEDOUT},
		{"ECANCELED", ECANCELED},
		{"ENOTRECOVERABLE", ENOTRECOVERABLE},
	};
	const struct abi *native = arch_native();

	(void)state;
	if (!native)
		skip();
	for (size_t r = 0; r < countof(rows); r++)
		if (number(native, rows[r].name) != (unsigned)rows[r].value)
			fail_msg("%s is %d here", rows[r].name, rows[r].value);
}

/* --- names --- */

static void names_are_unique_and_upper_case(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	(void)state;
	for (size_t i = 0; i < arch_errno_count(); i++) {
		const char *name = arch_errno_word(i);

		assert_int_equal(name[0], 'E');
		assert_int_equal(strspn(name, alphabet), strlen(name));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(name, arch_errno_word(k));
	}
}

static void every_name_is_there_on_some_abi(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_errno_count(); i++) {
		size_t having = 0;

		for (size_t a = 0; a < arch_abi_count; a++)
			having += number(&arch_abis[a], arch_errno_word(i)) != 0;
		if (!having)
			fail_msg("nobody has %s", arch_errno_word(i));
	}
}

static void other_words_are_refused(void **state)
{
	static const char *const words[] = {
		"",
		"E",
		"EPER",
		"EPERMS",
		"eperm",
		"Eperm",
		" EPERM",
		"EPERM ",
		"PERM",
		"1",
		"EFOO",
		"ENOSY",
		"ENOSYSS",
		"ENOTSUPP",
		"ENOTSU",
		"ERESTARTSYS",
		"EMAX",
		"ENOTRECOVERABLE_",
		"ENOTRECOVERABLES_AND_MORE",
	};

	(void)state;
	for (size_t a = 0; a < arch_abi_count; a++)
		for (size_t i = 0; i < countof(words); i++)
			if (number(&arch_abis[a], words[i]))
				fail_msg("'%s' is found on %s", words[i], arch_abis[a].name);
}

static void the_length_says_where_a_name_ends(void **state)
{
	const struct abi *abi = &arch_abis[0];
	uint16_t value;

	(void)state;
	assert_true(arch_errno_find(abi, "ENOTSUPPORTED", 7, &value));
	assert_int_equal(value, number(abi, "ENOTSUP"));
	assert_false(arch_errno_find(abi, "EPERM", 4, &value));
	assert_false(arch_errno_find(abi, "EPERM", 0, &value));
	assert_false(arch_errno_find(abi, "EPERM\0", 6, &value));
	assert_false(arch_errno_find(abi, "EPERM\0\0\0\0\0\0\0\0\0\0\0", 16, &value));
	assert_true(arch_errno_find(abi, "ENOTRECOVERABLE", 15, &value));
	assert_false(arch_errno_find(abi, "ENOTRECOVERABLE", 16, &value));
}

/* --- numbers to names --- */

static void a_number_is_called_by_its_primary_name(void **state)
{
	static const struct {
		enum errno_numbering numbering;
		uint16_t value;
		const char *name;
	} rows[] = {
		{ERRNO_GENERIC, 1, "EPERM"},
		{ERRNO_GENERIC, 11, "EAGAIN"},
		{ERRNO_GENERIC, 35, "EDEADLK"},
		{ERRNO_GENERIC, 41, NULL},
		{ERRNO_GENERIC, 58, NULL},
		{ERRNO_GENERIC, 74, "EBADMSG"},
		{ERRNO_GENERIC, 95, "EOPNOTSUPP"},
		{ERRNO_GENERIC, 117, "EUCLEAN"},
		{ERRNO_GENERIC, 4095, NULL},
		{ERRNO_MIPS, 11, "EAGAIN"},
		{ERRNO_MIPS, 45, "EDEADLK"},
		{ERRNO_MIPS, 56, "EDEADLOCK"},
		{ERRNO_MIPS, 77, "EBADMSG"},
		{ERRNO_MIPS, 122, "EOPNOTSUPP"},
		{ERRNO_MIPS, 135, "EUCLEAN"},
		{ERRNO_MIPS, 1133, "EDQUOT"},
		{ERRNO_PARISC, 45, "EDEADLK"},
		{ERRNO_PARISC, 223, "EOPNOTSUPP"},
		{ERRNO_PARISC, 239, "ECONNREFUSED"},
		{ERRNO_PARISC, 253, "ECANCELED"},
		{ERRNO_POWERPC, 35, "EDEADLK"},
		{ERRNO_POWERPC, 58, "EDEADLOCK"},
	};
	size_t compared = 0;

	(void)state;
	for (size_t a = 0; a < arch_abi_count; a++) {
		const struct abi *abi = &arch_abis[a];

		for (size_t r = 0; r < countof(rows); r++) {
			if (rows[r].numbering != abi->errnos)
				continue;
			const char *name = arch_errno_name(abi, rows[r].value);

			if (strcmp(name ? name : "-", rows[r].name ? rows[r].name : "-") != 0)
				fail_msg("%u is %s on %s", rows[r].value, name ? name : "nothing",
					abi->name);
			compared++;
		}
	}
	assert_true(compared > countof(rows));
}

static void zero_is_no_errno(void **state)
{
	(void)state;
	for (size_t a = 0; a < arch_abi_count; a++)
		assert_null(arch_errno_name(&arch_abis[a], 0));
}

static void the_name_of_a_number_has_that_number(void **state)
{
	(void)state;
	for (size_t a = 0; a < arch_abi_count; a++) {
		const struct abi *abi = &arch_abis[a];
		size_t named = 0;

		for (uint16_t value = 0; value < UINT16_MAX; value++) {
			const char *name = arch_errno_name(abi, value);

			if (!name)
				continue;
			assert_int_equal(number(abi, name), value);
			assert_in_range(value, 1, 4095);
			named++;
		}
		assert_in_range(named, 130, arch_errno_count());
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enosys_of_a_descriptor_is_the_tables),
		cmocka_unit_test(numbers_are_the_kernels),
		cmocka_unit_test(native_numbers_are_those_of_errno_h),
		cmocka_unit_test(names_are_unique_and_upper_case),
		cmocka_unit_test(every_name_is_there_on_some_abi),
		cmocka_unit_test(other_words_are_refused),
		cmocka_unit_test(the_length_says_where_a_name_ends),
		cmocka_unit_test(a_number_is_called_by_its_primary_name),
		cmocka_unit_test(zero_is_no_errno),
		cmocka_unit_test(the_name_of_a_number_has_that_number),
	};

	return cmocka_run_group_tests_name("errno", tests, NULL, NULL);
}
