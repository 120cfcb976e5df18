/*
 * What lint's checks find in the meaning of a profile: each row is a profile (with ' for "), a node,
 * and the findings by line, column and code. Every check has rows that it fires on, and beside each a
 * row that differs in what matters alone and that it leaves in peace.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"

#include "compiler/lint/asked.h"
#include "compiler/lint/lint_dead_rules.h"
#include "compiler/lint/outcome_memo.h"
#include "compiler/lint/lint_programs.h"
#include "compiler/lint/syscall_outcome.h"
#include "compiler/meaning/same_rules.h"

struct row {
	const char *arch, *json, *findings, *words;
};

/* Reads it on the node and lints what comes out; a check of its own is asked alone. */
static void lint_row(struct attempt *a, const struct row *row, const char *runtime, bool no_new_privs,
	void (*check)(const struct lint *))
{
	const struct node_facts node = {.native = abi_named(row->arch),
		.dialect = dialect_find(runtime, strlen(runtime))};
	const char *version = strchr(runtime, '@') ? node.dialect->version : NULL;

	attempt_text(a, row->json);
	attempt_node(a, &node);
	ATTEMPT_CATCH(a);
	if (!a->policy)
		fail_msg("%s: no policy", row->json);
	struct outcome_memo memo = {.arena = &a->arena};
	check(&(struct lint){.arena = &a->arena, .profile = a->profile, .node = &node, .set = a->ruleset, .policy = a->policy,
		.diags = &a->diags, .no_new_privs = no_new_privs, .version = version, .outcomes = &memo,
		.rows = outcome_rows(&a->arena, a->policy), .verdicts = program_verdicts(&a->arena)});
}

static void rows_are_found(
	const struct row *row, size_t rows, void (*check)(const struct lint *))
{
	bool ok = true;

	for (size_t i = 0; i < rows; i++) {
		struct attempt a;
		lint_row(&a, &row[i], "author", false, check);
		ok = attempt_found(&a, row[i].json, row[i].findings, row[i].words) && ok;
		attempt_end(&a, true);
	}
	assert_true(ok);
}

static void lint_conditions(const struct lint *l)
{
	lint_args(l);
	lint_together(l);
}

static void lint_kinds_alone(const struct lint *l)
{
	lint_kinds(l, &(struct undecided){.at = NOWHERE});
}

static void lint_works_alone(const struct lint *l)
{
	lint_works(l, &(struct undecided){.at = NOWHERE});
}

static void lint_whole(const struct lint *l)
{
	if (lint(l))
		lint_cache(l);
}

/* The next runtime that reads the profile so is told the same, and one whose rules are fewer is asked anew. */
static void ask_again(const struct lint *l)
{
	struct arena kept;
	struct asked_memo memo = {.findings = &kept, .kept = &kept};
	struct ruleset fewer = *l->set;
	struct diags first, other;
	struct lint before = *l, again = *l, less = *l;

	arena_init(&kept, (size_t)64 << 20);
	if (setjmp(kept.out))
		fail_msg("out of memory");
	fewer.rules--;
	diags_init(&first, l->arena, l->diags->source);
	diags_init(&other, l->arena, l->diags->source);
	before.diags = &first;
	less.diags = &other;
	less.set = &fewer;
	const struct asked *asked = asked_of(&memo, &before);
	assert_ptr_not_equal(asked, asked_of(&memo, &less));
	again.arena = NULL; /* nothing is asked */
	assert_ptr_equal(asked, asked_of(&memo, &again));
	const struct diag *a = first.first, *b = l->diags->first;
	assert_non_null(a);
	for (; a && b; a = a->next, b = b->next)
		assert_true(a->id == b->id && a->at == b->at && a->text == b->text && !a->note == !b->note);
	assert_true(!a && !b);
	assert_ptr_not_equal(asked->set, l->set);
	assert_true(same_rules(asked->set, l->set));
	arena_free(&kept);
}

/* As for the second runtime that reads the profile so, and not for one whose rules are fewer. */
static void lint_dead_again(const struct lint *l)
{
	struct dead_memo memo = {.arena = l->arena};
	struct ruleset fewer = *l->set;
	struct diags first, other;
	struct lint before = *l, again = *l, less = *l;

	fewer.rules = 1;
	diags_init(&first, l->arena, l->diags->source);
	diags_init(&other, l->arena, l->diags->source);
	before.diags = &first;
	before.memo = again.memo = less.memo = &memo;
	less.set = &fewer;
	less.diags = &other;
	lint_dead_rules(&before);
	assert_null(dead_memo_find(&memo, &fewer));
	lint_dead_rules(&less);
	assert_null(other.first);
	assert_non_null(dead_memo_find(&memo, l->set));
	again.arena = NULL; /* nothing is looked for */
	lint_dead_rules(&again);
}

#define ROWS_ARE_FOUND(name, table, check)                                                                \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		rows_are_found(table, countof(table), check);                                          \
	}


/* A profile of what every program needs, and of further names on line 2. */
#define VITAL "'execve', 'exit_group', 'exit', 'rt_sigreturn', 'arch_prctl', 'mprotect', 'set_thread_area', 'brk'"
#define ERRNO "'defaultAction': 'SCMP_ACT_ERRNO'"
#define RULES(more) "'syscalls': [{'names': [" VITAL "], 'action': 'SCMP_ACT_ALLOW'}" more "]}"
#define ALLOW(names) ",\n{'names': [" names "], 'action': 'SCMP_ACT_ALLOW'}"
#define ALLOW_IF(names, args) ",\n{'names': [" names "], 'action': 'SCMP_ACT_ALLOW', 'args': [" args "]}"
#define REFUSE(names, errno) ",\n{'names': [" names "], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': " errno "}"
#define ALLOWED(names) "{" ERRNO ", " RULES(ALLOW(names))
#define REFUSED_AS(names, errno) "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': [" names \
	"], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': " errno "}]}"
#define REFUSED(names) REFUSED_AS(names, "13")
#define NO_RING "'io_uring_setup', 'ptrace'"
#define WITH(arches, rules) "{" ERRNO ", 'architectures': [" arches "], " rules
#define X86 "'SCMP_ARCH_X86'"

static const struct row sibling_rows[] = {
	{"x86_64", ALLOWED("'open'"), "2:12 W030", "glibc 2.26 and later call 'openat'"},
	{"x86_64", ALLOWED("'open', 'openat'"), "", NULL},
	{"x86_64", ALLOWED("'open', 'stat', 'newfstatat'"), "2:12 W030, 1:19 W032", "ls -l (coreutils 9.1)"},
	/* only where there is no other */
	{"x86_64", ALLOWED("'epoll_wait'"), "", NULL},
	{"aarch64", ALLOWED("'epoll_wait'"), "2:12 W030", "'epoll_pwait', there is no other"},
	{"aarch64", ALLOWED("'epoll_wait', 'epoll_pwait'"), "", NULL},
	/* refused in part, or open under conditions: somebody thought about it */
	{"x86_64", "{" ERRNO ", " RULES(ALLOW("'open'") ALLOW_IF("'openat'",
		"{'index': 2, 'value': 0, 'op': 'SCMP_CMP_EQ'}")), "3:12 W031", NULL},
};

