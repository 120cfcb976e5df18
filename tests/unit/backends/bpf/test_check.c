/* The kernel's rules, a row each; tests/random/live_check.c asks the kernel itself. */

#include "backends/bpf/check.h"
#include "compiler/kernel/action.h"
#include "compiler/base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define INSN(...)            {__VA_ARGS__}
#define OP(code, k)          {code, 0, 0, k}
#define LD(offset)           {INSN_LD, 0, 0, offset}
#define JA(k)                {INSN_JA, 0, 0, k}
#define JEQ(k, jt, jf)       {INSN_JEQ, jt, jf, k}
#define JUMP(op, jt, jf)     {BPF_JMP | (op), jt, jf, 1}
#define ST_M(k)              {BPF_ST, 0, 0, k}
#define STX_M(k)             {BPF_STX, 0, 0, k}
#define LD_M(k)              {BPF_LD | BPF_MEM, 0, 0, k}
#define LDX_M(k)             {BPF_LDX | BPF_MEM, 0, 0, k}
#define RET                  {INSN_RET, 0, 0, RET_ALLOW}
#define RETURN(k)            {INSN_RET, 0, 0, k}
#define NONE                 {{0, NULL}}

#define ROW_INSNS  8
#define ROW_FAULTS 5

/* What is expected at an instruction: a part of the reason. */
struct hit {
	size_t pc;
	const char *why;
};

struct row {
	const char *name;
	size_t len;
	struct insn insn[ROW_INSNS];
	struct hit hit[ROW_FAULTS]; /* ends with one without a reason */
};

