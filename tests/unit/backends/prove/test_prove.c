/*
 * The prover against programs that are right, wrong by one instruction, wrong for one call out of
 * 2^576, or too much for it. What mutants say is in test_prove_random.c.
 */

#include "backends/prove/prove.h"
#include "backends/bpf/sim.h"
#include "backends/prove/flow.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/plain.h"

#define AUDIT 0xc000003e
#define DENY  0x00050001
#define ALLOW RET_ALLOW
#define KILL  RET_KILL_THREAD

#define LD(word)          {INSN_LD, 0, 0, 4 * (word)}
#define AND(k)            {INSN_AND, 0, 0, k}
#define JA(k)             {INSN_JA, 0, 0, k}
#define JEQ(k, jt, jf)    {INSN_JEQ, jt, jf, k}
#define JGT(k, jt, jf)    {INSN_JGT, jt, jf, k}
#define JGE(k, jt, jf)    {INSN_JGE, jt, jf, k}
#define JSET(k, jt, jf)   {INSN_JSET, jt, jf, k}
#define RET(k)            {INSN_RET, 0, 0, k}
#define OP(code, k)       {code, 0, 0, k}
#define CALL(arch, nr, ...) {arch, nr, 0, {__VA_ARGS__}}
#define BIT(n)            (UINT64_C(1) << (n))

/* 0..9 always, 10 if a0 == 7, 11 if a1 has bits 1 and 2; nothing elsewhere. */
static const struct cond is_7 = {0, COND_EQ, UINT64_MAX, 7}, has_6 = {1, COND_EQ, 6, 6};
static const struct clause always = {.ret = ALLOW}, never = {.ret = DENY};
static const struct clause if_7[] = {{.ret = ALLOW, .cond = &is_7, .conds = 1}, {.ret = DENY}};
static const struct clause if_6[] = {{.ret = ALLOW, .cond = &has_6, .conds = 1}, {.ret = DENY}};
static const struct range ranges[] = {
	{0, 9, &always, 1}, {10, 10, if_7, 2}, {11, 11, if_6, 2}, {12, UINT32_MAX, &never, 1}};
static const struct domain domain = {AUDIT, ranges, countof(ranges)};
static const struct policy little = {.order = ORDER_LITTLE,
	.domain = &domain,
	.domains = 1,
	.elsewhere = {.ret = KILL}};
static const struct policy big = {.order = ORDER_BIG,
	.domain = &domain,
	.domains = 1,
	.elsewhere = {.ret = KILL}};

static const struct insn right[] = {
	/*  0 */ LD(WORD_ARCH),
	/*  1 */ JEQ(AUDIT, 1, 0),
	/*  2 */ RET(KILL),
	/*  3 */ LD(WORD_NR),
	/*  4 */ JGE(12, 15, 0),
	/*  5 */ JEQ(11, 8, 0),
	/*  6 */ JEQ(10, 1, 0),
	/*  7 */ RET(ALLOW),
	/*  8 */ LD(WORD_HI(0)),
	/*  9 */ JA(0),
	/* 10 */ JEQ(0, 0, 9),
	/* 11 */ LD(WORD_LO(0)),
	/* 12 */ JEQ(7, 8, 7),
	/* 13 */ RET(1), /* never reached */
	/* 14 */ LD(WORD_LO(1)),
	/* 15 */ AND(6),
	/* 16 */ JA(0),
	/* 17 */ JEQ(6, 3, 2),
	/* 18 */ JA(0), /* never reached */
	/* 19 */ JA(0), /* never reached */
	/* 20 */ RET(DENY),
	/* 21 */ RET(ALLOW),
};