static const struct row open_rows[] = {
	{"x86_64", REFUSED(NO_RING ", 'chmod', 'fchmod', 'fchmodat'"), "2:40 W031, 2:49 W031, 2:59 W031",
		"'fchmodat2' (since Linux 6.6) does the same and is allowed"},
	{"x86_64", REFUSED(NO_RING ", 'chmod', 'fchmod', 'fchmodat', 'fchmodat2'"), "", NULL},
	{"x86_64", REFUSED(NO_RING ", 'mount', 'open_tree', 'open_tree_attr'"), "2:40 W031",
		"'fsmount' (since Linux 5.2) does"},
	{"x86_64", REFUSED(NO_RING ", 'mount', 'open_tree', 'open_tree_attr', 'fsopen'"), "", NULL},
	{"x86_64", REFUSED(NO_RING ", 'unshare'"), "2:40 W031", "'clone' and 'clone3'"},
	/* clone3's flags lie in memory */
	{"x86_64", "{" ERRNO ", " RULES(ALLOW("'clone3'") ALLOW_IF("'clone'",
		"{'index': 0, 'value': 2114060288, 'op': 'SCMP_CMP_MASKED_EQ'}")), "3:12 W031",
		"refuse it too, with ENOSYS"},
	{"x86_64", "{" ERRNO ", " RULES(REFUSE("'clone3'", "38") ALLOW_IF("'clone'",
		"{'index': 0, 'value': 2114060288, 'op': 'SCMP_CMP_MASKED_EQ'}")), "", NULL},
	/* fork cannot do what clone can; nobody asked for what the default refuses */
	{"x86_64", ALLOWED("'openat', 'fchmodat', 'fchmodat2'"), "", NULL},
	{"x86_64", REFUSED(NO_RING ", 'clone', 'clone3', 'pidfd_send_signal'"), "2:59 W031", NULL},
	/* of a second ABI it is said where it is the only one, and by name */
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': [" X86 "], 'syscalls': [\n"
		"{'names': [" NO_RING ", 'settimeofday', 'clock_settime'], 'action': 'SCMP_ACT_ERRNO'}]}",
		"2:40 W031, 2:56 W031", "refuses nothing on x86: 'clock_settime64' (since Linux 5.1) and 'stime'"},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': [" X86 "], 'syscalls': [\n"
		"{'names': [" NO_RING ", 'fchmod', 'fchmodat'], 'action': 'SCMP_ACT_ERRNO'}]}",
		"2:40 W031, 2:50 W031", "refuses nothing: 'chmod' and 'fchmodat2'"},
	/* asking is not refusing */
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'listenerPath': '/run/x', 'syscalls': [\n"
		"{'names': ['mkdir', " NO_RING "], 'action': 'SCMP_ACT_NOTIFY'}]}", "", NULL},
};

static const struct row errno_rows[] = {
	{"x86_64", ALLOWED("'faccessat', 'clone'"), "1:19 W032", "faccessat2 and clone3 answered with EPERM"},
	{"x86_64", "{" ERRNO ", 'defaultErrnoRet': 38, " RULES(ALLOW("'faccessat', 'clone'")), "", NULL},
	{"x86_64", ALLOWED("'faccessat', 'clone', 'clone3', 'faccessat2'"), "", NULL},
	/* the older call is refused as well: nobody is the worse for it */
	{"x86_64", ALLOWED("'faccessat', 'faccessat2'"), "", NULL},
	{"x86_64", "{" ERRNO ", " RULES(REFUSE("'clone3'", "2") ALLOW("'clone'")), "2:12 W032",
		"clone3 answered with ENOENT"},
	{"x86_64", "{" ERRNO ", " RULES(REFUSE("'clone3'", "38") ALLOW("'clone'")), "", NULL},
	{"x86_64", "{" ERRNO ", " RULES(REFUSE("'clone3'", "0") ALLOW("'clone'")), "2:63 W010", NULL},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_KILL', " RULES(ALLOW("'clone'")), "1:19 W039, 1:19 W032",
		"answered with the end of the program: programs that only try"},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['io_uring_setup'], 'action': 'SCMP_ACT_KILL'}]}",
		"1:61 W032, 1:19 N006", "libuv"},
	{"x86_64", REFUSED(NO_RING), "", NULL},
	/* --enosys=table knows what the profile knows: Linux 5.8 */
	{"x86_64", ALLOWED("'clone', 'openat'"), "1:19 W032", "--enosys=table of compile and resolve does"},
	{"x86_64", ALLOWED("'clone', 'faccessat2'"), "1:19 W032", "or answer ENOSYS"},
	{"arm", ALLOWED("'clock_gettime', 'statx', 'clone3'"), "1:19 W032", "there is no other way for them"},
	/* of an ABI beside the node's own what that alone has */
	{"x86_64", WITH(X86, RULES(ALLOW("'clock_gettime', 'clone'"))), "1:19 W032", "clock_gettime64 on x86, since Linux 5.1"},
	{"x86_64", WITH(X86, RULES(ALLOW("'clock_gettime', 'clone', 'clone3', 'clock_gettime64'"))), "", NULL},
	{"x86_64", WITH(X86, RULES("")), "", NULL},
	{"x86_64", ALLOWED("'chmod', 'fchmodat', 'faccessat2', 'clone'"), "1:19 W032",
		"--enosys=table of compile and resolve does it for fchmodat2"},
	/* a number that has no name */
	{"x86_64", "{" ERRNO ", " RULES(REFUSE("'clone3'", "3000") ALLOW("'clone'")), "2:12 W032",
		"clone3 answered with errno 3000"},
	/* on MIPS ENOSYS is another number */
	{"mips64el", ALLOWED("'clone'"), "1:19 W032", "\"errnoRet\": 89"},
};

static const struct row abi_rows[] = {
	{"x86_64", WITH("'SCMP_ARCH_X32'", RULES("")), "1:55 N004", NULL},
	{"x86_64", WITH(X86, RULES("")), "", NULL},
	{"x86_64", "{" ERRNO ", 'archMap': [{'architecture': 'SCMP_ARCH_X86_64', 'subArchitectures':\n"
		"['SCMP_ARCH_X86', 'SCMP_ARCH_X32']}], " RULES(""), "2:19 N004", NULL},
	/* the upper half of an argument is not there, and the condition with it */
	{"x86_64", WITH(X86, RULES(ALLOW_IF("'personality'",
		"\n{'index': 0, 'value': 18446744069414584320, 'valueTwo': 0, 'op': 'SCMP_CMP_MASKED_EQ'}"))),
		"3:1 W014, 2:12 W033, 3:1 W041", "'personality' is allowed on x86"},
	/* where another line refuses it, that is shown */
	{"x86_64", WITH(X86, RULES(",\n{'names': ['personality'], 'action': 'SCMP_ACT_TRAP', 'args': ["
		"{'index': 0, 'value': 5, 'op': 'SCMP_CMP_EQ'}]}" ALLOW_IF("'personality'",
		"\n{'index': 0, 'value': 18446744069414584320, 'valueTwo': 0, 'op': 'SCMP_CMP_MASKED_EQ'}"))),
		"3:12 W006, 4:1 W014, 2:12 W005, 3:12 W033, 4:1 W041", "on x86_64 this decides"},
	{"x86_64", WITH(X86, RULES(ALLOW_IF("'personality'",
		"\n{'index': 0, 'value': 4294967295, 'valueTwo': 0, 'op': 'SCMP_CMP_MASKED_EQ'}"))), "", NULL},
};

/* Runtimes leave other MIPS ABIs' numbers to the default action, winnow does not. */
#define DENY_LIST "{'defaultAction': 'SCMP_ACT_ALLOW', " RULES(REFUSE("'ptrace'", "1"))

static const struct {
	const char *runtime;
	struct row row;
} table_rows[] = {
	{"runc", {"mips64", DENY_LIST, "1:172 W007, 1:19 W061, 1:19 N005", "it does not hold for mips64"}},
	{"crun", {"mipsel", DENY_LIST, "1:172 W007, 1:19 W061, 1:19 N005, 2:12 N011", "it does not hold for mipsel"}},
	{"author", {"mips64", DENY_LIST, "1:172 W007, 1:19 N005", NULL}},
	{"runc", {"x86_64", DENY_LIST, "1:172 W007, 1:19 N005", NULL}},
	{"runc", {"mips64", ALLOWED("'dup'"), "", NULL}},
	{"runc", {"mips64", "{'defaultAction': 'SCMP_ACT_ALLOW', " RULES(""), "1:172 W007, 1:19 W036", NULL}},
};

#define INET "{'index': 0, 'value': 2, 'op': 'SCMP_CMP_EQ'}"

static const struct row multiplex_rows[] = {
	{"x86_64", WITH(X86, RULES(ALLOW_IF("'socket'", INET))), "2:12 W034", "for socketcall(2)"},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'socket'", INET)), "", NULL},
	{"x86_64", WITH(X86, RULES(ALLOW("'socket'"))), "", NULL},
	{"x86_64", WITH(X86, RULES(ALLOW("'socketcall', 'bind'"))), "2:12 W035",
		"socketcall(2) is allowed on x86 and does what is refused by name: accept"},
	/* told where it is allowed, not at a rule that became one for the multiplexer */
	{"x86_64", WITH(X86, RULES(ALLOW("'socket'") ALLOW("'socketcall'") )), "3:12 W035", NULL},
	{"x86_64", WITH(X86, RULES(ALLOW_IF("'socketcall'", "{'index': 0, 'value': 1, 'op': 'SCMP_CMP_NE'}")
		ALLOW("'socket'"))), "2:12 W035", NULL},
	{"x86_64", WITH(X86, RULES(ALLOW("'bind'"))), "", NULL},
	{"x86_64", WITH(X86, RULES(ALLOW("'ipc', 'semget', 'semctl', 'semop', 'semtimedop', 'msgget',"
		"'msgctl', 'msgsnd', 'msgrcv', 'shmget', 'shmctl', 'shmat'"))), "2:12 W035", "by name: shmdt"},
	{"x86_64", WITH(X86, RULES(ALLOW("'ipc', 'semget', 'semctl', 'semop', 'semtimedop', 'msgget',"
		"'msgctl', 'msgsnd', 'msgrcv', 'shmget', 'shmctl', 'shmat', 'shmdt'"))), "", NULL},
	{"s390x", "{" ERRNO ", " RULES(ALLOW_IF("'socket'", INET)), "2:12 W034", "same on s390x"},
};

