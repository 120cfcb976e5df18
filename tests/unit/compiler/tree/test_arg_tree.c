/*
 * Conditions become a tree that means them, whatever masks, operators and values they have: random lists
 * of clauses are compiled and proved, and the programs run on calls at their edges.
 */

#include "backends/bpf/sim.h"
#include "tools/lib/build.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/lib/arbitrary.h"

#define AUDIT       0xc000003e
#define CLAUSES_MAX 9
#define CALLS       60

/* Masks that clauses of one list share, so that what one condition answers says something of others. */
struct masks {
	uint64_t mask[3];
	bool one_word; /* values are small, and of the low half */
};

static struct masks any_masks(struct dice *d)
{
	static const uint64_t kinds[] = {0xff, 0xffff, 0x7fff, 0xfff0, UINT32_MAX, UINT64_MAX, 0xffff00000000ffff,
		0xffffffff00000000, 0xffffffffffff, 0xff00000000, 0xffff0000ffff0000, 0xf000000f, 0xff000000ff,
		0xf0000000f, 0};
	struct masks m = {.one_word = dice_below(d, 2)};

	for (size_t i = 0; i < countof(m.mask); i++)
		m.mask[i] = dice_below(d, 4) ? kinds[dice_below(d, countof(kinds))] : arbitrary_value(d);
	return m;
}

static uint64_t any_value(struct dice *d, const struct masks *m, uint64_t mask)
{
	uint64_t value = m->one_word ? dice_below(d, 12) << (dice_below(d, 2) ? 0 : 12) : arbitrary_value(d);
	const uint64_t kinds[] = {value, value & mask, mask, mask - 1, mask >> 1, value | dice_below(d, 4)};

	return kinds[dice_below(d, countof(kinds))];
}

static size_t any_conds(struct dice *d, const struct masks *m, struct cond cond[CALL_ARGS])
{
	size_t conds = 0;

	for (uint8_t arg = 0; arg < 2; arg++) {
		if (!dice_below(d, 3))
			continue;
		struct cond *c = &cond[conds++];
		*c = (struct cond){.arg = arg, .op = (enum cond_op)dice_below(d, 6),
			.mask = m->mask[dice_below(d, countof(m->mask))]};
		c->value = any_value(d, m, c->mask);
	}
	return conds;
}

/* The conditions of a clause, made a little stricter or looser, and perhaps one more. */
static size_t like_conds(struct dice *d, const struct clause *from, struct cond cond[CALL_ARGS])
{
	for (size_t i = 0; i < from->conds; i++) {
		cond[i] = from->cond[i];
		cond[i].value = (cond[i].value + dice_below(d, 3) - 1) & cond[i].mask;
		if (!dice_below(d, 4))
			cond[i].op = (enum cond_op)dice_below(d, 6);
	}
	if (dice_below(d, 2))
		return from->conds;
	cond[from->conds] = (struct cond){.arg = 2, .op = (enum cond_op)dice_below(d, 6), .mask = UINT64_MAX,
		.value = dice_below(d, 12)};
	return from->conds + (!from->conds || cond[from->conds - 1].arg < 2);
}

static struct range any_clauses(struct arena *arena, struct dice *d)
{
	size_t clauses = 2 + dice_below(d, CLAUSES_MAX - 1);
	struct clause *clause = arena_alloc(arena, clauses, sizeof(*clause));
	const struct masks masks = any_masks(d);

	for (size_t i = 0; i < clauses; i++) {
		struct cond *cond = arena_alloc(arena, CALL_ARGS, sizeof(*cond));
		clause[i] = (struct clause){.ret = arbitrary_ret(d), .at = NOWHERE, .cond = cond};
		if (i + 1 < clauses)
			clause[i].conds = i && dice_below(d, 3) == 0
				? like_conds(d, &clause[dice_below(d, (unsigned)i)], cond)
				: any_conds(d, &masks, cond);
	}
	return (struct range){0, UINT32_MAX, clause, clauses};
}

static void print_clauses(struct arena *arena, const struct policy *policy)
{
	struct buf b;

	buf_init(&b, arena);
	policy_print(&b, policy);
	print_error("%.*s", (int)b.len, b.bytes);
}

