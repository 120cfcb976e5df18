/* The rows of compiler/profile/libseccomp.c, held against the libseccomp that is here. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/profile/libseccomp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void versions_are_found_by_two_numbers(void **state)
{
	(void)state;
	assert_string_equal(libseccomp_version(libseccomp_find("2.5.4")), "2.5");
	assert_ptr_equal(libseccomp_find("2.6"), libseccomp_find("2.6.1"));
	assert_null(libseccomp_find("2.50"));
	assert_null(libseccomp_find("2"));
	assert_null(libseccomp_find(""));
	assert_false(libseccomp_lacks(NULL, 0));
}

#ifdef HAVE_LIBSECCOMP
#include <seccomp.h>

static size_t check_abi(const struct libseccomp *l, const struct abi *abi, uint32_t token)
{
	size_t wrong = 0;
	uint32_t nr;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		const char *name = arch_syscall_name((uint16_t)id);
		int number = seccomp_syscall_resolve_name_arch(token, name);
		bool there = arch_nr(abi, (uint16_t)id, &nr) && (uint32_t)number == nr;
		bool multiplexed = number <= -100 && number > -1000; /* libseccomp src/arch.h */
		if (!arch_nr(abi, (uint16_t)id, &nr) ||
			libseccomp_lacks_on(l, abi, (uint16_t)id) == !(there || multiplexed))
			continue;
		print_error("%s on %s: libseccomp says %d\n", name, abi->name, number);
		wrong++;
	}
	return wrong;
}

static void the_one_that_is_here_lacks_what_its_row_says(void **state)
{
	const struct scmp_version *v = seccomp_version();
	size_t wrong = 0;
	char version[32];

	(void)state;
	snprintf(version, sizeof(version), "%u.%u.%u", v->major, v->minor, v->micro);
	const struct libseccomp *l = libseccomp_find(version);
	if (!l)
		fail_msg("libseccomp %s has no row", version);
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		uint32_t token = seccomp_arch_resolve_name(abi->name);
		assert_int_equal(!token, libseccomp_lacks_abi(l, abi));
		wrong += token ? check_abi(l, abi, token) : 0;
	}
	assert_int_equal(wrong, 0);
}
#else
static void the_one_that_is_here_lacks_what_its_row_says(void **state)
{
	(void)state;
	print_message("SKIP libseccomp's own names: apt-get install libseccomp-dev\n");
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_found_by_two_numbers),
		cmocka_unit_test(the_one_that_is_here_lacks_what_its_row_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
