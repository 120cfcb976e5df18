/* Readings are taken for one only if nothing tells them apart: each field alone makes two of them. */

#include "compiler/meaning/same_rules.h"
#include "compiler/profile/libseccomp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NAMES 1024 /* no fewer than there are syscalls */

/* A ruleset with all it points to, so that a copy shares nothing with it. */
struct whole {
	struct profile_cond cond[2];
	struct rule rule[2];
	const struct abi *abi[2];
	bool handed[NAMES], known[NAMES];
	struct ruleset set;
};

static void fill(struct whole *w)
{
	*w = (struct whole){
		.cond = {{.index = 1, .op = OP_EQ, .value = 5, .at = 70, .len = 9}, {.index = 2, .op = OP_GT, .value = 7}},
		.rule = {{.syscall = 3, .ret = 1, .conds = 2, .at = 40, .len = 6}, {.syscall = 4, .ret = 2, .at = 50, .len = 4}},
		.abi = {&arch_abis[0], &arch_abis[1]}};
	w->rule[0].cond = w->cond;
	w->set = (struct ruleset){.abi = w->abi, .abis = 2, .default_ret = 9, .default_at = 8, .rule = w->rule, .rules = 2,
		.handed = w->handed, .known = w->known};
}

/* Is it the same as one that was filled and then changed by the statement? */
#define DIFFERS(change)                                       \
	do {                                                  \
		struct whole a, w;                            \
		fill(&a);                                     \
		fill(&w);                                     \
		assert_true(same_rules(&a.set, &w.set));      \
		change;                                       \
		assert_false(same_rules(&a.set, &w.set));     \
		assert_false(same_rules(&w.set, &a.set));     \
	} while (0)

static void each_field_of_a_ruleset_counts(void **state)
{
	const struct libseccomp *other = libseccomp_find("2.5");

	(void)state;
	assert_true(arch_syscall_count() <= NAMES);
	DIFFERS(w.set.abis = 1);
	DIFFERS(w.abi[1] = &arch_abis[2]);
	DIFFERS(w.set.default_ret = 1);
	DIFFERS(w.set.default_at = 1);
	DIFFERS(w.set.rules = 1);
	DIFFERS(w.set.enosys = ENOSYS_RUNC);
	DIFFERS(w.set.libseccomp = other);
	DIFFERS(w.set.bare_native = true);
	DIFFERS(w.set.stub_listed = true);
	DIFFERS(w.set.nameless_native = true);
	DIFFERS(w.set.narrow = true);
	DIFFERS(w.set.refuses_foreign = true);
	DIFFERS(w.handed[arch_syscall_count() - 1] = true);
	DIFFERS(w.known[0] = true);
	DIFFERS(w.set.handed = NULL);
}

static void each_field_of_a_rule_counts(void **state)
{
	(void)state;
	DIFFERS(w.rule[0].syscall = 9);
	DIFFERS(w.rule[1].ret = 9);
	DIFFERS(w.rule[0].conds = 1);
	DIFFERS(w.rule[1].at = 9);
	DIFFERS(w.rule[1].len = 9);
	DIFFERS(w.rule[1].alternative = true);
	DIFFERS(w.cond[0].index = 0);
	DIFFERS(w.cond[1].op = OP_GE);
	DIFFERS(w.cond[1].value = 8);
	DIFFERS(w.cond[1].value_two = 8);
	DIFFERS(w.cond[0].at = 8);
	DIFFERS(w.cond[0].len = 8);
	DIFFERS(w.cond[1].two_given = true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field_of_a_ruleset_counts),
		cmocka_unit_test(each_field_of_a_rule_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
