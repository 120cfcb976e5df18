/*
 * What a profile's text says, whichever format it is in, and what is said about text that is wrong:
 * each row is a profile (with ' for "), the findings by line, column and code, and words that must
 * be in one of their messages.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"

struct row {
	const char *json, *findings, *words;
};

static void rows_are_found(const struct row *row, size_t rows)
{
	bool ok = true;

	for (size_t i = 0; i < rows; i++) {
		struct attempt a;
		attempt_text(&a, row[i].json);
		ok = attempt_found(&a, row[i].json, row[i].findings, row[i].words) && ok;
		if (diags_failed(&a.diags) != !a.profile) {
			print_error(
				"%s: a profile where there was an error, or none\n", row[i].json);
			ok = false;
		}
		attempt_end(&a, true);
	}
	assert_true(ok);
}

#define ROWS_ARE_FOUND(name, table)                                                                \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		rows_are_found(table, countof(table));                                             \
	}

#define D "'defaultAction': 'SCMP_ACT_ERRNO'"
#define RULE(keys) "{" D ",\n'syscalls': [{'names': ['ioctl'], 'action': 'SCMP_ACT_ALLOW', " keys "}]}"
#define ARGS(keys) RULE("\n'args': [{" keys "}]")

/* Nothing to say: everything that real profiles hold and that is as meant. */
static const struct row good_rows[] = {
	{"{" D "}", "", NULL},
	{"{" D ", 'syscalls': []}", "", NULL},
	{"{" D ", 'syscalls': null, 'architectures': null, 'archMap': null, 'flags': null}", "", NULL},
	{"{" D ", 'architectures': [], 'archMap': []}", "", NULL},
	{"{" D ", 'defaultErrnoRet': 38, 'defaultErrno': 'ENOSYS'}", "", NULL},
	{"{" D ", 'defaultErrno': ''}", "", NULL},
	{"{" D ", 'listenerPath': '/run/x', 'listenerMetadata': 'y'}", "", NULL},
	{"{" D ", 'flags': ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_TSYNC',"
		"'SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV']}", "", NULL},
	{"{" D ", 'archMap': [{'architecture': 'SCMP_ARCH_X86_64', 'subArchitectures': null}]}", "", NULL},
	{"{" D ", 'archMap': [{'architecture': 'SCMP_ARCH_X86_64'}], 'architectures': []}", "", NULL},
	{RULE("'args': null"), "", NULL},
	{RULE("'args': [], 'comment': 'x', 'includes': {}, 'excludes': {}"), "", NULL},
	{RULE("'includes': null, 'excludes': {'caps': null, 'arches': [], 'minKernel': ''}"), "", NULL},
	{RULE("'name': ''"), "", NULL},
	{RULE("'errno': ''"), "", NULL},
	{RULE("'includes': {'minKernel': '0.255'}"), "", NULL},
	{ARGS("'op': 'SCMP_CMP_EQ'"), "", NULL},
	{ARGS("'index': 5, 'value': 18446744073709551615, 'valueTwo': 0, 'op': 'SCMP_CMP_NE'"), "", NULL},
	{ARGS("'index': 0, 'value': 255, 'valueTwo': 255, 'op': 'SCMP_CMP_MASKED_EQ'"), "", NULL},
};
ROWS_ARE_FOUND(what_is_in_order_gets_no_word, good_rows)

