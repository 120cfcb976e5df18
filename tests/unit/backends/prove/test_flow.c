/*
 * What is to be shown without a diagram: lists of clauses with conditions of every kind, as winnow compiles them.
 * That nothing wrong is shown is test_prove_random.c's.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backends/prove/flow.h"
#include "tools/lib/build.h"
#include "tests/lib/attempt.h"

#define ARG(i, op, v) "{'index': " #i ", 'value': " #v ", 'op': 'SCMP_CMP_" op "'}"
#define MASKED(i, mask, v) \
	"{'index': " #i ", 'value': " #mask ", 'valueTwo': " #v ", 'op': 'SCMP_CMP_MASKED_EQ'}"
#define RULE(action, args) "{'names': ['personality'], 'action': 'SCMP_ACT_" action "', 'args': [" args "]}"

static const char *const rows[] = {
	RULE("ALLOW", ARG(0, "EQ", 5)),
	RULE("ALLOW", ARG(0, "NE", 5)),
	RULE("ALLOW", ARG(0, "LT", 5)),
	RULE("ALLOW", ARG(0, "LE", 5)),
	RULE("ALLOW", ARG(0, "GE", 5)),
	RULE("ALLOW", ARG(0, "GT", 5)),
	RULE("ALLOW", MASKED(0, 255, 7)),
	RULE("ALLOW", MASKED(0, 1095216660480, 4294967296)),
	RULE("ALLOW", ARG(0, "LT", 5) "," ARG(1, "GT", 7)),
	RULE("ALLOW", MASKED(0, 255, 7)) "," RULE("ALLOW", MASKED(1, 65280, 256)) "," RULE("ALLOW", MASKED(2, 3, 3)),
	RULE("ALLOW", MASKED(0, 240, 16)) "," RULE("ALLOW", MASKED(0, 15, 1)),
	RULE("LOG", ARG(0, "EQ", 5) "," ARG(1, "EQ", 6)) "," RULE("ALLOW", ARG(2, "LT", 9)),
};

static bool shows(const char *rules)
{
	const struct node_facts node = {.native = abi_named("x86_64")};
	struct mistake mistake;
	struct filter f;
	struct attempt a;
	char text[2048];
	bool ok = true;

	snprintf(text, sizeof(text), "{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [%s]}", rules);
	attempt_text(&a, text);
	attempt_node(&a, &node);
	ATTEMPT_CATCH(&a);
	assert_non_null(a.policy);
	assert_int_equal(build_policy(&a.arena, a.policy, NULL, &a.diags, &f, &mistake), BUILD_DONE);
	const struct domain *domain = &a.policy->domain[0];
	for (size_t i = 0; i < domain->ranges; i++) {
		const struct range *r = &domain->range[i];
		uint64_t steps = FLOW_STEPS;
		if (flow_shows(&a.arena, &f.program, a.policy->order, domain->audit, r->first, r, &steps))
			continue;
		print_error("not shown: %s, number %u\n", rules, r->first);
		ok = false;
	}
	attempt_end(&a, true);
	return ok;
}

static void lists_of_clauses_are_shown(void **state)
{
	bool ok = true;

	(void)state;
	for (size_t i = 0; i < countof(rows); i++)
		ok = shows(rows[i]) && ok;
	assert_true(ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(lists_of_clauses_are_shown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
