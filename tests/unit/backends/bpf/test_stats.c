/*
 * Figures of programs small enough to be counted by hand, and of a real one against other ways to
 * count the same.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/bpf/cached.h"
#include "backends/bpf/jit.h"
#include "backends/bpf/path.h"
#include "backends/bpf/sim.h"
#include "backends/bpf/stats.h"
#include "compiler/kernel/action.h"
#include "compiler/tree/layout.h"
#include "tools/lib/build.h"
#include "tests/lib/arbitrary.h"
#include "tests/lib/textfile.h"

#define EPERM_RET 0x00050001u
#define X86_64    (&arch_abis[0])

/* read is 0, write 1, and so on to close (3); socket, 41, asks an argument; the rest is refused. */
static const struct insn small[] = {
	{INSN_LD, 0, 0, 4},
	{INSN_JEQ, 0, 5, 0xc000003e},
	{INSN_LD, 0, 0, 0},
	{INSN_JGE, 0, 4, 4}, /* 0..3: ALLOW */
	{INSN_JEQ, 0, 2, 41},
	{INSN_LD, 0, 0, 16},
	{INSN_JEQ, 1, 0, 2},
	{INSN_RET, 0, 0, EPERM_RET},
	{INSN_RET, 0, 0, RET_ALLOW},
};
static const struct program small_program = {small, countof(small)};

static struct stats count_small(struct arena *arena, const double *weight)
{
	const struct abi *const abi[] = {X86_64};
	struct stats s;

	stats_count(&s, arena, &small_program, ORDER_LITTLE, abi, 1, weight);
	return s;
}

static double *weights(
	struct arena *arena, const char *const *name, const double *weight, size_t names)
{
	double *by_id = arena_alloc(arena, arch_syscall_count(), sizeof(*by_id));
	uint16_t id;

	for (size_t i = 0; i < names; i++) {
		assert_true(arch_syscall_find(name[i], strlen(name[i]), &id));
		by_id[id] = weight[i];
	}
	return by_id;
}

static bool near(double a, double b)
{
	return a - b < 1e-9 && b - a < 1e-9;
}

static void paths_are_counted_by_class(void **state)
{
	static const char *const name[] = {"read", "write", "socket", "mount"};
	static const double weight[] = {50, 25, 20, 5};
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct stats s = count_small(&arena, weights(&arena, name, weight, countof(name)));
	const struct stats_abi *a = &s.abi[0];
	assert_int_equal(s.insns, 9);
	assert_int_equal(s.bytes, 72);
	assert_int_equal(s.returns, 2);
	assert_int_equal(s.loads, 3);
	assert_int_equal(s.jumps, 4);
	assert_int_equal(s.longest, 8);
	assert_int_equal(a->all.syscalls, arch_nr_count(X86_64));
	assert_int_equal(a->class[STATS_CACHED].syscalls, 4);
	assert_int_equal(a->class[STATS_CACHED].min, 5);
	assert_int_equal(a->class[STATS_CACHED].max, 5);
	assert_int_equal(a->class[STATS_CHECKED].syscalls, 1);
	assert_int_equal(a->class[STATS_CHECKED].max, 8);
	assert_int_equal(a->class[STATS_REFUSED].syscalls, arch_nr_count(X86_64) - 5);
	assert_int_equal(a->class[STATS_REFUSED].max, 6);
	assert_true(near(a->all.weighted, 0.75 * 5 + 0.2 * 8 + 0.05 * 6));
	assert_true(near(a->allowed.mean, (4 * 5 + 8) / 5.0));
	assert_true(near(a->uncached.share, 0.25));
	assert_true(near(a->uncached.weighted, (0.2 * 8 + 0.05 * 6) / 0.25));
	arena_free(&arena);
}

static void actions_are_told_apart(void **state)
{
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct stats s = count_small(&arena, NULL);
	const struct stats_abi *a = &s.abi[0];
	assert_int_equal(a->actions, 2);
	assert_int_equal(a->action[0].ret, EPERM_RET);
	assert_int_equal(a->action[1].ret, RET_ALLOW);
	assert_int_equal(a->action[1].paths.syscalls, 4); /* socket(0) is refused */
	assert_true(near(a->action[0].paths.share + a->action[1].paths.share, 1));
	arena_free(&arena);
}

/* Runs: 0..3, 4..40, 41, 42 and up, with a half, a quarter, an eighth, an eighth of the calls. */
static void entropy_is_that_of_the_runs(void **state)
{
	static const char *const name[] = {"read", "stat", "socket", "mount"};
	static const double weight[] = {4, 2, 1, 1};
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct stats s = count_small(&arena, weights(&arena, name, weight, countof(name)));
	assert_int_equal(s.abi[0].runs, 4);
	assert_true(near(s.abi[0].entropy, 0.5 * 1 + 0.25 * 2 + 2 * 0.125 * 3));
	assert_true(near(s.abi[0].tests, 0.5 * 1 + 0.5 * 2));
	arena_free(&arena);
}

