/*
 * Rules that libseccomp is not known to compile right are named, and those that resolve writes instead mean
 * the same, call by call.
 */

#include "compiler/meaning/classes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"
#include "tests/lib/boundary.h"
#include "tests/lib/notation.h"

static const struct {
	const char *profile, *node;
	bool named, settled; /* before, after */
} rows[] = {
	{"ERRNO: ioctl ALLOW a0<5 a1!=0x100000007", "x86_64", false, false}, /* one rule */
	{"ERRNO: ioctl ALLOW a0==5 a1==0x100000007; ioctl ALLOW a1&0xff==5", "x86_64", false, false},
	{"ERRNO: ioctl ALLOW a0<5; ioctl ALLOW a0>9; ioctl ALLOW a1!=7", "x86_64", false, false},
	{"ERRNO: ioctl ALLOW a0<5; ioctl ALLOW a0>9; ioctl LOG a1!=7", "x86", false, false},
	{"ERRNO: ioctl ALLOW a0<5; ioctl ALLOW a0>9; ioctl LOG a1!=7", "x86_64", true, true}, /* which is first? */
	{"ERRNO: ioctl ALLOW a0<5; ioctl ALLOW a0==7; ioctl LOG a0>9", "x86_64", true, false}, /* no matter */
	{"ERRNO: ioctl ALLOW a0<5 a1==2; ioctl LOG a0==7 a1==2", "x86", true, false},
	{"ERRNO: ioctl ALLOW a0<5 a1==2; ioctl LOG a0==7 a1==2", "x86_64", true, true}, /* of masks cut above */
	{"ERRNO: ioctl ALLOW a0&0xf==5; ioctl LOG a0&0xf0==0x50", "x86_64", true, true},
	{"ERRNO: ioctl ALLOW a0&0xf==5; ioctl LOG a0&0x1f==6", "x86_64", false, false},
	{"ERRNO: ioctl ALLOW a0==5; ioctl LOG a0==0x100000005 a1==1", "x86", true, true},
	{"ERRNO: ioctl ALLOW a0==5 a1==2; ioctl ALLOW a0==7; read ALLOW a0==5", "x86_64", true, true}, /* others */
	{"ERRNO: ioctl ALLOW a0==5 a1==2; ioctl ALLOW a0==7; read ALLOW", "x86_64", false, false},
	{"ERRNO: waitpid ALLOW a0==1; ioctl ALLOW a1==5", "x86_64", true, false}, /* no ABI has it */
	{"ERRNO: waitpid ALLOW a0==1; ioctl ALLOW a1==5; read ALLOW", "x86_64", false, false},
	{"ERRNO x86: waitpid ALLOW a0==1; ioctl ALLOW a1==5", "x86_64", true, true},
	{"ERRNO x86: newfstatat ALLOW a0!=0x100000005; newfstatat ALLOW a0==7; read ALLOW", "x86_64", true, false},
	{"ERRNO: ioctl ALLOW a0<5; ioctl ALLOW a0>0x100000009", "x86_64", true, false},
	{"ERRNO: ioctl ALLOW a0<5; ioctl ALLOW a0>0x100000009", "x86", false, false},
	{"ERRNO: ioctl ALLOW a0<5 a1==2; ioctl ALLOW a0==7", "x86", true, false},
	{"ERRNO x86: ioctl ALLOW a0<5; ioctl LOG a0==7", "x86_64", true, false},
	{"ERRNO x86: ioctl ALLOW a0!=5 a1==2; ioctl ALLOW a0==7", "x86_64", true, true}, /* not on both widths */
	{"ERRNO: ioctl ALLOW a0!=5 a1==2; ioctl ALLOW a0==7", "x86", true, false},
	{"ERRNO: ioctl ALLOW a0!=5 a1!=2; ioctl ALLOW a0==7", "x86_64", true, true}, /* too many */
	{"ERRNO: ioctl ALLOW a0<5 a1==2; ioctl LOG a0==7", "x86", true, false},
	{"ERRNO: ioctl ALLOW a0<9 a1==2; ioctl LOG a0==7", "x86_64", true, true},
	{"ERRNO: ioctl ALLOW a0<5 a1==2; ioctl ALLOW a0==7; ioctl ALLOW", "x86_64", false, false},
	{"ERRNO: socket ALLOW a1<5; socket ALLOW a1==7", "x86_64", false, false},
	{"ERRNO: socket ALLOW a1<5; socket ALLOW a1==7", "s390", true, false}, /* through socketcall */
	{"ERRNO: socket ALLOW a1<5; bind ALLOW a1==7", "s390x", true, true},
	{"ERRNO: socket ALLOW a1<5; bind LOG a1==7", "s390x", true, true},
	{"ERRNO: socket ALLOW a1<5; socketcall LOG a0==2 a1==7", "s390x", true, true},
};