/* One instruction changed, and the first call that shows it. */
static const struct {
	const char *name;
	size_t pc;
	struct insn insn;
	struct call call;
	uint32_t program, policy;
} patches[] = {
	{"arch not asked", 1, JEQ(AUDIT, 1, 1), CALL(0, 0), ALLOW, KILL},
	{"number in place of arch", 0, LD(WORD_NR), CALL(AUDIT, 0), KILL, ALLOW},
	{"arch from some on", 1, JGE(AUDIT, 1, 0), CALL(AUDIT + 1, 0), ALLOW, KILL},
	{"arch by its bits", 1, JSET(AUDIT, 1, 0), CALL(2, 0), ALLOW, KILL},
	{"arch refused", 1, JEQ(AUDIT, 0, 1), CALL(AUDIT, 0), KILL, ALLOW},
	{"off by one number", 4, JGT(12, 15, 0), CALL(AUDIT, 12), ALLOW, DENY},
	{"only 12 asked", 4, JEQ(12, 15, 0), CALL(AUDIT, 13), ALLOW, DENY},
	{"bits of 12 asked", 4, JSET(12, 15, 0), CALL(AUDIT, 4), DENY, ALLOW},
	{"another number", 6, JEQ(11, 1, 0), CALL(AUDIT, 10), ALLOW, DENY},
	{"high half not compared", 10, JEQ(0, 0, 0), CALL(AUDIT, 10, BIT(32) + 7), ALLOW, DENY},
	{"high half but for bit 31", 9, AND(0x7fffffff), CALL(AUDIT, 10, BIT(63) + 7), ALLOW, DENY},
	{"high half but for bit 0", 9, AND(0xfffffffe), CALL(AUDIT, 10, BIT(32) + 7), ALLOW, DENY},
	{"high half from 2^31 on", 10, JGE(0x80000000, 9, 0),
		CALL(AUDIT, 10, BIT(32) + 7), ALLOW, DENY},
	{"low half for the high", 8, LD(WORD_LO(0)), CALL(AUDIT, 10, 7), DENY, ALLOW},
	{"high half for the low", 11, LD(WORD_HI(0)), CALL(AUDIT, 10, 7), DENY, ALLOW},
	{"another argument", 14, LD(WORD_LO(2)), CALL(AUDIT, 11, 0, 0, 6), ALLOW, DENY},
	{"the other half", 14, LD(WORD_HI(1)), CALL(AUDIT, 11, 0, 6), DENY, ALLOW},
	{"one bit is enough", 17, JSET(6, 3, 2), CALL(AUDIT, 11, 0, 2), ALLOW, DENY},
	{"the larger bit is enough", 17, JGE(4, 3, 2), CALL(AUDIT, 11, 0, 4), ALLOW, DENY},
	{"a bit too many in the mask", 15, AND(7), CALL(AUDIT, 11, 0, 7), DENY, ALLOW},
	{"a bit too few in the mask", 15, AND(4), CALL(AUDIT, 11, 0, 6), DENY, ALLOW},
	{"bit 31 too many in the mask", 15, AND(0x80000006),
		CALL(AUDIT, 11, 0, BIT(31) + 6), DENY, ALLOW},
	{"no mask", 15, JA(0), CALL(AUDIT, 11, 0, 7), DENY, ALLOW},
	{"ways swapped", 17, JEQ(6, 2, 3), CALL(AUDIT, 11), ALLOW, DENY},
	{"another errno", 20, RET(DENY + 1), CALL(AUDIT, 10), DENY + 1, DENY},
	{"allow with data", 21, RET(ALLOW + 1), CALL(AUDIT, 10, 7), ALLOW + 1, ALLOW},
	{"another kill", 2, RET(0x80000000), CALL(0, 0), 0x80000000, KILL},
	{"everything allowed", 0, RET(ALLOW), CALL(AUDIT, 10), ALLOW, DENY},
};

/* One instruction changed that makes no difference. */
static const struct {
	const char *name;
	size_t pc;
	struct insn insn;
} harmless[] = {
	{"nothing", 0, LD(WORD_ARCH)},
	{"above 11", 4, JGT(11, 15, 0)},
	{"from 10 on", 6, JGE(10, 1, 0)},
	{"above 9", 6, JGT(9, 1, 0)},
	{"high half by its bits", 10, JSET(UINT32_MAX, 9, 0)},
	{"high half above 0", 10, JGT(0, 9, 0)},
	{"two bits of two by order", 17, JGE(6, 3, 2)},
	{"two bits of two above one", 17, JGT(5, 3, 2)},
	{"a mask that adds nothing", 16, AND(14)},
	{"what is never reached", 13, RET(ALLOW)},
};

#define WHOLE 9