/* Behind the last number of the ABI. */
static uint32_t numbers_end(void)
{
	uint32_t end = 0, nr;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (arch_nr(X86_64, (uint16_t)id, &nr) && nr >= end)
			end = nr + 1;
	}
	return end;
}

/* kernel/seccomp.c walks each number below NR_syscalls up to where it ends or is stuck. */
/* 251 is the one number between x86's 250 and 252. */
static void a_run_may_be_one_number_that_no_call_has(void **state)
{
	static const struct insn insn[] = {{INSN_LD, 0, 0, 0}, {INSN_JEQ, 0, 1, 251},
		{INSN_RET, 0, 0, EPERM_RET}, {INSN_RET, 0, 0, RET_ALLOW}};
	const struct abi *const abi[] = {arch_find("x86", 3)};
	struct arena arena;
	struct stats s;

	(void)state;
	ARENA_START(&arena);
	double *weight = arena_alloc(&arena, arch_syscall_count(), sizeof(*weight));
	weight[0] = 1;
	stats_count(&s, &arena, &(struct program){insn, countof(insn)}, ORDER_LITTLE, abi, 1, weight);
	assert_null(arch_nr_name(abi[0], 251));
	assert_int_equal(s.abi[0].runs, 3);
	arena_free(&arena);
}

static void the_walk_of_the_cache_is_counted(void **state)
{
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct stats s = count_small(&arena, NULL);
	/* 5 for each of 0..3; socket is stuck at its load, the 6th, as the others' RET is */
	assert_int_equal(s.walked, 4 * 5 + (numbers_end() - 4) * 6);
	arena_free(&arena);
}

static void abis_are_those_compared_with(void **state)
{
	const struct abi *abi[64];

	(void)state;
	assert_true(arch_abi_count <= countof(abi));
	size_t abis = stats_abis(&small_program, ORDER_LITTLE, abi);
	assert_int_equal(abis, 2); /* x86_64, and x32 which shares its audit arch */
	assert_ptr_equal(abi[0], X86_64);
	assert_int_equal(abi[1]->audit, X86_64->audit);
	assert_int_equal(stats_abis(&small_program, ORDER_BIG, abi), 0);
}

/* A real filter: sums over classes and actions, and the longest path, fit together. */
static void figures_of_a_real_filter_agree(void **state)
{
	struct arena arena;
	size_t len;
	struct diags diags;
	struct filter f;
	struct mistake mistake;
	struct stats s;
	const struct node_facts node = {.native = X86_64};

	(void)state;
	ARENA_START(&arena);
	char *text = textfile_read("profiles/docker-default-2018.json", &len);
	const struct source source = {"profile", arena_text(&arena, text, len), len, false};
	free(text);
	diags_init(&diags, &arena, &source);
	const struct profile *profile = build_profile(&arena, &source, &diags);
	assert_int_equal(
		build_filter(&arena, profile, &node, 1, NULL, &diags, &f, &mistake), BUILD_DONE);
	stats_count(&s, &arena, &f.program, ORDER_LITTLE, f.policy->abi, f.policy->abis, NULL);
	for (size_t i = 0; i < s.abis; i++) {
		const struct stats_abi *a = &s.abi[i];
		size_t classes = 0, actions = 0;
		for (unsigned class = 0; class < STATS_CLASSES; class ++)
			classes += a->class[class].syscalls;
		for (size_t k = 0; k < a->actions; k++)
			actions += a->action[k].paths.syscalls;
		assert_int_equal(classes, a->all.syscalls);
		assert_int_equal(actions, a->all.syscalls);
		assert_true(a->all.max <= s.longest && a->all.min >= 3);
		assert_true(a->entropy > 0 && a->entropy < 8);
		assert_true(near(a->all.mean, a->all.weighted));
	}
	assert_int_equal(s.longest, path_longest(&arena, &f.program));
	arena_free(&arena);
}

/* --- the JIT's model --- */

static void operations_are_those_of_the_jit(void **state)
{
	static const struct {
		struct insn insn;
		unsigned taken, not_taken;
	} rows[] = {
		{{INSN_LD, 0, 0, 0}, 1, 1}, {{INSN_RET, 0, 0, 0}, 2, 2}, {{INSN_JA, 0, 0, 7}, 1, 1},
		{{INSN_AND, 0, 0, 1}, 1, 1}, {{INSN_JGE, 4, 0, 5}, 2, 2}, /* cmp, jae */
		{{INSN_JGE, 0, 4, 5}, 2, 2},                              /* cmp, jb */
		{{INSN_JGE, 3, 4, 5}, 2, 3},                              /* cmp, jae, jmp */
		{{INSN_JSET, 0, 4, 5}, 2, 3},                             /* cannot be inverted */
		{{INSN_JEQ, 0, 4, 0xc000003e}, 3, 3}, /* the constant goes through a register */
	};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		assert_int_equal(jit_ops(&rows[i].insn, true), rows[i].taken);
		assert_int_equal(jit_ops(&rows[i].insn, false), rows[i].not_taken);
	}
}