static const struct row extreme_rows[] = {
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW'}", "1:19 W036", NULL},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': ['SCMP_ARCH_X32']}", "1:19 W036", NULL},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['arm_fadvise64_64'],"
		"'action': 'SCMP_ACT_ERRNO'}]}", "1:19 W036", NULL},
	{"arm", REFUSED("'arm_fadvise64_64', " NO_RING), "", NULL},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_LOG'}", "1:19 N007", NULL},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_LOG', 'syscalls': [\n"
		"{'names': [" NO_RING "], 'action': 'SCMP_ACT_ERRNO'}]}", "", NULL},
	{"x86_64", "{" ERRNO "}", "1:19 W037", NULL},
	{"x86_64", "{" ERRNO ", 'syscalls': []}", "1:19 W037", NULL},
	{"x86_64", "{" ERRNO ", " RULES(""), "", NULL},
	/* a filter that is loaded late is for ends alone; exit does for exit_group, but in Go */
	{"x86_64", "{" ERRNO ", 'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'}]}", "1:19 W039",
		"Go 1.19: add \"exit_group\""},
	{"x86_64", "{" ERRNO ", 'syscalls': [{'names': ['read', 'exit_group'], 'action': 'SCMP_ACT_ALLOW'}]}", "", NULL},
	{"x86_64", "{" ERRNO ", 'syscalls': [{'names': ['read', 'exit'], 'action': 'SCMP_ACT_ALLOW'}]}", "", NULL},
	{"x86_64", "{" ERRNO ", 'syscalls': [{'names': ['execve', 'exit_group'], 'action': 'SCMP_ACT_ALLOW'}]}", "1:19 W039",
		"musl 1.2.3, static: add \"arch_prctl\""},
	{"x86_64", "{" ERRNO ", 'syscalls': [{'names': ['execve', 'exit_group', 'arch_prctl', 'rt_sigaction'],"
		"'action': 'SCMP_ACT_ALLOW'}]}", "1:19 W039", "add \"rt_sigreturn\": handlers of signals return through it"},
	{"x86_64", REFUSED("'exit_group', 'exit', " NO_RING), "2:12 W039, 2:26 W039", "no program that was measured starts and ends"},
	{"x86_64", REFUSED("'exit', " NO_RING), "2:12 W039", "'exit' is refused: threads end by it, and programs of glibc"},
	/* programs in Go do without */
	{"x86_64", "{" ERRNO ", 'syscalls': [{'names': ['execve', 'exit_group', 'arch_prctl', 'clone', 'clone3'],"
		"'action': 'SCMP_ACT_ALLOW'}]}", "1:19 W039", "no rule allows what programs crash without that get so far"},
	{"x86_64", "{" ERRNO ", 'syscalls': [{'names': ['execve', 'exit_group', 'arch_prctl'],"
		"'action': 'SCMP_ACT_ALLOW'}]}", "", NULL},
	/* what its base says is not known */
	{"x86_64", "{'apiVersion': 'security-profiles-operator.x-k8s.io/v1beta1', 'kind': 'SeccompProfile',"
		"'metadata': {'name': 'a'}, 'spec': {'baseProfileName': 'b',\n'defaultAction': 'SCMP_ACT_ERRNO'}}",
		"1:143 W025", NULL},
};

static const struct row detour_rows[] = {
	{"x86_64", REFUSED("'ptrace', 'socket', 'fallocate'"), "1:19 W038", "what socket and fallocate would do"},
	{"x86_64", REFUSED("'ptrace', 'openat2', 'open'"), "2:33 W031, 2:22 W031, 1:19 N005", NULL},
	{"x86_64", REFUSED("'io_uring_setup', 'ptrace', 'socket'"), "", NULL},
	{"x86_64", ALLOWED("'io_uring_setup'"), "2:12 W038", "leave out io_uring_setup"},
	{"x86_64", REFUSED("'io_uring_setup'"), "1:19 N006", NULL},
	{"x86_64", "{" ERRNO ", " RULES(",\n{'names': ['ptrace'], 'action': 'SCMP_ACT_ALLOW',"
		"'includes': {'minKernel': '4.8'}}"), "2:76 N001", NULL},
	{"x86_64", "{" ERRNO ", " RULES(",\n{'names': ['ptrace'], 'action': 'SCMP_ACT_ALLOW',"
		"'includes': {'minKernel': '4.7'}}"), "2:76 N001, 2:12 N006", NULL},
};

#define COND(args) "{" ERRNO ", " RULES(ALLOW_IF("'personality'", "\n{'index': 0, " args "}"))

static const struct row cond_rows[] = {
	{"x86_64", COND("'value': 0, 'op': 'SCMP_CMP_LT'"), "3:1 W040", NULL},
	{"x86_64", COND("'value': 1, 'op': 'SCMP_CMP_LT'"), "", NULL},
	{"x86_64", COND("'value': 18446744073709551615, 'op': 'SCMP_CMP_GT'"), "3:1 W040", NULL},
	{"x86_64", COND("'value': 18446744073709551614, 'op': 'SCMP_CMP_GT'"), "", NULL},
	{"x86_64", COND("'value': 0, 'op': 'SCMP_CMP_GE'"), "3:1 W041", NULL},
	{"x86_64", COND("'value': 1, 'op': 'SCMP_CMP_GE'"), "", NULL},
	{"x86_64", COND("'value': 18446744073709551615, 'op': 'SCMP_CMP_LE'"), "3:1 W041", NULL},
	{"x86_64", COND("'value': 18446744073709551614, 'op': 'SCMP_CMP_LE'"), "", NULL},
	{"x86_64", COND("'value': 0, 'valueTwo': 7, 'op': 'SCMP_CMP_MASKED_EQ'"), "3:38 W015, 3:1 W041",
		"'value' is the mask and 'valueTwo' what is compared"},
	{"x86_64", COND("'value': 7, 'valueTwo': 0, 'op': 'SCMP_CMP_MASKED_EQ'"), "", NULL},
	{"x86_64", COND("'value': 0, 'op': 'SCMP_CMP_EQ'"), "", NULL},
	{"arm", COND("'value': 4294967295, 'op': 'SCMP_CMP_GT'"), "3:1 W040", NULL},
	{"x86_64", COND("'value': 4294967295, 'op': 'SCMP_CMP_GT'"), "", NULL},
	{"arm", COND("'value': 4294967296, 'op': 'SCMP_CMP_LT'"), "3:1 W014, 3:1 W040", "is cut to 0x0"},
	/* bits the ABI's arguments do not have: that they are 0 loses nothing, that they are others does */
	{"arm", COND("'value': 18446744073709551600, 'valueTwo': 16, 'op': 'SCMP_CMP_MASKED_EQ'"), "", NULL},
	{"arm", COND("'value': 18446744073709551600, 'valueTwo': 4294967312, 'op': 'SCMP_CMP_MASKED_EQ'"), "3:1 W014",
		NULL},
	{"arm", COND("'value': 4294967311, 'valueTwo': 1, 'op': 'SCMP_CMP_MASKED_EQ'"), "3:1 W014", NULL},
	/* of alternatives, one that never holds leaves the others */
	{"x86_64", COND("'value': 0, 'op': 'SCMP_CMP_LT'},\n{'index': 0, 'value': 8, 'op': 'SCMP_CMP_EQ'"),
		"4:1 W008, 3:1 W040", "of the alternatives, it adds nothing"},
	{"x86_64", COND("'value': 0, 'op': 'SCMP_CMP_GE'},\n{'index': 0, 'value': 8, 'op': 'SCMP_CMP_EQ'"),
		"4:1 W008, 3:1 W041", "so does the rule"},
};

