/*
 * Rules of one syscall: which are refused, which never decide, which overlap. Profiles are in the
 * notation of notation.h; what the survivors then do with calls is test_policy.c.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/notation.h"

/* "E031 W006": what was found, in order of finding. */
static const char *codes_of(struct attempt *a)
{
	struct buf b;

	ATTEMPT_CATCH(a);
	buf_init(&b, &a->arena);
	for (const struct diag *d = a->diags.first; d; d = d->next)
		buf_printf(&b, "%s%s", b.len ? " " : "", diag_kinds[d->id].code);
	buf_add(&b, "", 1);
	return b.bytes;
}

struct row {
	const char *name, *node, *profile;
	const char *codes;
};

static bool row_finds(const struct row *row, bool reversed)
{
	struct attempt a;

	attempt_notation(&a, row->profile, reversed);
	attempt_node(&a, &(struct node_facts){.native = abi_named(row->node)});
	const char *codes = codes_of(&a);
	bool ok = strcmp(codes, row->codes) == 0 && diags_failed(&a.diags) == !a.policy;
	if (!ok)
		print_error("%s%s: found '%s', expected '%s'\n", row->name,
			reversed ? ", reversed" : "", codes, row->codes);
	attempt_end(&a, true);
	return ok;
}

static void rows_find(const struct row *row, size_t rows)
{
	bool ok = true;

	for (size_t i = 0; i < rows; i++) {
		ok = row_finds(&row[i], false) && ok;
		if (strchr(row[i].profile, '|'))
			ok = row_finds(&row[i], true) && ok;
	}
	assert_true(ok);
}

static const struct row conflict_rows[] = {
	{"same condition, other action", "x86_64",
		"ERRNO: ioctl ALLOW a1==5 | ioctl A a1==5", "E031"},
	{"same condition, other errno", "x86_64",
		"ERRNO: ioctl A a1==5 | ioctl B a1==5", "E031"},
	{"same condition, same action", "x86_64",
		"ERRNO: ioctl ALLOW a1==5; ioctl ALLOW a1==5", ""},
	{"same conditions in other order", "x86_64",
		"ERRNO: ioctl A a1==2 a0==1 | ioctl B a0==1 a1==2", "E031"},
	{"the beginning of an earlier rule", "x86_64",
		"ERRNO: ioctl B a0==1 a1==2; ioctl A a0==1", "E031"},
	{"the beginning of a later rule", "x86_64",
		"ERRNO: ioctl A a0==1; ioctl B a0==1 a1==2", "W006"},
	{"the beginning of an earlier rule, same action", "x86_64",
		"ERRNO: ioctl A a0==1 a1==2 | ioctl A a0==1", ""},
	{"the end of an earlier rule", "x86_64",
		"ERRNO: ioctl B a0==1 a1==2 | ioctl A a1==2", "W006"},
	{"the beginning of two earlier rules, the second of another action", "x86_64",
		"ERRNO: ioctl A a0==1 a1==2; ioctl B a0==1 a1==3; ioctl A a0==1", "E031"},
	{"the beginning of three conditions", "x86_64",
		"ERRNO: ioctl A a0==1 a2==2 a4==3; ioctl B a0==1 a2==2", "E031"},
	{"a condition of mask 0 does not make it longer", "x86_64",
		"ERRNO: ioctl A a0==1 a1&0==0 | ioctl B a0==1", "E031"},
	{"two rules at fault are two errors", "x86_64",
		"ERRNO: ioctl A a0==1; ioctl B a0==1; mount A a0==1; mount B a0==1", "E031 E031"},
	{"other syscalls", "x86_64",
		"ERRNO: ioctl A a0==1; mount B a0==1", ""},
	{"behind a plain rule there is no conflict", "x86_64",
		"ERRNO: ioctl A; ioctl ALLOW a1==5; ioctl B a1==5", "W005 W005"},
	{"before a plain rule there is", "x86_64",
		"ERRNO: ioctl ALLOW a1==5; ioctl B a1==5; ioctl A", "E031"},
	{"values that differ in bits cut off, 32 bits", "x86",
		"ERRNO: ioctl A a1==5 | ioctl B a1==0x100000005", "W014 E031"},
	{"values that differ above bit 31, 64 bits", "x86_64",
		"ERRNO: ioctl A a1==5 | ioctl B a1==0x100000005", ""},
	{"bits outside the mask do not tell rules apart", "x86_64",
		"ERRNO: ioctl A a1&0xf==0x35 | ioctl B a1&0xf==0x05", "W015 E031"},
	{"one syscall on two arguments is two calls through socketcall", "x86_64",
		"ALLOW x86: socket A a0==16; socket B a0==17", "E031"},
	{"without that ABI it is not", "x86_64",
		"ALLOW: socket A a0==16; socket B a0==17", ""},
	{"a plain socketcall rule ahead of them takes them in", "x86_64",
		"ALLOW x86: socketcall LOG; socket A a0==16; socket B a0==17", ""},
	{"a name only another ABI has conflicts as well", "x86_64",
		"ALLOW: stat64 A a0==1 | stat64 B a0==1", "E031"},
	{"not on ABIs with multiplexers", "s390x",
		"ALLOW: stat64 A a0==1 | stat64 B a0==1", ""},
	{"but for names that are multiplexed", "mips",
		"ALLOW: semop LOG a0==5; semop A a1==47; semop B a1==47", "W006 W006 E031"},
	{"the beginning of an earlier rule that holds another", "x86_64",
		"ERRNO: ioctl A a1==2; ioctl B a0==1 a1==2; ioctl A a0==1", "E031"},
	{"a needless rule that holds another is gone", "x86_64",
		"ERRNO: ioctl A a1==2; ioctl A a0==1 a1==2; ioctl B a0==1", "W006"},
	{"values with one upper half, the longer first", "x86_64",
		"ALLOW: ioctl A a0!=5 a1==2; ioctl B a0!=7", "E031"},
	{"values with one upper half, the shorter first", "x86_64",
		"ALLOW: ioctl B a0!=7; ioctl A a0!=5 a1==2", "W006"},
	{"values with another upper half", "x86_64",
		"ALLOW: ioctl A a0!=5 a1==2; ioctl B a0!=0x100000007", "W006"},
	{"32 bits have no upper half", "x86", "ALLOW: ioctl A a0!=5 a1==2; ioctl B a0!=7", "W006"},
	{"the same of a name the ABI lacks", "aarch64",
		"ALLOW: stat64 A a0!=5 a1==2; stat64 B a0!=7", "E031"},
	{"LT", "x86_64", "ALLOW: ioctl A a0<5 a1==2; ioctl B a0<7", "E031"},
	{"LE", "x86_64", "ALLOW: ioctl A a0<=5 a1==2; ioctl B a0<=7", "E031"},
	{"GT", "x86_64", "ALLOW: ioctl A a0>5 a1==2; ioctl B a0>7", "E031"},
	{"GE", "x86_64", "ALLOW: ioctl A a0>=5 a1==2; ioctl B a0>7", "E031"},
	{"EQ and MASKED_EQ under a full mask are two", "x86_64",
		"ALLOW: ioctl A a0==5 | ioctl B a0&0xffffffffffffffff==5", "W006"},
	{"EQ and MASKED_EQ under a full mask are two, 32 bits", "x86",
		"ALLOW: ioctl A a0==5 | ioctl B a0&0xffffffff==5", "W006"},
};