static const struct row faults[] = {
	/* the whole */
	{"an empty program", 0, {RET}, {{0, "no instruction"}}},
	{"one return", 1, {RET}, NONE},
	{"ret a", 1, {OP(BPF_RET | BPF_A, 0)}, NONE},
	{"ret x", 1, {OP(BPF_RET | BPF_X, 0)}, {{0, "returns X"}, {0, "does not return"}}},
	{"ret x in the middle", 2, {OP(BPF_RET | BPF_X, 0), RET}, {{0, "returns X"}}},
	{"no return at the end", 2, {RET, LD(0)}, {{1, "does not return"}}},
	{"a jump at the end", 2, {RET, JA(0)}, {{1, "jumps to 2"}, {1, "does not return"}}},
	{"unreachable code", 3, {RET, LD(0), RET}, NONE},

	/* loads */
	{"ld at 0", 2, {LD(0), RET}, NONE},
	{"ld at 60", 2, {LD(60), RET}, NONE},
	{"ld at 64", 2, {LD(64), RET}, {{0, "loads at offset 64: seccomp_data has 64 bytes"}}},
	{"ld far out", 2, {LD(0xfffff000), RET}, {{0, "loads at offset 4294963200"}}},
	{"ld at 1", 2, {LD(1), RET}, {{0, "multiples of 4"}}},
	{"ld at 2", 2, {LD(2), RET}, {{0, "multiples of 4"}}},
	{"ld at 63", 2, {LD(63), RET}, {{0, "multiples of 4"}}},
	{"ld a half word", 2, {OP(BPF_LD | BPF_H | BPF_ABS, 18), RET},
		{{0,
			"loads a half word at offset 18: seccomp takes 32-bit loads at multiples "
			"of 4"}}},
	{"ld a byte", 2, {OP(BPF_LD | BPF_B | BPF_ABS, 4), RET}, {{0, "loads a byte at offset 4"}}},
	{"ld at x", 2, {OP(BPF_LD | BPF_W | BPF_IND, 0), RET}, {{0, "offset in X"}}},
	{"ld a half word at x", 2, {OP(BPF_LD | BPF_H | BPF_IND, 0), RET}, {{0, "offset in X"}}},
	{"ld a byte at x", 2, {OP(BPF_LD | BPF_B | BPF_IND, 0), RET}, {{0, "offset in X"}}},
	{"ldx msh", 2, {OP(BPF_LDX | BPF_B | BPF_MSH, 0), RET}, {{0, "no packet"}}},
	{"ldx from the call", 2, {OP(BPF_LDX | BPF_W | BPF_ABS, 0), RET}, {{0, "opcode 0x21"}}},
	{"ld len", 2, {OP(BPF_LD | BPF_W | BPF_LEN, 99), RET}, NONE},
	{"ldx len", 2, {OP(BPF_LDX | BPF_W | BPF_LEN, 99), RET}, NONE},
	{"ld a half word of len", 2, {OP(BPF_LD | BPF_H | BPF_LEN, 0), RET}, {{0, "opcode 0x88"}}},
	{"ld k", 2, {OP(BPF_LD | BPF_IMM, 0xffffffff), RET}, NONE},
	{"ldx k", 2, {OP(BPF_LDX | BPF_IMM, 0xffffffff), RET}, NONE},
	{"ld a half word of k", 2, {OP(BPF_LD | BPF_H | BPF_IMM, 0), RET}, {{0, "opcode 0x08"}}},
	{"tax, txa", 3, {OP(BPF_MISC | BPF_TAX, 0), OP(BPF_MISC | BPF_TXA, 0), RET}, NONE},

	/* arithmetic */
	{"add, sub", 5,
		{OP(BPF_ALU | BPF_ADD | BPF_K, 0), OP(BPF_ALU | BPF_ADD | BPF_X, 0),
			OP(BPF_ALU | BPF_SUB | BPF_K, 0), OP(BPF_ALU | BPF_SUB | BPF_X, 0), RET},
		NONE},
	{"mul, and", 5,
		{OP(BPF_ALU | BPF_MUL | BPF_K, 0), OP(BPF_ALU | BPF_MUL | BPF_X, 0),
			OP(BPF_ALU | BPF_AND | BPF_K, 0), OP(BPF_ALU | BPF_AND | BPF_X, 0), RET},
		NONE},
	{"or, xor", 5,
		{OP(BPF_ALU | BPF_OR | BPF_K, 0), OP(BPF_ALU | BPF_OR | BPF_X, 0),
			OP(BPF_ALU | BPF_XOR | BPF_K, 0), OP(BPF_ALU | BPF_XOR | BPF_X, 0), RET},
		NONE},
	{"neg", 2, {OP(BPF_ALU | BPF_NEG, 0), RET}, NONE},
	{"neg x", 2, {OP(BPF_ALU | BPF_NEG | BPF_X, 0), RET}, {{0, "opcode 0x8c"}}},
	{"div by 1", 2, {OP(BPF_ALU | BPF_DIV | BPF_K, 1), RET}, NONE},
	{"div by 0", 2, {OP(BPF_ALU | BPF_DIV | BPF_K, 0), RET}, {{0, "divides by 0"}}},
	{"div by x", 2, {OP(BPF_ALU | BPF_DIV | BPF_X, 0), RET}, NONE},
	{"mod k", 2, {OP(BPF_ALU | BPF_MOD | BPF_K, 2), RET}, {{0, "no MOD"}}},
	{"mod x", 2, {OP(BPF_ALU | BPF_MOD | BPF_X, 0), RET}, {{0, "no MOD"}}},
	{"lsh by 31", 2, {OP(BPF_ALU | BPF_LSH | BPF_K, 31), RET}, NONE},
	{"lsh by 32", 2, {OP(BPF_ALU | BPF_LSH | BPF_K, 32), RET}, {{0, "shifts by 32"}}},
	{"rsh by 31", 2, {OP(BPF_ALU | BPF_RSH | BPF_K, 31), RET}, NONE},
	{"rsh by 2^31", 2, {OP(BPF_ALU | BPF_RSH | BPF_K, 1u << 31), RET},
		{{0, "shifts by 2147483648"}}},
	{"shifts by x", 3,
		{OP(BPF_ALU | BPF_LSH | BPF_X, 99), OP(BPF_ALU | BPF_RSH | BPF_X, 99), RET}, NONE},

	/* opcodes that are none */
	{"an unused operation", 2, {OP(BPF_ALU | 0xb0, 0), RET}, {{0, "opcode 0xb4"}}},
	{"an unused jump", 2, {OP(BPF_JMP | 0x50, 0), RET}, {{0, "opcode 0x55"}}},
	{"an unused move", 2, {OP(BPF_MISC | 0x10, 0), RET}, {{0, "opcode 0x17"}}},
	{"st with a size", 2, {OP(BPF_ST | BPF_H, 0), RET}, {{0, "opcode 0x0a"}}},
	{"bits above an opcode", 2, {OP(0x100 | INSN_RET, 0), RET}, {{0, "opcode 0x0106"}}},
	{"the other byte order", 1, {OP(INSN_RET << 8, 0)},
		{{0, "right byte order"}, {0, "does not return"}}},

	/* jumps */
	{"ja to the last", 3, {JA(1), LD(0), RET}, NONE},
	{"ja behind the last", 3, {JA(2), LD(0), RET},
		{{0, "jumps to 3: the last instruction is 2"}}},
	{"ja that would wrap", 2, {JA(UINT32_MAX), RET}, {{0, "jumps to 4294967296:"}}},
	{"ja one short of wrapping", 2, {JA(UINT32_MAX - 1), RET}, {{0, "jumps to 4294967295:"}}},
	{"ja with a source", 2, {OP(BPF_JMP | BPF_JA | BPF_X, 0), RET}, {{0, "opcode 0x0d"}}},
	{"jeq to the last", 3, {JEQ(0, 1, 1), LD(0), RET}, NONE},
	{"jt behind the last", 2, {JEQ(0, 1, 0), RET}, {{0, "jumps to 2 if true"}}},
	{"jf behind the last", 2, {JEQ(0, 0, 1), RET}, {{0, "jumps to 2 if false"}}},
	{"both behind the last", 2, {JEQ(0, 255, 1), RET},
		{{0, "jumps to 256 if true"}, {0, "jumps to 2 if false"}}},
	{"jgt and jge k", 3, {JUMP(BPF_JGT, 0, 1), JUMP(BPF_JGE, 0, 0), RET}, NONE},
	{"jset k and jeq x", 3, {JUMP(BPF_JSET, 0, 1), JUMP(BPF_JEQ | BPF_X, 0, 0), RET}, NONE},
	{"jgt and jge x", 3, {JUMP(BPF_JGT | BPF_X, 0, 1), JUMP(BPF_JGE | BPF_X, 0, 0), RET}, NONE},
	{"jset x too far", 2, {JUMP(BPF_JSET | BPF_X, 0, 9), RET}, {{0, "jumps to 10 if false"}}},
	{"jt and jf of what does not jump", 2, {INSN(INSN_LD, 255, 255, 0), RET}, NONE},
	{"jt and jf of ja", 2, {INSN(INSN_JA, 255, 255, 0), RET}, NONE},

	/* cells */
	{"M[15]", 3, {ST_M(15), LD_M(15), RET}, NONE},
	{"st M[16]", 2, {ST_M(16), RET}, {{0, "uses M[16]: there are M[0] to M[15]"}}},
	{"stx M[16]", 2, {STX_M(16), RET}, {{0, "uses M[16]"}}},
	{"ld M[16]", 2, {LD_M(16), RET}, {{0, "uses M[16]"}}},
	{"ldx M[2^32 - 1]", 2, {LDX_M(UINT32_MAX), RET}, {{0, "uses M[4294967295]"}}},
	{"ld before st", 3, {LD_M(0), ST_M(0), RET}, {{0, "reads M[0]"}}},
	{"ldx before stx", 3, {LDX_M(1), STX_M(1), RET}, {{0, "reads M[1]"}}},
	{"another cell was written", 3, {ST_M(0), LD_M(1), RET}, {{1, "reads M[1]"}}},
	{"written on one of two ways", 4, {JEQ(0, 0, 1), ST_M(0), LD_M(0), RET},
		{{2, "reads M[0]"}}},
	{"written on both of two ways", 6, {JEQ(0, 0, 2), ST_M(0), JA(1), STX_M(0), LD_M(0), RET},
		NONE},
	{"written before the ways part", 5, {ST_M(2), JEQ(0, 0, 1), LD(0), LDX_M(2), RET}, NONE},
	{"unreachable code may read anything", 4, {JA(1), LD_M(3), RET, RET}, NONE},
	{"written on the only way, but a return lies before", 6,
		{JEQ(0, 0, 2), ST_M(0), JA(1), RET, LD_M(0), RET}, {{4, "reads M[0]"}}},

	/* more than one */
	{"faults in order of pc", 5,
		{LD(3), OP(BPF_ALU | BPF_DIV | BPF_K, 0), JA(7), LD_M(16), LD(0)},
		{{0, "multiples"}, {1, "divides"}, {2, "jumps to 10"}, {3, "uses M[16]"},
			{4, "does not return"}}},
};