#define AT(index, op, value) "{'index': " #index ", 'value': " #value ", 'op': 'SCMP_CMP_" #op "'}"
#define REFUSE_IF(names, errno, args) ",\n{'names': [" names "], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': " errno \
	", 'args': [" args "]}"

#define MASKED(index, mask, value) \
	"{'index': " #index ", 'value': " #mask ", 'valueTwo': " #value ", 'op': 'SCMP_CMP_MASKED_EQ'}"
#define REFUSED_IF(names, args) "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': [" names \
	"], 'action': 'SCMP_ACT_ERRNO', 'args': [" args "]}]}"

#define BOTH(names, args, others) "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n" \
	"{'names': [" names "], 'action': 'SCMP_ACT_ERRNO', 'args': [" args "]},\n" \
	"{'names': [" names "], 'action': 'SCMP_ACT_ERRNO', 'args': [" others "]},\n" \
	"{'names': [" NO_RING "], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 13}]}"

/* Of conditions one always holds; or there is a value for which none does. */
static const struct row all_rows[] = {
	{"x86_64", BOTH("'exit_group', 'exit'", AT(0, EQ, 0), AT(0, NE, 0)), "2:12 W039, 2:26 W039",
		"no program that was measured starts and ends"},
	{"x86_64", BOTH("'exit_group', 'exit'", AT(0, GT, 1), AT(0, EQ, 0)), "", NULL},
};

#define TWO_WAYS(names, args, others) "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n" \
	"{'names': [" names "], 'action': 'SCMP_ACT_ERRNO', 'args': [" args "]},\n" \
	"{'names': [" names "], 'action': 'SCMP_ACT_KILL_PROCESS', 'args': [" others "]}]}"

static const struct row all_kind_rows[] = {
	/* all is refused, by errno here and by the end there: what the program asks for decides */
	{"x86_64", TWO_WAYS("'getrandom'", AT(2, EQ, 0), AT(2, NE, 0)), "3:12 W069",
		"glibc 2.36, static: add \"getrandom(*, *, GRND_NONBLOCK)\""},
	{"x86_64", TWO_WAYS("'getrandom'", AT(2, NE, 0), AT(2, EQ, 0)), "", NULL},
	{"x86_64", TWO_WAYS("'exit_group'", AT(0, NE, 5), AT(0, EQ, 5)), "2:12 W069",
		"not those of glibc 2.43, dynamic, glibc 2.43, static and Go"},
	/* Go asks for huge pages where /sys says how large they are, and is killed there alone */
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['madvise'], 'action': 'SCMP_ACT_KILL'},\n"
		"{'names': ['futex'], 'action': 'SCMP_ACT_ERRNO', 'args': [" AT(1, EQ, 0) "]},\n"
		"{'names': ['futex'], 'action': 'SCMP_ACT_ERRNO', 'args': [" AT(1, NE, 0) "]}]}", "2:12 W069", "not those of Go 1.19"},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['madvise'], 'action': 'SCMP_ACT_KILL'}]}", "", NULL},
	{"x86_64", BOTH("'futex'", AT(1, EQ, 0), AT(1, NE, 0)), "2:12 W069", "not those of Go 1.19 and Go 1.27"},
	{"x86_64", BOTH("'futex'", AT(1, EQ, 0), AT(1, GT, 1)), "", NULL},
	{"x86_64", REFUSED_IF("'clone'", AT(0, NE, 4001536)), "2:12 W069", "not those of Go 1.19 and Go 1.27; of busybox"},
	{"x86_64", REFUSED_IF("'clone'", AT(0, LT, 268435456)), "2:12 W069", "not those of Go 1.19 and Go 1.27"},
	{"x86_64", REFUSED_IF("'clone'", AT(1, NE, 0)), "2:12 W069", "not those of Go 1.19 and Go 1.27"},
	{"x86_64", REFUSED_IF("'clone'", MASKED(0, 65536, 0)), "", NULL},
	{"x86_64", REFUSED_IF("'clone'", MASKED(0, 524288, 524288)), "2:12 W069", "not those of Go"},
	{"aarch64", REFUSED_IF("'clone'", MASKED(0, 524288, 524288)), "", NULL},
	{"aarch64", REFUSED_IF("'clone'", MASKED(0, 256, 256)), "2:12 W069", "not those of Go"},
	/* errno 0 is success to who calls: what comes of it was not measured */
	{"x86_64", REFUSED_AS("'exit_group'", "1"), "2:12 W069", "not those of glibc 2.43, dynamic, glibc 2.43, static, Go 1.19"},
	{"x86_64", REFUSED_AS("'exit_group'", "0"), "2:67 W010", NULL},
	{"x86_64", REFUSED_AS("'close', 'mprotect'", "0"), "2:74 W010", NULL},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['exit_group'], 'action': 'SCMP_ACT_ERRNO'}"
		REFUSE("'close'", "0") "]}", "3:62 W010, 2:12 W069", "not decided: glibc 2.36, dynamic"},
	/* the flags that each was measured to give */
	{"x86_64", REFUSED_IF("'mmap'", MASKED(2, 4, 4)), "2:12 W069", "not those of glibc 2.36, dynamic and glibc 2.43, dynamic"},
	{"x86_64", REFUSED_IF("'mmap'", MASKED(2, 4, 4)), "2:12 W069", "add \"mmap(*, *, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_FIXED"},
	{"x86_64", REFUSED_IF("'mmap'", MASKED(2, 6, 6)), "", NULL},
	{"x86_64", REFUSED_IF("'mmap'", AT(4, EQ, 3)), "", NULL},
	{"aarch64", REFUSED_IF("'mmap'", MASKED(2, 4, 4)), "", NULL},
	{"x86", REFUSED_IF("'mmap2'", MASKED(2, 4, 4)), "2:12 W069", "glibc 2.36, dynamic, 32 bits: add \"mmap2(*, *, PROT_READ|PROT_EXEC"},
	{"x86_64", REFUSED_IF("'mprotect'", AT(2, EQ, 1)), "2:12 W069", "glibc 2.36, static: add \"mprotect(*, *, PROT_READ)\""},
	{"x86_64", REFUSED_IF("'mprotect'", MASKED(2, 4, 4)), "", NULL},
	{"x86_64", REFUSED_IF("'arch_prctl'", AT(0, EQ, 4098)), "2:12 W069", "musl 1.2.3, static: add \"arch_prctl(ARCH_SET_FS)\""},
	{"x86_64", REFUSED_IF("'arch_prctl'", AT(0, EQ, 4099)), "", NULL},
	{"x86_64", REFUSED_IF("'openat'", MASKED(2, 524288, 524288)), "2:12 W069", "not those of glibc 2.36, dynamic and glibc 2.43, dynamic"},
	{"x86_64", REFUSED_IF("'openat'", MASKED(2, 3, 1)), "", NULL},
	/* what 2.36 and musl do by exit(2), 2.43 and Go do not */
	{"x86_64", REFUSED_IF("'exit_group'", AT(0, EQ, 0)), "2:12 W069", "not those of glibc 2.43, dynamic, glibc 2.43, static and Go 1.19"},
	{"x86_64", REFUSED_IF("'exit_group'", AT(0, NE, 0)), "", NULL},
};