static const struct row place_rows[] = {
	{"{'linux': {'seccomp': {" D "}}}", "", NULL},
	{"{'ociVersion': '1.0', 'process': {'x': []}, 'linux': {'seccomp': {" D "}, 'y': 1}}", "", NULL},
	{"{'apiVersion': 'v1', 'kind': 'SeccompProfile', 'metadata': {'name': 'p'}, 'spec': {" D "}}", "",
		NULL},
	{"{'kind': 'SeccompProfile', 'spec': {'syscalls': []}}", "1:36 E012", NULL},
	{"{'spec': {'baseProfileName': 'runc', 'disabled': false, " D "}}", "1:30 W025",
		"is not here"},
	{"{'Linux': {'SECCOMP': {'DefaultAction': 'SCMP_ACT_LOG'}}}", "1:24 W003", "'defaultAction'"},
	{"{}", "1:1 E012", "unfiltered"},
	{"{'syscalls': []}", "1:1 E012", NULL},
	{"{'defaultAction': null}", "1:1 E012", NULL},
	{"[]", "1:1 E013", NULL},
	{"'SCMP_ACT_ALLOW'", "1:1 E013", NULL},
	{"7", "1:1 E013", NULL},
	{"null", "1:1 E013", NULL},
	{"{'linux': {}}", "1:1 E013", "linux.seccomp"},
	{"{'linux': {'seccomp': null}}", "1:1 E013", NULL},
	{"{'linux': {'seccomp': []}}", "1:23 E010", "linux.seccomp wants an object, this is an array"},
	{"{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'}", "1:1 E013", "a single rule"},
	{"{'name': 'read', 'action': 'SCMP_ACT_ALLOW'}", "1:1 E013", "a single rule"},
	{"{'services': {}}", "1:1 E013", "no seccomp profile"},
};
ROWS_ARE_FOUND(the_profile_is_found_in_its_document, place_rows)

static const struct row type_rows[] = {
	{"{'annotations': {'x': 'y',\n 'run.oci.seccomp_bpf_data': 'IAAA'}, 'linux': {'seccomp': {" D "}}}", "2:30 W083",
		"crun loads this filter"},
	{"{'annotations': ['run.oci.seccomp_bpf_data'], 'linux': {'seccomp': {" D "}}}", "", NULL},
	{"{'annotations': {'x': 'y'}, 'linux': {'seccomp': {" D "}}}", "", NULL},
	{"{'defaultAction': 1}", "1:19 E010", "defaultAction wants a string, this is a number"},
	{"{'defaultAction': ['SCMP_ACT_ALLOW']}", "1:19 E010", "this is an array"},
	{"{" D ",\n 'defaultErrnoRet': '5'}", "2:21 E010", "wants a number, this is a string"},
	{"{" D ",\n 'defaultErrno': 5}", "2:18 E010", "wants a string"},
	{"{" D ",\n 'architectures': 'SCMP_ARCH_X86'}", "2:19 E010", "wants an array, this is a string"},
	{"{" D ",\n 'architectures': {}}", "2:19 E010", NULL},
	{"{" D ",\n 'architectures': ['SCMP_ARCH_X86', 3]}", "2:37 E010", NULL},
	{"{" D ",\n 'architectures': [null]}", "2:20 E010", NULL},
	{"{" D ",\n 'archMap': {}}", "2:13 E010", NULL},
	{"{" D ",\n 'archMap': ['SCMP_ARCH_X86']}", "2:14 E010", "wants an object"},
	{"{" D ",\n 'archMap': [{}]}", "2:14 E010", "has no 'architecture'"},
	{"{" D ",\n 'archMap': [{'architecture': []}]}", "2:31 E010", NULL},
	{"{" D ",\n 'archMap': [{'architecture': 'SCMP_ARCH_X86', 'subArchitectures': 'x'}]}", "2:68 E010",
		NULL},
	{"{" D ",\n 'flags': 'SECCOMP_FILTER_FLAG_LOG'}", "2:11 E010", NULL},
	{"{" D ",\n 'flags': [1]}", "2:12 E010", "an element of flags"},
	{"{" D ",\n 'listenerPath': 1}", "2:18 E010", NULL},
	{"{" D ",\n 'listenerMetadata': {}}", "2:22 E010", NULL},
	{"{" D ",\n 'syscalls': {}}", "2:14 E010", NULL},
	{"{" D ",\n 'syscalls': 'read'}", "2:14 E010", NULL},
	{"{" D ",\n 'syscalls': ['read']}", "2:15 E010", "an element of syscalls"},
	{"{" D ",\n 'syscalls': [null]}", "2:15 E010", NULL},
	{"{" D ",\n 'syscalls': [{'names': 'read', 'action': 'SCMP_ACT_ALLOW'}]}", "2:25 E010",
		NULL},
	{"{" D ",\n 'syscalls': [{'names': [5], 'action': 'SCMP_ACT_ALLOW'}]}", "2:26 E010",
		NULL},
	{"{" D ",\n 'syscalls': [{'names': ['read'], 'action': true}]}", "2:45 E010", "this is true"},
	{RULE("\n'name': []"), "3:9 E010", NULL},
	{RULE("\n'errnoRet': 'EPERM'"), "3:13 E010", "wants a number, this is a string"},
	{RULE("\n'errno': 5"), "3:10 E010", NULL},
	{RULE("\n'args': {}"), "3:9 E010", NULL},
	{RULE("\n'args': ''"), "3:9 E010", NULL},
	{RULE("\n'args': [5]"), "3:10 E010", "an element of args"},
	{RULE("\n'comment': {}"), "3:12 E010", NULL},
	{RULE("\n'includes': []"), "3:13 E010", NULL},
	{RULE("\n'excludes': 'x'"), "3:13 E010", NULL},
	{RULE("\n'includes': {'caps': 'CAP_CHOWN'}"), "3:22 E010", NULL},
	{RULE("\n'includes': {'caps': [{}]}"), "3:23 E010", NULL},
	{RULE("\n'includes': {'arches': 'amd64'}"), "3:24 E010", NULL},
	{RULE("\n'includes': {'minKernel': 4.8}"), "3:27 E010", "wants a string, this is a number"},
	{ARGS("'index': '0', 'op': 'SCMP_CMP_EQ'"), "3:20 E010", NULL},
	{ARGS("'value': '40', 'op': 'SCMP_CMP_EQ'"), "3:20 E010", NULL},
	{ARGS("'valueTwo': [], 'op': 'SCMP_CMP_EQ'"), "3:23 E010", NULL},
	{ARGS("'op': 1"), "3:17 E010", NULL},
};
ROWS_ARE_FOUND(a_value_of_another_type_is_refused, type_rows)

