/*
 * Programs as functions: for any call they have the value the simulator returns, or are undecided
 * as it is.
 */

#include "backends/bpf/bytes.h"
#include "backends/bpf/check.h"
#include "compiler/logic/diff.h"
#include "compiler/logic/meaning.h"
#include "backends/bpf/sim.h"
#include "backends/prove/symbolic.h"
#include "compiler/logic/verdict.h"
#include "tests/lib/arbitrary.h"
#include "tests/lib/emulate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PROGRAMS 3000
#define CALLS    100       /* of each program */
#define STEPS    (1 << 14) /* products of words are not to use up the test's time */
#define INSNS    24

static uint32_t random_k(struct dice *d)
{
	return dice_below(d, 2) ? dice_below(d, 16) : (uint32_t)arbitrary_value(d);
}

static struct insn random_alu(struct dice *d)
{
	static const uint16_t ops[] = {BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_OR, BPF_AND, BPF_AND,
		BPF_LSH, BPF_RSH, BPF_NEG, BPF_XOR};
	uint16_t op = ops[dice_below(d, countof(ops))];
	struct insn insn = {.code = BPF_ALU | op, .k = random_k(d)};

	if (op != BPF_NEG && !dice_below(d, 3))
		insn.code |= BPF_X;
	if (op == BPF_LSH || op == BPF_RSH)
		insn.k %= 32;
	if (op == BPF_DIV)
		insn.k += !insn.k;
	return insn;
}

static struct insn random_jump(struct dice *d, size_t most)
{
	static const uint16_t ops[] = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};
	struct insn insn = {.code = BPF_JMP | ops[dice_below(d, countof(ops))], .k = random_k(d)};

	if (!dice_below(d, 3))
		insn.code |= BPF_X;
	if (!dice_below(d, 12))
		return (struct insn){.code = INSN_JA, .k = dice_below(d, most + 1)};
	insn.jt = (uint8_t)dice_below(d, most + 1);
	insn.jf = (uint8_t)dice_below(d, most + 1);
	return insn;
}

static struct insn random_move(struct dice *d)
{
	uint32_t cell = dice_below(d, 2);
	const struct insn kinds[] = {
		{BPF_MISC | BPF_TAX, 0, 0, 0},
		{BPF_MISC | BPF_TXA, 0, 0, 0},
		{BPF_ST, 0, 0, cell},
		{BPF_STX, 0, 0, cell},
		{BPF_LD | BPF_MEM, 0, 0, cell},
		{BPF_LDX | BPF_MEM, 0, 0, cell},
		{BPF_LD | BPF_IMM, 0, 0, random_k(d)},
		{BPF_LDX | BPF_IMM, 0, 0, random_k(d)},
		{BPF_LD | BPF_W | BPF_LEN, 0, 0, 0},
		{BPF_LDX | BPF_W | BPF_LEN, 0, 0, 0},
	};

	return kinds[dice_below(d, countof(kinds))];
}

/* Between instructions that begin and end a program as the kernel wants. */
static struct program random_program(struct dice *d, struct insn insn[INSNS])
{
	size_t len = dice_below(d, INSNS - 5) + 5;

	insn[0] = (struct insn){.code = BPF_ST, .k = 0};
	insn[1] = (struct insn){.code = BPF_STX, .k = 1};
	for (size_t pc = 2; pc < len; pc++) {
		unsigned kind = dice_below(d, 100);
		if (kind < 30)
			insn[pc] = (struct insn){.code = INSN_LD, .k = 4 * dice_below(d, WORDS)};
		else if (kind < 48)
			insn[pc] = random_alu(d);
		else if (kind < 75)
			insn[pc] = random_move(d);
		else if (kind < 97 && pc + 1 < len)
			insn[pc] = random_jump(d, len - pc - 2);
		else
			insn[pc] = (struct insn){.code = INSN_RET, .k = random_k(d)};
	}
	insn[len - 1].code = dice_below(d, 3) ? INSN_RET : BPF_RET | BPF_A;
	if (dice_below(d, 2)) /* few values to return */
		insn[len - 2] = (struct insn){.code = INSN_AND, .k = dice_below(d, 256)};
	return (struct program){insn, len};
}

/* A word is like a constant of the program. */
static uint32_t random_word(struct dice *d, const struct program *p)
{
	struct cond near = {.mask = arbitrary_value(d), .value = p->insn[dice_below(d, p->len)].k};

	return dice_below(d, 3) ? (uint32_t)arbitrary_near(d, &near) : random_k(d);
}