/* Everything is denied, but for one call the program says otherwise. */
static const struct {
	const char *name;
	struct insn insn[WHOLE];
	struct call call;
	uint32_t program, policy;
} wholes[] = {
	{"one number of 2^32",
		{LD(WORD_NR), JEQ(0xdeadbeef, 0, 1), RET(ALLOW), LD(WORD_ARCH), JEQ(AUDIT, 1, 0),
			RET(KILL), RET(DENY)},
		CALL(AUDIT, 0xdeadbeef), ALLOW, DENY},
	{"the last number",
		{LD(WORD_NR), JGT(0xfffffffe, 0, 1), RET(ALLOW), LD(WORD_ARCH), JEQ(AUDIT, 1, 0),
			RET(KILL), RET(DENY)},
		CALL(AUDIT, UINT32_MAX), ALLOW, DENY},
	{"arch 0",
		{LD(WORD_ARCH), JEQ(0, 0, 1), RET(ALLOW), JEQ(AUDIT, 1, 0), RET(KILL), RET(DENY)},
		CALL(0, 0), ALLOW, KILL},
	{"the last arch",
		{LD(WORD_ARCH), JGE(UINT32_MAX, 0, 1), RET(ALLOW), JEQ(AUDIT, 1, 0), RET(KILL),
			RET(DENY)},
		CALL(UINT32_MAX, 0), ALLOW, KILL},
	{"one bit of the instruction pointer",
		{LD(WORD_IP_HI), JSET(0x80000000, 0, 1), RET(ALLOW), LD(WORD_ARCH),
			JEQ(AUDIT, 1, 0), RET(KILL), RET(DENY)},
		{AUDIT, 0, BIT(63), {0}}, ALLOW, DENY},
	{"bit 31 of an argument's high half",
		{LD(WORD_HI(5)), JSET(0x80000000, 0, 1), RET(ALLOW), LD(WORD_ARCH),
			JEQ(AUDIT, 1, 0), RET(KILL), RET(DENY)},
		CALL(AUDIT, 0, 0, 0, 0, 0, 0, BIT(63)), ALLOW, DENY},
	{"a sum of 0",
		{LD(WORD_LO(3)), OP(BPF_ALU | BPF_ADD, 0x1000), JEQ(0, 0, 1), RET(ALLOW),
			LD(WORD_ARCH), JEQ(AUDIT, 1, 0), RET(KILL), RET(DENY)},
		CALL(AUDIT, 0, 0, 0, 0, 0xfffff000), ALLOW, DENY},
};

/* Is a number that is always allowed cached? 0..9 are, all others are denied. */
static const struct {
	const char *name;
	struct insn insn[WHOLE];
	bool holds;
	uint32_t nr, program;
	const char *why;
} cached[] = {
	{"number and arch alone",
		{LD(WORD_ARCH), JEQ(AUDIT, 1, 0), RET(KILL), LD(WORD_NR), JGE(10, 1, 0),
			RET(ALLOW), RET(DENY)},
		true, 0, 0, NULL},
	{"all that the emulator knows",
		{LD(WORD_ARCH), AND(UINT32_MAX), JSET(1, 0, 0), JA(0), LD(WORD_NR), JGT(9, 1, 0),
			RET(ALLOW), RET(DENY)},
		true, 0, 0, NULL},
	{"an argument behind a denied number",
		{LD(WORD_NR), JGE(10, 1, 0), RET(ALLOW), LD(WORD_LO(0)), JEQ(7, 0, 0), RET(DENY)},
		true, 0, 0, NULL},
	{"x behind a denied number",
		{LD(WORD_NR), JGE(10, 1, 0), RET(ALLOW), OP(BPF_MISC | BPF_TAX, 0), RET(DENY)},
		true, 0, 0, NULL},
	{"an argument before the number",
		{LD(WORD_LO(0)), LD(WORD_NR), JGE(10, 1, 0), RET(ALLOW), RET(DENY)},
		false, 0, ALLOW, "instruction 0 loads"},
	{"an argument that decides nothing",
		{LD(WORD_NR), JGE(10, 3, 0), JEQ(5, 0, 1), LD(WORD_HI(5)), RET(ALLOW), RET(DENY)},
		false, 5, ALLOW, "instruction 3 loads"},
	{"the instruction pointer",
		{LD(WORD_NR), JGE(10, 2, 0), LD(WORD_IP_LO), RET(ALLOW), RET(DENY)},
		false, 0, ALLOW, "instruction 2 loads"},
	{"tax", {LD(WORD_NR), OP(BPF_MISC | BPF_TAX, 0), JGE(10, 1, 0), RET(ALLOW), RET(DENY)},
		false, 0, ALLOW, "instruction 1 is none"},
	{"or 0", {LD(WORD_NR), OP(BPF_ALU | BPF_OR, 0), JGE(10, 1, 0), RET(ALLOW), RET(DENY)},
		false, 0, ALLOW, "instruction 1 is none"},
	{"the length", {OP(BPF_LD | BPF_LEN, 0), LD(WORD_NR), JGE(10, 1, 0), RET(ALLOW), RET(DENY)},
		false, 0, ALLOW, "instruction 0 is none"},
	{"a cell", {OP(BPF_ST, 0), LD(WORD_NR), JGE(10, 1, 0), RET(ALLOW), RET(DENY)},
		false, 0, ALLOW, "instruction 0 is none"},
	{"comparison with x",
		{OP(BPF_LDX | BPF_IMM, 10), LD(WORD_NR), {BPF_JMP | BPF_JGE | BPF_X, 1, 0, 0},
			RET(ALLOW), RET(DENY)},
		false, 0, ALLOW, "instruction 0 is none"},
	{"allow out of a",
		{LD(WORD_NR), JGE(10, 2, 0), OP(BPF_LD | BPF_IMM, ALLOW), OP(BPF_RET | BPF_A, 0),
			RET(DENY)},
		false, 0, ALLOW, "instruction 2 is none"},
	{"allow with data", {LD(WORD_NR), JGE(10, 1, 0), RET(ALLOW | 1), RET(DENY)},
		false, 0, ALLOW | 1, "plain ALLOW"},
	{"log", {LD(WORD_NR), JGE(10, 1, 0), RET(0x7ffc0000), RET(DENY)},
		false, 0, 0x7ffc0000, "plain ALLOW"},
	{"one number denied", {LD(WORD_NR), JGE(10, 2, 0), JEQ(3, 1, 0), RET(ALLOW), RET(DENY)},
		false, 3, DENY, "plain ALLOW"},
};