static const struct row number_rows[] = {
	{ARGS("'value': -1, 'op': 'SCMP_CMP_EQ'"), "3:20 E011", "negative"},
	{ARGS("'value': -0, 'op': 'SCMP_CMP_EQ'"), "3:20 E011", "negative"},
	{ARGS("'value': 40.0, 'op': 'SCMP_CMP_EQ'"), "3:20 E011", "without fraction"},
	{ARGS("'value': 4e1, 'op': 'SCMP_CMP_EQ'"), "3:20 E011", "without fraction or exponent"},
	{ARGS("'value': 18446744073709551616, 'op': 'SCMP_CMP_EQ'"), "3:20 E011", "64 bits"},
	{ARGS("'value': 18446744073709552000, 'op': 'SCMP_CMP_EQ'"), "3:20 E011", "doubles"},
	{ARGS("'value': 9223372036854776000, 'op': 'SCMP_CMP_EQ'"), "3:20 W085", "from 9223372036854775296 to 922"},
	{ARGS("'value': 9223372036854775807, 'op': 'SCMP_CMP_EQ'"), "", NULL},
	{ARGS("'valueTwo': 144115188075855870, 'value': 18446744073709551615, 'op': 'SCMP_CMP_MASKED_EQ'"), "3:23 W085",
		"0x1fffffffffffff8 to 0x200000000000010"},
	{ARGS("'value': 99999999999999999999999, 'op': 'SCMP_CMP_EQ'"), "3:20 E011", NULL},
	{ARGS("'valueTwo': -1, 'op': 'SCMP_CMP_MASKED_EQ'"), "3:23 E011", NULL},
	{ARGS("'index': -1, 'op': 'SCMP_CMP_EQ'"), "3:20 E011", NULL},
	{ARGS("'index': 6, 'op': 'SCMP_CMP_EQ'"), "3:20 E020", "six arguments"},
	{ARGS("'index': 18446744073709551615, 'op': 'SCMP_CMP_EQ'"), "3:20 E020", NULL},
	{ARGS("'index': 256, 'op': 'SCMP_CMP_EQ'"), "3:20 E020", NULL},
	{ARGS("'index': 18446744073709551616, 'op': 'SCMP_CMP_EQ'"), "3:20 E011", NULL},
	{"{" D ",\n 'defaultErrnoRet': 4096}", "2:21 E021", "4095"},
	{"{" D ",\n 'defaultErrnoRet': 65536}", "2:21 E011", NULL},
	{"{" D ",\n 'defaultErrnoRet': -1}", "2:21 E011", NULL},
	{"{" D ",\n 'defaultErrnoRet': 0}", "2:21 W010", "reports success"},
	{"{" D ",\n 'defaultErrnoRet': 4095}", "2:21 W010", "libseccomp refuses"},
	{"{'defaultAction': 'SCMP_ACT_TRACE',\n 'defaultErrnoRet': 65535}", "", NULL},
	{"{'defaultAction': 'SCMP_ACT_TRACE',\n 'defaultErrnoRet': 65536}", "2:21 E011", NULL},
	{"{'defaultAction': 'SCMP_ACT_KILL',\n 'defaultErrnoRet': 5}", "2:21 W009", "KILL_THREAD"},
	{RULE("\n'errnoRet': 1"), "3:13 W009", "SCMP_ACT_ALLOW carries no errno"},
	{"{" D ", 'syscalls': [\n{'names': ['a'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 5000}]}",
		"2:58 E021", "5000"},
};
ROWS_ARE_FOUND(a_number_out_of_range_is_refused, number_rows)