static const struct row advice[] = {
	{"a sensible filter", 6,
		{LD(4), JEQ(0xc000003e, 0, 3), LD(0), JEQ(1, 1, 0), RET, RETURN(0x00050001)}, NONE},
	{"the number before the arch", 4, {LD(0), JEQ(1, 0, 1), RET, RETURN(0)},
		{{1, "has not tested the arch"}}},
	{"the number on one way without the arch", 8,
		{JEQ(0, 0, 2), LD(4), JEQ(7, 0, 4), LD(0), JEQ(1, 1, 0), RET, RET, RET},
		{{4, "has not tested the arch"}}},
	{"told once", 5, {LD(0), JEQ(1, 2, 0), JEQ(2, 1, 0), RET, RET},
		{{1, "has not tested the arch"}}},
	{"looking at the arch is not testing it", 5, {LD(4), LD(0), JEQ(1, 0, 1), RET, RET},
		{{2, "has not tested the arch"}}},
	{"unreachable instructions", 4, {JA(2), LD(0), RET, RET}, {{1, "never reached, and 1 more"}}},
	{"ja 0", 2, {JA(0), RET}, {{0, "jumps to the next instruction"}}},
	{"a jump with no choice", 2, {JEQ(0, 0, 0), RET}, {{0, "jumps to the next instruction"}}},
	{"an unknown action", 1, {RETURN(0x12340000)},
		{{0, "returns 0x12340000: the kernel knows no"}}},
	{"errno 4095", 1, {RETURN(0x00050fff)}, NONE},
	{"errno 4096", 1, {RETURN(0x00051000)}, {{0, "returns errno 4096"}}},
	{"data of other actions", 1, {RETURN(0x7ff0ffff)}, NONE},
};

