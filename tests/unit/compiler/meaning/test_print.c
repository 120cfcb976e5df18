/* The listing by which tests compare policies. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"

static const char profile[] =
	"{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': ['SCMP_ARCH_S390X'], 'syscalls': ["
	" {'names': ['read'], 'action': 'SCMP_ACT_ALLOW'},"
	" {'names': ['write'], 'action': 'SCMP_ACT_ALLOW', 'args': ["
	"  {'index': 0, 'value': 1, 'op': 'SCMP_CMP_NE'}, {'index': 1, 'value': 2, 'op': 'SCMP_CMP_LT'},"
	"  {'index': 2, 'value': 3, 'op': 'SCMP_CMP_LE'}, {'index': 3, 'value': 4, 'op': 'SCMP_CMP_EQ'},"
	"  {'index': 4, 'value': 5, 'op': 'SCMP_CMP_GE'}, {'index': 5, 'value': 6, 'op': 'SCMP_CMP_GT'}]},"
	" {'names': ['open'], 'action': 'SCMP_ACT_LOG', 'args': ["
	"  {'index': 1, 'value': 64, 'valueTwo': 64, 'op': 'SCMP_CMP_MASKED_EQ'}]}]}";

static void begin(struct attempt *a)
{
	const struct node_facts node = {.native = abi_named("s390x")};

	attempt_text(a, profile);
	attempt_node(a, &node);
	assert_non_null(a->policy);
}

static const char *text_of(struct buf *b)
{
	buf_add(b, "", 1);
	return b->bytes;
}

static void a_policy_is_listed_range_by_range(void **state)
{
	struct attempt a;
	struct buf b;

	(void)state;
	begin(&a);
	ATTEMPT_CATCH(&a);
	buf_init(&b, &a.arena);
	policy_print(&b, a.policy);
	assert_string_equal(text_of(&b),
		"audit arch 0x80000016\n"
		"  0..2                          ERRNO(1)\n"
		"  3 read                        ALLOW\n"
		"  4 write                       a0 != 0x1 && a1 < 0x2 && a2 <= 0x3 && a3 == 0x4 && "
		"a4 >= 0x5 && a5 > 0x6 -> ALLOW; ERRNO(1)\n"
		"  5 open                        a1 & 0x40 == 0x40 -> LOG; ERRNO(1)\n"
		"  6..4294967295                 ERRNO(1)\n"
		"any other audit arch\n"
		"  all                           KILL_THREAD\n");
	attempt_end(&a, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_is_listed_range_by_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