static bool is_named(struct attempt *a, const struct ruleset *set)
{
	struct diags diags;

	ATTEMPT_CATCH(a);
	diags_init(&diags, &a->arena, &a->source);
	classes_check(&a->arena, set, &diags);
	if (diags.first)
		assert_int_equal(diags.first->id, DIAG_LIBSECCOMP_CLASS);
	return diags.first != NULL;
}

static const struct ruleset *settled(struct attempt *a)
{
	ATTEMPT_CATCH(a);
	return classes_settle(&a->arena, a->ruleset, false);
}

static void rules_of_no_class_are_named_and_settled(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct node_facts node = {.native = abi_named(rows[i].node)};
		struct attempt a;
		attempt_notation(&a, rows[i].profile, false);
		attempt_node(&a, &node);
		assert_non_null(a.ruleset);
		if (is_named(&a, a.ruleset) != rows[i].named || is_named(&a, settled(&a)) != rows[i].settled)
			fail_msg("%s on %s: named %d, then %d", rows[i].profile, rows[i].node,
				is_named(&a, a.ruleset), is_named(&a, settled(&a)));
		attempt_end(&a, true);
	}
}

/* --- the meaning --- */

struct twins {
	const struct policy *was, *is;
	struct call call; /* of the difference */
	size_t calls;
};

static bool decide_alike(void *data, const struct call *call)
{
	struct twins *t = data;

	t->calls++;
	t->call = *call;
	return policy_decide(t->was, call)->ret == policy_decide(t->is, call)->ret;
}

static const struct policy *policy_of(struct attempt *a, const struct ruleset *set)
{
	ATTEMPT_CATCH(a);
	return rules_policy(&a->arena, &set, 1, &a->diags);
}

/* True: there was something to settle. */
static bool try_text(struct random *random, const struct abi *native, const struct buf *text, struct twins *t)
{
	struct node_facts node = {.native = native};
	struct attempt a;

	attempt_bytes(&a, text->bytes, text->len);
	attempt_node(&a, &node);
	assert_non_null(a.policy);
	const struct ruleset *set = settled(&a);
	bool changed = set != a.ruleset && set->rules != a.ruleset->rules;
	t->was = a.policy;
	t->is = policy_of(&a, set);
	assert_non_null(t->is);
	for (unsigned i = 0; changed && i < 2; i++) {
		struct boundary boundary = {.policy = i ? t->is : t->was, .args_max = UINT64_MAX, .rounds = 1,
			.visit = decide_alike, .data = t};
		if (!boundary_visit(random, &boundary))
			fail_msg("%s: number %u, arguments %#llx %#llx:\n%.*s", native->name, t->call.nr,
				(unsigned long long)t->call.args[0], (unsigned long long)t->call.args[1],
				(int)text->len, text->bytes);
	}
	attempt_end(&a, false);
	return changed;
}

static bool try_seed(uint64_t seed, struct twins *t)
{
	static const struct sample_class class = {.name = "one action", .names = 1, .rules = 3, .conds = 2,
		.actions = 1, .plain = 2, .ops = ANY_OP, .wide = true};
	static struct sample sample;
	struct random random = random_start(seed);
	const struct abi *native;
	struct arena arena;
	struct buf text;

	do
		native = &arch_abis[random_below(&random, arch_abi_count)];
	while (native->guest);
	arena_init(&arena, (size_t)16 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	sample_make(&random, &class, native, &sample);
	if (random_chance(&random, 50))
		sample.subs = 0;
	sample.mapped &= sample.subs > 0;
	buf_init(&text, &arena);
	sample_write(&text, &sample);
	bool changed = try_text(&random, native, &text, t);
	arena_free(&arena);
	return changed;
}

static void settled_rules_mean_the_same(void **state)
{
	struct twins twins = {.calls = 0};
	size_t changed = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 8000; seed++)
		changed += try_seed(seed, &twins);
	assert_true(changed > 100);
	assert_true(twins.calls > 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_of_no_class_are_named_and_settled),
		cmocka_unit_test(settled_rules_mean_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