static void jumps_shrink_where_they_may(void **state)
{
	enum { FAR = 60 };
	struct insn insn[FAR + 3] = {{INSN_LD, 0, 0, 0}, {INSN_JEQ, 0, FAR, 1}};
	struct program p = {insn, countof(insn)};
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 2; i < countof(insn); i++)
		insn[i] = (struct insn){INSN_RET, 0, 0, 1};
	size_t far = jit_bytes(&arena, &p);
	insn[1].jf = 1;
	size_t near_by = jit_bytes(&arena, &p);
	assert_int_equal(far - near_by, 4); /* 6 bytes of a jcc become 2 */
	p.len = 3;
	insn[1] = (struct insn){INSN_JEQ, 0, 0, 1};
	/* prologue, mov, cmp and jcc, mov and the epilogue */
	assert_int_equal(jit_bytes(&arena, &p), 26 + 3 + 4 + 2 + 5 + 3);
	arena_free(&arena);
}

#define NIL {INSN_RET, 0, 0, 0}

/* Counted by hand from the translations jit.c tells; the prologue has 26 bytes, the epilogue 3. */
static void sizes_are_those_of_the_translations(void **state)
{
	static const struct {
		struct insn insn[4];
		size_t len, bytes;
	} rows[] = {
		/* the first RET has the epilogue behind it, later ones jump back to it: 2 bytes */
		{{{INSN_RET, 0, 0, 0}}, 1, 2},
		{{{INSN_RET, 0, 0, RET_ALLOW}}, 1, 5},
		{{{INSN_RET, 0, 0, 1}, NIL}, 2, 5 + 2 + 2},
		{{{INSN_RET, 0, 0, 1}, {INSN_RET, 0, 0, 1}}, 2, 5 + 5 + 2},
		{{{INSN_LD, 0, 0, 4}, NIL}, 2, 3 + 2},
		{{{INSN_AND, 0, 0, 127}, NIL}, 2, 3 + 2},
		{{{INSN_AND, 0, 0, 128}, NIL}, 2, 5 + 2},
		{{{INSN_JA, 0, 0, 0}, NIL}, 2, 0 + 2},
		{{{INSN_JA, 0, 0, 1}, {INSN_RET, 0, 0, 0}, {INSN_RET, 0, 0, 0}}, 3, 2 + 2 + 2 + 2},
		{{{INSN_LD | 1, 0, 0, 0}, NIL}, 2, 4 + 2}, /* ldx, not winnow's */
		/* what it is compared with */
		{{{INSN_JEQ, 0, 1, 0}, NIL, NIL}, 3, 3 + 2 + 2 + 2 + 2},
		{{{INSN_JEQ, 0, 1, 127}, NIL, NIL}, 3, 4 + 2 + 2 + 2 + 2},
		{{{INSN_JEQ, 0, 1, 128}, NIL, NIL}, 3, 7 + 2 + 2 + 2 + 2},
		{{{INSN_JGT, 1, 0, 0x7fffffff}, NIL, NIL}, 3, 7 + 2 + 2 + 2 + 2},
		{{{INSN_JGE, 1, 0, 0x80000000}, NIL, NIL}, 3, 8 + 2 + 2 + 2 + 2},
		{{{INSN_JSET, 1, 0, 1}, NIL, NIL}, 3, 7 + 2 + 2 + 2 + 2},
		/* a false side that is not next has a jump, but jset's alone is not turned round */
		{{{INSN_JEQ, 1, 2, 1}, NIL, NIL, NIL}, 4, 4 + 2 + 2 + 2 + 4 + 4},
		{{{INSN_JSET, 0, 1, 1}, NIL, NIL}, 3, 7 + 2 + 2 + 2 + 2 + 2},
	};
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	bool ok = true;
	for (size_t i = 0; i < countof(rows); i++) {
		const struct program p = {rows[i].insn, rows[i].len};
		size_t bytes = jit_bytes(&arena, &p) - 26 - 3;
		if (bytes != rows[i].bytes) {
			print_error("row %zu: %zu bytes, expected %zu\n", i, bytes, rows[i].bytes);
			ok = false;
		}
	}
	assert_true(ok);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_counted_by_class),
		cmocka_unit_test(actions_are_told_apart),
		cmocka_unit_test(entropy_is_that_of_the_runs),
		cmocka_unit_test(a_run_may_be_one_number_that_no_call_has),
		cmocka_unit_test(the_walk_of_the_cache_is_counted),
		cmocka_unit_test(abis_are_those_compared_with),
		cmocka_unit_test(figures_of_a_real_filter_agree),
		cmocka_unit_test(operations_are_those_of_the_jit),
		cmocka_unit_test(jumps_shrink_where_they_may),
		cmocka_unit_test(sizes_are_those_of_the_translations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
