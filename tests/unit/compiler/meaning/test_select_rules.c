/*
 * What is left of a profile on one node: its ABIs, and its rules with the conditions on
 * capabilities, architectures and kernel decided. A ruleset is compared as a line of text:
 *
 *   ABI* / default action / name action [number of conditions] ...
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"

#include "compiler/kernel/caps.h"

/* What the tests' nodes can be. */
struct node {
	const char *abi;
	const char *cap; /* NULL: none */
	unsigned kernel[2];
	const char *runtime; /* NULL: none */
};

struct row {
	const char *json; /* with ' for " */
	struct node node;
	const char *ruleset, *findings, *words;
};

static const char *print_ruleset(struct attempt *a)
{
	const struct ruleset *set = a->ruleset;
	struct buf b;

	if (!set)
		return "refused";
	ATTEMPT_CATCH(a);
	buf_init(&b, &a->arena);
	for (size_t i = 0; i < set->abis; i++)
		buf_printf(&b, "%s%s", i ? " " : "", set->abi[i]->name);
	buf_text(&b, " / ");
	action_print(&b, set->default_ret);
	buf_text(&b, " /");
	for (size_t i = 0; i < set->rules; i++) {
		buf_printf(&b, " %s ", arch_syscall_name(set->rule[i].syscall));
		action_print(&b, set->rule[i].ret);
		if (set->rule[i].conds)
			buf_printf(&b, "[%zu]", set->rule[i].conds);
	}
	buf_add(&b, "", 1);
	return b.bytes;
}

static struct node_facts node_facts(const struct node *node)
{
	struct node_facts facts = {.native = abi_named(node->abi)};
	unsigned cap;

	if (node->runtime)
		facts.dialect = dialect_find(node->runtime, strlen(node->runtime));
	if (node->cap && strcmp(node->cap, "all") == 0)
		facts.caps = UINT64_MAX;
	else if (node->cap && caps_find(node->cap, strlen(node->cap), &cap))
		facts.caps = (uint64_t)1 << cap;
	else if (node->cap)
		fail_msg("no capability '%s'", node->cap);
	if (node->kernel[0])
		facts.kernel = (struct kernel_version){
			.present = true, .major = node->kernel[0], .minor = node->kernel[1]};
	return facts;
}

static bool row_resolves(const struct row *row)
{
	struct node_facts facts = node_facts(&row->node);
	struct attempt a;

	attempt_text(&a, row->json);
	attempt_node(&a, &facts);
	const char *ruleset = print_ruleset(&a);
	bool ok = attempt_found(&a, row->json, row->findings, row->words);
	if (strcmp(ruleset, row->ruleset) != 0) {
		print_error("%s on %s: '%s', expected '%s'\n", row->json, row->node.abi, ruleset,
			row->ruleset);
		ok = false;
	}
	attempt_end(&a, true);
	return ok;
}

static void rows_resolve(const struct row *row, size_t rows)
{
	bool ok = true;

	for (size_t i = 0; i < rows; i++)
		ok = row_resolves(&row[i]) && ok;
	assert_true(ok);
}

#define ROWS_RESOLVE(name, table)                                                                  \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		rows_resolve(table, countof(table));                                               \
	}

#define D "{'defaultAction': 'SCMP_ACT_ERRNO', "
#define LIST "'architectures': ['SCMP_ARCH_ARM', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_X86_64']}"
#define MAP "'archMap': [{'architecture': 'SCMP_ARCH_X86_64', 'subArchitectures':" \
		"['SCMP_ARCH_X86', 'SCMP_ARCH_X32']}," \
		"{'architecture': 'SCMP_ARCH_MIPS64', 'subArchitectures': ['SCMP_ARCH_MIPS']}]}"