static void expect_hits(const struct row *row, const struct fault *found, size_t count)
{
	size_t expected = 0;

	while (expected < ROW_FAULTS && row->hit[expected].why)
		expected++;
	if (count != expected)
		fail_msg("%s: %zu found, first: %s", row->name, count, count ? found[0].why : "-");
	for (size_t i = 0; i < count; i++)
		if (found[i].pc != row->hit[i].pc || !strstr(found[i].why, row->hit[i].why))
			fail_msg("%s: at %zu: %s", row->name, found[i].pc, found[i].why);
}

static void expect_row(const struct row *row,
	size_t (*check)(struct arena *, const struct program *, struct fault **))
{
	const struct program p = {row->insn, row->len};
	struct arena arena;
	struct fault *found;

	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	size_t count = check(&arena, &p, &found);
	expect_hits(row, found, count);
	arena_free(&arena);
}

static void check_finds_every_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(faults); i++)
		expect_row(&faults[i], check_program);
}

static void advice_is_given(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(advice); i++)
		expect_row(&advice[i], check_advice);
}

static void expect_length(size_t len, const char *why)
{
	struct arena arena;
	struct fault *found;

	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	struct insn *insn = arena_alloc(&arena, len, sizeof(*insn));
	const struct program p = {insn, len};
	insn[0] = (struct insn)JA((uint32_t)len - 2);
	insn[len - 1] = (struct insn)RET;
	size_t count = check_program(&arena, &p, &found);
	assert_int_equal(count, why ? 1 : 0);
	if (count && (found[0].pc != len || !strstr(found[0].why, why)))
		fail_msg("%zu instructions: %s", len, found[0].why);
	if (count) /* of no instruction */
		assert_memory_equal(fault_text(&arena, &p, found), "it has ", strlen("it has "));
	arena_free(&arena);
}

static void check_knows_the_longest_program(void **state)
{
	(void)state;
	expect_length(PROGRAM_MAX, NULL);
	expect_length(PROGRAM_MAX + 1, "has 4097 instructions");
	expect_length(70000, "has 70000 instructions"); /* more than sock_fprog.len can say */
}