static void patch(struct insn insn[countof(right)], size_t pc, struct insn with)
{
	memcpy(insn, right, sizeof(right));
	insn[pc] = with;
}

/* Zeroes behind the last return are no part of it. */
static struct program whole(const struct insn insn[WHOLE])
{
	size_t len = WHOLE;

	while ((insn[len - 1].code & 7) != BPF_RET)
		len--;
	return (struct program){insn, len};
}

static bool same_call(const struct call *one, const struct call *other)
{
	return one->arch == other->arch && one->nr == other->nr && one->ip == other->ip &&
		memcmp(one->args, other->args, sizeof(one->args)) == 0;
}

static void assert_genuine(
	const struct program *p, const struct policy *policy, const struct witness *w)
{
	assert_int_equal(w->program, sim_run(p, policy->order, &w->call, NULL, NULL));
	assert_int_equal(w->policy, policy_decide(policy, &w->call)->ret);
	assert_non_null(w->why);
}

static void prove_finds_the_first_call_that_differs(void **state)
{
	struct insn insn[countof(right)];
	const struct program p = {insn, countof(insn)};
	struct arena arena;
	struct witness w;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(patches); i++) {
		patch(insn, patches[i].pc, patches[i].insn);
		if (prove(&arena, &p, &little, &w) != PROOF_FAILS ||
			!same_call(&w.call, &patches[i].call))
			fail_msg("%s: arch %x nr %x a0 %llx a1 %llx", patches[i].name, w.call.arch,
				w.call.nr, (unsigned long long)w.call.args[0],
				(unsigned long long)w.call.args[1]);
		assert_genuine(&p, &little, &w);
		assert_int_equal(w.program, patches[i].program);
		assert_int_equal(w.policy, patches[i].policy);
	}
	arena_free(&arena);
}

static void prove_does_not_mind_how_it_is_done(void **state)
{
	struct insn insn[countof(right)];
	const struct program p = {insn, countof(insn)};
	struct arena arena;
	struct witness w;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(harmless); i++) {
		patch(insn, harmless[i].pc, harmless[i].insn);
		if (prove(&arena, &p, &little, &w) != PROOF_HOLDS)
			fail_msg("%s", harmless[i].name);
	}
	arena_free(&arena);
}