static const struct row abi_rows[] = {
	{D "'syscalls': []}", {.abi = "s390x"}, "s390x / ERRNO(1) /", "", NULL},
	{D "'architectures': []}", {.abi = "s390x"}, "s390x / ERRNO(1) /", "", NULL},
	{D LIST, {.abi = "aarch64"}, "aarch64 arm x86_64 / ERRNO(1) /", "", NULL},
	{D LIST, {.abi = "riscv64"}, "riscv64 arm aarch64 x86_64 / ERRNO(1) /", "", NULL},
	{D "'architectures': ['SCMP_ARCH_X86', 'SCMP_ARCH_NATIVE']}", {.abi = "x86_64"},
		"x86_64 x86 / ERRNO(1) /", "1:72 W019", NULL},
	{D "'architectures': ['SCMP_ARCH_X86', 'SCMP_ARCH_X86']}", {.abi = "x86_64"},
		"x86_64 x86 / ERRNO(1) /", "1:72 W017", NULL},
	{D "'architectures': ['SCMP_ARCH_S390X']}", {.abi = "x86_64"}, "refused", "1:55 E030",
		"s390x is big-endian and x86_64 is not"},
	{D "'architectures': ['SCMP_ARCH_X86']}", {.abi = "ppc64"}, "refused", "1:55 E030",
		"x86 is little-endian and ppc64 is not"},
	{D MAP, {.abi = "x86_64"}, "x86_64 x86 x32 / ERRNO(1) /", "", NULL},
	{D MAP, {.abi = "mips64"}, "mips64 mips / ERRNO(1) /", "", NULL},
	{D MAP, {.abi = "x86"}, "x86 / ERRNO(1) /", "0:0 N002", "no entry for x86"},
	{D MAP, {.abi = "s390x"}, "s390x / ERRNO(1) /", "0:0 N002", NULL},
#define SPELT(word, set, findings) {D "\n'architectures': ['" word "']}", {.abi = "x86_64", .runtime = "crun"}, \
		set, findings, NULL}
	SPELT("x86_64", "x86_64 / ERRNO(1) /", "2:19 W019"),
	SPELT("X86", "x86_64 x86 / ERRNO(1) /", "2:19 W019"),
	SPELT("SCMP_ARCH_x86", "x86_64 x86 / ERRNO(1) /", "2:19 W019"),
	SPELT("SCMP_ARCH_X86", "x86_64 x86 / ERRNO(1) /", ""),
	SPELT("scmp_arch_x86", "refused", "2:19 W019, 2:19 E040"),
	SPELT("amd64", "refused", "2:19 W019, 2:19 E040"),
	SPELT("arm64", "refused", "2:19 W019, 2:19 E040"),
	SPELT("x86-64", "refused", "2:19 W019, 2:19 E040"),
	SPELT("ppc64el", "refused", "2:19 W019, 2:19 E040"),
	/* there is one, and it is not taken */
	{D "'archMap': [{'architecture': 'SCMP_ARCH_LOONGARCH64', 'subArchitectures': []}]}",
		{.abi = "loongarch64", .runtime = "docker"}, "loongarch64 / ERRNO(1) /", "1:66 N002",
		"Docker does not take the archMap's entry for loongarch64"},
	{D "'archMap': [{'architecture': 'SCMP_ARCH_LOONGARCH64', 'subArchitectures': []}]}",
		{.abi = "loongarch64"}, "loongarch64 / ERRNO(1) /", "", NULL},
	{D "'archMap': [{'architecture': 'SCMP_ARCH_X86_64', 'subArchitectures': ['SCMP_ARCH_S390X']}]}",
		{.abi = "x86_64"}, "refused", "1:107 E030", NULL},
	{D "'archMap': [{'architecture': 'SCMP_ARCH_X86_64', 'subArchitectures': ['SCMP_ARCH_S390X']}]}",
		{.abi = "s390x"}, "s390x / ERRNO(1) /", "0:0 N002", NULL},
};
ROWS_RESOLVE(the_profile_adds_abis_to_the_native_one, abi_rows)

#define IF(conditions) D "\n'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', \n" conditions "}]}"
#define KEPT    "x86_64 / ERRNO(1) / read ALLOW"
#define DROPPED "x86_64 / ERRNO(1) /"