static struct call random_call(struct dice *d, const struct program *p)
{
	struct call call = {.arch = random_word(d, p), .nr = random_word(d, p)};

	call.ip = (uint64_t)random_word(d, p) << 32 | random_word(d, p);
	for (unsigned i = 0; i < CALL_ARGS; i++)
		call.args[i] = (uint64_t)random_word(d, p) << 32 | random_word(d, p);
	return call;
}

struct tally {
	unsigned followed;
	unsigned undecided, calls; /* calls of programs that were */
};

static void try_program(struct dice *d, struct tally *t)
{
	struct insn insn[INSNS];
	const struct program p = random_program(d, insn);
	enum byte_order order = dice_below(d, 2) ? ORDER_LITTLE : ORDER_BIG;
	struct fault *faults;
	struct arena arena;
	struct bdd b;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	assert_int_equal(check_program(&arena, &p, &faults), 0);
	b.steps = STEPS;
	uint32_t f = symbolic_run(&b, &p, order);
	for (unsigned i = 0; i < CALLS && !b.full; i++) {
		const struct call call = random_call(d, &p);
		uint64_t ret = sim_run(&p, order, &call, NULL, NULL);
		assert_int_equal(meaning_at(&b, f, &call), ret);
		t->undecided += is_undecided(ret);
		t->calls++;
	}
	t->followed += !b.full;
	arena_free(&arena);
}

static void symbolic_run_returns_what_the_simulator_does(void **state)
{
	struct dice d = {1};
	struct tally t = {0};

	(void)state;
	for (unsigned i = 0; i < PROGRAMS; i++)
		try_program(&d, &t);
	assert_in_range(t.followed, PROGRAMS * 3 / 4, PROGRAMS);
	assert_in_range(t.undecided, t.calls / 1000, t.calls / 2);
}

/* Programs mostly of what the emulator knows. */
static void simplify(struct dice *d, struct insn *insn, size_t len)
{
	for (size_t pc = 0; pc < len; pc++) {
		uint16_t code = insn[pc].code;
		if (dice_below(d, 16) == 0)
			continue;
		if (code == INSN_LD)
			insn[pc].k %= 8;
		else if ((code & 7) == BPF_JMP && code & BPF_X)
			insn[pc].code = code & (uint16_t)~BPF_X;
		else if ((code & 7) == BPF_RET)
			insn[pc].code = INSN_RET;
		else if ((code & 7) != BPF_JMP)
			insn[pc] = (struct insn){.code = INSN_AND, .k = random_k(d)};
	}
}

/* True if there was room for one walk that says both. */
static bool try_emulation(struct dice *d)
{
	struct insn insn[INSNS];
	const struct program p = random_program(d, insn);
	enum byte_order order = dice_below(d, 2) ? ORDER_LITTLE : ORDER_BIG;
	struct arena arena;
	struct bdd b;

	simplify(d, insn, p.len);
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	uint32_t f = symbolic_emulate(&b, &p, order);
	assert_false(b.full);
	for (unsigned i = 0; i < CALLS; i++) {
		const struct call call = random_call(d, &p);
		size_t end;
		uint32_t ret;
		uint64_t expected = emulate(&p, &call, &end, &ret) ? ret : SYMBOLIC_STUCK + end;
		assert_true(meaning_at(&b, f, &call) == expected);
	}
	uint32_t whole = symbolic_run(&b, &p, order);
	struct symbolic both = symbolic_both(&b, &p, order);
	bool fits = !b.full;
	assert_true(!fits || (both.emulated == f && both.found == whole));
	arena_free(&arena);
	return fits;
}

static void symbolic_emulate_stops_where_the_kernel_does(void **state)
{
	struct dice d = {2};
	unsigned fit = 0;

	(void)state;
	for (unsigned i = 0; i < PROGRAMS; i++)
		fit += try_emulation(&d);
	assert_in_range(fit, PROGRAMS / 2, PROGRAMS);
}

#define LD(word)    {INSN_LD, 0, 0, 4 * (word)}
#define SET_A(k)    {BPF_LD | BPF_IMM, 0, 0, k}
#define SET_X(k)    {BPF_LDX | BPF_IMM, 0, 0, k}
#define TAX         {BPF_MISC | BPF_TAX, 0, 0, 0}
#define ALU(op, k)  {BPF_ALU | (op) | BPF_K, 0, 0, k}
#define ALU_X(op)   {BPF_ALU | (op) | BPF_X, 0, 0, 0}
#define JUMP(op, k) {BPF_JMP | (op) | BPF_K, 1, 0, k}
#define JUMP_X(op)  {BPF_JMP | (op) | BPF_X, 1, 0, 0}
#define RET(k)      {INSN_RET, 0, 0, k}
#define NO_YES      RET(0), RET(1)