/* Conditions that ask what an argument does not say, and those that cancel each other. */
static const struct row arg_rows[] = {
	/* any of two may allow what the other turns away */
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'socket'", AT(0, NE, 38)) ALLOW_IF("'socket'", AT(0, NE, 40))), "2:12 W070",
		"argument 0 0x26 passes by this rule"},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'socket'", AT(0, NE, 40)) ALLOW_IF("'socket'", AT(0, NE, 38))), "2:12 W070",
		"on argument 0 each: SCMP_CMP_LT 38, SCMP_CMP_EQ 39, SCMP_CMP_GT 40"},
	/* too far from each other for values, and a rule of two conditions on one argument would be two */
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'socket'", AT(0, NE, 3)) ALLOW_IF("'socket'", AT(0, NE, 40))), "2:12 W070",
		"are alternatives"},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'socket'", AT(0, LT, 38)) ALLOW_IF("'socket'", AT(0, GE, 38))), "2:12 W070", NULL},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'socket'", AT(0, LT, 38)) ALLOW_IF("'socket'", AT(0, GT, 38))), "", NULL},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'socket'", AT(0, NE, 38) ", " AT(1, EQ, 1)) ALLOW_IF("'socket'", AT(0, NE, 40))), "",
		NULL},
	/* a rule without conditions is meant, and so is a default that allows */
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', " RULES(REFUSE_IF("'socket'", "1", AT(0, NE, 38))
		REFUSE("'ptrace', 'io_uring_setup'", "1")), "1:172 W007", NULL},
	/* flags: one value of a word, all bits of a mask, none of them */
	{"x86_64", REFUSED_IF("'mprotect', 'pkey_mprotect'", AT(2, EQ, 4)), "2:79 W071", "refuses 0x4 alone, and 0x5 passes"},
	{"x86_64", REFUSED_IF("'mprotect', 'pkey_mprotect'", MASKED(2, 4, 4)), "", NULL},
	{"x86_64", REFUSED_IF("'socket'", AT(1, EQ, 3)), "2:60 W071", "refuses 0x3 alone, and 0x7 passes"},
	/* what is to be written: the type whatever its flags, all the bits whatever others, none of a signal */
	{"x86_64", REFUSED_IF("'socket'", AT(1, EQ, 524291)), "2:60 W071", "\"value\": 15, \"valueTwo\": 3"},
	{"x86_64", REFUSED_IF("'mmap'", AT(2, EQ, 6)), "2:58 W071", "\"value\": 6, \"valueTwo\": 6"},
	{"x86_64", REFUSED_IF("'clone'", AT(0, EQ, 268435473)), "2:59 W071", "\"value\": 268435456, \"valueTwo\": 268435456"},
	/* write and execute are meant together, and what a thread is made with, too */
	{"x86_64", REFUSED_IF("'mprotect', 'pkey_mprotect'", MASKED(2, 6, 6)), "", NULL},
	{"x86_64", REFUSED_IF("'clone'", MASKED(0, 4001536, 4001536)), "", NULL},
	/* a valueTwo that is not there is a slip; one that is 0 says so, and may be meant */
	{"x86_64", REFUSED_IF("'mprotect', 'pkey_mprotect'", AT(2, MASKED_EQ, 6)), "2:79 W072", "\"value\": 6, \"valueTwo\": 6"},
	{"x86_64", REFUSED_IF("'mprotect', 'pkey_mprotect'", MASKED(2, 6, null)), "2:79 W072", "\"value\": 6, \"valueTwo\": 6"},
	{"x86_64", REFUSED_IF("'mprotect', 'pkey_mprotect'", MASKED(2, 6, 0)), "2:79 W072", "right if that is meant"},
	{"x86_64", REFUSED_IF("'setns'", AT(1, MASKED_EQ, 268435456)), "2:59 W072", "BIT is 0x10000000"},
	{"x86_64", REFUSED_IF("'socket'", AT(0, EQ, 3)), "", NULL},
	{"x86_64", REFUSED_IF("'setns'", MASKED(1, 2114060288, 2114060288)), "2:59 W071", "one alone, 0x20000, passes"},
	{"s390x", REFUSED_IF("'clone'", AT(0, EQ, 3)), "2:59 W073", "is a pointer"},
	{"x86_64", REFUSED_IF("'setns'", MASKED(1, 268435456, 0)), "2:59 W072", "none of the bits 0x10000000"},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'setns'", MASKED(1, 268435456, 0))), "", NULL},
	/* another rule refuses what passes by this one */
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['setns'], 'action': 'SCMP_ACT_ERRNO', 'args': ["
		AT(1, EQ, 4) "]}" REFUSE_IF("'setns'", "1", AT(1, NE, 4)) REFUSE("'ptrace', 'io_uring_setup'", "1") "]}",
		"", NULL},
	/* a pointer, an argument that is not there, a mode in place of flags */
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'connect'", "\n" AT(1, EQ, 2))), "3:1 W073", "is a pointer"},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'connect'", "\n" AT(1, NE, 0))), "", NULL},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'getppid'", "\n" AT(0, EQ, 2))), "3:1 W073", "takes 0 arguments"},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'openat', 'open'", "\n" AT(2, EQ, 2))), "3:1 W073", "flags are argument 1"},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'openat'", "\n" AT(2, EQ, 2))), "", NULL},
};

/* What no ABI of the filter is for. */
static const struct row name_rows[] = {
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': ['SCMP_ARCH_X86_64'], 'syscalls': [\n"
		"{'names': ['umount', 'waitpid'], 'action': 'SCMP_ACT_ERRNO'}]}", "2:12 W074", "no umount and waitpid on x86_64"},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'], 'syscalls': [\n"
		"{'names': ['umount', 'waitpid'], 'action': 'SCMP_ACT_ERRNO'}]}", "", NULL},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': ['SCMP_ARCH_X86_64'], 'syscalls': [\n"
		"{'names': ['umount', 'umount2'], 'action': 'SCMP_ACT_ERRNO'}]}", "", NULL},
	{"x86_64", REFUSED("'umount2'"), "1:19 W075", "programs of x86 are killed"},
	{"aarch64", REFUSED("'umount2'"), "1:19 W075", "programs of arm are killed"},
	{"x86", REFUSED("'umount2'"), "", NULL},
	{"x86_64", ALLOWED("'umount2'"), "", NULL},
};

static const struct row dead_rows[] = {
	{"x86_64", ALLOWED("'read', 'read'"), "2:20 N008", "another one says the same"},
	{"x86_64", ALLOWED("'read', 'write'"), "", NULL},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'ioctl'", AT(1, EQ, 5)) ALLOW("'ioctl'")), "2:12 N008", NULL},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'ioctl'", AT(1, LT, 9)) ALLOW_IF("'ioctl'", AT(1, EQ, 5))),
		"3:12 N008", NULL},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'ioctl'", AT(1, LT, 9)) ALLOW_IF("'ioctl'", AT(1, EQ, 9))), "", NULL},
	/* no one of them, all together */
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'ioctl'", AT(1, LT, 9)) ALLOW_IF("'ioctl'", AT(1, GE, 9))
		ALLOW_IF("'ioctl'", AT(1, NE, 3))), "4:12 N008", "others together say the same"},
	/* with another action it is worse, and said of rules without conditions before */
	{"x86_64", "{" ERRNO ", " RULES(REFUSE_IF("'ioctl'", "11", AT(0, EQ, 1))
		REFUSE_IF("'ioctl'", "12", AT(0, EQ, 1) ", " AT(1, EQ, 2))), "3:12 W006, 3:12 W005",
		"other rules take all its calls"},
	{"x86_64", "{" ERRNO ", " RULES(REFUSE_IF("'ioctl'", "11", AT(0, EQ, 1))
		REFUSE_IF("'ioctl'", "12", AT(0, EQ, 2) ", " AT(1, EQ, 2))), "", NULL},
	/* the third is dead while the second beats it: the second may not go, the first may */
	{"x86_64", "{" ERRNO ", " RULES(REFUSE_IF("'ptrace'", "38", AT(0, GE, 0)) REFUSE("'ptrace'", "38")
		ALLOW_IF("'ptrace'", AT(1, NE, 1))), "4:12 W005, 2:12 N008", "another one says the same"},
	/* two alternatives are one name */
	{"x86_64", "{" ERRNO ", " RULES(ALLOW_IF("'ioctl'", "\n" AT(1, EQ, 5) ",\n" AT(1, EQ, 6))), "4:1 W008", NULL},
	/* on this node they are alike, on arm not: send, and 64 bits on x86_64 */
	{"x86_64", WITH(X86, RULES(ALLOW("'socketcall', 'send'"))), "", NULL},
	{"arm", "{" ERRNO ", " RULES(ALLOW_IF("'ioctl'", AT(1, EQ, 5))
		ALLOW_IF("'ioctl'", "\n" AT(1, EQ, 4294967301))), "4:1 W014", NULL},
	/* on this node there is no such call */
	{"x86_64", ALLOWED("'arm_fadvise64_64', 'arm_fadvise64_64'"), "", NULL},
	/* in this container both are there, in others one is */
	{"x86_64", "{" ERRNO ", " RULES(ALLOW("'bpf'") ",\n{'names': ['bpf'], 'action': 'SCMP_ACT_ALLOW',"
		"'excludes': {'caps': ['CAP_BPF']}}"), "3:12 N008", NULL},
	{"x86_64", "{" ERRNO ", " RULES(",\n{'names': ['bpf'], 'action': 'SCMP_ACT_ALLOW',"
		"'excludes': {'caps': ['CAP_BPF']}}" ALLOW_IF("'bpf'", AT(0, EQ, 1))), "", NULL},
	{"x86_64", "{" ERRNO ", " RULES(",\n{'names': ['bpf', 'bpf'], 'action': 'SCMP_ACT_ALLOW',"
		"'excludes': {'caps': ['CAP_BPF']}}"), "2:19 N008", NULL},
};

