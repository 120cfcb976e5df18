/* What a kernel's cache finds out about a filter, held against the kernel's source and the policy.
 */

#include "compiler/kernel/action.h"
#include "compiler/base/base.h"
#include "backends/bpf/cached.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define AUDIT 0xc000003eu
#define NR    39u

#define LD(offset)                                                                                 \
	{                                                                                          \
		INSN_LD, 0, 0, offset                                                              \
	}
#define RET(k)                                                                                     \
	{                                                                                          \
		INSN_RET, 0, 0, k                                                                  \
	}
#define JMP(c, k, t, f)                                                                            \
	{                                                                                          \
		c, t, f, k                                                                         \
	}

/* One program a row, asked about AUDIT and NR in little-endian order. */
static const struct {
	const char *what;
	struct insn insn[6];
	bool allowed;
	size_t walked;
} rows[] = {
	{"a plain ALLOW", {RET(RET_ALLOW)}, true, 1},
	{"ALLOW with data", {RET(RET_ALLOW | 1)}, false, 1},
	{"a refusal", {RET(0x00050001)}, false, 1},
	{"LOG", {RET(0x7ffc0000)}, false, 1},
	{"the value in A", {{BPF_RET | BPF_A, 0, 0, 0}}, false, 1},
	{"the number", {LD(0), JMP(INSN_JEQ, NR, 0, 1), RET(RET_ALLOW), RET(0)}, true, 3},
	{"another number", {LD(0), JMP(INSN_JEQ, NR + 1, 0, 1), RET(RET_ALLOW), RET(0)}, false, 3},
	{"the arch", {LD(4), JMP(INSN_JEQ, AUDIT, 0, 1), RET(RET_ALLOW), RET(0)}, true, 3},
	{"above", {LD(0), JMP(INSN_JGT, NR, 1, 0), RET(RET_ALLOW), RET(0)}, true, 3},
	{"not below", {LD(0), JMP(INSN_JGE, NR, 0, 1), RET(RET_ALLOW), RET(0)}, true, 3},
	{"a bit", {LD(0), JMP(INSN_JSET, 0x20, 0, 1), RET(RET_ALLOW), RET(0)}, true, 3},
	{"no bit", {LD(0), JMP(INSN_JSET, 0x40, 0, 1), RET(0), RET(RET_ALLOW)}, true, 3},
	{"a mask",
		{LD(0), {INSN_AND, 0, 0, 0x20}, JMP(INSN_JEQ, 0x20, 0, 1), RET(RET_ALLOW), RET(0)},
		true, 4},
	{"a jump", {{INSN_JA, 0, 0, 1}, RET(0), RET(RET_ALLOW)}, true, 2},
	{"an argument", {LD(16), RET(RET_ALLOW)}, false, 1},
	{"the place of the call", {LD(8), RET(RET_ALLOW)}, false, 1},
	{"a constant loaded", {{BPF_LD | BPF_IMM, 0, 0, 0}, RET(RET_ALLOW)}, false, 1},
	{"A compared with X", {LD(0), JMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 0), RET(RET_ALLOW)},
		false, 2},
	{"an argument off the way",
		{LD(0), JMP(INSN_JEQ, NR, 1, 0), LD(16), RET(RET_ALLOW), RET(0)}, true, 3},
};

static size_t length(const struct insn *insn)
{
	size_t len = 0;

	for (size_t i = 0; i < 6; i++) {
		if (insn[i].code)
			len = i + 1;
	}
	return len;
}

static void the_walk_is_the_kernels(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct program p = {rows[i].insn, length(rows[i].insn)};
		size_t walked;
		bool allowed = cached_allows(&p, ORDER_LITTLE, AUDIT, NR, &walked);
		if (allowed != rows[i].allowed || walked != rows[i].walked)
			fail_msg("%s: %d after %zu", rows[i].what, allowed, walked);
	}
}

static void byte_order_moves_arguments_not_the_number(void **state)
{
	const struct insn insn[] = {LD(0), JMP(INSN_JEQ, NR, 0, 1), RET(RET_ALLOW), RET(0)};
	const struct program p = {insn, 4};

	(void)state;
	assert_true(cached_allows(&p, ORDER_BIG, AUDIT, NR, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_walk_is_the_kernels),
		cmocka_unit_test(byte_order_moves_arguments_not_the_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