/* Rules with another action than the plain one are named; those of its action do no harm. */
static const struct row shadow_rows[] = {
	{"a condition before and behind a plain rule", "x86_64",
		"ERRNO: ioctl A a1==5; ioctl ALLOW; ioctl B a1==7", "W005 W005"},
	{"a second plain rule", "x86_64", "ERRNO: ioctl A; ioctl B", "W005"},
	{"the same action", "x86_64", "ERRNO: ioctl ALLOW; ioctl ALLOW a1==5; ioctl ALLOW", ""},
	{"a plain rule by mask 0", "x86_64", "ERRNO: ioctl ALLOW a0==1; ioctl A a1&0==0", "W005"},
	{"a name the ABI lacks", "x86_64", "ERRNO: stat64 A; stat64 B", ""},
	{"a multiplexer's rule, a call with a number of its own", "x86_64",
		"ERRNO x86: socketcall ALLOW | socket A a0==16", ""},
	{"a multiplexer's rule, a call without", "x86",
		"ERRNO: socketcall ALLOW | accept A a1==16", "W005"},
	{"the default action is no rule", "x86_64", "ERRNO: ioctl ALLOW; ioctl ERRNO a1==5", "W007"},
};

static const struct row overlap_rows[] = {
	{"EQ, EQ apart", "x86_64", "ALLOW: ioctl A a1==5 | ioctl B a1==6", ""},
	{"EQ on two arguments", "x86_64", "ALLOW: ioctl A a0==5 | ioctl B a1==6", "W006"},
	{"EQ on two arguments of a name the ABI lacks", "x86_64", "ALLOW: stat64 A a0==5 | stat64 B a1==6", ""},
	{"EQ on two arguments of a name that only a multiplexer reaches", "x86",
		"ALLOW: accept A a1==5 | accept B a2==6", "W006"},
	{"EQ on two arguments, one action", "x86_64", "ALLOW: ioctl A a0==5 | ioctl A a1==6", ""},
	{"EQ, NE of one value", "x86_64", "ALLOW: ioctl A a1==5 | ioctl B a1!=5", ""},
	{"EQ, NE of another", "x86_64", "ALLOW: ioctl A a1==5 | ioctl B a1!=6", "W006"},
	{"EQ below LT", "x86_64", "ALLOW: ioctl A a1==5 | ioctl B a1<6", "W006"},
	{"EQ at LT", "x86_64", "ALLOW: ioctl A a1==6 | ioctl B a1<6", ""},
	{"EQ at LE", "x86_64", "ALLOW: ioctl A a1==6 | ioctl B a1<=6", "W006"},
	{"LT, GE of one value", "x86_64", "ALLOW: ioctl A a1<6 | ioctl B a1>=6", ""},
	{"LE, GE of one value", "x86_64", "ALLOW: ioctl A a1<=6 | ioctl B a1>=6", "W006"},
	{"LT, GT with a gap", "x86_64", "ALLOW: ioctl A a1<5 | ioctl B a1>5", ""},
	{"NE, NE", "x86_64", "ALLOW: ioctl A a1!=5 | ioctl B a1!=6", "W006"},
	{"GT max is empty", "x86_64", "ALLOW: ioctl A a1>18446744073709551615 | ioctl B a1>=0", ""},
	{"LT 0 is empty", "x86_64", "ALLOW: ioctl A a1<0 | ioctl B a1>=0", ""},
	{"GT max of 32 bits is empty there", "x86", "ALLOW: ioctl A a1>0xffffffff | ioctl B a1>=0", ""},
	{"GT max of 32 bits is not at 64", "x86_64",
		"ALLOW: ioctl A a1>0xffffffff | ioctl B a1>=0", "W006"},
	{"mask, value within", "x86_64", "ALLOW: ioctl A a1&0xf==5 | ioctl B a1==0x25", "W006"},
	{"mask, value without", "x86_64", "ALLOW: ioctl A a1&0xf==5 | ioctl B a1==0x26", ""},
	{"masks apart", "x86_64", "ALLOW: ioctl A a1&0xf==5 | ioctl B a1&0xff==0x24", ""},
	{"masks beside each other", "x86_64", "ALLOW: ioctl A a1&0xf==5 | ioctl B a1&0xf0==0x20", "W006"},
	{"mask, LT at its least", "x86_64", "ALLOW: ioctl A a1&0xf0==0x20 | ioctl B a1<0x20", ""},
	{"mask, LT above its least", "x86_64", "ALLOW: ioctl A a1&0xf0==0x20 | ioctl B a1<0x21", "W006"},
	{"mask, GT all", "x86_64",
		"ALLOW: ioctl A a1&0xfffffffffffffff0==0x20 | ioctl B a1>0x2f", ""},
	{"mask, GT all but one", "x86_64",
		"ALLOW: ioctl A a1&0xfffffffffffffff0==0x20 | ioctl B a1>0x2e", "W006"},
	{"mask, NE its only value", "x86_64",
		"ALLOW: ioctl A a1&0xffffffffffffffff==5 | ioctl B a1!=5", ""},
	{"two conditions, one apart", "x86_64",
		"ALLOW: ioctl A a0==1 a1==5 | ioctl B a0==2 a1==5", ""},
	{"two conditions, none apart", "x86_64",
		"ALLOW: ioctl A a0==1 a1==5 | ioctl B a1==5 a2==7", "W006"},
	{"each rule is named once", "x86_64",
		"ALLOW: ioctl A a1<5; ioctl B a1<6; ioctl C a1<7", "W006 W006"},
};