#define PRCTL_IF(args) "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n" \
	"{'names': ['prctl'], 'action': 'SCMP_ACT_ERRNO', 'args': [" args "]}]}"
#define NONE "start no container"

/* Against the table as it was measured: runc and crun by versions, with no_new_privs and without. */
static const struct {
	const char *runtime;
	bool no_new_privs;
	struct row row;
} start_rows[] = {
	/* a list of what is refused, too */
	{"runc", false, {"x86_64", REFUSED("'fstatfs'"), "2:12 E045", "ensure /proc/self/fd is on procfs"}},
	{"docker", false, {"x86_64", REFUSED("'capset'"), "2:12 E045", "unable to apply caps"}},
	{"docker", false, {"x86_64", REFUSED("'capset'"), "2:12 E045", "with no_new_privs they start"}},
	{"containerd", true, {"x86_64", REFUSED("'capset'"), "", NULL}},
	{"runc", true, {"x86_64", REFUSED("'execve'"), "2:12 E045", "exec PROGRAM"}},
	{"podman", false, {"x86_64", REFUSED("'fstatfs'"), "", NULL}},
	{"podman", false, {"x86_64", REFUSED("'setresuid'"), "2:12 E045", "add \"setresuid\": crun 1.28 says"}},
	{"runc", false, {"x86_64", REFUSED("'ptrace', 'bpf'"), "", NULL}},
	/* KEP-6061 is nobody's to measure yet */
	{"kep6061", false, {"x86_64", REFUSED("'execve'"), "", NULL}},
	/* of versions one, or all, or one that was not measured */
	{"runc", false, {"x86_64", REFUSED("'statx'"), "2:12 W068", "by runc 1.3.6 without"}},
	{"runc@1.3.6", false, {"x86_64", REFUSED("'statx'"), "2:12 E045", "by runc 1.3.6 without"}},
	{"runc@1.1", false, {"x86_64", REFUSED("'statx'"), "", NULL}},
	{"runc@1.5", false, {"x86_64", REFUSED("'fstatfs'"), "2:12 W068", "runc 1.5 itself was not measured"}},
	{"runc", false, {"x86_64", REFUSED("'statx', 'faccessat2', 'faccessat'"), "2:12 W068", "runc 1.1.5 may start none, either"}},
	/* without a tracer TRACE is ENOSYS, and openat2 may be refused where readlinkat is not */
	{"runc@1.3", false, {"x86_64", "{'defaultAction': 'SCMP_ACT_TRACE', " RULES(""), "1:19 E045", "or \"readlinkat\""}},
	/* without a runtime, on another ABI: a warning */
	{"author", false, {"x86_64", REFUSED("'fstatfs'"), "2:12 W068", NONE}},
	{"author", false, {"x86_64", REFUSED("'execve'"), "2:12 W068", "crun 1.8.1"}},
	{"runc", false, {"aarch64", REFUSED("'fstatfs'"), "2:12 W068", "measured on x86_64"}},
	/* arguments: all that are used are refused, some, none */
	{"crun", false, {"x86_64", PRCTL_IF(AT(0, LT, 99)), "2:12 E045", "prctl drop bounding"}},
	{"crun", false, {"x86_64", PRCTL_IF(AT(0, EQ, 24)), "2:12 W068", "may start no container"}},
	{"crun", false, {"x86_64", PRCTL_IF(AT(0, EQ, 4)), "", NULL}},
	{"crun", false, {"x86_64", PRCTL_IF(AT(0, GE, 4294967296)), "", NULL}},
	{"crun", false, {"x86_64", "{" ERRNO ", " RULES(ALLOW("'write', 'close', 'prctl', 'setresuid', 'setresgid', 'capset',"
		"'rt_sigaction', 'rt_sigprocmask'")), "", NULL}},
};

/* What more than the vital ones programs start others and wait by. */
#define STARTS "'clone', 'clone3', 'wait4', 'futex', 'mmap', 'pipe2', 'dup3', 'rt_sigaction', 'rt_sigprocmask', 'openat', " \
	"'read', 'close', 'newfstatat', 'fstat', 'munmap', 'set_robust_list', 'pread64', 'fcntl', 'sigaltstack', 'fork', " \
	"'epoll_create1', 'epoll_ctl', 'epoll_pwait', 'eventfd2', 'waitid'"

#define STARTS_NO_CLONE "'wait4', 'futex', 'mmap', 'pipe2', 'dup3', 'rt_sigaction', 'rt_sigprocmask', 'openat', 'read', " \
	"'close', 'newfstatat', 'fstat', 'munmap', 'set_robust_list', 'pread64', 'fcntl', 'sigaltstack', 'fork', 'vfork', " \
	"'epoll_create1', 'epoll_ctl', 'epoll_pwait', 'eventfd2', 'waitid'"
#define CLONE_IF(args) "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['clone3'], 'action': " \
	"'SCMP_ACT_ERRNO', 'errnoRet': 38},\n{'names': ['clone'], 'action': 'SCMP_ACT_ERRNO', 'args': [" args "]}]}"

