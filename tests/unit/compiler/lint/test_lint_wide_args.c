/*
 * Rules that bits above a parameter get round are found, with two calls that show it; rules that
 * such bits make refuse more are told of once; what does not depend on them is not mentioned.
 */

#include "compiler/lint/lint_wide_args.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"

/* The findings about a profile of these rules, with that default. */
static const char *findings(struct attempt *a, const char *otherwise, const char *abi, bool narrow,
	const char *rules)
{
	struct node_facts node = {.native = abi_named(abi), .narrow = narrow};
	char text[2048];

	int len = snprintf(text, sizeof(text), "{'defaultAction': '%s',\n'syscalls': [%s]}",
		otherwise, rules);
	assert_in_range(len, 1, sizeof(text) - 1);
	attempt_text(a, text);
	attempt_node(a, &node);
	assert_non_null(a->policy);
	ATTEMPT_CATCH(a);
	lint_wide_args(a->policy, &a->diags);
	return attempt_findings(a);
}

#define DENY      "SCMP_ACT_ERRNO"
#define ALLOW     "SCMP_ACT_ALLOW"
#define ARG(i, v, op) "{'index': " #i ", 'value': " #v ", 'op': 'SCMP_CMP_" #op "'}"
#define RULE(name, action, args) \
	"{'names': ['" name "'], 'action': '" action "', 'args': [" args "]}"
#define MASKED(i, mask, v) \
	"{'index': " #i ", 'value': " #mask ", 'valueTwo': " #v ", 'op': 'SCMP_CMP_MASKED_EQ'}"

static const struct {
	const char *otherwise, *abi, *rules, *found;
} rows[] = {
	/* a refusal got round, an exception got round */
	{ALLOW, "x86_64", RULE("socket", DENY, ARG(0, 38, EQ)), "2:25 W060"},
	{DENY, "x86_64", RULE("socket", ALLOW, ARG(0, 38, NE)), "2:25 W060"},
	{ALLOW, "x86_64", RULE("socket", DENY, ARG(0, 38, LE)), "2:25 W060"},
	{DENY, "x86_64", RULE("socket", ALLOW, ARG(0, 38, GT)), "2:25 W060"},
	{ALLOW, "x86_64", RULE("personality", DENY, ARG(0, 4294967295, EQ)), "2:25 W060"},
	{ALLOW, "x86_64", RULE("personality", DENY, ARG(0, 18446744073709551615, EQ)), "2:25 W060"},
	/* both conditions have to be got round */
	{DENY, "x86_64", RULE("socket", ALLOW, ARG(0, 38, NE) "," ARG(1, 3, NE)), "2:25 W060"},
	/* only refused */
	{DENY, "x86_64", RULE("socket", ALLOW, ARG(0, 1, EQ)), "2:25 N060"},
	{DENY, "x86_64",
		RULE("socket", ALLOW, ARG(0, 1, EQ)) "," RULE("kill", ALLOW, ARG(1, 0, EQ)),
		"2:25 N060"},
	/* no bit above decides */
	{ALLOW, "x86_64", RULE("socket", DENY, MASKED(0, 4294967295, 38)), ""},
	{DENY, "x86_64", RULE("clone", ALLOW, MASKED(0, 2114060288, 0)), ""},
	{ALLOW, "x86_64", RULE("socket", DENY, ARG(0, 0, GE)), ""},
	/* the kernel takes all of it, or it is not known that it does not */
	{ALLOW, "x86_64", RULE("write", DENY, ARG(2, 38, EQ)), ""},
	{ALLOW, "ppc64le", RULE("personality", DENY, ARG(0, 8, EQ)), ""},
	{ALLOW, "x86", RULE("personality", DENY, ARG(0, 8, EQ)), ""},
	/* a mode has 16 bits */
	{ALLOW, "x86_64", RULE("fchmod", DENY, MASKED(1, 4294967295, 511)), "2:25 W060"},
	{ALLOW, "x86_64", RULE("fchmod", DENY, MASKED(1, 2048, 2048)), ""},
	/* the bits above are refused by a rule of their own */
	{ALLOW, "x86_64",
		RULE("socket", DENY, ARG(0, 38, EQ)) "," RULE("socket", DENY, ARG(0, 4294967295, GT)),
		""},
	/* s390x has a multiplexer, whose code is an int */
	{ALLOW, "s390x", "{'names': ['socket'], 'action': '" DENY "'}", "2:25 W060"},
};

