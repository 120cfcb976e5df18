/* What a program looks like, and what is known of each line. */

#include "backends/write/disasm.h"
#include "compiler/kernel/action.h"
#include "compiler/base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define X86_64  0xc000003e
#define AARCH64 0xc00000b7
#define S390X   0x80000016

#define OP(code, k)       {code, 0, 0, k}
#define LD(offset)        {INSN_LD, 0, 0, offset}
#define AND(k)            {INSN_AND, 0, 0, k}
#define JA(k)             {INSN_JA, 0, 0, k}
#define JEQ(k, jt, jf)    {INSN_JEQ, jt, jf, k}
#define JGT(k, jt, jf)    {INSN_JGT, jt, jf, k}
#define JGE(k, jt, jf)    {INSN_JGE, jt, jf, k}
#define JSET(k, jt, jf)   {INSN_JSET, jt, jf, k}
#define RET(k)            {INSN_RET, 0, 0, k}

#define ROW_INSNS 16

static const struct row {
	const char *name;
	enum byte_order order;
	const char *abi; /* hint */
	size_t len;
	struct insn insn[ROW_INSNS];
	const char *text;
} rows[] = {
	{"two archs, each with its own names", ORDER_LITTLE, NULL, 16,
		{LD(4), JEQ(X86_64, 2, 0), JEQ(AARCH64, 9, 0), RET(0), LD(0), JGE(0x40000000, 0, 1),
			RET(0x80000000), JEQ(257, 7, 0), JGE(300, 0, 5), LD(20), JEQ(0, 0, 3),
			RET(0x7ffc0000), LD(0), JEQ(56, 1, 0), RET(0x7ff00007), RET(RET_ALLOW)},
		"   0  ld    [4]                             ; arch\n"
		"   1  jeq   #0xc000003e     ? 4 : 2         ; arch == x86_64/x32\n"
		"   2  jeq   #0xc00000b7     ? 12 : 3        ; arch == aarch64\n"
		"   3  ret   #0x00000000                     ; KILL_THREAD\n"
		"   4  ld    [0]                             ; nr on x86_64/x32\n"
		"   5  jge   #0x40000000     ? 6 : 7         ; nr >= 0x40000000 (read on x32)\n"
		"   6  ret   #0x80000000                     ; KILL_PROCESS\n"
		"   7  jeq   #257            ? 15 : 8        ; nr == openat\n"
		"   8  jge   #300            ? 9 : 14        ; nr >= 300 (fanotify_init)\n"
		"   9  ld    [20]                            ; a0.hi\n"
		"  10  jeq   #0              ? 11 : 14       ; a0.hi == 0\n"
		"  11  ret   #0x7ffc0000                     ; LOG\n"
		"  12  ld    [0]                             ; nr on aarch64\n"
		"  13  jeq   #56             ? 15 : 14       ; nr == openat\n"
		"  14  ret   #0x7ff00007                     ; TRACE(7)\n"
		"  15  ret   #0x7fff0000                     ; ALLOW\n"},
	{"big endian: the high half lies first", ORDER_BIG, NULL, 9,
		{LD(4), JEQ(S390X, 0, 5), LD(16), JGT(0, 3, 0), LD(20), AND(0xff00),
			JEQ(0x200, 0, 0), RET(0x00050001), RET(RET_ALLOW)},
		"   0  ld    [4]                             ; arch\n"
		"   1  jeq   #0x80000016     ? 2 : 7         ; arch == s390x\n"
		"   2  ld    [16]                            ; a0.hi\n"
		"   3  jgt   #0              ? 7 : 4         ; a0.hi > 0\n"
		"   4  ld    [20]                            ; a0.lo\n"
		"   5  and   #0xff00                         ; a0.lo & 0xff00\n"
		"   6  jeq   #512            ? 7 : 7         ; (a0.lo & 0xff00) == 512\n"
		"   7  ret   #0x00050001                     ; ERRNO(1)\n"
		"   8  ret   #0x7fff0000                     ; unreachable\n"},
	{"a number on several archs has several names", ORDER_LITTLE, NULL, 7,
		{LD(4), JEQ(X86_64, 1, 0), JEQ(AARCH64, 0, 3), LD(0), JEQ(56, 0, 1), RET(RET_ALLOW),
			RET(0x12340000)},
		"   0  ld    [4]                             ; arch\n"
		"   1  jeq   #0xc000003e     ? 3 : 2         ; arch == x86_64/x32\n"
		"   2  jeq   #0xc00000b7     ? 3 : 6         ; arch == aarch64\n"
		"   3  ld    [0]                             ; nr on x86_64/x32/aarch64\n"
		"   4  jeq   #56             ? 5 : 6         "
		"; nr == 56 (clone on x86_64, openat on aarch64)\n"
		"   5  ret   #0x7fff0000                     ; ALLOW\n"
		"   6  ret   #0x12340000                     "
		"; 0x12340000 (unknown: kills the process)\n"},
	{"without an arch a number is a number", ORDER_LITTLE, NULL, 3,
		{LD(0), JEQ(257, 0, 0), RET(0)},
		"   0  ld    [0]                             ; nr\n"
		"   1  jeq   #257            ? 2 : 2         ; nr == 257\n"
		"   2  ret   #0x00000000                     ; KILL_THREAD\n"},
	{"... unless the user names one", ORDER_LITTLE, "x86_64", 4,
		{LD(0), JEQ(257, 0, 0), JEQ(0x40000000, 0, 0), RET(0)},
		"   0  ld    [0]                             ; nr\n"
		"   1  jeq   #257            ? 2 : 2         ; nr == openat\n"
		"   2  jeq   #0x40000000     ? 3 : 3         ; nr == read on x32\n"
		"   3  ret   #0x00000000                     ; KILL_THREAD\n"},
	{"the hint ends where the program excludes it", ORDER_LITTLE, "x86_64", 5,
		{LD(4), JEQ(X86_64, 2, 0), LD(0), JEQ(257, 0, 0), RET(0)},
		"   0  ld    [4]                             ; arch\n"
		"   1  jeq   #0xc000003e     ? 4 : 2         ; arch == x86_64/x32\n"
		"   2  ld    [0]                             ; nr\n"
		"   3  jeq   #257            ? 4 : 4         ; nr == 257\n"
		"   4  ret   #0x00000000                     ; KILL_THREAD\n"},
	{"an arch nobody has, a number nobody has", ORDER_LITTLE, NULL, 6,
		{LD(4), JEQ(0xdeadbeef, 3, 0), JEQ(AARCH64, 0, 2), LD(0), JEQ(UINT32_MAX, 0, 0),
			RET(0)},
		"   0  ld    [4]                             ; arch\n"
		"   1  jeq   #0xdeadbeef     ? 5 : 2         ; arch == 0xdeadbeef\n"
		"   2  jeq   #0xc00000b7     ? 3 : 5         ; arch == aarch64\n"
		"   3  ld    [0]                             ; nr on aarch64\n"
		"   4  jeq   #0xffffffff     ? 5 : 5         ; nr == 0xffffffff\n"
		"   5  ret   #0x00000000                     ; KILL_THREAD\n"},
	{"what A is given anew is no word of the call", ORDER_LITTLE, NULL, 4,
		{LD(0), OP(BPF_LD | BPF_IMM, 7), JEQ(257, 0, 0), RET(0)},
		"   0  ld    [0]                             ; nr\n"
		"   1  ld    #7\n"
		"   2  jeq   #257            ? 3 : 3\n"
		"   3  ret   #0x00000000                     ; KILL_THREAD\n"},
	{"numbers are decimal as far as 16 bits go", ORDER_LITTLE, NULL, 4,
		{LD(24), JEQ(65535, 0, 1), JEQ(65536, 0, 0), RET(0)},
		"   0  ld    [24]                            ; a1.lo\n"
		"   1  jeq   #65535          ? 2 : 3         ; a1.lo == 65535\n"
		"   2  jeq   #0x10000        ? 3 : 3         ; a1.lo == 0x10000\n"
		"   3  ret   #0x00000000                     ; KILL_THREAD\n"},
	{"a way no call takes is on no arch", ORDER_LITTLE, NULL, 6,
		{LD(4), JEQ(AARCH64, 3, 0), JEQ(AARCH64, 0, 2), LD(0), JEQ(56, 0, 0), RET(0)},
		"   0  ld    [4]                             ; arch\n"
		"   1  jeq   #0xc00000b7     ? 5 : 2         ; arch == aarch64\n"
		"   2  jeq   #0xc00000b7     ? 3 : 5         ; arch == aarch64\n"
		"   3  ld    [0]                             ; nr\n"
		"   4  jeq   #56             ? 5 : 5         ; nr == 56\n"
		"   5  ret   #0x00000000                     ; KILL_THREAD\n"},
	{"what A holds is forgotten where ways disagree", ORDER_LITTLE, NULL, 6,
		{LD(56), JSET(0x80000, 0, 1), LD(60), JGE(1, 0, 0), JA(0), RET(RET_ALLOW)},
		"   0  ld    [56]                            ; a5.lo\n"
		"   1  jset  #0x80000        ? 2 : 3         ; a5.lo & 0x80000\n"
		"   2  ld    [60]                            ; a5.hi\n"
		"   3  jge   #1              ? 4 : 4\n"
		"   4  ja                    -> 5\n"
		"   5  ret   #0x7fff0000                     ; ALLOW\n"},
	{"the rest of the language", ORDER_LITTLE, NULL, 16,
		{LD(8), OP(BPF_MISC | BPF_TAX, 0), OP(BPF_ALU | BPF_ADD | BPF_K, 70000),
			OP(BPF_ALU | BPF_XOR | BPF_K, 15), OP(BPF_ALU | BPF_LSH | BPF_X, 0),
			OP(BPF_ALU | BPF_NEG, 0), OP(BPF_ST, 3), OP(BPF_LDX | BPF_MEM, 3),
			OP(BPF_LD | BPF_IMM, 7), OP(BPF_LDX | BPF_LEN, 0),
			OP(BPF_MISC | BPF_TXA, 0), LD(12), {BPF_JMP | BPF_JGT | BPF_X, 1, 0, 0},
			OP(BPF_RET | BPF_A, 0), OP(BPF_STX, 0), RET(RET_ALLOW)},
		"   0  ld    [8]                             ; ip.lo\n"
		"   1  tax\n"
		"   2  add   #0x11170\n"
		"   3  xor   #0xf\n"
		"   4  lsh   x\n"
		"   5  neg\n"
		"   6  st    M[3]\n"
		"   7  ldx   M[3]\n"
		"   8  ld    #7\n"
		"   9  ldx   len\n"
		"  10  txa\n"
		"  11  ld    [12]                            ; ip.hi\n"
		"  12  jgt   x               ? 14 : 13       ; ip.hi > x\n"
		"  13  ret   a\n"
		"  14  stx   M[0]\n"
		"  15  ret   #0x7fff0000                     ; ALLOW\n"},
	{"what the kernel refuses is shown all the same", ORDER_LITTLE, NULL, 9,
		{LD(3), OP(BPF_LD | BPF_H | BPF_ABS, 18), OP(BPF_LD | BPF_B | BPF_IND, 4),
			OP(BPF_LDX | BPF_B | BPF_MSH, 14), OP(BPF_ALU | BPF_MOD | BPF_K, 2),
			JEQ(1, 255, 0), {0xffff, 1, 2, 3}, JA(UINT32_MAX), LD(0)},
		"   0  ld    [3]\n"
		"   1  ldh   [18]\n"
		"   2  ldb   [x + 4]\n"
		"   3  ldx   4*([14]&0xf)\n"
		"   4  mod   #2\n"
		"   5  jeq   #1              ? 261 : 6\n"
		"   6  .insn 0xffff, 1, 2, 0x00000003\n"
		"   7  ja                    -> 4294967303\n"
		"   8  ld    [0]                             ; unreachable\n"},
	{"nothing", ORDER_LITTLE, NULL, 0, {RET(0)}, ""},
};