static const struct row work_rows[] = {
	{"x86_64", REFUSED("'clone', 'clone3', 'fork', 'vfork'"), "2:12 W079",
		"no program that was measured starts another one under this"},
	{"x86_64", REFUSED("'clone', 'clone3', 'fork', 'vfork'"), "2:12 W079", "starts a thread"},
	{"aarch64", REFUSED("'clone', 'clone3'"), "2:12 W079", "allow \"clone\": pipelines (dash as sh)"},
	{"x86", REFUSED("'clone', 'clone3'"), "2:12 W079", "allow \"clone3\": starting programs (glibc 2.36, dynamic, 32 bits)"},
	{"x86", REFUSED("'clone', 'clone3', 'fork', 'vfork'"), "2:12 W079", "\"fork\": fork (musl 1.2.3, static, 32 bits)"},
	{"arm", REFUSED("'clone', 'clone3', 'fork', 'vfork'"), "2:12 W079", NULL},
	/* that no ABI but some has fork leaves open what musl calls there */
	{"aarch64", REFUSED("'clone'"), "2:12 W079", "allow \"clone\": pipelines (dash as sh), fork (glibc 2.36, dynamic)"},
	{"x86_64", REFUSED("'clone'"), "2:12 W079", "allow \"clone\": pipelines (dash as sh), fork (glibc 2.36, dynamic)"},
	/* told otherwise (W032, W039), by ENOSYS, for some arguments alone, or of none that was measured */
	{"x86_64", REFUSED("'clone3'"), "", NULL},
	{"x86_64", REFUSED_AS("'clone', 'clone3', 'fork', 'vfork'", "0"), "2:89 W010", NULL},
	{"x86_64", REFUSED("'exit', 'rt_sigreturn'"), "", NULL},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n"
		"{'names': ['clone3'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 38}]}", "", NULL},
	{"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['clone'], 'action': 'SCMP_ACT_ERRNO', "
		"'args': [{'index': 0, 'value': 268435456, 'valueTwo': 268435456, 'op': 'SCMP_CMP_MASKED_EQ'}]}]}", "", NULL},
	{"x86_64", REFUSED("'fork', 'vfork', 'ptrace'"), "2:12 W079", "this fails: starting programs (dash as sh), fork (musl 1.2.3, static)"},
	{"x86_64", REFUSED("'wait4'"), "2:12 W079", "only this works: starting programs (Go 1.27)"},
	{"x86_64", REFUSED("'execve', 'execveat'"), "2:12 W079", "no program that was measured starts another one"},
	{"x86_64", REFUSED("'semget', 'bpf'"), "", NULL},
	/* the flags of every thread, of every process that is no thread; not of some of those */
	{"x86_64", CLONE_IF(MASKED(0, 65536, 65536)), "3:12 W079", "no program that was measured starts a thread"},
	{"x86_64", CLONE_IF(MASKED(0, 256, 256)), "3:12 W079", "starts a thread"},
	{"x86_64", CLONE_IF(MASKED(0, 65536, 0)), "3:12 W079", "allow \"clone\": pipelines (dash as sh), fork (glibc"},
	{"s390x", CLONE_IF(MASKED(1, 65536, 65536)), "3:12 W079", "starts a thread"},
	{"s390x", CLONE_IF(MASKED(0, 65536, 65536)), "", NULL},
	{"x86_64", CLONE_IF(MASKED(0, 2097152, 2097152)), "3:12 W079", "fails: pipelines (dash as sh), fork (glibc"},
	{"x86_64", CLONE_IF(MASKED(0, 2114060288, 0)), "3:12 W079", "allow \"clone\": pipelines (dash as sh), fork (glibc"},
	{"x86_64", CLONE_IF(AT(0, EQ, 65536)), "", NULL},
	{"x86_64", "{" ERRNO ", " RULES(ALLOW(STARTS_NO_CLONE) ", {'names': ['clone'], 'action': 'SCMP_ACT_ALLOW', "
		"'args': [" MASKED(0, 65536, 0) "]}"), "1:19 N063", "starts a thread"},
	/* what becomes of the flags and the stack of each: as run */
	{"x86_64", CLONE_IF(AT(0, NE, 4001536)), "3:12 W079",
		"only this works: starting programs (dash as sh), fork (musl 1.2.3, static) and fork (musl 1.2.6, static)"},
	{"x86_64", CLONE_IF(AT(0, NE, 4001536)), "3:12 W079", "fails: threads (musl 1.2.3, static) and threads (musl 1.2.6, static)"},
	{"x86_64", CLONE_IF(MASKED(0, 65536, 0)), "3:12 W079",
		"only this works: starting programs (dash as sh), fork (musl 1.2.3, static) and fork (musl 1.2.6, static)"},
	{"x86_64", CLONE_IF(AT(0, LE, 4294967295)), "3:12 W079", "no program that was measured starts a thread"},
	{"x86_64", CLONE_IF(AT(0, LT, 268435456)), "3:12 W079", "no program that was measured starts a thread"},
	{"x86_64", CLONE_IF(MASKED(0, 256, 0)), "3:12 W079", "allow \"clone\": pipelines (dash as sh), fork (glibc 2.36, dynamic)"},
	{"x86_64", CLONE_IF(MASKED(0, 256, 256)), "3:12 W079", "fails: starting programs (glibc 2.36, dynamic), starting"},
	{"x86_64", CLONE_IF(AT(0, NE, 18874385)), "3:12 W079", "no program that was measured starts a thread"},
	{"x86_64", CLONE_IF(AT(1, NE, 0)), "3:12 W079", "no program that was measured starts a thread"},
	{"x86_64", CLONE_IF(AT(1, NE, 0)), "3:12 W079", "fails: starting programs (glibc 2.36, dynamic), starting"},
	{"s390x", CLONE_IF(AT(0, NE, 0)), "3:12 W079", "starts a thread"},
	{"s390x", CLONE_IF(AT(1, NE, 0)), "3:12 W079", "no program that was measured starts a thread"},
	/* a pidfd or not: one of them refused is not decided, and no more is what a free argument decides */
	{"x86_64", CLONE_IF(AT(0, EQ, 20736)), "", NULL},
	{"x86_64", CLONE_IF(AT(0, EQ, 16657)), "3:12 W079", "not decided: starting programs (Go 1.27)"},
	{"x86_64", CLONE_IF(AT(3, EQ, 0)), "", NULL},
	{"x86_64", BOTH("'wait4', 'mmap'", AT(2, EQ, 0), AT(2, EQ, 7)), "", NULL},
	/* conditions that leave nothing, and that leave one value */
	{"x86_64", BOTH("'wait4'", AT(2, EQ, 0), AT(2, NE, 0)), "2:12 W079", "only this works"},
	{"x86_64", BOTH("'wait4'", AT(2, GT, 1), AT(2, EQ, 0)), "", NULL},
	/* by default; for one that loads it and starts none it is as meant */
	{"x86_64", ALLOWED("'read'"), "1:19 N063", "no program that was measured starts a thread"},
	{"x86_64", ALLOWED(STARTS), "1:19 N063", "allow \"vfork\": starting programs (dash as sh)"},
	{"x86_64", ALLOWED(STARTS ", 'vfork'"), "", NULL},
	{"x86_64", "{" ERRNO ", 'syscalls': [{'names': ['read', 'exit_group'], 'action': 'SCMP_ACT_ALLOW'}]}", "", NULL},
};

ROWS_ARE_FOUND(programs_that_start_no_others_are_found, work_rows, lint_works_alone)
ROWS_ARE_FOUND(what_conditions_refuse_all_together_is_found, all_rows, lint_whole)
ROWS_ARE_FOUND(what_conditions_refuse_to_some_programs_is_found, all_kind_rows, lint_kinds_alone)
#define KILLED(names) "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': [" names "], 'action': 'SCMP_ACT_KILL_PROCESS'}]}"
#define TRACED(names, rest) "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': [" names "], 'action': 'SCMP_ACT_TRACE'" rest "}]}"
#define NOTIFIED(names) "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': [" names "], 'action': 'SCMP_ACT_NOTIFY'}]}"

/* What is known of programs under a tracer or a listener, and that something is not. */
static const struct {
	const char *runtime;
	struct row row;
} program_rows[] = {
	/* nobody traces a container; of a filter that is none's it is not known */
	{"runc", {"x86_64", TRACED("'execve'", ""), "2:12 W079", "no program that was measured starts another one"}},
	{"runc", {"x86_64", TRACED("'rt_sigprocmask'", ""), "2:12 W069", "Go 1.19: add \"rt_sigprocmask\""}},
	{"runc", {"x86_64", TRACED("'arch_prctl'", ", 'args': [" AT(0, EQ, 4098) "]"), "2:12 W069", "ARCH_SET_FS"}},
	{"runc", {"x86_64", TRACED("'arch_prctl'", ", 'args': [" AT(0, EQ, 4099) "]"), "2:12 N070", "those of Go 1.27 and"}},
	{"runc", {"x86_64", TRACED("'clone', 'clone3', 'fork', 'vfork'", ""), "2:12 W069, 2:12 W079", "starts another one"}},
	{"runc", {"x86_64", TRACED("'wait4'", ""), "2:12 W079", "allow \"wait4\""}},
	{"runc", {"x86_64", TRACED("'rseq'", ""), "", NULL}},
	{"author", {"x86_64", TRACED("'execve'", ""), "2:12 N070", "depends on calls of execve"}},
	{"author", {"x86_64", TRACED("'wait4'", ""), "2:12 N070", "this works is not decided, and depends on calls of wait4"}},
	/* a listener may do anything */
	{"author", {"x86_64", NOTIFIED("'arch_prctl'"), "2:37 W018, 2:12 N070", "depends on calls of arch_prctl: those of busybox"}},
	{"author", {"x86_64", NOTIFIED("'mount'"), "2:32 W018", NULL}},
	/* not every system has Go ask for huge pages */
	{"runc", {"x86_64", KILLED("'madvise'"), "2:12 N070", "depends on calls of madvise: those of Go 1.19 and Go 1.27"}},
	{"runc", {"x86_64", REFUSED("'madvise'"), "", NULL}},
	{"runc", {"x86_64", KILLED("'mount'"), "", NULL}},
	/* what is told of others says so itself */
	{"runc", {"x86_64", KILLED("'madvise', 'access'"), "2:23 W069", "not decided: Go 1.19 and Go 1.27"}},
	/* Go sets a handler for each signal; what it waits and wakes by is chance */
	{"runc", {"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['rt_sigaction'], 'action': "
		"'SCMP_ACT_ERRNO', 'args': [" AT(0, EQ, 23) "]}]}", "2:12 W069", "Go 1.19: add \"rt_sigaction(SIGURG, *, *, 8)\""}},
	{"runc", {"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['rt_sigaction'], 'action': "
		"'SCMP_ACT_ERRNO', 'args': [" AT(0, EQ, 99) "]}]}", "2:12 N070", "rt_sigaction: those of Go 1.27"}},
	{"runc", {"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['futex'], 'action': "
		"'SCMP_ACT_ERRNO', 'args': [" AT(1, EQ, 129) "]}]}", "2:12 N070", "calls of futex: those of Go 1.19 and Go 1.27"}},
	/* an address decides */
	{"runc", {"x86_64", "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [\n{'names': ['wait4'], 'action': "
		"'SCMP_ACT_ERRNO', 'args': [" AT(1, GT, 4096) "]}]}", "2:12 N070", "wait4"}},
};