static void prove_finds_one_call_among_all(void **state)
{
	static const struct range all = {0, UINT32_MAX, &never, 1};
	static const struct domain one = {AUDIT, &all, 1};
	static const struct policy denied = {
		.order = ORDER_LITTLE, .domain = &one, .domains = 1, .elsewhere = {.ret = KILL}};
	struct arena arena;
	struct witness w;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(wholes); i++) {
		const struct program p = whole(wholes[i].insn);
		if (prove(&arena, &p, &denied, &w) != PROOF_FAILS ||
			!same_call(&w.call, &wholes[i].call))
			fail_msg("%s: arch %x nr %x", wholes[i].name, w.call.arch, w.call.nr);
		assert_genuine(&p, &denied, &w);
		assert_int_equal(w.program, wholes[i].program);
		assert_int_equal(w.policy, wholes[i].policy);
	}
	arena_free(&arena);
}

/* All sixteen words have to be right. */
static void prove_finds_a_call_by_all_its_bits(void **state)
{
	static const struct policy denied = {.elsewhere = {.ret = KILL}};
	static struct draft draft;
	struct dice d = {9};
	struct jumps other = {.count = 0};
	struct call call = {(uint32_t)dice_roll(&d), (uint32_t)dice_roll(&d), dice_roll(&d), {0}};
	struct arena arena;
	struct witness w;

	(void)state;
	for (unsigned i = 0; i < CALL_ARGS; i++)
		call.args[i] = dice_roll(&d);
	for (unsigned word = 0; word < WORDS; word++) {
		plain_add(&draft, INSN_LD, 0, 0, word_offset(word, ORDER_LITTLE));
		plain_add(&draft, INSN_JEQ, 1, 0, call_word(&call, word));
		plain_jump(&draft, &other);
	}
	plain_add(&draft, INSN_RET, 0, 0, ALLOW);
	plain_land(&draft, &other);
	plain_add(&draft, INSN_RET, 0, 0, KILL);
	const struct program p = {draft.insn, draft.len};
	ARENA_START(&arena);
	assert_int_equal(prove(&arena, &p, &denied, &w), PROOF_FAILS);
	assert_true(same_call(&w.call, &call));
	assert_genuine(&p, &denied, &w);
	arena_free(&arena);
}

static void prove_knows_where_the_halves_lie(void **state)
{
	static struct draft draft;
	const struct policy *const policies[] = {&little, &big};
	struct arena arena;
	struct witness w;

	(void)state;
	ARENA_START(&arena);
	for (size_t made = 0; made < 2; made++) {
		const struct program p = plain_compile(&draft, policies[made]);
		struct prover prover;
		prover_init(&prover, &arena, &p);
		for (size_t asked = 0; asked < 4; asked++) {
			const enum proof due = made == asked % 2 ? PROOF_HOLDS : PROOF_FAILS;
			assert_int_equal(prove(&arena, &p, policies[asked % 2], &w), due);
			assert_int_equal(prover_ask(&prover, policies[asked % 2], &w), due);
		}
	}
	arena_free(&arena);
}

static void prove_says_nothing_of_what_the_kernel_refuses(void **state)
{
	static const struct insn rows[][2] = {
		{OP(BPF_LD | BPF_H | BPF_ABS, 0), RET(KILL)},
		{OP(BPF_ALU | BPF_MOD, 3), RET(KILL)},
		{OP(INSN_LD, 2), RET(KILL)},
		{OP(BPF_LD | BPF_MEM, 0), RET(KILL)},
		{JA(7), RET(KILL)},
		{RET(KILL), LD(0)},
	};
	static const struct policy killed = {.elsewhere = {.ret = KILL}};
	struct arena arena;
	struct witness w;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(rows); i++) {
		const struct program p = {rows[i], countof(rows[i])};
		assert_int_equal(prove(&arena, &p, &killed, &w), PROOF_UNDECIDED);
		assert_non_null(strstr(w.why, "refuses"));
		assert_int_equal(prove_cacheable(&arena, &p, &killed, &w), PROOF_UNDECIDED);
		assert_non_null(strstr(w.why, "refuses"));
	}
	arena_free(&arena);
}

