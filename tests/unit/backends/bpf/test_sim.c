/* What each instruction does, seen through the value a program returns. */

#include "backends/bpf/bytes.h"
#include "backends/bpf/sim.h"
#include "compiler/base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct call call = {
	.arch = 0xc000003e,
	.nr = 257,
	.ip = 0x1111222233334444,
	.args = {0xa0a0a0a0b0b0b0b0, 0xffffffff00000001, 2, 3, 4, 0x5555666677778888},
};

#define LD(word)    {BPF_LD | BPF_W | BPF_ABS, 0, 0, 4 * (word)}
#define SET_A(k)    {BPF_LD | BPF_IMM, 0, 0, k}
#define SET_X(k)    {BPF_LDX | BPF_IMM, 0, 0, k}
#define TAX         {BPF_MISC | BPF_TAX, 0, 0, 0}
#define TXA         {BPF_MISC | BPF_TXA, 0, 0, 0}
#define LD_M(k)     {BPF_LD | BPF_MEM, 0, 0, k}
#define LDX_M(k)    {BPF_LDX | BPF_MEM, 0, 0, k}
#define ST_M(k)     {BPF_ST, 0, 0, k}
#define STX_M(k)    {BPF_STX, 0, 0, k}
#define ALU(op, k)  {BPF_ALU | (op) | BPF_K, 0, 0, k}
#define ALU_X(op)   {BPF_ALU | (op) | BPF_X, 0, 0, 0}
#define JUMP(op, k) {BPF_JMP | (op) | BPF_K, 1, 0, k}
#define JUMP_X(op)  {BPF_JMP | (op) | BPF_X, 1, 0, 0}
#define RET(k)      {BPF_RET | BPF_K, 0, 0, k}
#define RET_A       {BPF_RET | BPF_A, 0, 0, 0}

/* What a taken jump skips, and where it arrives. */
#define NO_YES RET(0), RET(1)

#define ROW_INSNS 8