#define ROW_INSNS 9

/* Different programs of one meaning. */
static const struct {
	const char *name;
	struct insn one[ROW_INSNS], other[ROW_INSNS];
} rows[] = {
	{"less by subtraction's sign", {LD(0), ALU(BPF_AND, 0x7fff), JUMP(BPF_JGE, 9), NO_YES},
		{LD(0), ALU(BPF_AND, 0x7fff), ALU(BPF_SUB, 9), JUMP(BPF_JSET, 0x80000000), RET(1),
			RET(0)}},
	{"equality by difference", {LD(0), JUMP(BPF_JEQ, 9), NO_YES},
		{LD(0), ALU(BPF_XOR, 9), JUMP(BPF_JEQ, 0), NO_YES}},
	{"equality by wrapping", {LD(0), JUMP(BPF_JEQ, 9), NO_YES},
		{LD(0), ALU(BPF_SUB, 10), JUMP(BPF_JEQ, UINT32_MAX), NO_YES}},
	{"an interval in one test", {LD(0), ALU(BPF_SUB, 100), JUMP(BPF_JGE, 20), NO_YES},
		{LD(0), {INSN_JGE, 0, 2, 100}, JUMP(BPF_JGE, 120), NO_YES, RET(1)}},
	{"comparison with x", {LD(0), JUMP(BPF_JGT, 77), NO_YES},
		{SET_X(77), LD(0), JUMP_X(BPF_JGT), NO_YES}},
	{"two words compared",
		{LD(4), ALU(BPF_AND, 255), TAX, LD(5), ALU(BPF_AND, 255), JUMP_X(BPF_JEQ), NO_YES},
		{LD(5), TAX, LD(4), ALU_X(BPF_XOR), ALU(BPF_AND, 255), JUMP(BPF_JEQ, 0), NO_YES}},
	{"two words in order",
		{LD(4), ALU(BPF_RSH, 24), TAX, LD(5), ALU(BPF_RSH, 24), JUMP_X(BPF_JGE), NO_YES},
		{LD(5), ALU(BPF_RSH, 24), TAX, LD(4), ALU(BPF_RSH, 24), JUMP_X(BPF_JGT), RET(1),
			RET(0)}},
	{"doubling is a shift", {LD(0), ALU(BPF_MUL, 8), JUMP(BPF_JGE, 800), NO_YES},
		{LD(0), ALU(BPF_LSH, 3), JUMP(BPF_JGE, 800), NO_YES}},
	{"halving is a shift", {LD(0), ALU(BPF_DIV, 16), JUMP(BPF_JEQ, 5), NO_YES},
		{LD(0), ALU(BPF_RSH, 4), JUMP(BPF_JEQ, 5), NO_YES}},
	{"division bounds", {LD(0), ALU(BPF_DIV, 10), JUMP(BPF_JGE, 3), NO_YES},
		{LD(0), JUMP(BPF_JGE, 30), NO_YES}},
	{"through a to x to a cell", {LD(0), JUMP(BPF_JEQ, 9), NO_YES},
		{LD(0), TAX, {BPF_STX, 0, 0, 15}, {BPF_LD | BPF_IMM, 0, 0, 9},
			{BPF_LD | BPF_MEM, 0, 0, 15}, JUMP(BPF_JEQ, 9), NO_YES}},
	{"through a to a cell to x", {LD(0), JUMP(BPF_JEQ, 9), NO_YES},
		{LD(0), {BPF_ST, 0, 0, 3}, {BPF_LD | BPF_IMM, 0, 0, 9},
			{BPF_LDX | BPF_MEM, 0, 0, 3}, JUMP_X(BPF_JEQ), NO_YES}},
	{"through x back to a", {LD(0), JUMP(BPF_JEQ, 9), NO_YES},
		{LD(0), TAX, LD(1), {BPF_MISC | BPF_TXA, 0, 0, 0}, JUMP(BPF_JEQ, 9), NO_YES}},
	{"the length as a constant", {LD(0), JUMP(BPF_JEQ, 64), NO_YES},
		{{BPF_LDX | BPF_LEN, 0, 0, 0}, LD(0), JUMP_X(BPF_JEQ), NO_YES}},
	{"twice the opposite", {LD(0), ALU(BPF_NEG, 0), ALU(BPF_NEG, 0), JUMP(BPF_JGT, 4), NO_YES},
		{LD(0), JUMP(BPF_JGT, 4), NO_YES}},
	{"a mask of shifts", {LD(0), ALU(BPF_LSH, 8), ALU(BPF_RSH, 16), JUMP(BPF_JEQ, 3), NO_YES},
		{LD(0), ALU(BPF_AND, 0x00ffff00), JUMP(BPF_JEQ, 0x300), NO_YES}},
	{"a shift by a constant in x",
		{SET_X(3), LD(0), ALU_X(BPF_LSH), JUMP(BPF_JGE, 800), NO_YES},
		{LD(0), ALU(BPF_LSH, 3), JUMP(BPF_JGE, 800), NO_YES}},
	{"a shift by what a mask leaves",
		{LD(0), ALU(BPF_AND, 31), TAX, SET_A(0xff), ALU_X(BPF_RSH), JUMP(BPF_JEQ, 3),
			NO_YES},
		{LD(0), ALU(BPF_AND, 31), JUMP(BPF_JEQ, 6), NO_YES}},
	{"a shift by what a jump leaves",
		{LD(0), {INSN_JGT, 6, 0, 31}, TAX, SET_A(1), ALU_X(BPF_LSH), JUMP(BPF_JEQ, 4),
			NO_YES, RET(0)},
		{LD(0), JUMP(BPF_JEQ, 2), NO_YES}},
	{"a shift by more that nothing hangs on",
		{SET_X(32), ALU_X(BPF_LSH), LD(0), JUMP(BPF_JEQ, 9), NO_YES},
		{LD(0), JUMP(BPF_JEQ, 9), NO_YES}},
	{"bits set", {LD(0), JUMP(BPF_JSET, 6), NO_YES},
		{LD(0), ALU(BPF_AND, 6), JUMP(BPF_JEQ, 0), RET(1), RET(0)}},
	{"division by zero returns 0",
		{LD(0), TAX, {BPF_LD | BPF_IMM, 0, 0, 5}, ALU_X(BPF_DIV), RET(7)},
		{LD(0), JUMP(BPF_JEQ, 0), RET(7), RET(0)}},
	{"a returned bit", {LD(0), ALU(BPF_AND, 1), {BPF_RET | BPF_A, 0, 0, 0}},
		{LD(0), JUMP(BPF_JSET, 1), NO_YES}},
	{"arch and number in either order",
		{LD(1), {INSN_JEQ, 0, 2, 5}, LD(0), JUMP(BPF_JGE, 8), RET(0), RET(1)},
		{LD(0), {INSN_JGE, 0, 2, 8}, LD(1), JUMP(BPF_JEQ, 5), RET(0), RET(1)}},
	{"masked words in either order",
		{LD(4), ALU(BPF_AND, 0xf0), {INSN_JGT, 0, 2, 0x75}, LD(0), JUMP(BPF_JSET, 9),
			NO_YES},
		{LD(0), {INSN_JSET, 0, 3, 9}, LD(4), ALU(BPF_AND, 0xf0), JUMP(BPF_JGE, 0x76),
			NO_YES}},
};