static const struct row word_rows[] = {
	{"{'defaultAction': 'SCMP_ACT_ALOW'}", "1:19 E016", "did you mean 'SCMP_ACT_ALLOW'?"},
	{"{'defaultAction': 'scmp_act_allow'}", "1:19 E016", "did you mean 'SCMP_ACT_ALLOW'?"},
	{"{'defaultAction': 'ALLOW'}", "1:19 E016", "did you mean 'SCMP_ACT_ALLOW'?"},
	{"{'defaultAction': ''}", "1:19 E016", NULL},
	{"{'defaultAction': 'SCMP_ACT_ALLOW '}", "1:19 E016", NULL},
	{"{'defaultAction': 'SCMP_ACT_ALLOW\\u0000'}", "1:19 E053", NULL},
	{"{" D ",\n'architectures': ['SCMP_ARCH_X86_65']}", "2:19 E018", "'SCMP_ARCH_X86_64'"},
	{"{" D ",\n'architectures': ['']}", "2:19 E018", NULL},
	{"{" D ",\n'architectures': ['SCMP_ARCH_AMD64']}", "2:19 E018", "did you mean 'SCMP_ARCH_X86_64'?"},
	{"{" D ",\n'architectures': ['SCMP_ARCH_ARM64']}", "2:19 E018", "did you mean 'SCMP_ARCH_AARCH64'?"},
	{"{" D ",\n'architectures': ['SCMP_ARCH_X64']}", "2:19 E018", "did you mean 'SCMP_ARCH_X86_64'?"},
	{"{" D ",\n'architectures': ['SCMP_ARCH_LOONG64']}", "2:19 E018", "did you mean 'SCMP_ARCH_LOONGARCH64'?"},
	{"{" D ",\n'architectures': ['SCMP_ARCH_I386']}", "2:19 E018", "did you mean 'SCMP_ARCH_X86'?"},
	{"{" D ",\n'architectures': ['SCMP_ARCH_X86\\u0000']}", "2:19 E053", NULL},
	{"{" D ",\n'architectures': ['SCMP_ARCH_NATIVE']}", "2:19 W019", NULL},
	{"{" D ",\n'architectures': ['SCMP_ARCH_NATIVE\\u0000']}", "2:19 E053", NULL},
	{"{" D ",\n'architectures': ['amd64']}", "2:19 W019", "'SCMP_ARCH_X86_64'"},
	{"{" D ",\n'architectures': ['SCMP_ARCH_X86', 'SCMP_ARCH_X86']}", "2:36 W017", NULL},
	{"{" D ",\n'archMap': [{'architecture': 'x86-65'}]}", "2:30 E018", NULL},
	{"{" D ",\n'archMap': [{'architecture': 'SCMP_ARCH_X86_64'}],\n'architectures': ['SCMP_ARCH_X86']}",
		"3:18 E015", "'archMap' is here"},
	{"{" D ",\n'archMap': [{'architecture': 'SCMP_ARCH_X86_64'},\n{'architecture': 'SCMP_ARCH_X86_64'}]}",
		"3:18 W017", "first"},
	{"{" D ",\n'flags': ['SECCOMP_FILTER_FLAG_LOGS']}", "2:11 E019", "'SECCOMP_FILTER_FLAG_LOG'"},
	{"{" D ",\n'flags': ['SECCOMP_FILTER_FLAG_LOG\\u0000']}", "2:11 E053", NULL},
	{"{" D ",\n'flags': ['SECCOMP_FILTER_FLAG_NEW_LISTENER']}", "2:11 E019", NULL},
	{ARGS("'op': 'SCMP_CMP_EQUAL'"), "3:17 E017", "did you mean 'SCMP_CMP_EQ'?"},
	{ARGS("'op': '=='"), "3:17 E017", NULL},
	{ARGS("'op': ''"), "3:17 E017", NULL},
	{ARGS("'index': 0"), "3:10 E023", NULL},
	{"{" D ",\n'syscalls': [{'names': ['read']}]}", "2:14 E024", NULL},
	{"{" D ",\n'syscalls': [{'names': ['read'], 'action': null}]}", "2:14 E024", NULL},
	{"{" D ",\n'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_ERRO'}]}", "2:44 E016",
		"did you mean 'SCMP_ACT_ERRNO'?"},
	{"{" D ",\n'syscalls': [{'names': ['']," "'action': 'SCMP_ACT_LOG'}]}", "2:25 E025", NULL},
	{"{" D ",\n'syscalls': [{'names': [], 'action': 'SCMP_ACT_LOG'}]}", "2:14 W013", NULL},
	{"{" D ",\n'syscalls': [{'action': 'SCMP_ACT_LOG'}]}", "2:14 W013", NULL},
	{"{" D ",\n'syscalls': [{'name': '', 'action': 'SCMP_ACT_LOG'}]}", "2:14 W013", NULL},
	{"{" D ",\n'syscalls': [{'name': 'read', 'action': 'SCMP_ACT_LOG'}]}", "2:23 W004",
		"\"names\": [\"read\"]"},
	{"{" D ",\n'syscalls': [{'name': 'read', 'action': 'SCMP_ACT_LOG'},\n{'name': 'write', 'action':"
		"'SCMP_ACT_LOG'}]}", "2:23 W004", "2 here"},
	{"{" D ",\n'comment': 'x'}", "2:1 N003", NULL},
	{"{" D ",\n'syscalls': [{'name': 'read', 'names': ['write'], 'action': 'SCMP_ACT_LOG'}]}",
		"2:23 E014", NULL},
	{ARGS("'value': 15, 'valueTwo': 16, 'op': 'SCMP_CMP_MASKED_EQ'"), "3:36 W015", NULL},
	{ARGS("'value': 15, 'valueTwo': 16, 'op': 'SCMP_CMP_EQ'"), "3:36 W016", NULL},
	{RULE("\n'includes': {'caps': ['CAP_SYS_ADMN']}"), "", NULL}, /* decided by resolve.c */
};
ROWS_ARE_FOUND(an_unknown_word_is_refused, word_rows)

