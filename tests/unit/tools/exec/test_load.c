/*
 * The loader: what it refuses, as the kernel would and as the kernel should; that backends/bpf/check.c
 * refuses the same; that its own numbers are this machine's; and filters loaded for real, in
 * children.
 */

#define _GNU_SOURCE /* syscall() and its numbers, pipe2(), RLIMITs */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/lib/random.h"

#include "arch/errno.h"
#include "backends/bpf/check.h"
#include "compiler/kernel/action.h"
#include "tools/exec/admit.h"
#include "tools/exec/load.h"
#include "tools/exec/native.h"
#include "tools/exec/say.h"
#include "tools/exec/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- this machine --- */

static_assert(sizeof(struct insn) == sizeof(struct sock_filter), "the kernel's instruction");
static_assert(offsetof(struct insn, k) == offsetof(struct sock_filter, k), "and its operand");
static_assert(WINNOW_TSYNC == SECCOMP_FILTER_FLAG_TSYNC, "a flag is the kernel's");
static_assert(WINNOW_LOG == SECCOMP_FILTER_FLAG_LOG, "a flag is the kernel's");
static_assert(WINNOW_SPEC_ALLOW == SECCOMP_FILTER_FLAG_SPEC_ALLOW, "a flag is the kernel's");
static_assert(WINNOW_LISTENER == SECCOMP_FILTER_FLAG_NEW_LISTENER, "a flag is the kernel's");
static_assert(WINNOW_TSYNC_ESRCH == SECCOMP_FILTER_FLAG_TSYNC_ESRCH, "a flag is the kernel's");
#ifdef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
static_assert(WINNOW_WAIT_KILLABLE == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, "so is this");
#endif

static void numbers_are_those_of_the_libc(void **state)
{
	(void)state;
	assert_int_equal(NR_openat, SYS_openat);
	assert_int_equal(NR_read, SYS_read);
	assert_int_equal(NR_write, SYS_write);
	assert_int_equal(NR_prctl, SYS_prctl);
	assert_int_equal(NR_seccomp, SYS_seccomp);
	assert_int_equal(NR_execve, SYS_execve);
	assert_int_equal(NR_exit_group, SYS_exit_group);
	assert_int_equal(ERR_EINTR, EINTR);
	assert_int_equal(ERR_ENOEXEC, ENOEXEC);
	assert_int_equal(ERR_ENAMETOOLONG, ENAMETOOLONG);
	assert_int_equal(ERR_ENOSYS, ENOSYS);
}

static void audit_arch_is_that_of_the_host(void **state)
{
	(void)state;
	assert_int_equal(HOST_AUDIT, arch_native()->audit);
}

static void calls_come_back_as_the_kernel_returns_them(void **state)
{
	(void)state;
	assert_int_equal(syscall5(NR_getppid, 0, 0, 0, 0, 0), getppid());
	assert_int_equal(syscall5(NR_close, -1, 0, 0, 0, 0), -EBADF);
	/* the fifth argument arrives: prctl() wants it to be 0 */
	assert_int_equal(syscall5(NR_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 1), -EINVAL);
	assert_true(syscall5(NR_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0);
}

static void audit_archs_have_their_abis_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		struct line line = {0};
		line_arch(&line, abi->audit);
		line.text[line.len] = '\0';
		assert_string_equal(line.text, arch_of_call(abi->audit, 0)->name);
	}
}

/* --- what the kernel refuses --- */

#define LD(offset)       {INSN_LD, 0, 0, offset}
#define JEQ(k, yes, no)  {INSN_JEQ, yes, no, k}
#define JGT(k, yes, no)  {INSN_JGT, yes, no, k}
#define JSET(k, yes, no) {INSN_JSET, yes, no, k}
#define JA(k)            {INSN_JA, 0, 0, k}
#define RET(k)           {INSN_RET, 0, 0, k}
#define ALLOW            RET(RET_ALLOW)
#define KILL             RET(RET_KILL_THREAD)
#define INSNS            8