static const struct {
	const char *name;
	struct insn insn[ROW_INSNS]; /* zeroes behind the last RET are never reached */
	uint64_t ret;
	size_t executed;
} rows[] = {
	{"ret k", {RET(0x7fff0000)}, 0x7fff0000, 1},
	{"ret k, all bits", {RET(0xffffffff)}, 0xffffffff, 1},
	{"a begins as 0", {RET_A}, 0, 1},
	{"x begins as 0", {SET_A(9), TXA, RET_A}, 0, 3},

	{"ld nr", {LD(0), RET_A}, 257, 2},
	{"ld arch", {LD(1), RET_A}, 0xc000003e, 2},
	{"ld k", {SET_A(0x12345678), RET_A}, 0x12345678, 2},
	{"ld len", {{BPF_LD | BPF_LEN, 0, 0, 7}, RET_A}, 64, 2},
	{"ldx len", {{BPF_LDX | BPF_LEN, 0, 0, 7}, TXA, RET_A}, 64, 3},
	{"ldx k, txa", {SET_X(5), TXA, RET_A}, 5, 3},
	{"tax keeps a", {SET_A(6), TAX, RET_A}, 6, 3},
	{"tax", {SET_A(6), TAX, SET_A(1), ALU_X(BPF_ADD), RET_A}, 7, 5},

	{"st, ld M", {SET_A(3), ST_M(15), SET_A(0), LD_M(15), RET_A}, 3, 5},
	{"stx, ld M", {SET_X(4), STX_M(0), LD_M(0), RET_A}, 4, 4},
	{"st, ldx M", {SET_A(5), ST_M(1), LDX_M(1), SET_A(0), TXA, RET_A}, 5, 6},
	{"cells are apart", {SET_A(5), ST_M(1), SET_A(6), ST_M(2), LD_M(1), RET_A}, 5, 6},

	{"add k wraps", {SET_A(0xffffffff), ALU(BPF_ADD, 2), RET_A}, 1, 3},
	{"add x", {SET_A(1), SET_X(2), ALU_X(BPF_ADD), RET_A}, 3, 4},
	{"sub k wraps", {SET_A(1), ALU(BPF_SUB, 2), RET_A}, 0xffffffff, 3},
	{"sub x", {SET_A(5), SET_X(2), ALU_X(BPF_SUB), RET_A}, 3, 4},
	{"mul k wraps", {SET_A(0x10001), ALU(BPF_MUL, 0x10000), RET_A}, 0x10000, 3},
	{"mul x", {SET_A(5), SET_X(3), ALU_X(BPF_MUL), RET_A}, 15, 4},
	{"div k is unsigned", {SET_A(0xfffffffe), ALU(BPF_DIV, 2), RET_A}, 0x7fffffff, 3},
	{"div x", {SET_A(7), SET_X(2), ALU_X(BPF_DIV), RET_A}, 3, 4},
	{"div by x = 0 returns 0", {SET_A(7), ALU_X(BPF_DIV), RET(9)}, 0, 2},
	{"and k", {SET_A(0xff0f), ALU(BPF_AND, 0x1ff), RET_A}, 0x10f, 3},
	{"and x", {SET_A(6), SET_X(3), ALU_X(BPF_AND), RET_A}, 2, 4},
	{"or k", {SET_A(6), ALU(BPF_OR, 3), RET_A}, 7, 3},
	{"or x", {SET_A(6), SET_X(9), ALU_X(BPF_OR), RET_A}, 15, 4},
	{"xor k", {SET_A(6), ALU(BPF_XOR, 3), RET_A}, 5, 3},
	{"xor x", {SET_A(6), SET_X(6), ALU_X(BPF_XOR), RET_A}, 0, 4},
	{"lsh k drops bits", {SET_A(3), ALU(BPF_LSH, 31), RET_A}, 0x80000000, 3},
	{"lsh x", {SET_A(3), SET_X(4), ALU_X(BPF_LSH), RET_A}, 48, 4},
	{"lsh by 31", {SET_A(3), SET_X(31), ALU_X(BPF_LSH), RET_A}, 0x80000000, 4},
	{"lsh by 32", {SET_A(3), SET_X(32), ALU_X(BPF_LSH), RET_A}, UNDECIDED + 2, 4},
	{"lsh by all bits", {SET_X(UINT32_MAX), ALU_X(BPF_LSH), RET_A}, UNDECIDED + 1, 3},
	{"rsh k is unsigned", {SET_A(0x80000000), ALU(BPF_RSH, 31), RET_A}, 1, 3},
	{"rsh x", {SET_A(48), SET_X(4), ALU_X(BPF_RSH), RET_A}, 3, 4},
	{"rsh by 31", {SET_A(0x80000000), SET_X(31), ALU_X(BPF_RSH), RET_A}, 1, 4},
	{"rsh by 32", {SET_A(48), SET_X(32), ALU_X(BPF_RSH), RET_A}, UNDECIDED + 2, 4},
	{"what is unknown and not used", {SET_X(32), ALU_X(BPF_LSH), RET(9)}, 9, 3},
	{"overwritten", {SET_X(32), ALU_X(BPF_LSH), SET_A(4), RET_A}, 4, 4},
	{"computed on", {SET_X(32), ALU_X(BPF_LSH), ALU(BPF_AND, 1), RET_A}, UNDECIDED + 1, 4},
	{"as an operand", {SET_X(32), ALU_X(BPF_RSH), TAX, SET_A(4), ALU_X(BPF_ADD), RET_A},
		UNDECIDED + 1, 6},
	{"through a cell", {SET_X(32), ALU_X(BPF_RSH), ST_M(7), SET_A(4), LD_M(7), RET_A},
		UNDECIDED + 1, 6},
	{"the first of two is the reason", {SET_X(32), ALU_X(BPF_RSH), ALU_X(BPF_RSH), RET_A},
		UNDECIDED + 1, 4},
	{"a way hangs on it", {SET_X(32), ALU_X(BPF_RSH), JUMP(BPF_JEQ, 5), RET(4), RET(4)},
		UNDECIDED + 1, 3},
	{"a way hangs on it in x",
		{SET_X(32), ALU_X(BPF_RSH), TAX, SET_A(5), JUMP_X(BPF_JGT), NO_YES}, UNDECIDED + 1,
		5},
	{"no way hangs on it", {SET_X(32), ALU_X(BPF_RSH), {INSN_JEQ, 1, 1, 5}, NO_YES}, 1, 4},
	{"divided", {SET_X(32), ALU_X(BPF_RSH), ALU(BPF_DIV, 5), RET_A}, UNDECIDED + 1, 4},
	{"divided by", {SET_X(32), ALU_X(BPF_RSH), TAX, SET_A(1), ALU_X(BPF_DIV), RET(9)},
		UNDECIDED + 1, 5},
	{"divided by 0",
		{SET_X(32), ALU_X(BPF_RSH), {BPF_LDX | BPF_IMM, 0, 0, 0}, ALU_X(BPF_DIV), RET_A}, 0,
		4},
	{"neg", {SET_A(1), ALU(BPF_NEG, 0), RET_A}, 0xffffffff, 3},
	{"neg of 0", {ALU(BPF_NEG, 0), RET_A}, 0, 2},

	{"ja", {{BPF_JMP | BPF_JA, 9, 9, 1}, NO_YES}, 1, 2},
	{"ja 0", {{BPF_JMP | BPF_JA, 9, 9, 0}, NO_YES}, 0, 2},
	{"jeq k, yes", {SET_A(5), JUMP(BPF_JEQ, 5), NO_YES}, 1, 3},
	{"jeq k, no", {SET_A(5), JUMP(BPF_JEQ, 6), NO_YES}, 0, 3},
	{"jeq x, yes", {SET_A(5), SET_X(5), JUMP_X(BPF_JEQ), NO_YES}, 1, 4},
	{"jeq x, no", {SET_A(5), SET_X(6), JUMP_X(BPF_JEQ), NO_YES}, 0, 4},
	{"jgt k, yes", {SET_A(0x80000000), JUMP(BPF_JGT, 0x7fffffff), NO_YES}, 1, 3},
	{"jgt k, equal", {SET_A(5), JUMP(BPF_JGT, 5), NO_YES}, 0, 3},
	{"jgt x, yes", {SET_A(6), SET_X(5), JUMP_X(BPF_JGT), NO_YES}, 1, 4},
	{"jgt x, no", {SET_A(5), SET_X(0xffffffff), JUMP_X(BPF_JGT), NO_YES}, 0, 4},
	{"jge k, equal", {SET_A(5), JUMP(BPF_JGE, 5), NO_YES}, 1, 3},
	{"jge k, no", {SET_A(4), JUMP(BPF_JGE, 0x80000000), NO_YES}, 0, 3},
	{"jge x, equal", {SET_A(5), SET_X(5), JUMP_X(BPF_JGE), NO_YES}, 1, 4},
	{"jge x, no", {SET_A(4), SET_X(5), JUMP_X(BPF_JGE), NO_YES}, 0, 4},
	{"jset k, yes", {SET_A(6), JUMP(BPF_JSET, 0xfffffff2), NO_YES}, 1, 3},
	{"jset k, no", {SET_A(6), JUMP(BPF_JSET, 9), NO_YES}, 0, 3},
	{"jset k, bit 31", {SET_A(0x80000000), JUMP(BPF_JSET, 0x80000000), NO_YES}, 1, 3},
	{"jset x, yes", {SET_A(6), SET_X(4), JUMP_X(BPF_JSET), NO_YES}, 1, 4},
	{"jset x, no", {SET_A(6), JUMP_X(BPF_JSET), NO_YES}, 0, 3},
	{"jf is followed", {{INSN_JEQ, 0, 2, 1}, RET(7), RET(8), RET(9)}, 9, 2},
};