static void what_is_not_decided_of_programs_is_said(void **state)
{
	bool ok = true;

	(void)state;
	for (size_t i = 0; i < countof(program_rows); i++) {
		struct attempt a;
		const struct row *row = &program_rows[i].row;
		lint_row(&a, row, program_rows[i].runtime, false, lint_programs);
		ok = attempt_found(&a, row->json, row->findings, row->words) && ok;
		attempt_end(&a, true);
	}
	assert_true(ok);
}

ROWS_ARE_FOUND(what_libraries_call_today_is_missed_where_it_is_refused, sibling_rows, lint_whole)
ROWS_ARE_FOUND(refusing_one_of_several_that_do_the_same_is_found, open_rows, lint_whole)
ROWS_ARE_FOUND(another_errno_than_enosys_is_found_where_programs_fall_back, errno_rows, lint_whole)
ROWS_ARE_FOUND(abis_that_let_more_in_are_found, abi_rows, lint_whole)
ROWS_ARE_FOUND(what_multiplexers_undo_is_found, multiplex_rows, lint_whole)
ROWS_ARE_FOUND(everything_and_nothing_are_found, extreme_rows, lint_whole)
ROWS_ARE_FOUND(calls_that_work_past_the_filter_are_found, detour_rows, lint_whole)
ROWS_ARE_FOUND(conditions_that_decide_nothing_are_found, cond_rows, lint_whole)
ROWS_ARE_FOUND(rules_that_decide_nothing_are_found, dead_rows, lint_dead_rules)
ROWS_ARE_FOUND(rules_that_decide_nothing_are_found_again, dead_rows, lint_dead_again)
ROWS_ARE_FOUND(conditions_on_what_says_nothing_are_found, arg_rows, lint_conditions)
ROWS_ARE_FOUND(names_and_programs_of_other_abis_are_found, name_rows, lint_names)

static void what_is_kept_of_a_reading_is_found_again(void **state)
{
	static const struct row row = {
		"x86_64", "{" ERRNO ", " RULES(ALLOW("'open', 'dup'") ALLOW_IF("'dup'", "{'index': 0, 'value': 1, 'op': 'SCMP_CMP_EQ'}")), "", NULL};
	struct attempt a;

	(void)state;
	lint_row(&a, &row, "author", false, ask_again);
	attempt_end(&a, true);
}

static void calls_of_a_program_are_found_where_they_are(void **state)
{
	size_t found = 0, calls = 0;

	(void)state;
	while (program_calls()[calls].name[0])
		calls++;
	for (size_t i = 0; i < programs_count(); i++) {
		const struct program_call *first = program_calls_of(i);
		assert_true(first == &program_calls()[found]);
		for (; first->name[0] && first->program == i; first++)
			found++;
	}
	assert_int_equal(found, calls);
}

/* With rows and without, from a memo that is new and from one that has them. */
static void ask_for_outcomes(const struct lint *l, const struct abi *abi, uint16_t id)
{
	const struct cond cond = {0, COND_EQ, UINT64_MAX, 17};
	const struct clause *made[] = {NULL, &(struct clause){.cond = &cond, .conds = 1}};

	for (size_t i = 0; i < 2 * countof(made); i++) {
		struct lint plain = *l;
		plain.rows = NULL;
		plain.outcomes = NULL;
		const struct syscall_outcome due = outcome_where(&plain, abi, id, made[i / 2]);
		plain.outcomes = l->outcomes;
		const struct syscall_outcome got[] = {outcome_where(l, abi, id, made[i / 2]),
			outcome_where(&plain, abi, id, made[i / 2])};
		for (size_t k = 0; k < countof(got); k++) {
			assert_int_equal(got[k].how, due.how);
			assert_int_equal(got[k].ret, due.ret);
			assert_int_equal(got[k].at, due.at);
			assert_int_equal(got[k].by_rule, due.by_rule);
		}
	}
}

static void ask_for_all_outcomes(const struct lint *l)
{
	for (size_t i = 0; i < l->policy->abis; i++) {
		for (size_t id = 0; id < arch_syscall_count(); id++)
			ask_for_outcomes(l, l->policy->abi[i], (uint16_t)id);
	}
}

static void outcomes_that_are_known_are_those_asked_anew(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(work_rows); i++) {
		struct attempt a;
		lint_row(&a, &work_rows[i], "author", false, ask_for_all_outcomes);
		attempt_end(&a, true);
	}
}

static void lists_of_what_is_refused_are_found_where_tables_are_open(void **state)
{
	bool ok = true;

	(void)state;
	for (size_t i = 0; i < countof(table_rows); i++) {
		const struct row *row = &table_rows[i].row;
		struct attempt a;
		lint_row(&a, row, table_rows[i].runtime, false, lint_whole);
		ok = attempt_found(&a, row->json, row->findings, row->words) && ok;
		attempt_end(&a, true);
	}
	assert_true(ok);
}

static void containers_that_cannot_start_are_found(void **state)
{
	bool ok = true;

	(void)state;
	for (size_t i = 0; i < countof(start_rows); i++) {
		const struct row *row = &start_rows[i].row;
		struct attempt a;
		lint_row(&a, row, start_rows[i].runtime, start_rows[i].no_new_privs, lint_start);
		ok = attempt_found(&a, row->json, row->findings, row->words) && ok;
		attempt_end(&a, true);
	}
	assert_true(ok);
}

/* Errnos, traps and the like leave a record where flags ask for one, kills always; what allows, never. */
static void refusals_without_a_record_are_found(void **state)
{
	static const struct {
		const char *json, *says; /* NULL: nothing */
	} cases[] = {
		{"{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'}]}",
			"refused by errno: flags lack SECCOMP_FILTER_FLAG_LOG"},
		{"{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_TRAP'},"
		 "{'names': ['write'], 'action': 'SCMP_ACT_TRACE'}, {'names': ['ioctl'], 'action': 'SCMP_ACT_NOTIFY'}]}",
			"refused by trap, user_notif, trace: flags"},
		{"{'defaultAction': 'SCMP_ACT_ERRNO', 'flags': ['SECCOMP_FILTER_FLAG_LOG'], 'syscalls':"
		 "[{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'}]}", NULL},
		{"{'defaultAction': 'SCMP_ACT_KILL_PROCESS', 'syscalls': [{'names': ['read'], 'action':"
		 "'SCMP_ACT_ALLOW'}, {'names': ['write'], 'action': 'SCMP_ACT_LOG'}]}", NULL},
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		const struct row row = {"x86_64", cases[i].json, "", NULL};
		struct attempt a;
		lint_row(&a, &row, "author", false, lint_records);
		if (cases[i].says ? !attempt_says(&a, cases[i].says) : a.diags.first != NULL)
			fail_msg("%s: %s", cases[i].json, cases[i].says ? cases[i].says : "a finding");
		attempt_end(&a, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_that_start_no_others_are_found),
		cmocka_unit_test(what_conditions_refuse_all_together_is_found),
		cmocka_unit_test(what_conditions_refuse_to_some_programs_is_found),
		cmocka_unit_test(what_is_not_decided_of_programs_is_said),
		cmocka_unit_test(what_libraries_call_today_is_missed_where_it_is_refused),
		cmocka_unit_test(refusals_without_a_record_are_found),
		cmocka_unit_test(refusing_one_of_several_that_do_the_same_is_found),
		cmocka_unit_test(another_errno_than_enosys_is_found_where_programs_fall_back),
		cmocka_unit_test(abis_that_let_more_in_are_found),
		cmocka_unit_test(what_multiplexers_undo_is_found),
		cmocka_unit_test(everything_and_nothing_are_found),
		cmocka_unit_test(calls_that_work_past_the_filter_are_found),
		cmocka_unit_test(conditions_that_decide_nothing_are_found),
		cmocka_unit_test(what_is_kept_of_a_reading_is_found_again),
		cmocka_unit_test(conditions_on_what_says_nothing_are_found),
		cmocka_unit_test(names_and_programs_of_other_abis_are_found),
		cmocka_unit_test(rules_that_decide_nothing_are_found),
		cmocka_unit_test(rules_that_decide_nothing_are_found_again),
		cmocka_unit_test(calls_of_a_program_are_found_where_they_are),
		cmocka_unit_test(outcomes_that_are_known_are_those_asked_anew),
		cmocka_unit_test(containers_that_cannot_start_are_found),
		cmocka_unit_test(lists_of_what_is_refused_are_found_where_tables_are_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