static void conflicts_are_refused(void **state)
{
	(void)state;
	rows_find(conflict_rows, countof(conflict_rows));
}

static void rules_that_never_decide_are_named(void **state)
{
	(void)state;
	rows_find(shadow_rows, countof(shadow_rows));
}

static void overlaps_of_two_actions_are_named(void **state)
{
	(void)state;
	rows_find(overlap_rows, countof(overlap_rows));
}

static void strict_refuses_what_only_warns_else(void **state)
{
	static const char *const profiles[] = {"ERRNO: ioctl A; ioctl B",
		"ALLOW: ioctl A a1<5; ioctl B a1<6", "ALLOW: no_such_call A"};

	(void)state;
	for (size_t i = 0; i < countof(profiles); i++) {
		struct attempt a;
		attempt_notation(&a, profiles[i], false);
		a.diags.strict = true;
		attempt_node(&a, &(struct node_facts){.native = abi_named("x86_64")});
		assert_true(diags_failed(&a.diags));
		assert_int_equal(diags_exit(&a.diags), 4);
		attempt_end(&a, true);
	}
}

static void a_conflict_points_at_both_rules(void **state)
{
	struct attempt a;

	(void)state;
	attempt_text(&a,
		"{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [\n"
		"{'names': ['read', 'ioctl'], 'action': 'SCMP_ACT_ALLOW',\n"
		" 'args': [{'index': 1, 'value': 5, 'op': 'SCMP_CMP_EQ'}]},\n"
		"{'names': ['ioctl'], 'action': 'SCMP_ACT_LOG',\n"
		" 'args': [{'index': 1, 'value': 5, 'op': 'SCMP_CMP_EQ'}]}]}");
	attempt_node(&a, &(struct node_facts){.native = abi_named("x86_64")});
	assert_string_equal(attempt_findings(&a), "4:12 E031");
	assert_non_null(a.diags.first->note);
	uint32_t line, column;
	source_place(&a.source, a.diags.first->note->at, &line, &column);
	assert_int_equal(line, 2);
	assert_int_equal(column, 20);
	assert_true(attempt_says(&a, "'ioctl' (on x86_64) has the same conditions as"));
	attempt_end(&a, true);
}