struct sample_blob {
	const char *what;
	struct insn insn[INSNS];
	size_t len;
	enum winnow_reason reason;
	uint32_t at, arch;
};

static bool check_row(const struct sample_blob *row, bool ok, const struct winnow_fault *fault)
{
	bool right = ok == !row->reason && fault->reason == row->reason && fault->insn == row->at &&
		fault->arch == row->arch;

	if (!right)
		print_error("%s: reason %d at %u, arch 0x%x\n", row->what, fault->reason,
			fault->insn, fault->arch);
	return right;
}

static const struct sample_blob kernel_rows[] = {
	{"nothing but a return", {ALLOW}, 1, WINNOW_OK, 0, 0},
	{"return of A", {{BPF_RET | BPF_A, 0, 0, 0}}, 1, WINNOW_OK, 0, 0},
	{"no instruction", {ALLOW}, 0, WINNOW_EMPTY, 0, 0},
	{"return of X", {{BPF_RET | BPF_X, 0, 0, 0}}, 1, WINNOW_OPCODE, 0, 0},
	{"modulo", {{BPF_ALU | BPF_MOD | BPF_K, 0, 0, 3}, ALLOW}, 2, WINNOW_OPCODE, 0, 0},
	{"a byte loaded", {ALLOW, {BPF_LD | BPF_B | BPF_ABS, 0, 0, 0}, ALLOW}, 3, WINNOW_OPCODE, 1, 0},
	{"opcode above 0xff", {{0x120, 0, 0, 0}, ALLOW}, 2, WINNOW_OPCODE, 0, 0},
	{"load of the last word", {LD(60), ALLOW}, 2, WINNOW_OK, 0, 0},
	{"load behind the last word", {LD(64), ALLOW}, 2, WINNOW_OFFSET, 0, 0},
	{"load between words", {ALLOW, LD(2), ALLOW}, 3, WINNOW_OFFSET, 1, 0},
	{"the last cell", {{BPF_ST, 0, 0, 15}, {BPF_LD | BPF_MEM, 0, 0, 15}, ALLOW}, 3, WINNOW_OK, 0, 0},
	{"a cell too many", {{BPF_ST, 0, 0, 16}, ALLOW}, 2, WINNOW_CELL, 0, 0},
	{"an unwritten cell", {{BPF_ST, 0, 0, 1}, {BPF_LDX | BPF_MEM, 0, 0, 2}, ALLOW}, 3,
		WINNOW_UNWRITTEN, 1, 0},
	{"a cell written on one way", {JEQ(0, 0, 1), {BPF_ST, 0, 0, 1}, {BPF_LD | BPF_MEM, 0, 0, 1},
		ALLOW}, 4, WINNOW_UNWRITTEN, 2, 0},
	{"a cell written on both", {JEQ(0, 0, 2), {BPF_ST, 0, 0, 1}, JA(1), {BPF_STX, 0, 0, 1},
		{BPF_LD | BPF_MEM, 0, 0, 1}, ALLOW}, 6, WINNOW_OK, 0, 0},
	{"division by 0", {{BPF_ALU | BPF_DIV | BPF_K, 0, 0, 0}, ALLOW}, 2, WINNOW_DIVISION, 0, 0},
	{"shift by 31", {{BPF_ALU | BPF_LSH | BPF_K, 0, 0, 31}, ALLOW}, 2, WINNOW_OK, 0, 0},
	{"shift by 32", {{BPF_ALU | BPF_RSH | BPF_K, 0, 0, 32}, ALLOW}, 2, WINNOW_SHIFT, 0, 0},
	{"jump to the last", {JA(1), ALLOW, ALLOW}, 3, WINNOW_OK, 0, 0},
	{"jump behind the last", {JA(2), ALLOW, ALLOW}, 3, WINNOW_JUMP, 0, 0},
	{"jump round the world", {JA(UINT32_MAX), ALLOW}, 2, WINNOW_JUMP, 0, 0},
	{"true jump behind the last", {ALLOW, JEQ(0, 1, 0), ALLOW}, 3, WINNOW_JUMP, 1, 0},
	{"false jump behind the last", {JEQ(0, 0, 1), ALLOW}, 2, WINNOW_JUMP, 0, 0},
	{"no return at the end", {ALLOW, LD(0)}, 2, WINNOW_NO_RETURN, 1, 0},
	{"a jump at the end", {ALLOW, JA(0)}, 2, WINNOW_JUMP, 1, 0},
};

