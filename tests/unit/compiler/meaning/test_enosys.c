/*
 * ENOSYS for newer syscalls, by runc's stub and by the table, in a line each; and the table itself.
 * What runc's stub does per runtime and ABI is also in conformance/.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/notation.h"

#include "arch/since.h"

struct row {
	const char *profile; /* in notation */
	const char *node;
	enum enosys enosys;
	const char *calls;
};

static void rows_hold(const struct row *row, size_t rows)
{
	bool ok = true;

	for (size_t i = 0; i < rows; i++) {
		struct node_facts node = {
			.native = abi_named(row[i].node), .enosys = row[i].enosys};
		struct attempt a;
		attempt_notation(&a, row[i].profile, false);
		attempt_node(&a, &node);
		assert_non_null(a.policy);
		ok = notation_holds(
			     row[i].profile, row[i].calls, node.native, policy_answer, a.policy) &&
			ok;
		attempt_end(&a, true);
	}
	assert_true(ok);
}

/* openat2 came with 5.6, close_range with 5.9, cachestat with 6.5, mseal with 6.10. */
static void calls_newer_than_the_profile_s_newest_answer_enosys(void **state)
{
	static const struct row rows[] = {
		{"ERRNO: read,openat2 ALLOW", "x86_64", ENOSYS_TABLE,
			"read() ALLOW; openat2() ALLOW; close() ERRNO(1); clone3() ERRNO(1);"
			"pidfd_getfd() ERRNO(1); close_range() ERRNO(38); mseal() ERRNO(38);"
			"cachestat() ERRNO(38)"},
		{"ERRNO: read,mseal ALLOW", "x86_64", ENOSYS_TABLE,
			"close_range() ERRNO(1); cachestat() ERRNO(1); setxattrat() ERRNO(38)"},
		/* a rule, whatever it says, keeps its word */
		{"ERRNO: read ALLOW; openat2 A; mseal ALLOW a0 == 1; cachestat LOG", "x86_64",
			ENOSYS_TABLE,
			"openat2() A; mseal(1) ALLOW; mseal(2) ERRNO(1); cachestat() LOG"},
		/* one that is dropped for being the default is known all the same */
		{"ERRNO: read ALLOW; mseal ERRNO", "x86_64", ENOSYS_TABLE,
			"mseal() ERRNO(1); cachestat() ERRNO(1); setxattrat() ERRNO(38)"},
		/* numbers nobody has yet, but not the one that skips a call */
		{"ERRNO: read,openat2 ALLOW", "x86_64", ENOSYS_TABLE,
			"2000() ERRNO(38); 0x3fffffff() ERRNO(38); -1() ERRNO(1);"
			"0x40000000() KILL; 337() ERRNO(1); 400() ERRNO(1)"},
		{"ERRNO: read,openat2 ALLOW", "aarch64", ENOSYS_TABLE,
			"2000() ERRNO(38); -1() ERRNO(1); close_range() ERRNO(38); 300() ERRNO(1)"},
		/* ABI by ABI */
		{"ERRNO x32 x86: read,openat2 ALLOW", "x86_64", ENOSYS_TABLE,
			"x86:mseal() ERRNO(38); x86:2000() ERRNO(38); x86:clone3() ERRNO(1);"
			"x32:mseal() ERRNO(38); x32:0x400001ff() ERRNO(38); x32:ioctl() ERRNO(1);"
			"x32:0x40000224() ERRNO(38); -1() ERRNO(1)"},
		{"ERRNO arm: read,openat2 ALLOW", "aarch64", ENOSYS_TABLE,
			"arm:set_tls() ERRNO(1); arm:2000() ERRNO(38); arm:mseal() ERRNO(38)"},
		{"ERRNO: read,openat2 ALLOW", "mips64", ENOSYS_TABLE,
			"mseal() ERRNO(89); 0() ERRNO(1); 5999() ERRNO(89)"},
		{"ERRNO: read,openat2 ALLOW", "s390x", ENOSYS_TABLE,
			"0() ERRNO(1); mseal() ERRNO(38)"},
		/* defaults that let calls through stay */
		{"ALLOW: openat2 ERRNO", "x86_64", ENOSYS_TABLE, "mseal() ALLOW; 2000() ALLOW"},
		{"LOG: openat2 ERRNO", "x86_64", ENOSYS_TABLE, "mseal() LOG; 2000() LOG"},
		{"TRACE(1): openat2 ERRNO", "x86_64", ENOSYS_TABLE, "mseal() TRACE(1)"},
		{"KILL: read,openat2 ALLOW", "x86_64", ENOSYS_TABLE,
			"mseal() ERRNO(38); close() KILL; 2000() ERRNO(38)"},
		{"TRAP: read,openat2 ALLOW", "x86_64", ENOSYS_TABLE,
			"mseal() ERRNO(38); close() TRAP"},
		/* a profile of which nothing is known has nothing newer */
		{"ERRNO: idle ALLOW", "s390x", ENOSYS_TABLE, "mseal() ERRNO(1); 2000() ERRNO(1)"},
		{"ERRNO:", "x86_64", ENOSYS_TABLE, "mseal() ERRNO(1); 2000() ERRNO(1)"},
		/* an unknown row is never newer, one that is after a kernel is newer than that */
		{"ERRNO: read ALLOW", "x86_64", ENOSYS_TABLE,
			"vserver() ERRNO(1); rseq_slice_yield() ERRNO(38)"},
		{"ERRNO: listns ALLOW", "x86_64", ENOSYS_TABLE, "rseq_slice_yield() ERRNO(38)"},
		{"ERRNO: rseq_slice_yield ALLOW", "x86_64", ENOSYS_TABLE,
			"listns() ERRNO(1); 472() ERRNO(38)"},
		{"ERRNO: seccomp ALLOW", "x86_64", ENOSYS_TABLE,
			"memfd_create() ERRNO(1); membarrier() ERRNO(38)"},
	};

	(void)state;
	rows_hold(rows, countof(rows));
}