static const struct row cap_rows[] = {
	{IF("'includes': {'caps': ['CAP_SYS_ADMIN']}"), {.abi = "x86_64"}, DROPPED, "", NULL},
	{IF("'includes': {'caps': ['CAP_SYS_ADMIN']}"), {.abi = "x86_64", .cap = "CAP_SYS_ADMIN"}, KEPT, "",
		NULL},
	{IF("'includes': {'caps': ['CAP_SYS_ADMIN']}"), {.abi = "x86_64", .cap = "CAP_BPF"}, DROPPED, "",
		NULL},
	{IF("'includes': {'caps': ['CAP_SYS_ADMIN', 'CAP_BPF']}"), {.abi = "x86_64", .cap = "CAP_BPF"},
		DROPPED, "", NULL},
	{IF("'includes': {'caps': ['CAP_SYS_ADMIN', 'CAP_BPF']}"), {.abi = "x86_64", .cap = "all"}, KEPT, "",
		NULL},
	{IF("'excludes': {'caps': ['CAP_SYS_ADMIN']}"), {.abi = "x86_64"}, KEPT, "", NULL},
	{IF("'excludes': {'caps': ['CAP_SYS_ADMIN']}"), {.abi = "x86_64", .cap = "CAP_SYS_ADMIN"}, DROPPED,
		"", NULL},
	{IF("'excludes': {'caps': ['CAP_SYS_ADMIN', 'CAP_BPF']}"), {.abi = "x86_64", .cap = "CAP_BPF"},
		DROPPED, "", NULL},
	{IF("'includes': {'caps': ['CAP_BPF']}, 'excludes': {'caps': ['CAP_BPF']}"),
		{.abi = "x86_64", .cap = "CAP_BPF"}, DROPPED, "", NULL},
	{IF("'includes': {'caps': ['CAP_SYS_ADMN']}"), {.abi = "x86_64", .cap = "all"}, DROPPED,
		"3:23 W011", "did you mean 'CAP_SYS_ADMIN'?"},
	{IF("'excludes': {'caps': ['cap_sys_admin']}"), {.abi = "x86_64", .cap = "all"}, KEPT, "3:23 W011",
		"did you mean 'CAP_SYS_ADMIN'?"},
	{IF("'excludes': {'caps': ['SYS_ADMIN']}"), {.abi = "x86_64", .cap = "all"}, KEPT, "3:23 W011",
		"did you mean 'CAP_SYS_ADMIN'?"},
	{IF("'includes': {'caps': [], 'arches': []}, 'excludes': {'caps': []}"), {.abi = "x86_64"}, KEPT, "",
		NULL},
	{IF("'includes': {'caps': ['CAP_CHECKPOINT_RESTORE']}"),
		{.abi = "x86_64", .cap = "CAP_CHECKPOINT_RESTORE"}, KEPT, "", NULL},
};
ROWS_RESOLVE(rules_depend_on_capabilities, cap_rows)

static const struct row arch_rows[] = {
	{IF("'includes': {'arches': ['amd64']}"), {.abi = "x86_64"}, KEPT, "", NULL},
	{IF("'includes': {'arches': ['arm64', 'amd64']}"), {.abi = "x86_64"}, KEPT, "", NULL},
	{IF("'includes': {'arches': ['x32', 'x86']}"), {.abi = "x86_64"}, DROPPED, "", NULL},
	{IF("'includes': {'arches': ['AMD64']}"), {.abi = "x86_64"}, DROPPED, "3:25 W012", "write 'amd64'"},
	{IF("'includes': {'arches': ['sparc64']}"), {.abi = "x86_64"}, DROPPED, "3:25 W012", "Go's words"},
	{IF("'includes': {'arches': ['x86_64']}"), {.abi = "x86_64"}, DROPPED, "3:25 W012", "write 'amd64'"},
	{IF("'includes': {'arches': ['SCMP_ARCH_X86_64']}"), {.abi = "x86_64"}, DROPPED, "3:25 W012",
		"write 'amd64'"},
	{IF("'excludes': {'arches': ['SCMP_ARCH_AARCH64']}"), {.abi = "x86_64"}, KEPT, "3:25 W012",
		"write 'arm64'"},
	{IF("'excludes': {'arches': ['amd64']}"), {.abi = "x86_64"}, DROPPED, "", NULL},
	{IF("'excludes': {'arches': ['s390', 's390x']}"), {.abi = "x86_64"}, KEPT, "", NULL},
	{IF("'includes': {'arches': ['s390', 's390x']}"), {.abi = "s390x"}, "s390x / ERRNO(1) / read ALLOW",
		"", NULL},
	{IF("'includes': {'arches': ['mips3l64n32']}"), {.abi = "mipsel64n32"},
		"mipsel64n32 / ERRNO(1) / read ALLOW", "", NULL},
	{IF("'includes': {'arches': ['mips']}"), {.abi = "mips"}, "mips / ERRNO(1) /", "", NULL},
	{IF("'includes': {'arches': ['amd64'], 'caps': ['CAP_BPF']}"), {.abi = "x86_64"}, DROPPED, "", NULL},
	{IF("'includes': {'arches': ['amd64'], 'caps': ['CAP_BPF']}"), {.abi = "x86_64", .cap = "CAP_BPF"},
		KEPT, "", NULL},
	{IF("'includes': {'arches': ['amd64']}, 'excludes': {'arches': ['amd64']}"), {.abi = "x86_64"},
		DROPPED, "", NULL},
};
ROWS_RESOLVE(rules_depend_on_the_node_s_architecture, arch_rows)