static const struct row key_rows[] = {
	{RULE("\n'arg': []"), "3:1 W002", "did you mean 'args'?"},
	{RULE("\n'_comment': 1, '$note': {}, '//': [], '#': 0, 'x-y': 1"),
		"3:1 N003, 3:16 N003, 3:29 N003, 3:39 N003, 3:47 N003", NULL},
	{RULE("\n'': 1"), "3:1 W002", NULL},
	{RULE("\n'ARGS': []"), "3:1 W003", "'args'"},
	{RULE("\n'args': [], 'Args': []"), "3:13 W003, 3:13 E007", "first given here"},
	{"{" D ",\n'_x': 1}", "2:1 N003", NULL},
	{"{" D ",\n'default_action': 'SCMP_ACT_LOG'}", "2:1 W002", "did you mean 'defaultAction'?"},
	{"{" D ",\n'archMap': [{'architecture': 'SCMP_ARCH_X86_64', 'subarchitectures': []}]}", "2:50 W003",
		NULL},
	{ARGS("'op': 'SCMP_CMP_EQ', 'value2': 1"), "3:32 W002", NULL},
	{"{'kind': 'SeccompProfile', 'spec': {" D ",\n'archMap': []}}", "2:1 W002",
		"list the architectures in 'architectures'"},
	{"{'kind': 'SeccompProfile', 'spec': {" D ",\n'archMaps': []}}", "2:1 W002", "ignores it"},
	{"{'kind': 'SeccompProfile', 'spec': {" D ", 'baseProfileName': 'x', 'other': 1}}", "1:96 W002, 1:91 W025", NULL},
	{"{" D ", 'baseProfileName': 'x'}", "1:37 W002", NULL},
};
ROWS_ARE_FOUND(an_unknown_key_is_named, key_rows)