static void reasons_are_the_kernels_rules(void **state)
{
	bool ok = true;

	(void)state;
	for (size_t i = 0; i < countof(kernel_rows); i++) {
		const struct sample_blob *row = &kernel_rows[i];
		struct winnow_fault fault = {.reason = WINNOW_OK};
		bool taken = admit(row->insn, row->len * sizeof(row->insn[0]), &fault);
		ok = check_row(row, taken, &fault) && ok;
	}
	assert_true(ok);
}

static void sizes_are_whole_instructions_up_to_4096(void **state)
{
	static struct insn insn[PROGRAM_MAX + 1];
	struct winnow_fault fault = {.reason = WINNOW_OK};

	(void)state;
	for (size_t i = 0; i < countof(insn); i++)
		insn[i] = (struct insn)ALLOW;
	assert_false(admit(insn, 79, &fault));
	assert_int_equal(fault.reason, WINNOW_SIZE);
	assert_false(admit(insn, 7, &fault));
	assert_int_equal(fault.reason, WINNOW_SIZE);
	assert_true(admit(insn, PROGRAM_MAX * sizeof(insn[0]), &fault));
	assert_false(admit(insn, sizeof(insn), &fault));
	assert_int_equal(fault.reason, WINNOW_TOO_LONG);
}

static void other_byte_order_is_told_from_nonsense(void **state)
{
	static const unsigned char big[] = {0, 0x20, 0, 0, 0, 0, 0, 4, 0, 6, 0, 0, 0, 0, 0, 0};
	static const unsigned char little[] = {0x20, 0, 0, 0, 4, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0};
	static const unsigned char neither[] = {1, 0x20, 0, 0, 0, 0, 0, 4, 0, 6, 0, 0, 0, 0, 0, 0};
	const unsigned char *foreign = LITTLE ? big : little;
	struct winnow_fault fault = {.reason = WINNOW_OK};

	(void)state;
	assert_false(admit(foreign, sizeof(big), &fault));
	assert_int_equal(fault.reason, WINNOW_BYTE_ORDER);
	assert_true(admit(LITTLE ? little : big, sizeof(big), &fault));
	assert_false(admit(neither, sizeof(neither), &fault));
	assert_int_equal(fault.reason, WINNOW_OPCODE);
}

static void blobs_may_lie_anywhere(void **state)
{
	const struct insn insn[] = {LD(4), JEQ(HOST_AUDIT, 0, 1), ALLOW, KILL};
	unsigned char bytes[sizeof(insn) + 3];

	(void)state;
	for (size_t off = 0; off <= 3; off++) {
		memcpy(bytes + off, insn, sizeof(insn));
		assert_int_equal(winnow_check(bytes + off, sizeof(insn), NULL), 0);
	}
}

/* --- the same as backends/bpf/check.c --- */

static bool fault_known(const struct fault *faults, size_t count, size_t pc)
{
	for (size_t i = 0; i < count; i++) {
		if (faults[i].pc == pc)
			return true;
	}
	return false;
}

