/*
 * Which of two answers counts, and which ABIs and numbers a merged policy speaks of. Call by call,
 * merge_random.c has it.
 */

#include "compiler/kernel/undecided.h"
#include "compiler/logic/meaning.h"
#include "compiler/logic/stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"

static void answers_rank_as_in_the_kernel(void **state)
{
	static const uint32_t order[] = {0x80000000, 0, 0x00030000, 0x00050001, 0x7fc00000, 0x7ff00000,
		0x7ffc0000, 0x7fff0000};

	(void)state;
	for (size_t i = 0; i < countof(order); i++) {
		for (size_t k = 0; k < countof(order); k++) {
			assert_int_equal(stack_ret(STACK_STRICTEST, order[i], order[k]), order[i < k ? i : k]);
			assert_int_equal(stack_ret(STACK_LAXEST, order[i], order[k]), order[i < k ? k : i]);
		}
	}
}

/* kernel/seccomp.c asks the filter installed last first, and others replace only what is less strict. */
static void of_equals_the_last_one_counts(void **state)
{
	(void)state;
	for (unsigned how = STACK_STRICTEST; how <= STACK_LAXEST; how++) {
		assert_int_equal(stack_ret((enum stacked)how, 0x00050001, 0x00050026), 0x00050026);
		assert_int_equal(stack_ret((enum stacked)how, 0x00050026, 0x00050001), 0x00050001);
		assert_int_equal(stack_ret((enum stacked)how, 0x7ff00007, 0x7ff00001), 0x7ff00001);
	}
}

/* It kills, if it is obeyed; but of two filters the kernel takes the lower number (kernel/seccomp.c ACTION_ONLY()). */
static void an_action_that_no_kernel_knows_counts_by_its_number(void **state)
{
	(void)state;
	assert_int_equal(stack_ret(STACK_STRICTEST, 0x12340000, 0x00050001), 0x00050001);
	assert_int_equal(stack_ret(STACK_STRICTEST, 0x00050001, 0x12340000), 0x00050001);
	assert_int_equal(stack_ret(STACK_STRICTEST, 0x12340000, 0x7fff0000), 0x12340000);
	assert_int_equal(stack_ret(STACK_STRICTEST, 0x00000000, 0x90000000), 0x90000000);
	assert_int_equal(stack_ret(STACK_STRICTEST, 0x80000000, 0x90000000), 0x80000000);
}

static void what_is_undecided_stays_so(void **state)
{
	(void)state;
	assert_true(stack_answer(UNDECIDED + 3, 0x80000000) == UNDECIDED + 3);
	assert_true(stack_answer(0x7fff0000, UNDECIDED + 3) == UNDECIDED + 3);
	assert_true(stack_answer(0x7fff0000, 0x00050001) == 0x00050001);
}

#define RULES "'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'}]"
#define X86   "'architectures': ['SCMP_ARCH_X86']"

static const struct {
	const char *what, *a, *b;
	enum stacked how;
	const char *abis, *node;
} pairs[] = {
	{"one has x86", "{'defaultAction': 'SCMP_ACT_ERRNO', " X86 ", " RULES "}",
		"{'defaultAction': 'SCMP_ACT_ERRNO', " RULES "}", STACK_STRICTEST, "x86_64", "x86_64"},
	{"one has x86", "{'defaultAction': 'SCMP_ACT_ERRNO', " RULES "}",
		"{'defaultAction': 'SCMP_ACT_ERRNO', " X86 ", " RULES "}", STACK_LAXEST, "x86_64 x86", "x86_64"},
	{"both have x86", "{'defaultAction': 'SCMP_ACT_ERRNO', " X86 ", " RULES "}",
		"{'defaultAction': 'SCMP_ACT_LOG', " X86 ", " RULES "}", STACK_STRICTEST, "x86_64 x86", "x86_64"},
	{"the process is killed, which a filter without x86 does not do",
		"{'defaultAction': 'SCMP_ACT_KILL_PROCESS', " X86 ", " RULES "}",
		"{'defaultAction': 'SCMP_ACT_ERRNO', " RULES "}", STACK_STRICTEST, "x86_64 x86", "x86_64"},
	{"one has x32, and -1 is answered on either",
		"{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': ['SCMP_ARCH_X32'], " RULES "}",
		"{'defaultAction': 'SCMP_ACT_ERRNO', " RULES "}", STACK_STRICTEST, "x86_64", "x86_64"},
	{"one has x86_64 and one x32, on a node that is neither: -1 is answered by both",
		"{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': ['SCMP_ARCH_X86_64']}",
		"{'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': ['SCMP_ARCH_X32']}", STACK_STRICTEST, "x86", "x86"},
	{"nothing on x86 but what is killed anyway",
		"{'defaultAction': 'SCMP_ACT_KILL_THREAD', " X86 "}",
		"{'defaultAction': 'SCMP_ACT_KILL_THREAD', " X86 ", " RULES "}", STACK_STRICTEST, "x86_64", "x86_64"},
};