static void sim_does_what_each_instruction_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		const struct program p = {rows[i].insn, ROW_INSNS};
		size_t executed;
		uint64_t ret = sim_run(&p, ORDER_LITTLE, &call, &executed, NULL);
		if (ret != rows[i].ret || executed != rows[i].executed)
			fail_msg("%s: returned 0x%llx after %zu", rows[i].name,
				(unsigned long long)ret, executed);
		assert_int_equal(sim_run(&p, ORDER_BIG, &call, NULL, NULL), rows[i].ret);
	}
}

static const struct {
	uint32_t offset, little, big;
} halves[] = {
	{0, 257, 257},
	{4, 0xc000003e, 0xc000003e},
	{8, 0x33334444, 0x11112222},
	{12, 0x11112222, 0x33334444},
	{16, 0xb0b0b0b0, 0xa0a0a0a0},
	{20, 0xa0a0a0a0, 0xb0b0b0b0},
	{24, 1, 0xffffffff},
	{28, 0xffffffff, 1},
	{32, 2, 0},
	{36, 0, 2},
	{40, 3, 0},
	{44, 0, 3},
	{48, 4, 0},
	{52, 0, 4},
	{56, 0x77778888, 0x55556666},
	{60, 0x55556666, 0x77778888},
};

static void sim_loads_the_half_that_lies_at_the_offset(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(halves); i++) {
		const struct insn insn[] = {{INSN_LD, 0, 0, halves[i].offset}, RET_A};
		const struct program p = {insn, countof(insn)};
		assert_int_equal(sim_run(&p, ORDER_LITTLE, &call, NULL, NULL), halves[i].little);
		assert_int_equal(sim_run(&p, ORDER_BIG, &call, NULL, NULL), halves[i].big);
	}
}