/* Each is said of the rule that was written, under its name. */
static void multiplexed_rules_are_told_by_their_own_name(void **state)
{
	static const struct {
		const char *node, *profile, *says;
	} rows[] = {
		{"x86", "ERRNO: socketcall ALLOW; accept A a1==16",
			"this rule for 'accept' (on x86, through socketcall) never decides"},
		{"x86_64", "ALLOW x86: socket A a0==16; socket B a0==17",
			"this rule for 'socket' (on x86, through socketcall) has the same conditions"},
		{"x86_64", "ALLOW x86: socket A a0==16; socket B a0==17",
			"argument 0 of socketcall is the call's code, whatever"},
		{"x86", "ALLOW: accept A a1==5; accept B a2==6",
			"a call of 'accept' (on x86, through socketcall) can match this rule and"},
		{"x86_64", "ALLOW: ioctl A a1==5; ioctl B a1==5 a1==6",
			"an alternative of this rule for 'ioctl' (on x86_64) has the same"},
	};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct attempt a;
		attempt_notation(&a, rows[i].profile, false);
		attempt_node(&a, &(struct node_facts){.native = abi_named(rows[i].node)});
		if (!attempt_says(&a, rows[i].says))
			fail_msg("%s: does not say '%s'", rows[i].profile, rows[i].says);
		attempt_end(&a, true);
	}
}

/* Thousands of rules on one syscall: neither slow nor forgetful. */
static void many_rules_are_kept_apart(void **state)
{
	enum { RULES = 5000 };
	static struct cond cond[RULES][2];
	static struct merge_rule rule[RULES];
	const struct clause otherwise = {.ret = RET_ALLOW, .at = NOWHERE}, *clause;
	const struct merge_name name = {.syscall = "ioctl", .abi = abi_named("x86_64")};
	struct attempt a = {0};
	size_t clauses;

	(void)state;
	arena_init(&a.arena, (size_t)64 << 20);
	ATTEMPT_CATCH(&a);
	diags_init(&a.diags, &a.arena, NULL);
	for (size_t i = 0; i < RULES; i++) {
		cond[i][0] = (struct cond){.arg = 0, .mask = UINT64_MAX, .value = i / 50};
		cond[i][1] = (struct cond){.arg = 1, .mask = UINT64_MAX, .value = i % 50};
		rule[i] = (struct merge_rule){.cond = cond[i], .conds = 2, .ret = 0x00050000 + (uint32_t)(i % 2), .len = 1};
	}
	assert_true(merge(&a.arena, rule, RULES, &otherwise, name, &a.diags, &clause, &clauses));
	assert_int_equal(clauses, RULES + 1);
	assert_int_equal(clause[RULES].conds, 0);
	rule[RULES - 1].cond = cond[0];
	assert_false(merge(&a.arena, rule, RULES, &otherwise, name, &a.diags, &clause, &clauses));
	arena_free(&a.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conflicts_are_refused),
		cmocka_unit_test(rules_that_never_decide_are_named),
		cmocka_unit_test(overlaps_of_two_actions_are_named),
		cmocka_unit_test(strict_refuses_what_only_warns_else),
		cmocka_unit_test(a_conflict_points_at_both_rules),
		cmocka_unit_test(multiplexed_rules_are_told_by_their_own_name),
		cmocka_unit_test(many_rules_are_kept_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
