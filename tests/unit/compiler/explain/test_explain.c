/*
 * The story of a verdict: what it is, who gives it, and why the others do not. A row asks one
 * profile about one call and looks for words, each in a line of its own.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"

#include "compiler/explain/overview.h"

#define D  "{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': ["
#define A  "'action': 'SCMP_ACT_ALLOW'"
#define EQ "'op': 'SCMP_CMP_EQ', "

struct row {
	const char *abi, *call_abi; /* NULL: the same */
	const char *runtime;        /* NULL: the author's */
	const char *syscall;
	uint64_t args[CALL_ARGS];
	const char *json; /* with ' for " */
	const char *words[3];
};

static const struct row calls[] = {
	/* who decides */
	{"x86_64", NULL, NULL, "read", {0}, D "{'names': ['read'], " A "}]}",
		{"read(0, 0, 0, 0, 0, 0) on x86_64: ALLOW, allowed\n",
			"test.json:1:61: the rule that decides\n", "No other rule names it.\n"}},
	{"x86_64", NULL, NULL, "write", {0}, D "{'names': ['read'], " A "}]}",
		{"ERRNO(1), refused with EPERM\n",
			"test.json:1:19: the default action: no rule matches\n"}},
	{"x86_64", "s390x", NULL, "read", {0}, D "{'names': ['read'], " A "}]}",
		{"KILL_THREAD, kills the thread\n", "the filter does not cover s390x\n"}},
	{"x86_64", "x32", NULL, "read", {0}, D "{'names': ['read'], " A "}]}",
		{"the filter does not cover x32\n"}},
	{"x86_64", NULL, "runc", "clone3", {0}, D "{'names': ['write'], " A "}]}",
		{"ERRNO(38), refused with ENOSYS\n", "no rule says so: ENOSYS"}},
	/* not for this node */
	{"x86_64", NULL, NULL, "bpf", {0},
		D "{'names': ['bpf'], " A ", 'includes': {'caps': ['CAP_BPF']}}]}",
		{": ALLOW: not for this container: it lacks CAP_BPF\n"}},
	{"x86_64", NULL, NULL, "bpf", {0},
		D "{'names': ['bpf'], " A ", 'excludes': {'arches': ['amd64']}}]}",
		{": ALLOW: not for this node: its 'excludes' name x86_64\n"}},
	{"x86_64", NULL, NULL, "bpf", {0},
		D "{'names': ['bpf'], " A ", 'includes': {'arches': ['arm64']}}]}",
		{": ALLOW: not for this node: its 'includes' do not name x86_64\n"}},
	{"x86_64", NULL, NULL, "bpf", {0},
		D "{'names': ['bpf'], " A ", 'includes': {'minKernel': '5.8'}}]}",
		{": ALLOW: not for this node: kernel 4.4 is older than 5.8\n"}},
	{"x86_64", NULL, NULL, "bpf", {0},
		D "{'names': ['bpf'], " A ", 'excludes': {'minKernel': '4.4'}}]}",
		{": ALLOW: not for this node: kernel 4.4 is 4.4 or newer\n"}},
	{"x86_64", NULL, "containerd", "bpf", {0}, D "{'name': 'bpf', " A "}]}",
		{"containerd does not read 'name': the rule is gone\n"}},
	{"x86_64", NULL, NULL, "read", {0}, D "{'names': ['read'], 'action': 'SCMP_ACT_ERRNO'}]}",
		{": ERRNO(1): dropped: its action is the default action\n"}},
	/* not for these arguments */
	{"x86_64", NULL, NULL, "ioctl", {0, 7},
		D "{'names': ['ioctl'], " A ", 'args': [{" EQ "'index': 1, 'value': 8}]}]}",
		{": ALLOW: argument 1 is 7, the rule wants 8\n"}},
	{"x86_64", NULL, NULL, "clone", {0x10000000},
		D "{'names': ['clone'], " A ", 'args': [{'op': 'SCMP_CMP_MASKED_EQ', 'index': 0, "
		  "'value': 2114060288}]}]}",
		{"argument 0 is 0x10000000, the rule wants 0 in the bits 0x7e020000\n"}},
	{"x86_64", NULL, NULL, "ioctl", {3, 7},
		D "{'names': ['ioctl'], " A ", 'args': [{" EQ "'index': 1, 'value': 8}, {" EQ
		  "'index': 1, 'value': 9}]}]}",
		{"argument 1 is 7, the rule wants 8; argument 1 is 7, the rule wants 9 (one of"}},
	{"x86_64", NULL, NULL, "ioctl", {3, 9},
		D "{'names': ['ioctl'], " A ", 'args': [{" EQ "'index': 1, 'value': 8}, {" EQ
		  "'index': 1, 'value': 9}]}]}",
		{"ALLOW, allowed\n", "the rule that decides\n"}},
	{"x86", NULL, NULL, "ioctl", {0, UINT64_C(0x100000008)},
		D "{'names': ['ioctl'], " A ", 'args': [{" EQ "'index': 1, 'value': 8}]}]}",
		{"ALLOW, allowed\n", "the rule that decides\n"}},
	/* beaten */
	{"x86_64", NULL, NULL, "ioctl", {0},
		D "{'names': ['ioctl'], 'action': 'SCMP_ACT_LOG', 'args': [{" EQ
		  "'index': 1, 'value': 0}]}, {'names': ['ioctl'], " A "}]}",
		{": LOG: matches, but a rule without conditions beats it\n"}},
	{"x86_64", NULL, NULL, "ioctl", {0},
		D "{'names': ['ioctl'], 'action': 'SCMP_ACT_LOG', 'args': [{" EQ
		  "'index': 1, 'value': 0}]}, {'names': ['ioctl'], " A ", 'args': [{" EQ
		  "'index': 2, 'value': 0}]}]}",
		{"ALLOW, allowed\n", ": LOG: matches, but another one goes first"}},
	{"x86_64", NULL, NULL, "read", {0},
		D "{'names': ['read'], " A "}, {'names': ['read'], " A "}]}",
		{": ALLOW: matches too, and says the same\n"}},
	/* another ABI's table */
	{"mips64", NULL, NULL, "4020", {0}, D "{'names': ['getpid'], " A "}]}",
		{"mips:getpid(0, 0, 0, 0, 0, 0) on mips64: KILL_THREAD", "the number is one of mips, "}},
	{"mips64", NULL, "runc", "4020", {0}, D "{'names': ['getpid'], " A "}]}",
		{"mips:getpid(0, 0, 0, 0, 0, 0) on mips64: ERRNO(1)", "the default action: "}},
	/* ways in */
	{"aarch64", NULL, NULL, "open", {0}, D "{'names': ['open'], " A "}]}",
		{"aarch64 has no syscall open: nothing calls it there.\n",
			": ALLOW: no number on aarch64: the rule is for other ABIs\n"}},
	{"x86", NULL, NULL, "socketcall", {1}, D "{'names': ['socket'], " A "}]}",
		{"ALLOW, allowed\nThat is socket: its arguments are behind a pointer",
			"the rule that decides\n"}},
	{"x86", NULL, NULL, "socketcall", {2}, D "{'names': ['socket'], " A "}]}",
		{"ERRNO(1), refused with EPERM\nThat is bind:", "No other rule names it.\n"}},
	{"x86", NULL, NULL, "socket", {0}, D "{'names': ['socket', 'socketcall'], " A "}]}",
		{"Also reached as socketcall(1, ...): ALLOW, allowed\n"}},
	{"s390", NULL, NULL, "semop", {5}, D "{'names': ['semop'], " A "}]}",
		{"ipc(1, 5, 0, 0, 0, 0) on s390: ALLOW, allowed\n", "That is semop:"}},
};