/* However bad the program, what is said of it fits a modest arena. */
static void check_names_each_of_thousands_of_faults(void **state)
{
	struct arena arena;
	struct fault *found;

	(void)state;
	arena_init(&arena, 4 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	struct insn *insn = arena_alloc(&arena, PROGRAM_MAX, sizeof(*insn));
	for (size_t pc = 0; pc < PROGRAM_MAX; pc++)
		insn[pc].code = 0xffff;
	const struct program p = {insn, PROGRAM_MAX};
	assert_int_equal(check_program(&arena, &p, &found), PROGRAM_MAX + 1);
	for (size_t pc = 0; pc < PROGRAM_MAX; pc++)
		assert_int_equal(found[pc].pc, pc);
	arena_free(&arena);
}

/* One instruction, not counting the three every program begins with. */
static const struct {
	const char *name;
	struct insn insn;
	size_t count;
} translations[] = {
	{"ret k", RET, 2},
	{"ret a", OP(BPF_RET | BPF_A, 0), 1},
	{"ld", LD(0), 1},
	{"and", OP(INSN_AND, 0xffffffff), 1},
	{"div k", OP(BPF_ALU | BPF_DIV | BPF_K, 3), 1},
	{"div x", OP(BPF_ALU | BPF_DIV | BPF_X, 3), 5},
	{"st", ST_M(0), 1},
	{"ja", JA(0), 1},
	{"jeq, no jf", JEQ(5, 1, 0), 1},
	{"jeq, no jt", JEQ(5, 0, 1), 1},
	{"jeq, neither", JEQ(5, 0, 0), 1},
	{"jeq, both", JEQ(5, 1, 2), 2},
	{"jeq, both alike", JEQ(5, 1, 1), 2},
	{"jeq 2^31 - 1", JEQ(0x7fffffff, 1, 0), 1},
	{"jeq 2^31", JEQ(0x80000000, 1, 0), 2},
	{"jeq 2^32 - 1, both", JEQ(0xffffffff, 1, 2), 3},
	{"jeq x", INSN(BPF_JMP | BPF_JEQ | BPF_X, 1, 0, 0xffffffff), 1},
	{"jgt, no jt", JUMP(BPF_JGT, 0, 1), 1},
	{"jge, no jt", JUMP(BPF_JGE, 0, 1), 1},
	{"jset, no jf", JUMP(BPF_JSET, 1, 0), 1},
	{"jset, no jt", JUMP(BPF_JSET, 0, 1), 2},
	{"jset, neither", JUMP(BPF_JSET, 0, 0), 1},
	{"jset, both", JUMP(BPF_JSET, 1, 2), 2},
	{"jset x, no jt", JUMP(BPF_JSET | BPF_X, 0, 1), 2},
};

static void translated_counts_what_the_kernel_makes_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(translations); i++) {
		const struct program p = {&translations[i].insn, 1};
		size_t count = check_translated(&p);
		if (count != 3 + translations[i].count)
			fail_msg("%s: %zu", translations[i].name, count);
	}
}

static void targets_are_given_for_jumps_only(void **state)
{
	static const struct insn insn[] = {JEQ(0, 3, 255), JA(UINT32_MAX), LD(0), OP(0x55, 0)};
	static const struct program p = {insn, countof(insn)};
	uint64_t yes, no;

	(void)state;
	assert_true(check_targets(&p, 0, &yes, &no));
	assert_int_equal(yes, 4);
	assert_int_equal(no, 256);
	assert_true(check_targets(&p, 1, &yes, &no));
	assert_true(yes == UINT64_C(0x100000001) && no == yes);
	assert_false(check_targets(&p, 2, &yes, &no));
	assert_false(check_targets(&p, 3, &yes, &no));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_finds_every_fault),
		cmocka_unit_test(check_knows_the_longest_program),
		cmocka_unit_test(check_names_each_of_thousands_of_faults),
		cmocka_unit_test(advice_is_given),
		cmocka_unit_test(translated_counts_what_the_kernel_makes_of_it),
		cmocka_unit_test(targets_are_given_for_jumps_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