static struct program row_program(const struct insn insn[ROW_INSNS])
{
	size_t len = ROW_INSNS;

	while ((insn[len - 1].code & 7) != BPF_RET) /* zeroes are loads */
		len--;
	return (struct program){insn, len};
}

static void symbolic_run_sees_through_arithmetic(void **state)
{
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (size_t i = 0; i < countof(rows); i++) {
		struct program one = row_program(rows[i].one), other = row_program(rows[i].other);
		uint32_t f = symbolic_run(&b, &one, ORDER_LITTLE);
		if (f != symbolic_run(&b, &other, ORDER_LITTLE))
			print_error("%s\n", rows[i].name);
		assert_int_equal(f, symbolic_run(&b, &other, ORDER_LITTLE));
	}
	assert_false(b.full);
	arena_free(&arena);
}

/* By X, and what is known of what was shifted by it. */
static const struct {
	const char *name;
	struct insn insn[ROW_INSNS];
	size_t pc;           /* SIZE_MAX: all is decided */
	uint32_t first, was; /* the numbers undecided from the first one on; one that is decided */
} shifts[] = {
	{"the number", {LD(0), TAX, SET_A(1), ALU_X(BPF_LSH), JUMP(BPF_JEQ, 8), NO_YES}, 3, 32, 31},
	{"what a mask of one bit too many leaves",
		{LD(0), ALU(BPF_AND, 63), TAX, SET_A(1), ALU_X(BPF_RSH), JUMP(BPF_JEQ, 8), NO_YES},
		4, 32, 64},
	{"what a mask leaves",
		{LD(0), ALU(BPF_AND, 31), TAX, SET_A(1), ALU_X(BPF_RSH), JUMP(BPF_JEQ, 8), NO_YES},
		SIZE_MAX, 0, 0},
	{"what a jump too late leaves",
		{LD(0), {INSN_JGT, 6, 0, 32}, TAX, SET_A(1), ALU_X(BPF_LSH), JUMP(BPF_JEQ, 4),
			NO_YES, RET(0)},
		4, 32, 33},
	{"a sum",
		{SET_X(31), LD(0), ALU_X(BPF_ADD), TAX, SET_A(2), ALU_X(BPF_LSH),
			{BPF_RET | BPF_A, 0, 0, 0}},
		5, 1, 0},
	{"a constant", {SET_X(32), LD(0), ALU_X(BPF_RSH), {BPF_RET | BPF_A, 0, 0, 0}}, 2, 0, 0},
};