static void expect_text(const struct row *row)
{
	const struct program p = {row->insn, row->len};
	const struct abi *abi = row->abi ? arch_find(row->abi, strlen(row->abi)) : NULL;
	struct arena arena;
	struct buf b;

	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	buf_init(&b, &arena);
	disasm_print(&b, &p, row->order, abi);
	buf_add(&b, "", 1);
	if (strcmp(b.bytes, row->text) != 0)
		fail_msg("%s:\n%s", row->name, b.bytes);
	arena_free(&arena);
}

static void disasm_says_what_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++)
		expect_text(&rows[i]);
}

static size_t lines(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += text[i] == '\n';
	return count;
}

static void disasm_prints_a_line_for_every_opcode(void **state)
{
	const size_t len = 0x10000;
	struct arena arena;
	struct buf b;

	(void)state;
	arena_init(&arena, 64 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	struct insn *insn = arena_alloc(&arena, len, sizeof(*insn));
	for (size_t pc = 0; pc < len; pc++)
		insn[pc] = (struct insn){(uint16_t)pc, (uint8_t)pc, 7, (uint32_t)pc * 0x9e3779b9};
	const struct program p = {insn, len};
	buf_init(&b, &arena);
	disasm_print(&b, &p, ORDER_BIG, NULL);
	assert_int_equal(lines(b.bytes, b.len), len);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disasm_says_what_is_known),
		cmocka_unit_test(disasm_prints_a_line_for_every_opcode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