/* Both meanings would be the index 0 if running out were not noticed. */
static void prove_says_when_a_program_is_too_much(void **state)
{
	static const struct insn insn[] = {LD(WORD_LO(0)), OP(BPF_MISC | BPF_TAX, 0),
		LD(WORD_LO(1)), {BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0}, RET(ALLOW), RET(KILL)};
	static const struct policy killed = {.elsewhere = {.ret = KILL}};
	const struct program p = {insn, countof(insn)};
	struct arena arena;
	struct witness w;

	(void)state;
	ARENA_START(&arena);
	assert_int_equal(prove(&arena, &p, &killed, &w), PROOF_UNDECIDED);
	assert_non_null(strstr(w.why, "room or time"));
	arena_free(&arena);
}

/* Bit n of a0 and bit n of a1, for any n: too large in the order of variables there is. */
/* 2 allows numbers 0 and 1 by shifting: 3 >> nr is not 0. */
static void prove_says_when_kernels_differ(void **state)
{
	static const struct clause yes = {.ret = ALLOW}, no = {.ret = DENY};
	static const struct range two[] = {{0, 1, &yes, 1}, {2, UINT32_MAX, &no, 1}};
	static const struct range three[] = {{0, 2, &yes, 1}, {3, UINT32_MAX, &no, 1}};
	static const struct domain only_two = {AUDIT, two, 2}, only_three = {AUDIT, three, 2};
	static const struct policy of_two = {
		.domain = &only_two, .domains = 1, .elsewhere = {.ret = KILL}};
	static const struct policy of_three = {
		.domain = &only_three, .domains = 1, .elsewhere = {.ret = KILL}};
	struct insn insn[] = {LD(WORD_ARCH), JEQ(AUDIT, 1, 0), RET(KILL), LD(WORD_NR),
		JGE(32, 4, 0), OP(BPF_MISC | BPF_TAX, 0), OP(BPF_LD | BPF_IMM, 3),
		OP(BPF_ALU | BPF_RSH | BPF_X, 0), JEQ(0, 0, 1), RET(DENY), RET(ALLOW)};
	const struct program p = {insn, countof(insn)};
	struct witness w;
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	assert_int_equal(prove(&arena, &p, &of_two, &w), PROOF_HOLDS);
	assert_int_equal(prove(&arena, &p, &of_three, &w), PROOF_FAILS);
	insn[4] = (struct insn)JGE(33, 4, 0);
	assert_int_equal(prove(&arena, &p, &of_two, &w), PROOF_UNDECIDED);
	assert_true(strncmp(w.why, "instruction 7 shifts by X", 25) == 0);
	assert_int_equal(prove(&arena, &p, &of_three, &w), PROOF_FAILS); /* whatever the kernel */
	assert_int_equal(w.call.nr, 2);
	assert_int_equal(w.program, DENY);
	assert_int_equal(w.policy, ALLOW);
	arena_free(&arena);
}

static void prove_says_when_a_policy_is_too_much(void **state)
{
	struct cond cond[32][2];
	struct clause clause[33] = {{0}};
	static const struct insn insn[] = {RET(KILL)};
	const struct program p = {insn, countof(insn)};
	static const struct policy killed = {.elsewhere = {.ret = KILL}};
	struct prover prover;
	struct arena arena;
	struct witness w;

	(void)state;
	for (unsigned i = 0; i < 32; i++) {
		for (uint8_t arg = 0; arg < 2; arg++)
			cond[i][arg] = (struct cond){arg, COND_EQ, BIT(i), BIT(i)};
		clause[i] = (struct clause){.ret = DENY, .cond = cond[i], .conds = 2};
	}
	const struct range all = {0, UINT32_MAX, clause, countof(clause)};
	const struct domain one = {AUDIT, &all, 1};
	const struct policy policy = {.domain = &one, .domains = 1};
	ARENA_START(&arena);
	assert_int_equal(prove(&arena, &p, &policy, &w), PROOF_UNDECIDED);
	assert_non_null(strstr(w.why, "room or time"));
	/* the next one is none the poorer */
	prover_init(&prover, &arena, &p);
	assert_int_equal(prover_ask(&prover, &policy, &w), PROOF_UNDECIDED);
	assert_int_equal(prover_ask(&prover, &killed, &w), PROOF_HOLDS);
	assert_int_equal(prover_ask(&prover, &policy, &w), PROOF_UNDECIDED);
	assert_non_null(strstr(w.why, "room or time"));
	/* what is promised to the bitmap does not hang on the arguments, so it is decided all the
	 * same */
	assert_int_equal(prove_cacheable(&arena, &p, &policy, &w), PROOF_HOLDS);
	arena_free(&arena);
}