static const struct row kernel_rows[] = {
	{IF("'includes': {'minKernel': '4.8'}"), {.abi = "x86_64", .kernel = {4, 8}}, KEPT, "", NULL},
	{IF("'includes': {'minKernel': '4.8'}"), {.abi = "x86_64", .kernel = {4, 7}}, DROPPED, "", NULL},
	{IF("'includes': {'minKernel': '4.8'}"), {.abi = "x86_64", .kernel = {4, 10}}, KEPT, "", NULL},
	{IF("'includes': {'minKernel': '4.8'}"), {.abi = "x86_64", .kernel = {5, 0}}, KEPT, "", NULL},
	{IF("'includes': {'minKernel': '4.8'}"), {.abi = "x86_64", .kernel = {3, 19}}, DROPPED, "", NULL},
	{IF("'includes': {'minKernel': '4.10'}"), {.abi = "x86_64", .kernel = {4, 9}}, DROPPED, "", NULL},
	{IF("'includes': {'minKernel': '10.0'}"), {.abi = "x86_64", .kernel = {9, 9}}, DROPPED, "", NULL},
	{IF("'excludes': {'minKernel': '4.8'}"), {.abi = "x86_64", .kernel = {4, 8}}, DROPPED, "", NULL},
	{IF("'excludes': {'minKernel': '4.8'}"), {.abi = "x86_64", .kernel = {4, 7}}, KEPT, "", NULL},
	{IF("'excludes': {'minKernel': '4.8'}"), {.abi = "x86_64", .kernel = {5, 0}}, DROPPED, "", NULL},
	{IF("'excludes': {'minKernel': '4.8'}"), {.abi = "x86_64", .kernel = {3, 255}}, KEPT, "", NULL},
	{IF("'includes': {'minKernel': ''}"), {.abi = "x86_64", .kernel = {1, 0}}, KEPT, "", NULL},
	{IF("'includes': {'minKernel': ''}"), {.abi = "x86_64", .runtime = "docker"}, KEPT, "", NULL},
	{IF("'includes': {'minKernel': ''}"), {.abi = "x86_64", .runtime = "podman"}, KEPT, "", NULL},
	{IF("'includes': {'minKernel': null}, 'excludes': {'minKernel': null}"), {.abi = "x86_64"}, KEPT, "", NULL},
	{IF("'excludes': {'minKernel': ''}"), {.abi = "x86_64", .kernel = {1, 0}}, DROPPED, "3:27 W088", "every kernel"},
	{IF("'excludes': {'minKernel': ''}"), {.abi = "x86_64", .runtime = "docker"}, DROPPED, "3:27 W088", NULL},
	{IF("'excludes': {'minKernel': ''}"), {.abi = "x86_64", .runtime = "podman"}, KEPT, "3:27 W020",
		"podman does not read 'minKernel'"},
	{IF("'excludes': {'minKernel': ''}"), {.abi = "x86_64", .runtime = "containerd"}, KEPT, "3:13 W020", NULL},
	{IF("'includes': {'minKernel': '4.8'}"), {.abi = "x86_64"}, KEPT, "3:27 N001", "--kernel"},
	{IF("'excludes': {'minKernel': '4.8'}"), {.abi = "x86_64"}, DROPPED, "3:27 N001", "--kernel"},
	{IF("'includes': {'minKernel': '4'}"), {.abi = "x86_64"}, "refused", "3:27 E022", "'4' is not of the form"},
	{IF("'includes': {'minKernel': '4.8.1'}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'includes': {'minKernel': '0.0'}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'includes': {'minKernel': '4.256'}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'includes': {'minKernel': '4294967300.1'}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'includes': {'minKernel': 'x.y'}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'includes': {'minKernel': '4.'}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'includes': {'minKernel': '.8'}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'includes': {'minKernel': ' 4.8'}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'includes': {'minKernel': '4.8 '}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'excludes': {'minKernel': '-4.8'}"), {.abi = "x86_64"}, "refused", "3:27 E022", NULL},
	{IF("'includes': {'minKernel': '4.8.1'}"), {.abi = "x86_64", .runtime = "docker"}, "refused", "3:27 E022",
		NULL},
	{IF("'includes': {'minKernel': '4.8.1'}"), {.abi = "x86_64", .runtime = "podman"}, KEPT, "3:27 W020",
		"podman does not read 'minKernel'"},
	{IF("'includes': {'minKernel': '4.8.1'}"), {.abi = "x86_64", .runtime = "containerd"}, KEPT, "3:13 W020",
		"does not read 'includes'"},
};
ROWS_RESOLVE(rules_depend_on_the_kernel, kernel_rows)