static bool agrees(const struct insn *insn, size_t len)
{
	struct arena arena;
	struct fault *faults;
	struct winnow_fault fault = {.reason = WINNOW_OK};

	arena_init(&arena, (size_t)1 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	size_t count = check_program(&arena, &(struct program){insn, len}, &faults);
	bool taken = admit(insn, len * sizeof(*insn), &fault);
	bool ok = taken == !count &&
		(taken || fault.reason == WINNOW_BYTE_ORDER ||
			fault_known(faults, count, fault.insn));
	if (!ok)
		print_error("%zu instructions from 0x%x: %zu faults, reason %d at %u\n", len,
			insn[0].code, count, fault.reason, fault.insn);
	arena_free(&arena);
	return ok;
}

static void every_opcode_and_operand_is_judged_as_by_check(void **state)
{
	bool ok = true;

	(void)state;
	for (uint32_t code = 0; code <= UINT16_MAX; code++) {
		const struct insn insn[] = {{(uint16_t)code, 0, 0, 0}, ALLOW};
		ok = agrees(insn, countof(insn)) && ok;
	}
	for (uint32_t code = 0; code <= UINT8_MAX; code++) {
		for (uint32_t k = 0; k < 70; k++) {
			const struct insn insn[] = {{(uint16_t)code, 0, 1, k}, ALLOW, ALLOW};
			ok = agrees(insn, countof(insn)) && ok;
		}
	}
	assert_true(ok);
}

/* Within the program, but for the odd one. */
static uint8_t random_reach(struct random *r, size_t left)
{
	size_t choices = left + random_chance(r, 2);

	return choices ? (uint8_t)random_below(r, choices) : 0;
}

/* Mostly sound, with cells and jumps enough that they meet. */
static struct insn random_insn(struct random *r, size_t left)
{
	static const uint16_t codes[] = {INSN_LD, BPF_ST, BPF_STX, BPF_LD | BPF_MEM,
		BPF_LDX | BPF_MEM, BPF_ST, INSN_JA, INSN_JEQ, INSN_JSET, INSN_JGT, INSN_RET,
		BPF_ALU | BPF_DIV | BPF_K, BPF_ALU | BPF_LSH | BPF_K, BPF_MISC | BPF_TAX};
	struct insn insn = {.code = codes[random_below(r, countof(codes))]};
	size_t reach = left < 4 ? left : 4;

	insn.k = random_below(r, 4);
	if (insn.code == INSN_LD)
		insn.k *= 4;
	else if (insn.code == INSN_JA)
		insn.k = random_reach(r, reach);
	else if (insn.code % 8 == BPF_ALU)
		insn.k += !random_chance(r, 5);
	insn.jt = random_reach(r, reach);
	insn.jf = random_reach(r, reach);
	return insn;
}

static void random_programs_are_judged_as_by_check(void **state)
{
	struct random r = random_start(6);
	size_t taken = 0;

	(void)state;
	for (size_t n = 0; n < 50000; n++) {
		struct insn insn[24];
		struct winnow_fault fault;
		size_t len = 1 + random_below(&r, countof(insn));
		for (size_t pc = 0; pc < len; pc++)
			insn[pc] = random_insn(&r, len - 1 - pc);
		if (random_chance(&r, 95))
			insn[len - 1] = (struct insn)ALLOW;
		assert_true(agrees(insn, len));
		taken += admit(insn, len * sizeof(insn[0]), &fault);
	}
	assert_in_range(taken, 1000, 49000);
}

/* --- what is meant for another machine --- */

#define HERE  0xc000003eu
#define THERE 0xc00000b7u

static const struct sample_blob arch_rows[] = {
	{"ours alone", {LD(4), JEQ(HERE, 0, 1), ALLOW, KILL}, 4, WINNOW_OK, 0, 0},
	{"ours refused by name", {LD(4), JEQ(HERE, 0, 1), KILL, ALLOW}, 4, WINNOW_ARCH_KILLED, 0, 0},
	{"another's", {LD(4), JEQ(THERE, 0, 1), ALLOW, KILL}, 4, WINNOW_ARCH_OTHER, 0, THERE},
	{"another's, open to all", {LD(4), JEQ(THERE, 0, 1), KILL, ALLOW}, 4, WINNOW_ARCH_OTHER, 0,
		THERE},
	{"two, ours last", {LD(4), JEQ(THERE, 1, 0), JEQ(HERE, 0, 1), ALLOW, KILL}, 5, WINNOW_OK, 0, 0},
	{"two, ours first", {LD(4), JEQ(HERE, 1, 0), JEQ(THERE, 0, 1), ALLOW, KILL}, 5, WINNOW_OK, 0, 0},
	{"by halves", {LD(4), JGT(THERE - 1, 1, 0), JEQ(HERE, 0, 1), ALLOW, KILL}, 5, WINNOW_OK, 0, 0},
	{"ours where it never comes", {LD(4), JGT(THERE, 0, 1), JEQ(HERE, 0, 1), ALLOW, KILL}, 5,
		WINNOW_ARCH_OTHER, 0, 0},
	{"by bits", {LD(4), JSET(HERE, 0, 1), JEQ(HERE, 0, 1), ALLOW, KILL}, 5, WINNOW_OK, 0, 0},
	{"no arch at all", {LD(0), JEQ(39, 0, 1), RET(0x50001), ALLOW}, 4, WINNOW_ARCH_UNSEEN, 2, 0},
	{"the number first", {LD(0), JEQ(39, 3, 0), LD(4), JEQ(HERE, 0, 1), ALLOW, KILL}, 6, WINNOW_OK, 0,
		0},
	{"the number first, and decides", {LD(0), JEQ(39, 0, 1), ALLOW, LD(4), JEQ(HERE, 0, 1), ALLOW,
		KILL}, 7, WINNOW_ARCH_UNSEEN, 2, 0},
	{"our arch in another word", {LD(8), JEQ(HERE, 0, 1), ALLOW, KILL}, 4, WINNOW_ARCH_UNSEEN, 2, 0},
	{"the arch, changed", {LD(4), {BPF_ALU | BPF_AND | BPF_K, 0, 0, 255}, JEQ(HERE, 0, 1), ALLOW, KILL},
		5, WINNOW_ARCH_UNSEEN, 3, 0},
	{"a jump that compares nothing", {LD(4), JEQ(HERE, 0, 0), ALLOW}, 3, WINNOW_ARCH_UNSEEN, 2, 0},
	{"the arch or not", {LD(0), JEQ(39, 0, 1), LD(4), JEQ(HERE, 0, 1), ALLOW, KILL}, 6,
		WINNOW_ARCH_UNSEEN, 4, 0},
	{"allow everything", {ALLOW}, 1, WINNOW_ARCH_UNSEEN, 0, 0},
	{"kill everything", {KILL}, 1, WINNOW_ARCH_OTHER, 0, 0},
	{"whatever A holds", {LD(4), JEQ(HERE, 0, 1), {BPF_RET | BPF_A, 0, 0, 0}, KILL}, 4, WINNOW_OK, 0, 0},
};

static void blobs_of_other_abis_are_told(void **state)
{
	bool ok = true;

	(void)state;
	for (size_t i = 0; i < countof(arch_rows); i++) {
		const struct sample_blob *row = &arch_rows[i];
		struct winnow_fault fault = {.reason = WINNOW_OK};
		bool native =
			native_check(row->insn, row->len * sizeof(row->insn[0]), HERE, &fault);
		ok = check_row(row, native, &fault) && ok;
	}
	assert_true(ok);
}

/* --- loaded --- */

static const struct insn harmless[] = {LD(4), JEQ(HOST_AUDIT, 0, 1), ALLOW, KILL};

/* Runs a test in a process of its own; 0 is a pass, others say where it went wrong. */
static void in_child(int (*test)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(test());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int try_harmless(void)
{
	return -winnow_load(harmless, sizeof(harmless), 0, NULL);
}

static bool possible(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(try_harmless());
	waitpid(pid, &status, 0);
	return status == 0;
}

static void skip_unless_possible(void)
{
	if (possible())
		return;
	printf("SKIP load: no seccomp filters here\n");
	skip();
}

static int load_getppid(void)
{
	const struct insn insn[] = {LD(4), JEQ(HOST_AUDIT, 0, 3), LD(0), JEQ(NR_getppid, 0, 2),
		RET(0x50000 | 77), KILL, ALLOW};
	struct winnow_fault fault;

	errno = 0;
	if (winnow_load(insn, sizeof(insn), 0, &fault) || fault.reason || errno)
		return 1;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl(PR_GET_SECCOMP) != 2)
		return 2;
	return syscall(SYS_getppid) == -1 && errno == 77 ? 0 : 3;
}

static int load_refusals(void)
{
	const struct insn foreign[] = {LD(4), JEQ(HOST_AUDIT ^ 1, 0, 1), ALLOW, KILL};
	struct winnow_fault fault;

	if (winnow_load(foreign, sizeof(foreign), 0, &fault) != -ENOEXEC ||
		fault.reason != WINNOW_ARCH_OTHER || fault.arch != (HOST_AUDIT ^ 1))
		return 1;
	if (winnow_load(harmless, sizeof(harmless) - 8, WINNOW_NO_CHECK, &fault) != -EINVAL ||
		fault.reason != WINNOW_REFUSED)
		return 2;
	if (winnow_load(harmless, sizeof(harmless), 1 << 20, &fault) != -EINVAL ||
		fault.reason != WINNOW_FLAGS)
		return 3;
	if (winnow_load(harmless, sizeof(harmless), WINNOW_WAIT_KILLABLE, &fault) != -EINVAL ||
		fault.reason != WINNOW_FLAGS)
		return 4;
	if (winnow_load(harmless, (size_t)1 << 20, WINNOW_NO_CHECK, &fault) != -EINVAL ||
		fault.reason != WINNOW_TOO_LONG)
		return 5;
	return prctl(PR_GET_SECCOMP) == 0 ? 0 : 6;
}

static int load_with_flags(void)
{
	const unsigned flags[] = {WINNOW_LOG, WINNOW_TSYNC, WINNOW_SPEC_ALLOW,
		WINNOW_LOG | WINNOW_TSYNC | WINNOW_SPEC_ALLOW, WINNOW_KEEP_PRIVS, WINNOW_NO_CHECK};

	for (size_t i = 0; i < countof(flags); i++) {
		if (winnow_load(harmless, sizeof(harmless), flags[i], NULL))
			return 1 + (int)i;
		if (i == 0 && setuid(65534) &&
			errno != EPERM) /* from here on without CAP_SYS_ADMIN */
			return 100;
	}
	int fd = winnow_load(harmless, sizeof(harmless), WINNOW_LISTENER | WINNOW_TSYNC, NULL);
	return fd > 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC ? 0 : 101;
}

static int load_without_privileges(void)
{
	struct winnow_fault fault;

	if (setuid(65534) && geteuid() == 0)
		return 1;
	if (winnow_load(harmless, sizeof(harmless), WINNOW_KEEP_PRIVS, &fault) != -EACCES)
		return 2;
	return fault.reason == WINNOW_REFUSED ? 0 : 3;
}

static int load_until_full(void)
{
	static struct insn insn[PROGRAM_MAX];
	struct winnow_fault fault = {.reason = WINNOW_OK};
	size_t loaded = 0;

	for (size_t i = 0; i < PROGRAM_MAX; i++)
		insn[i] = (struct insn)ALLOW;
	while (!winnow_load(insn, sizeof(insn), WINNOW_NO_CHECK, &fault) && loaded < 20)
		loaded++;
	return loaded >= 1 && loaded < 8 && fault.reason == WINNOW_BUDGET ? 0 : 1;
}

/* In pieces that end within instructions. */
static int load_from_pipe(void)
{
	int ends[2];
	const char *bytes = (const char *)harmless;

	if (pipe(ends))
		return 1;
	pid_t writer = fork();
	if (writer == 0) {
		for (size_t i = 0; i < sizeof(harmless); i += 5)
			if (write(ends[1], bytes + i,
				    sizeof(harmless) - i < 5 ? sizeof(harmless) - i : 5) < 0)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	if (winnow_load_fd(ends[0], 0, NULL))
		return 2;
	return prctl(PR_GET_SECCOMP) == 2 ? 0 : 3;
}

static int load_from_elsewhere(void)
{
	struct winnow_fault fault;

	if (winnow_load_fd(open("/dev/null", O_RDONLY), 0, &fault) != -EINVAL ||
		fault.reason != WINNOW_EMPTY)
		return 1;
	if (winnow_load_fd(open("/dev/zero", O_RDONLY), 0, &fault) != -EINVAL)
		return 2;
	if (winnow_load_fd(open("/", O_RDONLY), 0, &fault) != -EISDIR ||
		fault.reason != WINNOW_READ)
		return 3;
	if (winnow_load_fd(-1, 0, NULL) != -EBADF)
		return 4;
	return 0;
}

static void *load_its_own(void *data)
{
	(void)data;
	if (winnow_load(harmless, sizeof(harmless), 0, NULL))
		_exit(50);
	for (;;)
		pause();
}

/* A thread with a filter of its own cannot be given ours. */
static int load_for_threads(void)
{
	struct winnow_fault fault;
	pthread_t thread;

	if (pthread_create(&thread, NULL, load_its_own, NULL))
		return 1;
	for (size_t i = 0; i < 1000; i++) {
		int error = winnow_load(harmless, sizeof(harmless), WINNOW_TSYNC, &fault);
		if (error)
			return error == -ESRCH && fault.reason == WINNOW_THREADS ? 0 : 2;
		usleep(1000);
	}
	return 3;
}

#define IN_CHILD(name, test)                                                                       \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		skip_unless_possible();                                                            \
		in_child(test);                                                                    \
	}
IN_CHILD(a_filter_is_obeyed_and_errno_untouched, load_getppid)
IN_CHILD(what_is_refused_leaves_no_filter, load_refusals)
IN_CHILD(flags_reach_the_kernel, load_with_flags)
IN_CHILD(without_privileges_no_new_privs_is_needed, load_without_privileges)
IN_CHILD(a_task_takes_so_many_filters, load_until_full)
IN_CHILD(a_blob_may_come_from_a_pipe, load_from_pipe)
IN_CHILD(descriptors_without_a_blob_are_told, load_from_elsewhere)
IN_CHILD(a_thread_in_the_way_is_told, load_for_threads)

static void every_reason_has_words(void **state)
{
	(void)state;
	for (int reason = 0; reason < WINNOW_REASONS; reason++)
		assert_non_null(winnow_reason_text((enum winnow_reason)reason));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_those_of_the_libc),
		cmocka_unit_test(audit_arch_is_that_of_the_host),
		cmocka_unit_test(calls_come_back_as_the_kernel_returns_them),
		cmocka_unit_test(audit_archs_have_their_abis_names),
		cmocka_unit_test(reasons_are_the_kernels_rules),
		cmocka_unit_test(sizes_are_whole_instructions_up_to_4096),
		cmocka_unit_test(other_byte_order_is_told_from_nonsense),
		cmocka_unit_test(blobs_may_lie_anywhere),
		cmocka_unit_test(every_opcode_and_operand_is_judged_as_by_check),
		cmocka_unit_test(random_programs_are_judged_as_by_check),
		cmocka_unit_test(blobs_of_other_abis_are_told),
		cmocka_unit_test(a_filter_is_obeyed_and_errno_untouched),
		cmocka_unit_test(what_is_refused_leaves_no_filter),
		cmocka_unit_test(flags_reach_the_kernel),
		cmocka_unit_test(without_privileges_no_new_privs_is_needed),
		cmocka_unit_test(a_task_takes_so_many_filters),
		cmocka_unit_test(a_blob_may_come_from_a_pipe),
		cmocka_unit_test(descriptors_without_a_blob_are_told),
		cmocka_unit_test(a_thread_in_the_way_is_told),
		cmocka_unit_test(every_reason_has_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