/* As long as programs get, and every number of it is its own case. */
static void prove_copes_with_the_longest_programs(void **state)
{
	static const struct clause clauses[] = {{.ret = ALLOW}, {.ret = DENY}};
	static struct range many[PROGRAM_MAX / 4];
	static struct draft draft;
	struct arena arena;
	struct witness w;

	(void)state;
	for (uint32_t i = 0; i < countof(many); i++)
		many[i] = (struct range){3 * i, 3 * i + 2, &clauses[i % 2], 1};
	size_t fit = countof(many) - 8;
	many[fit - 1].last = UINT32_MAX;
	const struct domain long_domain = {AUDIT, many, fit};
	const struct policy policy = {.order = ORDER_LITTLE,
		.domain = &long_domain,
		.domains = 1,
		.elsewhere = {.ret = KILL}};
	const struct program p = plain_compile(&draft, &policy);
	assert_in_range(p.len, PROGRAM_MAX - 64, PROGRAM_MAX);
	ARENA_START(&arena);
	assert_int_equal(prove(&arena, &p, &policy, &w), PROOF_HOLDS);
	assert_int_equal(prove_cacheable(&arena, &p, &policy, &w), PROOF_HOLDS);
	size_t middle = p.len / 2;
	while (draft.insn[middle].code != INSN_JGT)
		middle++;
	draft.insn[middle].k ^= 1;
	assert_int_equal(prove(&arena, &p, &policy, &w), PROOF_FAILS);
	assert_genuine(&p, &policy, &w);
	arena_free(&arena);
}

static bool flows(const struct insn *insn, size_t len, const struct clause *clause, size_t clauses)
{
	const struct program p = {insn, len};
	const struct range all = {0, UINT32_MAX, clause, clauses};
	uint64_t steps = FLOW_STEPS;
	struct arena arena;

	ARENA_START(&arena);
	bool shown = flow_shows(&arena, &p, ORDER_LITTLE, AUDIT, 7, &all, &steps);
	arena_free(&arena);
	return shown;
}

/* Each of the first two clauses fails for calls for which the other holds. */
static void flow_sees_that_clauses_leave_no_call(void **state)
{
	static const struct insn allow[] = {RET(ALLOW)}, deny[] = {RET(DENY)};
	struct cond other = {2, COND_NE, UINT64_MAX, 6 | BIT(40)};
	const struct cond bit = {2, COND_EQ, BIT(40), BIT(40)};
	const struct clause clause[] = {{.ret = ALLOW, .cond = &other, .conds = 1},
		{.ret = ALLOW, .cond = &bit, .conds = 1}, {.ret = DENY}};
	const struct clause swapped[] = {clause[1], clause[0], clause[2]};

	(void)state;
	assert_true(flows(allow, 1, clause, 3));
	assert_true(flows(allow, 1, swapped, 3));
	assert_false(flows(deny, 1, clause, 3));
	other.value = 6;
	assert_false(flows(allow, 1, clause, 3));
	assert_false(flows(allow, 1, swapped, 3));
}

/* 0 and 0xff come to instruction 3, where it is known of neither that it is not 0x80. */
static void flow_sees_that_no_call_takes_a_way(void **state)
{
	const struct insn insn[] = {LD(WORD_LO(0)), JEQ(0, 1, 0), JEQ(0xff, 0, 3), JEQ(0x80, 0, 1), RET(KILL),
		RET(ALLOW), AND(0xff), JEQ(0x80, 0, 1), RET(DENY), RET(ALLOW)};
	const struct insn wrong[] = {LD(WORD_LO(0)), JEQ(0, 1, 0), JEQ(0xff, 0, 3), JEQ(0xff, 0, 1), RET(KILL),
		RET(ALLOW), AND(0xff), JEQ(0x80, 0, 1), RET(DENY), RET(ALLOW)};
	const struct cond other = {0, COND_NE, 0xff, 0x80};
	const struct clause clause[] = {{.ret = ALLOW, .cond = &other, .conds = 1}, {.ret = DENY}};

	(void)state;
	assert_true(flows(insn, countof(insn), clause, 2));
	assert_false(flows(wrong, countof(wrong), clause, 2));
}