#define ERRNO_IS(keys) "{'defaultAction': 'SCMP_ACT_ERRNO', \n'default" keys "}"

static const struct row errno_rows[] = {
	{ERRNO_IS("Errno': 'ENOSYS'"), {.abi = "x86_64"}, "x86_64 / ERRNO(38) /", "", NULL},
	{ERRNO_IS("Errno': 'ENOSYS'"), {.abi = "mips64"}, "mips64 / ERRNO(89) /", "", NULL},
	{ERRNO_IS("Errno': 'ENOSYS'"), {.abi = "parisc"}, "parisc / ERRNO(251) /", "", NULL},
	{ERRNO_IS("ErrnoRet': 38"), {.abi = "mips64"}, "mips64 / ERRNO(38) /", "", NULL},
	{ERRNO_IS("ErrnoRet': 38, 'defaultErrno': 'EPERM'"), {.abi = "mips64"}, "mips64 / ERRNO(1) /", "",
		NULL},
	{ERRNO_IS("ErrnoRet': 38, 'defaultErrno': ''"), {.abi = "mips64"}, "mips64 / ERRNO(38) /", "", NULL},
	{ERRNO_IS("Errno': '13'"), {.abi = "x86_64"}, "x86_64 / ERRNO(13) /", "", NULL},
	{ERRNO_IS("Errno': 'EDEADLK'"), {.abi = "x86_64"}, "x86_64 / ERRNO(35) /", "", NULL},
	{ERRNO_IS("Errno': 'EDEADLK'"), {.abi = "mipsel"}, "mipsel / ERRNO(45) /", "", NULL},
	{ERRNO_IS("Errno': 'EAFNOSUPPORT'"), {.abi = "x86_64"}, "x86_64 / ERRNO(97) /", "", NULL},
	{ERRNO_IS("Errno': 'EFOO'"), {.abi = "x86_64"}, "refused", "2:17 E026", "unknown errno 'EFOO'"},
	{ERRNO_IS("Errno': 'ENOSY'"), {.abi = "x86_64"}, "refused", "2:17 E026", "did you mean 'ENOSYS'?"},
	{ERRNO_IS("Errno': '4096'"), {.abi = "x86_64"}, "refused", "2:17 E026", NULL},
	{ERRNO_IS("Errno': '99999999999999999999'"), {.abi = "x86_64"}, "refused", "2:17 E026", NULL},
	{ERRNO_IS("Errno': '-1'"), {.abi = "x86_64"}, "refused", "2:17 E026", NULL},
	{ERRNO_IS("Errno': '0x5'"), {.abi = "x86_64"}, "refused", "2:17 E026", NULL},
	{"{'defaultAction': 'SCMP_ACT_LOG', 'syscalls': [\n{'names': ['read'], 'action': 'SCMP_ACT_ERRNO',"
		"'errno': 'ENOSYS', 'errnoRet': 3}]}", {.abi = "mips"}, "mips / LOG / read ERRNO(89)", "", NULL},
	{"{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['read'], 'action': 'SCMP_ACT_ERRNO',"
		"'errno': 'EFOO', 'includes': {'arches': ['arm']}}]}", {.abi = "x86_64"}, "x86_64 / ALLOW /", "",
		NULL},
};
ROWS_RESOLVE(errno_names_are_the_abi_s, errno_rows)

