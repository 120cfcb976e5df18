/* Lint knows of a profile whether it has a filter: at once, by a try, or not, and then it says so. */

#include "tools/lib/fits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"

#define MIB ((size_t)1 << 20)

/* Rules of six orders each, of 64 bits, for so many syscalls. */
static void begin(struct attempt *a, size_t rules)
{
	struct node_facts node = {.native = abi_named("x86_64")};
	char *text = malloc(200 + rules * 1000), *end = text;

	assert_non_null(text);
	end += sprintf(end, "{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [");
	for (size_t i = 0; i < rules; i++) {
		end += sprintf(end, "%s{'names': ['%s'], 'action': 'SCMP_ACT_ALLOW', 'args': [", i ? "," : "",
			arch_nr_name(node.native, (uint32_t)(i % 200)));
		for (size_t arg = 0; arg < CALL_ARGS; arg++)
			end += sprintf(end, "%s{'index': %zu, 'value': %zu, 'op': 'SCMP_CMP_GE'}", arg ? "," : "", arg,
				(size_t)0x123456789a + i * 0x10000007 + arg);
		end += sprintf(end, "]}");
	}
	strcpy(end, "]}");
	attempt_text(a, text);
	attempt_node(a, &node);
	free(text);
	assert_non_null(a->policy);
}

static void expect(size_t rules, size_t most, bool plainly, const char *code)
{
	struct attempt a;

	begin(&a, rules);
	ATTEMPT_CATCH(&a);
	struct diags found;
	diags_init(&found, &a.arena, &a.source);
	assert_int_equal(fits_plainly(a.policy), plainly);
	fits_tell(a.policy, most, &found);
	assert_string_equal(found.first ? diag_kinds[found.first->id].code : "", code);
	if (found.first)
		assert_null(found.first->next);
	attempt_end(&a, true);
}

static void what_is_small_is_known(void **state)
{
	(void)state;
	expect(1, 0, true, "");
}

static void what_is_not_is_tried(void **state)
{
	(void)state;
	expect(60, 200 * MIB, false, "");
	expect(400, 200 * MIB, false, "E032");
}

static void what_takes_too_much_is_not_decided(void **state)
{
	(void)state;
	expect(400, MIB, false, "W084");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_small_is_known),
		cmocka_unit_test(what_is_not_is_tried),
		cmocka_unit_test(what_takes_too_much_is_not_decided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