static struct question prepare(struct attempt *a, const struct row *row, struct node_facts *facts)
{
	*facts = (struct node_facts){
		.native = abi_named(row->abi), .kernel = {.present = true, .major = 4, .minor = 4}};
	if (row->runtime) {
		facts->dialect = dialect_find(row->runtime, strlen(row->runtime));
		facts->enosys = facts->dialect->enosys;
	}
	attempt_text(a, row->json);
	attempt_node(a, facts);
	if (!a->policy)
		fail_msg("%s: refused", row->json);
	return (struct question){.arena = &a->arena,
		.source = &a->source,
		.profile = a->profile,
		.node = facts,
		.set = a->ruleset,
		.policy = a->policy};
}

static const char *explained(struct attempt *a, struct question *q, const struct row *row)
{
	struct buf b;

	ATTEMPT_CATCH(a);
	buf_init(&b, &a->arena);
	if (row->syscall) {
		q->abi = abi_named(row->call_abi ? row->call_abi : row->abi);
		memcpy(q->call.args, row->args, sizeof(row->args));
		bool numbered = row->syscall[0] >= '0' && row->syscall[0] <= '9';
		uint32_t nr = numbered ? (uint32_t)strtoul(row->syscall, NULL, 10) : 0;
		assert_true(question_call(q, row->syscall, numbered, nr));
		explain_call(&b, q);
	} else {
		overview_print(&b, q);
	}
	buf_add(&b, "", 1);
	return b.bytes;
}