static const struct row rule_rows[] = {
	{D "'syscalls': [{'names': ['read', 'write', 'read'], 'action': 'SCMP_ACT_LOG'}]}",
		{.abi = "x86_64"}, "x86_64 / ERRNO(1) / read LOG write LOG read LOG", "", NULL},
	{D "'syscalls': [\n{'names': ['read', 'opennat', 'write'], 'action': 'SCMP_ACT_LOG'}]}",
		{.abi = "x86_64"}, "x86_64 / ERRNO(1) / read LOG write LOG", "2:20 W001",
		"did you mean 'openat'?"},
	{D "'syscalls': [\n{'names': ['OPENAT', '110', 'setsidaccept4'], 'action': 'SCMP_ACT_LOG'}]}",
		{.abi = "x86_64"}, "x86_64 / ERRNO(1) /", "2:12 W001, 2:22 W001, 2:29 W001",
		"did you mean 'openat'?"},
#define CALLED(name, abi_, meant) {D "'syscalls': [\n{'names': ['" name "'], 'action': 'SCMP_ACT_LOG'}]}", \
		{.abi = abi_}, abi_ " / ERRNO(1) /", "2:12 W001", "did you mean '" meant "'?"}
	/* functions of the C library, whose calls differ by ABI */
	CALLED("pread", "x86_64", "pread64"),
	CALLED("pwrite", "x86_64", "pwrite64"),
	CALLED("fstatat", "x86_64", "newfstatat"),
	CALLED("fstatat", "arm", "fstatat64"),
	CALLED("fstatat", "riscv64", "newfstatat"),
	CALLED("fadvise", "x86_64", "fadvise64"),
	CALLED("fadvise", "arm", "arm_fadvise64_64"),
	CALLED("posix_fadvise", "s390x", "fadvise64"),
	CALLED("futimens", "x86_64", "utimensat"),
	CALLED("exec", "aarch64", "execve"),
	CALLED("newuname", "x86_64", "uname"),
	CALLED("open64", "aarch64", "openat"),
	CALLED("_exit", "x86_64", "exit_group"),
	CALLED("sendfil64", "x86_64", "sendfile"),
	{D "'syscalls': [{'names': ['waitpid'], 'action': 'SCMP_ACT_LOG'}]}", {.abi = "x86_64"},
		"x86_64 / ERRNO(1) / waitpid LOG", "", NULL},
	{D "'syscalls': [\n{'names': ['read'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 1}]}",
		{.abi = "x86_64"}, "x86_64 / ERRNO(1) /", "2:31 W007", NULL},
	{D "'syscalls': [\n{'names': ['nonsense_x'], 'action': 'SCMP_ACT_ERRNO'}]}", {.abi = "x86_64"},
		"x86_64 / ERRNO(1) /", "2:37 W007", NULL},
	{D "'syscalls': [\n{'names': ['read'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 2}]}",
		{.abi = "x86_64"}, "x86_64 / ERRNO(1) / read ERRNO(2)", "", NULL},
	{"{'defaultAction': 'SCMP_ACT_KILL', 'syscalls': [\n"
		"{'names': ['read'], 'action': 'SCMP_ACT_KILL_THREAD'}]}", {.abi = "x86_64"},
		"x86_64 / KILL_THREAD /", "2:31 W007", NULL},
	{D "'syscalls': [{'names': ['read', 'write'], 'action': 'SCMP_ACT_LOG',\n'args': ["
		"{'index': 0, 'op': 'SCMP_CMP_EQ'}, {'index': 2, 'op': 'SCMP_CMP_EQ'}]}]}",
		{.abi = "x86_64"}, "x86_64 / ERRNO(1) / read LOG[2] write LOG[2]", "", NULL},
	{D "'syscalls': [{'names': ['read', 'write'], 'action': 'SCMP_ACT_LOG',\n'args': ["
		"{'index': 0, 'op': 'SCMP_CMP_EQ'}, {'index': 2, 'op': 'SCMP_CMP_EQ'},\n"
		"{'index': 0, 'op': 'SCMP_CMP_GE'}]}]}", {.abi = "x86_64"},
		"x86_64 / ERRNO(1) / read LOG[1] read LOG[1] read LOG[1] write LOG[1] write LOG[1] write LOG[1]",
		"3:1 W008", "argument 0 is tested twice"},
	{D "'syscalls': [\n{'names': ['read'], 'action': 'SCMP_ACT_NOTIFY'}]}", {.abi = "x86_64"},
		"x86_64 / ERRNO(1) / read NOTIFY", "2:31 W018", NULL},
	{D "'listenerPath': '/x', 'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_NOTIFY'}]}",
		{.abi = "x86_64"}, "x86_64 / ERRNO(1) / read NOTIFY", "", NULL},
	{"{'defaultAction': 'SCMP_ACT_NOTIFY'}", {.abi = "x86_64"}, "x86_64 / NOTIFY /", "1:19 W018", NULL},
};
ROWS_RESOLVE(rules_are_flattened_in_order, rule_rows)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_profile_adds_abis_to_the_native_one),
		cmocka_unit_test(rules_depend_on_capabilities),
		cmocka_unit_test(rules_depend_on_the_node_s_architecture),
		cmocka_unit_test(rules_depend_on_the_kernel),
		cmocka_unit_test(errno_names_are_the_abi_s),
		cmocka_unit_test(rules_are_flattened_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