/* Programs in Go read on behind a U+0000, those in C do not; so no program is believed. */
static const struct row nul_rows[] = {
	{"{" D ",\n'syscalls': [{'names': ['read', 'mkdir\\u0000x'], 'action': 'SCMP_ACT_ALLOW'}]}", "2:33 E053", "'mkdir'"},
	{"{" D ",\n'syscalls': [{'names': ['\\u0000'], 'action': 'SCMP_ACT_ALLOW'}]}", "2:25 E053", NULL},
	{"{" D ",\n'syscalls': [{'name': 'mkdir\\u0000', 'action': 'SCMP_ACT_ALLOW'}]}", "2:23 E053, 2:14 W013", NULL},
	{"{" D ",\n'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_ALLOW\\u0000x'}]}", "2:44 E053", NULL},
	{ARGS("'op': 'SCMP_CMP_EQ\\u0000'"), "3:17 E053", NULL},
	{RULE("\n'errno': 'EPERM\\u0000'"), "3:10 E053", NULL},
	{RULE("\n'includes': {'caps': ['CAP_BPF\\u0000']}"), "3:23 E053", NULL},
	{RULE("\n'excludes': {'arches': ['amd64\\u0000']}"), "3:25 E053", NULL},
	{RULE("\n'excludes': {'minKernel': '4.8\\u0000'}"), "3:27 E053", NULL},
	{"{" D ",\n'defaultErrno': 'EPERM\\u0000'}", "2:17 E053", NULL},
	{"{" D ",\n'listenerPath': '/run/x\\u0000'}", "2:17 E053", NULL},
	{"{" D ",\n'listenerPath': '/run/x', 'listenerMetadata': '\\u0000'}", "2:47 E053", NULL},
	{"{" D ",\n'archMap': [{'architecture': 'SCMP_ARCH_X86_64\\u0000'}]}", "2:30 E053", NULL},
	{"{" D ",\n'archMap': [{'architecture': 'SCMP_ARCH_X86_64', 'subArchitectures': ['SCMP_ARCH_X86\\u0000']}]}",
		"2:71 E053", NULL},
	{"{'spec': {" D ",\n'baseProfileName': 'x\\u0000'}}", "2:20 E053", NULL},
	/* crun 1.8.1 reads all of these keys */
	{"{" D ",\n'syscalls\\u0000x': []}", "2:1 E053", "crun reads it as 'syscalls'"},
	{RULE("\n'args\\u0000': []"), "3:1 E053", NULL},
	{"{'linux\\u0000': {'seccomp': {" D "}}}", "1:2 E053", NULL},
	{"{'linux': {'seccomp\\u0000': {" D "}}}", "1:12 E053", NULL},
};
ROWS_ARE_FOUND(a_string_that_c_cuts_short_is_refused, nul_rows)

static void reading_goes_on_behind_an_error(void **state)
{
	static const struct row row = {"{'defaultAction': 'X',\n'flags': [1],\n'syscalls': [\n"
				       "{'names': ['a'], 'action': 'Y'},\n{'names': ['b'], "
				       "'action': 'Z', 'args': [{'index': 9}]}]}",
		"1:19 E016, 2:11 E010, 4:28 E016, 5:28 E016, 5:52 E020, 5:42 E023", NULL};

	(void)state;
	rows_are_found(&row, 1);
}

