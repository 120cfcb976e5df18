/* What stands behind a program's last instruction is none of it. */

#include "backends/bpf/bpf.h"
#include "backends/prove/smt.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SHIFT {BPF_ALU | BPF_LSH | BPF_X, 0, 0, 0}
#define CODE {INSN_LD, 0, 0, 0}, {INSN_JEQ, 0, 1, 41}, {INSN_RET, 0, 0, 0}, {INSN_RET, 0, 0, 1}

static const struct insn before_shift[] = {CODE, SHIFT}, before_return[] = {CODE, {INSN_RET, 0, 0, 7}};

static void shifts_behind_it_are_not_its_own(void **state)
{
	(void)state;
	assert_false(smt_shifts_by_x(&(struct program){before_shift, countof(before_shift) - 1}));
	assert_true(smt_shifts_by_x(&(struct program){before_shift, countof(before_shift)}));
}

static void returns_behind_it_are_not_its_own(void **state)
{
	struct arena arena;
	struct buf b[2];

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(b); i++) {
		buf_init(&b[i], &arena);
		smt_program(&b[i], "f", &(struct program){i ? before_return : before_shift, 4}, ORDER_LITTLE);
	}
	assert_int_equal(b[0].len, b[1].len);
	assert_memory_equal(b[0].bytes, b[1].bytes, b[0].len);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shifts_behind_it_are_not_its_own),
		cmocka_unit_test(returns_behind_it_are_not_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