static void list_abis(char *text, size_t size, const struct policy *p)
{
	*text = 0;
	for (size_t i = 0; i < p->abis; i++)
		snprintf(text + strlen(text), size - strlen(text), "%s%s", i ? " " : "", p->abi[i]->name);
}

static void abis_are_those_that_something_is_said_of(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(pairs); i++) {
		const struct node_facts node = {.native = abi_named(pairs[i].node)};
		struct attempt a[2];
		struct bdd b;
		char abis[64];
		attempt_text(&a[0], pairs[i].a);
		attempt_text(&a[1], pairs[i].b);
		attempt_node(&a[0], &node);
		attempt_node(&a[1], &node);
		ATTEMPT_CATCH(&a[0]);
		bdd_init(&b, &a[0].arena);
		const struct policy *p = stack_policy(&b, pairs[i].how, a[0].policy, a[1].policy);
		assert_non_null(p);
		list_abis(abis, sizeof(abis), p);
		if (strcmp(abis, pairs[i].abis) != 0)
			fail_msg("%s: %s, expected %s", pairs[i].what, abis, pairs[i].abis);
		assert_int_equal(meaning_policy(&b, p),
			stack_function(&b, pairs[i].how, meaning_policy(&b, a[0].policy),
				meaning_policy(&b, a[1].policy)));
		attempt_end(&a[0], true);
		attempt_end(&a[1], true);
	}
}

/* Both bound one argument: the policy has both conditions, and no clause that no call comes to. */
static void bounds_of_both_sides_stay(void **state)
{
	const struct node_facts node = {.native = abi_named("x86_64")};
	struct attempt a[2];
	struct bdd b;

	(void)state;
	attempt_text(&a[0], "{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [{'names': ['read'], 'action': "
			    "'SCMP_ACT_ALLOW', 'args': [{'index': 0, 'op': 'SCMP_CMP_GE', 'value': 5}]}]}");
	attempt_text(&a[1], "{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [{'names': ['read'], 'action': "
			    "'SCMP_ACT_ALLOW', 'args': [{'index': 0, 'op': 'SCMP_CMP_LE', 'value': 10}]}]}");
	attempt_node(&a[0], &node);
	attempt_node(&a[1], &node);
	ATTEMPT_CATCH(&a[0]);
	bdd_init(&b, &a[0].arena);
	const struct policy *p = stack_policy(&b, STACK_STRICTEST, a[0].policy, a[1].policy);
	const struct range *read = domain_find(&p->domain[0], 0);
	assert_int_equal(read->clauses, 2);
	assert_int_equal(read->clause[0].conds, 2);
	attempt_end(&a[0], true);
	attempt_end(&a[1], true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_rank_as_in_the_kernel),
		cmocka_unit_test(of_equals_the_last_one_counts),
		cmocka_unit_test(an_action_that_no_kernel_knows_counts_by_its_number),
		cmocka_unit_test(what_is_undecided_stays_so),
		cmocka_unit_test(abis_are_those_that_something_is_said_of),
		cmocka_unit_test(bounds_of_both_sides_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