static void a_rule_is_read_with_all_its_keys(void **state)
{
	struct attempt a;

	(void)state;
	attempt_text(&a,
		"{'defaultAction': 'SCMP_ACT_KILL_PROCESS', 'syscalls': [{\n"
		"'names': ['read', 'ioctl'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 7,\n"
		"'args': [{'index': 3, 'value': 240, 'valueTwo': 16, 'op': "
		"'SCMP_CMP_MASKED_EQ'}],\n"
		"'includes': {'caps': ['CAP_BPF'], 'minKernel': '5.8'},\n"
		"'excludes': {'arches': ['s390', 's390x']}}]}");
	assert_non_null(a.profile);
	const struct profile *p = a.profile;
	assert_int_equal(p->format, FORMAT_PROFILE);
	assert_int_equal(p->default_action.action, ACTION_KILL_PROCESS);
	assert_false(p->default_action.errnum.present);
	assert_int_equal(p->rules, 1);
	const struct profile_rule *rule = &p->rule[0];
	assert_int_equal(rule->names.count, 2);
	assert_string_equal(rule->names.text[1].s, "ioctl");
	assert_int_equal(rule->action.action, ACTION_ERRNO);
	assert_int_equal(rule->action.errnum.value, 7);
	assert_int_equal(rule->conds, 1);
	assert_int_equal(rule->cond[0].index, 3);
	assert_int_equal(rule->cond[0].op, OP_MASKED_EQ);
	assert_int_equal(rule->cond[0].value, 240);
	assert_int_equal(rule->cond[0].value_two, 16);
	assert_int_equal(rule->includes.caps.count, 1);
	assert_int_equal(rule->includes.min_kernel.major, 5);
	assert_int_equal(rule->includes.min_kernel.minor, 8);
	assert_int_equal(rule->excludes.arches.count, 2);
	assert_false(rule->excludes.min_kernel.present);
	attempt_end(&a, true);
}

static void the_whole_profile_is_read(void **state)
{
	struct attempt a;

	(void)state;
	attempt_text(&a,
		"{'ociVersion': '1.0.2', 'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_ERRNO',\n"
		"'defaultErrnoRet': 7, 'defaultErrno': 'ENOSYS', 'flags': [], 'listenerPath': "
		"'/x',\n"
		"'architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_NATIVE'],\n"
		"'syscalls': [{'name': 'read', 'action': 'SCMP_ACT_ALLOW'}]}}}");
	assert_non_null(a.profile);
	const struct profile *p = a.profile;
	assert_int_equal(p->format, FORMAT_CONFIG_JSON);
	assert_true(p->default_action.errnum.named);
	assert_string_equal(p->default_action.errnum.name.s, "ENOSYS");
	assert_true(p->flags.present);
	assert_int_equal(p->flags.count, 0);
	assert_true(p->listens);
	assert_int_equal(p->architectures.count, 2);
	assert_ptr_equal(p->architectures.arch[0].abi, abi_named("x86_64"));
	assert_null(p->architectures.arch[1].abi);
	assert_true(p->rule[0].legacy);
	attempt_end(&a, true);
}

/* Kinds of text that no profile ever is; where in the text is json.c's business (test_json.c). */
static void what_is_no_json_is_no_profile(void **state)
{
	static const struct {
		const char *bytes, *findings;
	} texts[] = {
		{"", "1:1 E002"},
		{" \t\r\n", "1:1 E002"},
		{"\xef\xbb\xbf{}", "1:1 E004"},
		{"{\"a\": \"\xff\"}", "1:8 E003"},
		{"{\"a\": 1, \"a\": 2}", "1:10 E007"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\",}", "1:35 E005"},
		{"# profile\n{}", "1:1 E005"},
		{"{} {}", "1:4 E005"},
	};

	(void)state;
	for (size_t i = 0; i < countof(texts); i++) {
		struct attempt a;
		attempt_bytes(&a, texts[i].bytes, strlen(texts[i].bytes));
		assert_null(a.profile);
		assert_true(attempt_found(&a, texts[i].bytes, texts[i].findings, NULL));
		attempt_end(&a, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_order_gets_no_word),
		cmocka_unit_test(the_profile_is_found_in_its_document),
		cmocka_unit_test(a_value_of_another_type_is_refused),
		cmocka_unit_test(a_number_out_of_range_is_refused),
		cmocka_unit_test(an_unknown_word_is_refused),
		cmocka_unit_test(an_unknown_key_is_named),
		cmocka_unit_test(a_string_that_c_cuts_short_is_refused),
		cmocka_unit_test(reading_goes_on_behind_an_error),
		cmocka_unit_test(a_rule_is_read_with_all_its_keys),
		cmocka_unit_test(the_whole_profile_is_read),
		cmocka_unit_test(what_is_no_json_is_no_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