static void try_clauses(struct dice *d, const struct layout *layout)
{
	static const struct source source = {"test", "", 0, false};
	struct arena arena;
	struct diags diags;
	struct filter filter;
	struct mistake mistake;

	ARENA_START(&arena);
	diags_init(&diags, &arena, &source);
	const struct range range = any_clauses(&arena, d);
	const struct domain domain = {AUDIT, &range, 1};
	const struct policy policy = {.order = dice_below(d, 2) ? ORDER_LITTLE : ORDER_BIG,
		.domain = &domain, .domains = 1, .elsewhere = {.ret = RET_KILL_THREAD}};
	if (build_policy(&arena, &policy, layout, &diags, &filter, &mistake) != BUILD_DONE) {
		print_clauses(&arena, &policy);
		fail_msg("%s", mistake.what ? mistake.what : diags.first->text);
	}
	for (unsigned i = 0; i < CALLS; i++) {
		const struct call call = arbitrary_call(d, &policy);
		uint32_t ran = sim_returned(sim_run(&filter.program, policy.order, &call, NULL, NULL));
		if (ran == policy_decide(&policy, &call)->ret)
			continue;
		print_clauses(&arena, &policy);
		fail_msg("%#llx, %#llx: the program returns %#x", (unsigned long long)call.args[0],
			(unsigned long long)call.args[1], ran);
	}
	arena_free(&arena);
}

static void conditions_mean_what_they_say_under_any_mask(void **state)
{
	struct dice d = {1};

	(void)state;
	for (unsigned i = 0; i < 30000; i++) {
		const struct layout layout = {.objective = (enum objective)(i % (OBJECTIVE_SIZE + 1)), .alike = i % 3 == 0};
		try_clauses(&d, &layout);
	}
}

/* --- one condition, told exactly --- */

static const struct edge {
	struct cond cond;
	uint64_t holds, fails; /* arguments; equal: all do alike */
} edges[] = {
	{{0, COND_GT, 0xffff, 0x7fff}, 0x18000, 0x17fff},
	{{0, COND_GE, 0xffff, 0x8000}, 0x18000, 0x17fff},
	{{0, COND_LT, 0xffff, 5}, 0xf0000000f0004, 5},
	{{0, COND_LE, 0xff, 0x7f}, 0xffff7f, 0x80},
	/* under such a mask 0xff means 0xf0, and more than that is 0x100 at the least */
	{{0, COND_LE, 0xfff0, 0xff}, 0xff, 0x100},
	{{0, COND_GT, 0xfff0, 0xff}, 0x10f, 0xff},
	{{0, COND_GE, 0xf0, 0x21}, 0x30, 0x2f},
	/* both halves */
	{{0, COND_GT, 0xffff00000000ffff, 0x10000}, UINT64_C(1) << 48, 0x0000ffffffffffff},
	{{0, COND_GE, 0xffff00000000ffff, (UINT64_C(5) << 48) + 9}, (UINT64_C(5) << 48) + 0x70009,
		(UINT64_C(5) << 48) + 0xf0000008},
	{{0, COND_LT, 0xff00000000, 0x500000001}, 0x5ffffffff, 0x600000000},
	{{0, COND_EQ, 0xff00000000, 0x500000001}, 0, 0},
};

static void look_at(const struct edge *edge)
{
	static const struct source source = {"test", "", 0, false};
	const struct clause clause[] = {
		{.ret = RET_ALLOW, .cond = &edge->cond, .conds = 1}, {.ret = RET_KILL_THREAD}};
	const struct range range = {0, UINT32_MAX, clause, 2};
	const struct domain domain = {AUDIT, &range, 1};
	const struct policy policy = {.domain = &domain, .domains = 1};
	struct call yes = {.arch = AUDIT, .args = {edge->holds}};
	struct call no = {.arch = AUDIT, .args = {edge->fails}};
	struct arena arena;
	struct diags diags;
	struct filter f;
	struct mistake mistake;

	ARENA_START(&arena);
	diags_init(&diags, &arena, &source);
	assert_int_equal(build_policy(&arena, &policy, NULL, &diags, &f, &mistake), BUILD_DONE);
	assert_int_equal(sim_returned(sim_run(&f.program, policy.order, &yes, NULL, NULL)),
		edge->holds == edge->fails ? RET_KILL_THREAD : RET_ALLOW);
	assert_int_equal(sim_returned(sim_run(&f.program, policy.order, &no, NULL, NULL)), RET_KILL_THREAD);
	arena_free(&arena);
}

static void the_edge_is_where_the_mask_puts_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(edges); i++)
		look_at(&edges[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_mean_what_they_say_under_any_mask),
		cmocka_unit_test(the_edge_is_where_the_mask_puts_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