static void check_rows(const struct row *row, size_t rows)
{
	int failed = 0;

	for (size_t i = 0; i < rows; i++) {
		struct node_facts facts;
		struct attempt a;
		struct question q = prepare(&a, &row[i], &facts);
		const char *text = explained(&a, &q, &row[i]);
		for (size_t k = 0; k < 3 && row[i].words[k]; k++) {
			if (strstr(text, row[i].words[k]))
				continue;
			print_error("row %zu: no '%s' in\n%s\n", i, row[i].words[k], text);
			failed++;
		}
		attempt_end(&a, true);
	}
	assert_int_equal(failed, 0);
}

static void test_a_call_is_told_its_verdict_its_rule_and_why_others_do_not_decide(void **state)
{
	(void)state;
	check_rows(calls, sizeof(calls) / sizeof(calls[0]));
}

static const struct row overviews[] = {
	{"x86_64", NULL, NULL, NULL, {0}, D "{'names': ['read', 'write'], " A "}]}",
		{"- Default action: ERRNO(1), refused with EPERM.\n- ABIs covered: x86_64.\n",
			"\n### ALLOW, allowed: 2 syscalls\n\nread write\n",
			"Numbers without a name: ERRNO(1), refused with EPERM.\n"}},
	{"x86_64", NULL, NULL, NULL, {0}, D "{'names': ['read'], 'action': 'SCMP_ACT_LOG'}]}",
		{"\n### LOG, allowed and logged: 1 syscall\n\nread\n", "syscalls (the default)\n",
			"- Kernel: 4.4.\n- Capabilities: none.\n"}},
	{"x86_64", NULL, NULL, NULL, {0},
		D "{'names': ['ioctl'], " A ", 'args': [{" EQ "'index': 1, 'value': 8}]}]}",
		{"\n### Depending on arguments: 1 syscall\n",
			"| ioctl | if argument 1 is 8: allowed |\n|  | else refused with EPERM "
			"|\n"}},
	{"s390", NULL, NULL, NULL, {0}, D "{'names': ['semop'], " A "}]}",
		{"| ipc | if argument 0 is 1 (semop): allowed |\n"}},
	{"mips", NULL, "runc", NULL, {0}, D "{'names': ['read'], " A "}]}",
		{"refused with ENOSYS"}},
};

static void test_a_profile_is_told_by_abi_and_action(void **state)
{
	(void)state;
	check_rows(overviews, sizeof(overviews) / sizeof(overviews[0]));
}

/* The numbers of the groups add up to the ABI's. */
static void test_an_overview_has_every_syscall_once(void **state)
{
	static const struct row row = {"x86_64", NULL, NULL, NULL, {0},
		D "{'names': ['read', 'clone'], " A "}, {'names': ['ioctl'], " A ", 'args': [{" EQ
		  "'index': 1, 'value': 8}]}]}",
		{NULL}};
	struct node_facts facts;
	struct attempt a;
	struct question q = prepare(&a, &row, &facts);
	const char *text = explained(&a, &q, &row);
	size_t sum = 0, count;

	(void)state;
	for (const char *at = text; (at = strstr(at, "\n### ")); at++) {
		const char *colon = strstr(at, ": ");
		assert_non_null(colon);
		assert_int_equal(sscanf(colon, ": %zu", &count), 1);
		sum += count;
	}
	assert_int_equal(sum, arch_nr_count(abi_named("x86_64")));
	attempt_end(&a, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_a_call_is_told_its_verdict_its_rule_and_why_others_do_not_decide),
		cmocka_unit_test(test_a_profile_is_told_by_abi_and_action),
		cmocka_unit_test(test_an_overview_has_every_syscall_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