static void symbolic_run_does_not_decide_what_shifts_leave(void **state)
{
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	const uint32_t none = bdd_leaf(&b, DIFF_SAME);
	for (size_t i = 0; i < countof(shifts); i++) {
		const struct program p = row_program(shifts[i].insn);
		uint32_t f = symbolic_run(&b, &p, ORDER_LITTLE), open = diff_undecided(&b, f);
		struct call call = {.nr = shifts[i].was}, first = {0};
		if ((open == none) != (shifts[i].pc == SIZE_MAX))
			fail_msg("%s", shifts[i].name);
		if (open == none)
			continue;
		assert_true(diff_call(&b, open, &first) == UNDECIDED + shifts[i].pc);
		assert_int_equal(first.nr, shifts[i].first);
		assert_true(
			sim_run(&p, ORDER_LITTLE, &first, NULL, NULL) == UNDECIDED + shifts[i].pc);
		assert_true(diff_only(&b, f, UNDECIDED + shifts[i].pc) == open);
		assert_true(diff_only(&b, f, UNDECIDED + shifts[i].pc + 1) == none);
		if (shifts[i].was != shifts[i].first)
			assert_false(is_undecided(meaning_at(&b, f, &call)));
		/* what is not decided is neither equal nor different */
		assert_int_equal(diff_undecided(&b, verdict_function(&b, f)), open);
		assert_int_equal(diff_function(&b, f, f), none);
	}
	assert_false(b.full);
	arena_free(&arena);
}

/* Each bit of a word may be kept in a cell or not: registers of very many contents. */
static void symbolic_run_gives_up_on_very_many_states(void **state)
{
	struct insn insn[4 * 32 + 4];
	size_t len = 0;
	struct arena arena;
	struct bdd b;

	(void)state;
	insn[len++] = (struct insn){.code = BPF_ST, .k = 0};
	for (uint32_t i = 0; i < 32; i++) {
		insn[len++] = (struct insn){.code = INSN_LD};
		insn[len++] = (struct insn){.code = INSN_JSET, .jf = 2, .k = 1u << i};
		insn[len++] = (struct insn){.code = BPF_LD | BPF_IMM, .k = i};
		insn[len++] = (struct insn){.code = BPF_ST, .k = i % BPF_MEMWORDS};
	}
	insn[len++] = (struct insn){.code = INSN_RET};
	const struct program p = {insn, len};
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	symbolic_run(&b, &p, ORDER_LITTLE);
	assert_true(b.full);
	arena_free(&arena);
}

/* Equal bits lie far apart in the order of variables: the diagram of this has 2^32 nodes. */
static void symbolic_run_gives_up_on_very_large_functions(void **state)
{
	static const struct insn insn[] = {LD(4), TAX, LD(5), JUMP_X(BPF_JEQ), NO_YES};
	const struct program p = {insn, countof(insn)};
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	symbolic_run(&b, &p, ORDER_LITTLE);
	assert_true(b.full);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbolic_run_returns_what_the_simulator_does),
		cmocka_unit_test(symbolic_emulate_stops_where_the_kernel_does),
		cmocka_unit_test(symbolic_run_sees_through_arithmetic),
		cmocka_unit_test(symbolic_run_does_not_decide_what_shifts_leave),
		cmocka_unit_test(symbolic_run_gives_up_on_very_many_states),
		cmocka_unit_test(symbolic_run_gives_up_on_very_large_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