static void runc_answers_enosys_above_the_largest_number(void **state)
{
	static const struct row rows[] = {
		{"ERRNO: read,openat2 ALLOW", "x86_64", ENOSYS_RUNC,
			"436() ERRNO(1); openat2() ALLOW; 438() ERRNO(38); 0x3fffffff() ERRNO(38);"
			"0x40000000() KILL; 0x80000000() ERRNO(38); 0xbfffffff() ERRNO(38);"
			"0xc0000000() KILL; -1() ERRNO(1)"},
		{"ERRNO x32: read,openat2 ALLOW", "x86_64", ENOSYS_RUNC,
			"x32:0x400001b5() ALLOW; 0x400001b6() ERRNO(38); 0x7fffffff() ERRNO(38);"
			"0x80000000() ERRNO(38); 0xc0000000() ERRNO(38); -1() ERRNO(38)"},
		{"ERRNO: read ALLOW; openat2 ERRNO", "x86_64", ENOSYS_RUNC,
			"436() ERRNO(1); 438() ERRNO(38)"},
		{"ERRNO: read ALLOW", "x86_64", ENOSYS_RUNC, "1() ERRNO(1); 500() ERRNO(1)"},
		{"ERRNO: read ALLOW", "s390x", ENOSYS_RUNC,
			"0() ERRNO(38); 3() ALLOW; 4() ERRNO(38)"},
		{"ERRNO mips: read,write ALLOW", "mips64", ENOSYS_RUNC,
			"5002() ERRNO(89); mips:4005() ERRNO(89); mips:4001() ERRNO(1)"},
		{"ERRNO: mseal ALLOW a0 == 1", "x86_64", ENOSYS_RUNC,
			"mseal(1) ALLOW; mseal() ERRNO(1); 463() ERRNO(38)"},
		{"KILL: read,write ALLOW", "x86_64", ENOSYS_RUNC, "2() ERRNO(38); x86:2() KILL"},
		{"NOTIFY: read,write ALLOW", "x86_64", ENOSYS_RUNC, "2() ERRNO(38)"},
		{"ALLOW: write ERRNO", "x86_64", ENOSYS_RUNC, "2() ALLOW"},
		{"LOG: write ERRNO", "x86_64", ENOSYS_RUNC, "2() LOG"},
		{"TRACE(7): write ERRNO", "x86_64", ENOSYS_RUNC, "2() TRACE(7)"},
	};

	(void)state;
	rows_hold(rows, countof(rows));
}

static void policies_stay_whole(void **state)
{
	static const char *const nodes[] = {"x86_64", "aarch64", "s390x", "mips64", "x86"};
	static const enum enosys modes[] = {ENOSYS_TABLE, ENOSYS_RUNC};

	(void)state;
	for (size_t i = 0; i < countof(nodes) * countof(modes); i++) {
		struct node_facts node = {
			.native = abi_named(nodes[i / 2]), .enosys = modes[i % 2]};
		struct attempt a;
		attempt_notation(&a, "ERRNO: read,write,openat2 ALLOW", false);
		attempt_node(&a, &node);
		for (size_t d = 0; d < a.policy->domains; d++) {
			const struct domain *domain = &a.policy->domain[d];
			uint64_t next = 0;
			for (size_t k = 0; k < domain->ranges; k++) {
				assert_true(domain->range[k].first == next);
				assert_true(
					domain->range[k].last >= next && domain->range[k].clauses);
				next = (uint64_t)domain->range[k].last + 1;
			}
			assert_true(next == (uint64_t)UINT32_MAX + 1);
		}
		attempt_end(&a, true);
	}
}