struct steps {
	size_t count;
	struct {
		size_t pc;
		uint32_t a, x;
	} step[8];
};

#define UNKNOWN 0xdead0000u

static void remember(void *data, size_t pc, const struct sim_reg *a, const struct sim_reg *x)
{
	struct steps *steps = data;

	assert_in_range(steps->count, 0, countof(steps->step) - 1);
	steps->step[steps->count].pc = pc;
	steps->step[steps->count].a = a->unknown ? UNKNOWN : a->value;
	steps->step[steps->count].x = x->unknown ? UNKNOWN : x->value;
	steps->count++;
}

static void sim_traces_registers_before_each_step(void **state)
{
	static const struct insn insn[] = {LD(0), SET_X(3), {INSN_JEQ, 1, 0, 257}, RET(0), RET(1)};
	static const struct program p = {insn, countof(insn)};
	static const struct {
		size_t pc;
		uint32_t a, x;
	} expected[] = {{0, 0, 0}, {1, 257, 0}, {2, 257, 3}, {4, 257, 3}};
	struct steps steps = {0};
	const struct sim_trace trace = {remember, &steps};
	size_t executed;

	(void)state;
	assert_int_equal(sim_run(&p, ORDER_LITTLE, &call, &executed, &trace), 1);
	assert_int_equal(executed, countof(expected));
	assert_int_equal(steps.count, countof(expected));
	for (size_t i = 0; i < countof(expected); i++) {
		assert_int_equal(steps.step[i].pc, expected[i].pc);
		assert_int_equal(steps.step[i].a, expected[i].a);
		assert_int_equal(steps.step[i].x, expected[i].x);
	}
}

static void sim_traces_what_is_unknown(void **state)
{
	static const struct insn insn[] = {SET_X(40), ALU_X(BPF_LSH), TAX, SET_A(2), RET_A};
	static const struct program p = {insn, countof(insn)};
	static const uint32_t a[] = {0, 0, UNKNOWN, UNKNOWN, 2},
			      x[] = {0, 40, 40, UNKNOWN, UNKNOWN};
	struct steps steps = {0};
	const struct sim_trace trace = {remember, &steps};

	(void)state;
	assert_int_equal(sim_run(&p, ORDER_LITTLE, &call, NULL, &trace), 2);
	assert_int_equal(steps.count, countof(a));
	for (size_t i = 0; i < countof(a); i++) {
		assert_int_equal(steps.step[i].a, a[i]);
		assert_int_equal(steps.step[i].x, x[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sim_does_what_each_instruction_says),
		cmocka_unit_test(sim_loads_the_half_that_lies_at_the_offset),
		cmocka_unit_test(sim_traces_registers_before_each_step),
		cmocka_unit_test(sim_traces_what_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