static void the_findings_are_those(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct attempt a;
		const char *found =
			findings(&a, rows[i].otherwise, rows[i].abi, false, rows[i].rules);
		if (strcmp(found, rows[i].found) != 0)
			fail_msg("%s on %s: found '%s', expected '%s'", rows[i].rules, rows[i].abi,
				found, rows[i].found);
		attempt_end(&a, true);
	}
}

/* What --narrow-int-args makes of them has no such rules. */
static void narrowed_there_are_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct attempt a;
		const char *found =
			findings(&a, rows[i].otherwise, rows[i].abi, true, rows[i].rules);
		if (strstr(found, "060"))
			fail_msg("%s on %s: found '%s'", rows[i].rules, rows[i].abi, found);
		attempt_end(&a, true);
	}
}

static void the_calls_are_shown(void **state)
{
	static const char through[] = "{'names': ['socket'], 'action': '" DENY "'}";
	struct attempt a;

	(void)state;
	findings(&a, ALLOW, "x86_64", false, RULE("socket", DENY, ARG(0, 38, EQ)));
	assert_string_equal(a.diags.first->text,
		"socket on x86_64 answers ERRNO(1) where argument 0 is 0x26 and ALLOW where it is "
		"0x100000026: the kernel takes 32 bits of it, and both for the same");
	attempt_end(&a, true);
	findings(&a, ALLOW, "x86_64", false, RULE("socket", DENY, ARG(0, 38, LE)));
	assert_non_null(strstr(a.diags.first->text, "where argument 0 is 0x26 and ALLOW"));
	attempt_end(&a, true);
	findings(&a, ALLOW, "s390x", false, through);
	assert_string_equal(a.diags.first->text,
		"socket through socketcall on s390x answers ERRNO(1) where argument 0 is 0x1 and "
		"ALLOW where it is 0x100000001: the kernel takes 32 bits of it, and both for the "
		"same");
	assert_int_equal(a.diags.first->len, strlen("socket"));
	attempt_end(&a, true);
	/* one argument, with what the other one has to be, and none that no rule looks at */
	findings(&a, ALLOW, "x86_64", false, RULE("socket", DENY, ARG(0, 2, LE)) "," RULE("socket", DENY, ARG(1, 4294967295, LE)));
	assert_string_equal(a.diags.first->text,
		"socket on x86_64 with argument 0 0x3 answers ERRNO(1) where argument 1 is 0x0 and ALLOW where it is "
		"0x100000000: the kernel takes 32 bits of it, and both for the same");
	attempt_end(&a, true);
	/* no argument alone */
	findings(&a, ALLOW, "x86_64", false,
		RULE("socket", DENY, ARG(0, 4294967295, LE)) "," RULE("socket", DENY, ARG(1, 4294967295, LE)));
	assert_string_equal(a.diags.first->text,
		"socket on x86_64 answers ERRNO(1) where arguments 0 and 1 are 0x0 and 0x0 and ALLOW where they are "
		"0x100000000 and 0x100000000: the kernel cuts each, and takes both calls for the same");
	attempt_end(&a, true);
	findings(&a, DENY, "x86_64", false, RULE("ioctl", "SCMP_ACT_TRAP", ARG(0, 40, LE)) ","
		RULE("ioctl", ALLOW, ARG(1, 1, GE) "," ARG(0, 2, GE)));
	const struct diag *d = a.diags.first;
	while (d && d->id != DIAG_EXCESS_BITS)
		d = d->next;
	assert_non_null(d);
	assert_string_equal(d->text,
		"ioctl on x86_64 with argument 0 0x29 answers ERRNO(1) where argument 1 is 0x0 and ALLOW where it is 0x100000000: "
		"the kernel takes 32 bits of it, and both for the same");
	attempt_end(&a, true);
	findings(&a, DENY, "s390x", false, "{'names': ['socket'], 'action': '" ALLOW "'}");
	assert_true(strstr(a.diags.first->text, "the kernel cuts: socket") != NULL);
	attempt_end(&a, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_findings_are_those),
		cmocka_unit_test(narrowed_there_are_none),
		cmocka_unit_test(the_calls_are_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