/* --- the table --- */

static void since_is(
	const char *abi, const char *name, unsigned major, unsigned minor, unsigned patch)
{
	struct since since;
	uint16_t id;

	assert_true(arch_syscall_find(name, strlen(name), &id));
	bool known = arch_since(abi_named(abi), id, &since);
	if (known != (major != 0) ||
		(known && (since.major != major || since.minor != minor || since.patch != patch)))
		fail_msg("%s on %s: %u.%u.%u, expected %u.%u.%u", name, abi,
			known ? since.major : 0u, since.minor, since.patch, major, minor, patch);
}

static void calls_came_with_kernels(void **state)
{
	(void)state;
	since_is("x86_64", "openat2", 5, 6, 0);
	since_is("s390x", "openat2", 5, 6, 0);
	since_is("x86_64", "pidfd_open", 5, 3, 0);
	since_is("mips", "close_range", 5, 9, 0);
	since_is("arm", "clock_gettime64", 5, 1, 0);
	since_is("x86_64", "accept4", 2, 6, 28);
	since_is("x86", "accept4", 0, 0, 0);            /* once through socketcall(2) */
	since_is("x86_64", "clock_gettime64", 0, 0, 0); /* not there */
	since_is("x86_64", "arch_prctl", 2, 6, 0);
	since_is("x86", "arch_prctl", 4, 12, 0);
	since_is("x86_64", "memfd_secret", 5, 14, 0);
	since_is("loongarch64", "memfd_secret", 0, 0, 0); /* the headers got it later */
	since_is("x86_64", "membarrier", 4, 3, 0);
	since_is("x86_64", "pkey_alloc", 4, 9, 0);
	since_is("ppc64le", "pkey_free", 4, 9, 0);
	since_is("aarch64", "pkey_mprotect", 4, 9, 0);
	since_is("x86_64", "mbind", 2, 6, 7);
	since_is("x86_64", "pread64", 2, 2, 0);
	since_is("x86_64", "rseq_slice_yield", 6, 19, 0);
}

/* Is it not known of any call since when the ABI has it? */
static bool is_undated(const struct abi *abi)
{
	struct since since;
	uint16_t id;

	assert_true(arch_syscall_find("read", 4, &id));
	return !arch_since(abi, id, &since);
}

/* From 424 on ABIs get calls together; the table knows when, but for two calls on some. */
static void common_numbers_are_known(void **state)
{
	size_t unknown = 0;

	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		uint32_t base, nr;
		struct since since;
		uint16_t id;
		assert_true(arch_syscall_find("pidfd_send_signal", 17, &id));
		assert_true(arch_nr(abi, id, &base));
		for (nr = base; nr <= base + 80; nr++) {
			const char *name = arch_nr_name(abi, nr);
			if (!name || is_undated(abi))
				continue;
			assert_true(arch_syscall_find(name, strlen(name), &id));
			if (!arch_since(abi, id, &since))
				assert_true(strcmp(name, "memfd_secret") == 0 || strcmp(name, "clone3") == 0);
			unknown += since.major == 0;
			assert_true(since.major == 0 ||
				!since_is_later((struct since){5, 1, 0, false}, since));
		}
	}
	assert_in_range(unknown, 1, 5);
}

/*
 * Common numbers are given in the order in which calls come. 436 was kept for close_range while 437
 * came, and 443 was the number of a call that 5.13 took back. A call that is not dated comes after
 * those below it.
 */
static void later_calls_have_greater_numbers(void **state)
{
	static const uint32_t early[] = {436, 443};
	size_t undated = 0;

	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		struct since newest = {0}, since;
		uint32_t base;
		uint16_t id;
		assert_true(arch_syscall_find("pidfd_send_signal", 17, &id));
		assert_true(arch_nr(abi, id, &base));
		for (uint32_t nr = base; nr <= base + 80; nr++) {
			const char *name = arch_nr_name(abi, nr);
			bool kept = nr - base + 424 == early[0] || nr - base + 424 == early[1];
			if (!name)
				continue;
			assert_true(arch_syscall_find(name, strlen(name), &id));
			if (!arch_since(abi, id, &since))
				continue;
			if (since_is_later(newest, since))
				fail_msg("%s: %s is numbered after a later call", abi->name, name);
			if (since.after) {
				assert_true(since_is_later(since, newest));
				undated++;
			}
			if (!kept)
				newest = since;
		}
	}
	assert_true(undated > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_newer_than_the_profile_s_newest_answer_enosys),
		cmocka_unit_test(runc_answers_enosys_above_the_largest_number),
		cmocka_unit_test(policies_stay_whole),
		cmocka_unit_test(calls_came_with_kernels),
		cmocka_unit_test(common_numbers_are_known),
		cmocka_unit_test(later_calls_have_greater_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
