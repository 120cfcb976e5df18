/*
 * Filters obeyed by the kernel this runs on: live WINNOW PROFILE...
 *
 * Each profile is compiled twice, by the program WINNOW and in here, to the same filter. Its bytes
 * are loaded, calls are made, and what becomes of each has to be what sim_run() says of the bytes
 * and policy_decide() of the profile. Calls without arguments stand for all others: they take
 * anything in their place and do no harm. The profiles on the command line get calls that fail by
 * themselves.
 *
 * Exits 0 without a disagreement, and where there is no seccomp, which it says loudly.
 */

#define _DEFAULT_SOURCE /* mkdtemp() */

#include "tests/lib/run_filtered.h"
#include "tests/lib/boundary.h"
#include "tests/lib/random.h"

#include "backends/bpf/bytes.h"
#include "backends/bpf/sim.h"
#include "compiler/kernel/action.h"
#include "tools/lib/build.h"

#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define QUIET_MAX 4096
#define CALLS_MAX (QUIET_MAX + 200)
#define ERRNO_MAX 4095 /* kernel/seccomp.c __seccomp_filter(): larger ones become this */
#define TRAP_CODE 1    /* SYS_SECCOMP of include/uapi/asm-generic/siginfo.h */

/* No arguments, no effect. */
static const char *const quiet[] = {
	"getppid", "getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "sched_yield"};

/* Calls that fail, or change nothing, when each argument is -1; whether or not they get through. */
static const char *const failing[] = {
	/* clang-format off */
	"read", "write", "close", "fstat", "lseek", "mmap", "mprotect", "munmap", "ioctl", "dup",
	"socket", "connect", "bind", "openat", "unlinkat", "mkdirat", "getdents64", "fchmodat",
	"statx", "nanosleep", "futex", "prctl", "rt_sigaction", "capset", "tgkill", "seccomp",
	"getrandom", "preadv2", "copy_file_range", "epoll_ctl", "ptrace", "mount", "umount2",
	"swapon", "swapoff", "reboot", "kexec_load", "finit_module", "delete_module", "acct",
	"settimeofday", "clock_settime", "bpf", "perf_event_open", "unshare", "setns",
	"pivot_root", "keyctl", "add_key", "request_key", "quotactl", "syslog", "sethostname",
	"setdomainname", "userfaultfd", "open_by_handle_at", "name_to_handle_at",
	"process_vm_readv", "process_vm_writev", "kcmp", "get_mempolicy", "set_mempolicy",
	"mbind", "move_pages", "chroot", "fanotify_init", "clone3", "openat2", "io_uring_setup",
	"pidfd_open", "landlock_create_ruleset", "memfd_secret", "personality",
	/* clang-format on */
};

/* The same with arguments of their own, 0 where there are none. */
static const struct {
	const char *name;
	uint64_t args[CALL_ARGS];
} failing_with[] = {
	{"init_module", {0}},
	/* returns what was before, so each is undone; those refused have nothing to undo */
	{"personality", {8}},
	{"personality", {0}},
	{"personality", {0x20000}},
	{"personality", {0}},
	{"personality", {0x20008}},
	{"personality", {0}},
	{"personality", {0xffffffff}},
	{"personality", {0x1ffffffff}},
	{"personality", {0x100000000}},
	/* CLONE_SIGHAND without CLONE_VM; which argument holds the flags depends on the ABI */
	{"clone", {0x800, 0x800}},
	{"clone", {0x4000800, 0x4000800}},
	{"clone", {0x10000800, 0x10000800}},
	{"clone", {0x10000000800, 0x10000000800}},
};

static_assert(QUIET_MAX + countof(failing) + countof(failing_with) <= CALLS_MAX, "all fit");

struct live {
	struct arena arena;
	const char *winnow;
	char dir[32];
	struct random random;
	size_t passed, failed;

	/* of the profile being tried */
	const char *name;
	struct filter filter;
	struct program program; /* the filter and, behind it, what the blob says of itself */
	struct call call[CALLS_MAX];
	size_t calls;
};

static void complain(struct live *l, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void complain(struct live *l, const char *fmt, ...)
{
	va_list args;

	l->failed++;
	printf("live: %s: ", l->name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

/* --- the profile's bytes --- */

static const char *path_in(struct live *l, const char *name)
{
	struct buf b;

	buf_init(&b, &l->arena);
	buf_printf(&b, "%s/%s%c", l->dir, name, 0);
	return b.bytes;
}

static bool write_text(const char *path, const struct buf *text)
{
	FILE *f = fopen(path, "w");

	return f && fwrite(text->bytes, 1, text->len, f) == text->len && fclose(f) == 0;
}

static bool read_file(const char *path, struct buf *b)
{
	FILE *f = fopen(path, "r");
	char bytes[4096];
	size_t got;

	if (!f)
		return false;
	while ((got = fread(bytes, 1, sizeof(bytes), f)))
		buf_add(b, bytes, got);
	return !ferror(f) && fclose(f) == 0;
}

/* winnow compile, as a user runs it. */
static bool compile_outside(struct live *l, const struct buf *text, struct buf *blob)
{
	const char *profile = path_in(l, "profile.json"), *out = path_in(l, "blob");
	char *argv[] = {(char *)(uintptr_t)l->winnow, "compile", "-q", "--no-trailer", "-f", "bpf", "-o",
		(char *)(uintptr_t)out, (char *)(uintptr_t)profile, NULL};
	int status;
	pid_t pid;

	if (!write_text(profile, text) ||
		posix_spawnp(&pid, l->winnow, NULL, NULL, argv, environ) ||
		waitpid(pid, &status, 0) != pid || status)
		return false;
	return read_file(out, blob);
}

static bool compile_inside(struct live *l, const struct buf *text)
{
	const struct source source = {l->name, text->bytes, text->len, false};
	const struct node_facts node = {.native = arch_native()};
	struct diags diags;
	struct mistake mistake;

	diags_init(&diags, &l->arena, &source);
	const struct profile *profile = build_profile(&l->arena, &source, &diags);
	return profile &&
		build_filter(&l->arena, profile, &node, 1, NULL, &diags, &l->filter, &mistake) ==
		BUILD_DONE;
}

static bool compile(struct live *l, const struct buf *text, struct buf *blob)
{
	struct buf bytes;

	buf_init(&bytes, &l->arena);
	buf_init(blob, &l->arena);
	if (!compile_inside(l, text) || !compile_outside(l, text, blob)) {
		complain(l, "does not compile");
		return false;
	}
	bytes_write(&bytes, &l->filter.program, l->filter.policy->order);
	if (blob->len % INSN_SIZE || blob->len < bytes.len ||
		memcmp(bytes.bytes, blob->bytes, bytes.len) != 0) {
		complain(l, "%s makes other bytes of it", l->winnow);
		return false;
	}
	l->program = bytes_read(&l->arena, blob->bytes, blob->len, l->filter.policy->order);
	return true;
}

/* --- the calls --- */

static bool is_quiet(const char *name)
{
	for (size_t i = 0; i < countof(quiet); i++) {
		if (strcmp(quiet[i], name) == 0)
			return true;
	}
	return false;
}

/* A number far from all there are, or a call of `quiet`; not one that is newer than our tables. */
static bool is_harmless(uint32_t nr)
{
	const struct abi *abi = arch_of_call(arch_native()->audit, nr);
	const char *name = abi ? arch_nr_name(abi, nr) : NULL;

	return name ? is_quiet(name) : nr % 0x40000000 >= 20000;
}

static bool add_call(void *data, const struct call *call)
{
	struct live *l = data;

	if (call->arch == arch_native()->audit && is_harmless(call->nr) && l->calls < QUIET_MAX)
		l->call[l->calls++] = *call;
	return true;
}

/* At the edges of the policy; and by every number that an ABI with our audit arch has for them. */
static void add_quiet_calls(struct live *l)
{
	const struct abi *native = arch_native();
	const struct boundary boundary = {.policy = l->filter.policy,
		.args_max = native->bits == 32 ? UINT32_MAX : UINT64_MAX,
		.rounds = 1,
		.visit = add_call,
		.data = l};
	uint16_t id;

	boundary_visit(&l->random, &boundary);
	for (size_t i = 0; i < arch_abi_count; i++) {
		for (size_t k = 0; k < countof(quiet); k++) {
			struct call call = {.arch = arch_abis[i].audit};
			if (arch_syscall_find(quiet[k], strlen(quiet[k]), &id) &&
				arch_nr(&arch_abis[i], id, &call.nr))
				add_call(l, &call);
		}
	}
}

static void add_failing(struct live *l, const char *name, const uint64_t *args)
{
	const struct abi *native = arch_native();
	struct call call = {.arch = native->audit};
	uint16_t id;

	for (size_t arg = 0; arg < CALL_ARGS; arg++)
		call.args[arg] = native->bits == 32 ? (uint32_t)args[arg] : args[arg];
	if (arch_syscall_find(name, strlen(name), &id) && arch_nr(native, id, &call.nr))
		l->call[l->calls++] = call;
}

static void add_failing_calls(struct live *l)
{
	static const uint64_t bad[CALL_ARGS] = {
		UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};

	for (size_t i = 0; i < countof(failing); i++)
		add_failing(l, failing[i], bad);
	for (size_t i = 0; i < countof(failing_with); i++)
		add_failing(l, failing_with[i].name, failing_with[i].args);
}

/* --- the comparison --- */

/* What a call comes to that gets this answer. */
static struct deed expected(const struct call *c, uint32_t ret, long unfiltered)
{
	struct deed deed = {.outcome = OUTCOME_RETURNED, .unfiltered = unfiltered};
	enum action action = ACTION_KILL_PROCESS;

	action_of(ret, &action);
	switch (action) {
	case ACTION_KILL_PROCESS:
		deed.outcome = OUTCOME_PROCESS_KILLED;
		break;
	case ACTION_KILL_THREAD:
		deed.outcome = OUTCOME_THREAD_KILLED;
		break;
	case ACTION_TRAP:
		deed.outcome = OUTCOME_TRAPPED;
		deed.trap.nr = (int)c->nr;
		deed.trap.arch = c->arch;
		deed.trap.error = (int)RET_DATA(ret);
		deed.trap.code = TRAP_CODE;
		break;
	case ACTION_ERRNO:
		deed.value = -(long)(RET_DATA(ret) < ERRNO_MAX ? RET_DATA(ret) : ERRNO_MAX);
		break;
	case ACTION_NOTIFY: /* nobody listens */
	case ACTION_TRACE:  /* nobody traces */
		deed.value = -(long)arch_native()->enosys;
		break;
	case ACTION_LOG:
	case ACTION_ALLOW:
		deed.value = unfiltered;
		break;
	case ACTIONS:
		unreachable();
	}
	return deed;
}

static bool same(const struct deed *a, const struct deed *b)
{
	return a->outcome == b->outcome && a->value == b->value && a->trap.nr == b->trap.nr &&
		a->trap.arch == b->trap.arch && a->trap.error == b->trap.error &&
		a->trap.code == b->trap.code;
}

static void print_deed(struct buf *b, const struct deed *deed)
{
	switch (deed->outcome) {
	case OUTCOME_NONE:
	case OUTCOME_LOST:
		buf_text(b, "nothing known");
		return;
	case OUTCOME_RETURNED:
		buf_printf(b, "returned %ld", deed->value);
		return;
	case OUTCOME_TRAPPED:
		buf_printf(b, "trapped with nr %d, arch 0x%08x, errno %d, code %d", deed->trap.nr,
			deed->trap.arch, deed->trap.error, deed->trap.code);
		return;
	case OUTCOME_THREAD_KILLED:
		buf_text(b, "thread killed");
		return;
	case OUTCOME_PROCESS_KILLED:
		buf_text(b, "process killed");
		return;
	}
	unreachable();
}

static void disagree(struct live *l, const struct call *c, uint32_t ret, const struct deed *wanted,
	const struct deed *seen)
{
	struct buf b;

	buf_init(&b, &l->arena);
	buf_printf(&b, "call 0x%x(", c->nr);
	for (size_t i = 0; i < CALL_ARGS; i++)
		buf_printf(&b, "%s0x%llx", i ? ", " : "", (unsigned long long)c->args[i]);
	buf_text(&b, ") is to get ");
	action_print(&b, ret);
	buf_text(&b, ": ");
	print_deed(&b, wanted);
	buf_text(&b, "; the kernel: ");
	print_deed(&b, seen);
	complain(l, "%.*s", (int)b.len, b.bytes);
}

static void compare(struct live *l, const struct call *c, const struct deed *seen)
{
	uint32_t ret = sim_returned(sim_run(&l->program, l->filter.policy->order, c, NULL, NULL));
	uint32_t policy = policy_decide(l->filter.policy, c)->ret;
	struct deed wanted = expected(c, ret, seen->unfiltered);

	if (ret != policy)
		complain(l, "call 0x%x: filter 0x%08x, policy 0x%08x", c->nr, ret, policy);
	else if (!same(&wanted, seen))
		disagree(l, c, ret, &wanted, seen);
	else
		l->passed++;
}

static void try(struct live *l, const char *name, const struct buf *text, bool shipped)
{
	struct buf blob;
	int error;

	l->name = name;
	l->calls = 0;
	if (!compile(l, text, &blob))
		return;
	add_quiet_calls(l);
	if (shipped)
		add_failing_calls(l);
	struct deed *deed = arena_alloc(&l->arena, l->calls, sizeof(*deed));
	error = run_filtered(blob.bytes, blob.len, l->call, l->calls, deed);
	if (error)
		complain(l, "the kernel does not take it: %s", strerror(-error));
	for (size_t i = 0; i < l->calls && !error; i++)
		compare(l, &l->call[i], &deed[i]);
}

/* --- the profiles --- */

static void quote(struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		b->bytes[i] = b->bytes[i] == '\'' ? '"' : b->bytes[i];
}

/* Text with ' for ". */
static void try_text(struct live *l, const char *name, const char *text)
{
	struct buf b;

	buf_init(&b, &l->arena);
	buf_text(&b, text);
	quote(&b);
	try(l, name, &b, false);
}

/* Each action, and data at its limits. */
static void try_actions(struct live *l)
{
	try_text(l, "actions",
		"{'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrnoRet': 42, 'syscalls': ["
		"{'names': ['getppid'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 4095},"
		"{'names': ['getuid'], 'action': 'SCMP_ACT_TRAP'},"
		"{'names': ['geteuid'], 'action': 'SCMP_ACT_KILL_PROCESS'},"
		"{'names': ['getgid'], 'action': 'SCMP_ACT_KILL_THREAD'},"
		"{'names': ['getegid'], 'action': 'SCMP_ACT_LOG'},"
		"{'names': ['gettid'], 'action': 'SCMP_ACT_TRACE', 'errnoRet': 7},"
		"{'names': ['getpid'], 'action': 'SCMP_ACT_NOTIFY'},"
		"{'names': ['sched_yield'], 'action': 'SCMP_ACT_ALLOW'}]}");
	try_text(l, "errno 0",
		"{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': ["
		"{'names': ['getppid'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 0}]}");
}

static void try_defaults(struct live *l)
{
	for (unsigned action = 0; action < ACTIONS; action++) {
		const char *name = action_oci_name((enum action)action);
		struct buf b;
		buf_init(&b, &l->arena);
		buf_printf(&b,
			"{'defaultAction': '%s', 'syscalls': ["
			"{'names': ['getppid'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 11},"
			"{'names': ['gettid'], 'action': 'SCMP_ACT_ALLOW'}]}",
			name);
		quote(&b);
		try(l, name, &b, false);
	}
}

/* One operator on values at the edges of words, a call each. */
static void try_operator(struct live *l, const char *op)
{
	static const uint64_t values[countof(quiet)] = {0, 0x7fffffff, 0x80000000, 0xffffffff,
		0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff};
	struct buf b;

	buf_init(&b, &l->arena);
	buf_text(&b, "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [");
	for (size_t i = 0; i < countof(quiet); i++)
		buf_printf(&b,
			"%s{'names': ['%s'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': %zu, 'args': "
			"[{'index': %zu, 'value': %llu, 'valueTwo': %llu, 'op': '%s'}]}",
			i ? "," : "", quiet[i], 60 + i, i % CALL_ARGS,
			(unsigned long long)values[i],
			(unsigned long long)(values[i] & 0x5555555555555555), op);
	buf_text(&b, "]}");
	quote(&b);
	try(l, op, &b, false);
}

static void try_arguments(struct live *l)
{
	static const char *const ops[] = {"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT",
		"SCMP_CMP_LE", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"};

	for (size_t i = 0; i < countof(ops); i++)
		try_operator(l, ops[i]);
	try_text(l, "six arguments",
		"{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['getppid', 'getuid'],"
		"'action': 'SCMP_ACT_ERRNO', 'errnoRet': 70, 'args': ["
		"{'index': 0, 'op': 'SCMP_CMP_GE', 'value': 4294967296},"
		"{'index': 1, 'op': 'SCMP_CMP_LT', 'value': 4294967296},"
		"{'index': 2, 'op': 'SCMP_CMP_NE', 'value': 4294967295},"
		"{'index': 3, 'op': 'SCMP_CMP_MASKED_EQ', 'value': 9223372041149743103, "
		"'valueTwo': "
		"1},"
		"{'index': 4, 'op': 'SCMP_CMP_GT', 'value': 9223372036854775807},"
		"{'index': 5, 'op': 'SCMP_CMP_LE', 'value': 9223372036854775808}]}]}");
}

/* The ABIs that share our audit arch: x32 numbers reach the filter whether or not the kernel has
 * x32. */
static void try_guests(struct live *l)
{
	const struct abi *native = arch_native();

	for (size_t i = 0; i < arch_abi_count; i++) {
		struct buf b;
		if (!arch_abis[i].guest || arch_abis[i].audit != native->audit)
			continue;
		buf_init(&b, &l->arena);
		buf_printf(&b,
			"{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': ['%s', '%s'],"
			"'syscalls': [{'names': ['getppid'], 'action': 'SCMP_ACT_ALLOW', 'args': ["
			"{'index': 1, 'op': 'SCMP_CMP_EQ', 'value': 5}]},"
			"{'names': ['getuid'], 'action': 'SCMP_ACT_TRAP'}]}",
			native->oci, arch_abis[i].oci);
		quote(&b);
		try(l, arch_abis[i].name, &b, false);
	}
}

static void try_file(struct live *l, const char *path)
{
	struct buf text;

	buf_init(&text, &l->arena);
	l->name = path;
	if (read_file(path, &text))
		try(l, path, &text, true);
	else
		complain(l, "%s", strerror(errno));
}

/* 0, or what keeps us from loading filters. */
static int possible(const struct abi *native)
{
	const struct insn insn[] = {{INSN_LD, 0, 0, 4}, {INSN_JEQ, 0, 1, native->audit},
		{INSN_RET, 0, 0, RET_ALLOW}, {INSN_RET, 0, 0, RET_KILL_THREAD}};
	const struct call call = {.arch = native->audit, .nr = UINT32_MAX};
	struct deed deed;

	return run_filtered(insn, sizeof(insn), &call, 1, &deed);
}

static void try_all(struct live *l, char **files)
{
	try_actions(l);
	try_defaults(l);
	try_arguments(l);
	try_guests(l);
	for (; *files; files++)
		try_file(l, *files);
}

static void clean_up(struct live *l)
{
	unlink(path_in(l, "profile.json"));
	unlink(path_in(l, "blob"));
	rmdir(l->dir);
}

int main(int argc, char **argv)
{
	static struct live live = {.dir = "/tmp/winnow-live.XXXXXX"};
	const struct abi *native = arch_native();
	int error = native ? possible(native) : -ENOSYS;

	if (argc < 2) {
		fprintf(stderr, "usage: live WINNOW PROFILE...\n");
		return 2;
	}
	if (error == -ENOSYS || error == -EINVAL || error == -EPERM) {
		printf("SKIP live: this kernel has no seccomp filters (%s): NOTHING was checked\n",
			strerror(-error));
		return 0;
	}
	arena_init(&live.arena, BUILD_ARENA);
	if (!mkdtemp(live.dir) || setjmp(live.arena.out)) {
		perror("live");
		return 1;
	}
	live.winnow = argv[1];
	live.random = random_start(1);
	try_all(&live, argv + 2);
	clean_up(&live);
	arena_free(&live.arena);
	printf("live: %zu passed, %zu failed\n", live.passed, live.failed);
	return live.failed || !live.passed;
}