static void prove_cacheable_follows_the_kernel(void **state)
{
	static const struct range some[] = {{0, 9, &always, 1}, {10, UINT32_MAX, &never, 1}};
	static const struct domain one = {AUDIT, some, 2};
	static const struct policy policy = {
		.order = ORDER_LITTLE, .domain = &one, .domains = 1, .elsewhere = {.ret = KILL}};
	struct arena arena;
	struct witness w;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(cached); i++) {
		const struct program p = whole(cached[i].insn);
		enum proof proof = prove_cacheable(&arena, &p, &policy, &w);
		if (proof != (cached[i].holds ? PROOF_HOLDS : PROOF_FAILS))
			fail_msg("%s", cached[i].name);
		if (proof == PROOF_HOLDS)
			continue;
		assert_genuine(&p, &policy, &w);
		assert_int_equal(w.call.arch, AUDIT);
		assert_int_equal(w.call.nr, cached[i].nr);
		assert_int_equal(w.program, cached[i].program);
		if (!strstr(w.why, cached[i].why))
			fail_msg("%s: %s", cached[i].name, w.why);
	}
	arena_free(&arena);
}

/* The kernel has no bitmap for an audit arch that the policy does not name. */
static void prove_cacheable_leaves_other_archs_alone(void **state)
{
	static const struct policy policy = {.order = ORDER_LITTLE,
		.domain = &domain,
		.domains = 1,
		.elsewhere = {.ret = ALLOW}};
	static const struct insn insn[] = {LD(WORD_ARCH), JEQ(AUDIT, 2, 0), LD(WORD_LO(0)),
		RET(ALLOW), LD(WORD_NR), JGE(10, 1, 0), RET(ALLOW), LD(WORD_LO(0)), RET(DENY)};
	const struct program p = {insn, countof(insn)};
	struct arena arena;
	struct witness w;

	(void)state;
	ARENA_START(&arena);
	assert_int_equal(prove_cacheable(&arena, &p, &policy, &w), PROOF_HOLDS);
	arena_free(&arena);
}

/* A program with more behind it is the same one only if all before that is, and the kernel takes both. */
static void prove_longer_wants_the_same_code(void **state)
{
	struct insn one[] = {{INSN_LD, 0, 0, 0}, {INSN_JEQ, 0, 1, 1}, {INSN_RET, 0, 0, 7}, {INSN_RET, 0, 0, 8}};
	struct insn more[countof(one) + 1] = {[countof(one)] = {INSN_RET, 0, 0, 9}};
	const struct program p = {one, countof(one)}, longer = {more, countof(more)}, shorter = {one, countof(one) - 1};
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	memcpy(more, one, sizeof(one));
	assert_true(prove_longer(&arena, &p, &p));
	assert_true(prove_longer(&arena, &p, &longer));
	assert_false(prove_longer(&arena, &longer, &p));
	assert_false(prove_longer(&arena, &shorter, &longer)); /* its jump leads out of it */
	more[countof(one)].code = INSN_LD;
	assert_false(prove_longer(&arena, &p, &longer));
	more[countof(one)].code = INSN_RET;
	for (size_t i = 0; i < countof(one); i++) {
		struct insn was = more[i];
		more[i].k ^= 4;
		assert_false(prove_longer(&arena, &p, &longer));
		more[i] = was;
	}
	more[1].jf++;
	assert_false(prove_longer(&arena, &p, &longer));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prove_finds_the_first_call_that_differs),
		cmocka_unit_test(prove_does_not_mind_how_it_is_done),
		cmocka_unit_test(prove_finds_one_call_among_all),
		cmocka_unit_test(prove_finds_a_call_by_all_its_bits),
		cmocka_unit_test(prove_knows_where_the_halves_lie),
		cmocka_unit_test(prove_says_nothing_of_what_the_kernel_refuses),
		cmocka_unit_test(prove_says_when_a_program_is_too_much),
		cmocka_unit_test(prove_says_when_a_policy_is_too_much),
		cmocka_unit_test(prove_says_when_kernels_differ),
		cmocka_unit_test(prove_copes_with_the_longest_programs),
		cmocka_unit_test(flow_sees_that_clauses_leave_no_call),
		cmocka_unit_test(flow_sees_that_no_call_takes_a_way),
		cmocka_unit_test(prove_cacheable_follows_the_kernel),
		cmocka_unit_test(prove_cacheable_leaves_other_archs_alone),
		cmocka_unit_test(prove_longer_wants_the_same_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
