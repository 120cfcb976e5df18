/*
 * What a filter must do with a call, seen through policy_decide(): the rows are profiles, calls and
 * verdicts in the notation of notation.h. Expected verdicts are those of libseccomp as runc and
 * crun drive it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/notation.h"

struct row {
	const char *name, *node, *profile;
	const char *calls;
};

static bool row_holds(const struct row *row, bool reversed)
{
	const struct abi *native = abi_named(row->node);
	struct attempt a;
	bool ok = false;

	attempt_notation(&a, row->profile, reversed);
	attempt_node(&a, &(struct node_facts){.native = native});
	if (a.policy)
		ok = notation_holds(row->name, row->calls, native, policy_answer, a.policy);
	else
		print_error("%s: refused: %s\n", row->name, attempt_findings(&a));
	attempt_end(&a, true);
	return ok;
}

static void rows_hold(const struct row *row, size_t rows)
{
	bool ok = true;

	for (size_t i = 0; i < rows; i++) {
		ok = row_holds(&row[i], false) && ok;
		if (strchr(row[i].profile, '|'))
			ok = row_holds(&row[i], true) && ok;
	}
	assert_true(ok);
}


/* A rule without conditions, or whose masks are 0, decides alone; else all that match do. */
static const struct row plain_rows[] = {
	{"first plain rule, then a condition", "x86_64",
		"ERRNO: ioctl ALLOW; ioctl ALLOW a1==5",
		"ioctl(0,5) ALLOW; ioctl(0,6) ALLOW"},
	{"plain rule beats a condition", "x86_64",
		"ERRNO: ioctl A a1==5 | ioctl ALLOW",
		"ioctl(0,5) ALLOW; ioctl(0,6) ALLOW"},
	{"first plain rule beats the second", "x86_64",
		"ERRNO: ioctl A; ioctl B",
		"ioctl() A; ioctl(0,5) A"},
	{"plain rule between others", "x86_64",
		"ERRNO: ioctl A a1==5; ioctl ALLOW; ioctl B",
		"ioctl(0,5) ALLOW; ioctl() ALLOW"},
	{"one condition twice, one action", "x86_64",
		"ERRNO: ioctl ALLOW a1==5; ioctl ALLOW a1==5",
		"ioctl(0,5) ALLOW; ioctl(0,4) ERRNO(1)"},
	{"mask 0 is no condition", "x86_64",
		"ERRNO: ioctl A a1&0==5",
		"ioctl() A; ioctl(0,5) A; ioctl(0,-1) A"},
	{"mask 0 beats what was there", "x86_64",
		"ERRNO: ioctl ALLOW a0==1 | ioctl A a1&0==0",
		"ioctl(1,0) A; ioctl(2,0) A"},
	{"mask of the high half is no condition at 32 bits", "x86",
		"ERRNO: ioctl A a1&0xffffffff00000000==0x500000000",
		"ioctl() A; ioctl(0,5) A"},
	{"mask 0 beside a condition does not count", "x86_64",
		"ERRNO: ioctl A a0==1 a1&0==0",
		"ioctl(1,9) A; ioctl(2,9) ERRNO(1)"},
	{"conditions that always hold are still conditions", "x86_64",
		"ERRNO: ioctl A a1>=0 | ioctl ALLOW",
		"ioctl() ALLOW"},
	{"always holds: GE 0, LE max", "x86_64",
		"ERRNO: ioctl A a1>=0; mount B a1<=18446744073709551615",
		"ioctl() A; ioctl(0,-1) A; mount() B; mount(0,-1) B"},
	{"never holds: GT max, LT 0", "x86_64",
		"ERRNO: ioctl A a1>18446744073709551615; mount B a1<0",
		"ioctl() ERRNO(1); ioctl(0,-1) ERRNO(1); mount() ERRNO(1); mount(0,-1) ERRNO(1)"},
};

/* A rule with the default action is dropped before any matching. */
static const struct row default_rows[] = {
	{"a default rule makes no exception from a deny", "x86_64",
		"ALLOW: ioctl A | ioctl ALLOW a0==40",
		"ioctl(40) A; ioctl(41) A"},
	{"a default rule makes no exception from an allow", "x86_64",
		"ERRNO: ioctl ALLOW | ioctl ERRNO(1) a0==40",
		"ioctl(40) ALLOW"},
	{"the data counts", "x86_64",
		"ERRNO: ioctl ALLOW a0==40; ioctl ERRNO(2) a0==41; ioctl ERRNO(1) a0==40",
		"ioctl(40) ALLOW; ioctl(41) ERRNO(2); ioctl(42) ERRNO(1)"},
	{"a default rule conflicts with nothing", "x86_64",
		"ERRNO: ioctl ERRNO(1) a0==40 | ioctl ALLOW a0==40",
		"ioctl(40) ALLOW"},
	{"KILL and KILL_THREAD are one action", "x86_64",
		"KILL: getppid KILL_THREAD; getppid ALLOW; getpid KILL_PROCESS",
		"getppid() ALLOW; getpid() KILL_PROCESS; read() KILL"},
	{"KILL_PROCESS is another than KILL", "x86_64",
		"KILL_PROCESS: getppid KILL",
		"getppid() KILL; getpid() KILL_PROCESS"},
	{"no rule at all", "x86_64", "LOG:", "read() LOG; x86:read() KILL"},
};

static const struct row action_rows[] = {
	{"every action", "x86_64",
		"ALLOW: read KILL_PROCESS; write KILL; open TRAP; close NOTIFY; stat LOG",
		"read() KILL_PROCESS; write() KILL; open() TRAP; close() NOTIFY; stat() LOG; dup() ALLOW"},
	{"errno is EPERM when not given", "x86_64",
		"ALLOW: read ERRNO; write TRACE", "read() ERRNO(1); write() TRACE(1)"},
	{"default errno is EPERM when not given", "mips64", "ERRNO:", "read() ERRNO(1)"},
	{"errno 0 and 4095, trace 0 and 65535", "x86_64",
		"ALLOW: read ERRNO(0); write ERRNO(4095); open TRACE(0); close TRACE(65535)",
		"read() ERRNO(0); write() ERRNO(4095); open() TRACE(0); close() TRACE(65535)"},
	{"a number is never translated", "mips64",
		"ERRNO(38): read ERRNO(89)", "write() ERRNO(38); read() ERRNO(89)"},
	{"errno means nothing to other actions", "x86_64",
		"ALLOW(5): read KILL(7)", "read() KILL; write() ALLOW"},
};

/* Which of two matching rules with different actions decides. */
static const struct row overlap_rows[] = {
	{"GT: larger datum first", "x86_64",
		"ERRNO: ioctl A a1>5 | ioctl B a1>10",
		"ioctl(0,5) ERRNO(1); ioctl(0,6) A; ioctl(0,11) B; ioctl(0,0x100000000) B"},
	{"LT: smaller datum first", "x86_64",
		"ERRNO: ioctl A a1<10 | ioctl B a1<5",
		"ioctl(0,4) B; ioctl(0,5) A; ioctl(0,10) ERRNO(1)"},
	{"LT before GT", "x86_64",
		"ERRNO: ioctl A a1>5 | ioctl B a1<10",
		"ioctl(0,4) B; ioctl(0,7) B; ioctl(0,10) A; ioctl(0,0x100000000) A"},
	{"LT in the place of a GE of its datum", "x86_64",
		"ALLOW: getppid A a0>=9; getppid B a0<9; getppid C a0<20",
		"getppid(5) C; getppid(9) C; getppid(20) A"},
	{"LT in its own place before a larger one that came first", "x86_64",
		"ALLOW: getppid A a0>=9; getppid C a0<20; getppid B a0<9",
		"getppid(5) B; getppid(9) C; getppid(20) A"},
	{"LT in its own place before a GE of a larger datum that came first", "x86_64",
		"ALLOW: getppid A a0>=9; getppid A a0>=12; getppid B a0<9; getppid C a0<20",
		"getppid(5) B; getppid(9) C; getppid(20) A"},
	{"LT in its own place before a GT of its datum that came first", "x86_64",
		"ALLOW: getppid D a0>9; getppid A a0>=9; getppid B a0<9; getppid C a0<20",
		"getppid(5) B; getppid(9) C; getppid(20) D"},
	{"LT in the place of a GE of its datum, a GT behind it", "x86_64",
		"ALLOW: getppid A a0>=9; getppid D a0>9; getppid B a0<9; getppid C a0<20",
		"getppid(5) C; getppid(9) C; getppid(20) A"},
	{"EQ before GT", "x86_64",
		"ERRNO: ioctl A a1>5 | ioctl B a1==10",
		"ioctl(0,10) B; ioctl(0,11) A"},
	{"EQ and NE by datum: the larger NE", "x86_64",
		"ERRNO: ioctl A a1==5 | ioctl B a1!=7",
		"ioctl(0,5) B; ioctl(0,6) B; ioctl(0,7) ERRNO(1)"},
	{"EQ and NE by datum: the larger EQ", "x86_64",
		"ERRNO: ioctl A a1==5 | ioctl B a1!=3",
		"ioctl(0,5) A; ioctl(0,3) ERRNO(1); ioctl(0,7) B"},
	{"higher argument first", "x86_64",
		"ERRNO: ioctl A a0==1 | ioctl B a1==2",
		"ioctl(1,2) B; ioctl(1,3) A; ioctl(3,2) B"},
	{"a rule leaves nothing to longer ones behind it", "x86_64",
		"ERRNO: ioctl A a0==1; ioctl B a0==1 a1==2",
		"ioctl(1,2) A; ioctl(1,3) A"},
	{"a shorter rule with the same action takes in the longer", "x86_64",
		"ERRNO: ioctl A a0==1 a1==2 | ioctl A a0==1",
		"ioctl(1,3) A; ioctl(1,2) A; ioctl(2,2) ERRNO(1)"},
	{"higher first argument before a longer rule", "x86_64",
		"ERRNO: ioctl A a1==2 | ioctl B a0==1 a1==2",
		"ioctl(1,2) A; ioctl(2,2) A; ioctl(1,3) ERRNO(1)"},
	{"EQ, LT and GT of one argument", "x86_64",
		"ALLOW: getppid A a0>5 | getppid B a0<10 | getppid C a0==7",
		"getppid(7) C; getppid(8) B; getppid(11) A; getppid(5) B"},
	{"64 bits: masks and equalities by which came first, mask", "x86_64",
		"ALLOW: getppid A a0&0xf==5; getppid B a0==0x25",
		"getppid(0x25) A; getppid(0x15) A"},
	{"64 bits: masks and equalities by which came first, equality", "x86_64",
		"ALLOW: getppid B a0==0x25; getppid A a0&0xf==5",
		"getppid(0x25) B; getppid(0x15) A"},
	{"32 bits: masks and equalities by datum", "x86",
		"ALLOW: getppid A a0&0xf==5 | getppid B a0==0x25",
		"getppid(0x25) B; getppid(0x15) A"},
	{"mask of another argument goes first", "x86_64",
		"ALLOW: getppid A a0==5 | getppid B a1&7==0",
		"getppid(5) B; getppid(5,1) A; getppid(6) B"},
	{"two arguments, two rules", "x86_64",
		"ALLOW: getppid A a0==1 | getppid B a1==2",
		"getppid(1,2) B"},
};

/* One index twice: every condition of the rule becomes a rule. */
static const struct row repeated_rows[] = {
	{"an interval is no interval", "x86_64",
		"ERRNO: ioctl A a0>=40 a0<=50",
		"ioctl(39) A; ioctl(45) A; ioctl(51) A"},
	{"two NE exclude nothing", "x86_64",
		"ERRNO: ioctl A a0!=40 a0!=41",
		"ioctl(40) A; ioctl(41) A; ioctl(42) A"},
	{"the other conditions are alternatives too", "x86_64",
		"ERRNO: ioctl A a0==1 a0==2 a1==5",
		"ioctl(9,5) A; ioctl(1,9) A; ioctl(2,0) A; ioctl(3,4) ERRNO(1)"},
	{"with another rule", "x86_64",
		"ALLOW: getppid A a0>=40 a0<=50; getppid A a0==1 a0==2 a1==5",
		"getppid(39) A; getppid(9,5) A; getppid(51) A"},
};

static const struct row mask_rows[] = {
	{"bits under the mask only", "x86_64",
		"ERRNO: ioctl A a1&0xff==0x12",
		"ioctl(0,0x112) A; ioctl(0,0x100000012) A; ioctl(0,0x13) ERRNO(1)"},
	{"bits of the datum above the mask do not count", "x86_64",
		"ERRNO: ioctl A a1&0x0f==0x35",
		"ioctl(0,0x05) A; ioctl(0,0x15) A; ioctl(0,0x04) ERRNO(1)"},
	{"absent datum is 0", "x86_64",
		"ALLOW: getppid A a0&0xf0==0; getpid A a0&0xf0==0x2f",
		"getppid(0x0f) A; getppid(0xf0) ALLOW; getpid(0x25) A; getpid(0xf0) ALLOW"},
	{"mask over both halves", "x86_64",
		"ERRNO: ioctl A a1&0xf0000000f==0x500000003",
		"ioctl(0,0x500000003) A; ioctl(0,0x1500000013) A; ioctl(0,3) ERRNO(1)"},
};

/* Values at and beyond 32 bits. */
static const struct row width_rows[] = {
	{"EQ looks at 64 bits", "x86_64",
		"ERRNO: ioctl A a1==0xffffffff",
		"ioctl(0,0xffffffff) A; ioctl(0,-1) ERRNO(1)"},
	{"EQ looks at 32 bits", "x86",
		"ERRNO: ioctl A a1==0xffffffff",
		"ioctl(0,0xffffffff) A; ioctl(0,-1) A"},
	{"2^32 - 1 at 64 bits", "x86_64",
		"ALLOW: getppid A a0<=0xffffffff; getpid A a0>0xffffffff; gettid A a0!=0x100000000",
		"getppid(0xffffffff) A; getppid(0x100000000) ALLOW; getpid(0x100000000) A;"
		"getpid(0xffffffff) ALLOW; gettid(0x200000000) A; gettid(0x100000000) ALLOW; gettid() A"},
	{"2^32 at 64 bits", "x86_64",
		"ERRNO: ioctl A a1<0x100000000; mount A a1>=0x100000000",
		"ioctl(0,5) A; ioctl(0,-1) ERRNO(1); mount(0,5) ERRNO(1); mount(0,-1) A"},
	{"2^32 cut to 32 bits is 0: LT never, GE always", "x86",
		"ERRNO: ioctl A a1<0x100000000; mount A a1>=0x100000000",
		"ioctl(0,5) ERRNO(1); ioctl() ERRNO(1); mount(0,5) A; mount() A"},
	{"2^32 cut to 32 bits is 0: NE, LE, GT, EQ", "x86",
		"ERRNO: ioctl A a1!=0x100000000; mount A a1<=0x100000000;"
		"open A a1>0x100000000; read A a1==0x100000005",
		"ioctl() ERRNO(1); ioctl(0,1) A; mount() A; mount(0,1) ERRNO(1);"
		"open() ERRNO(1); open(0,1) A; read(0,5) A; read(0,4) ERRNO(1)"},
	{"arm is 32 bits wide too", "arm",
		"ALLOW: getppid A a0==0x100000005; getpid A a0&0x100000000==0x100000000",
		"getppid(5) A; getppid(6) ALLOW; getpid() A; getpid(-1) A"},
	{"both halves, big-endian", "s390x",
		"ALLOW s390: personality A a0==0x1122334455667788; getppid A a0==0x100000005",
		"personality(0x1122334455667788) A; personality(0x5566778811223344) ALLOW;"
		"s390:getppid(0x900000005) A; getppid(0x900000005) ALLOW; getppid(0x100000005) A"},
	{"o32 and n32 look at the low word, n64 at both", "mips64",
		"ALLOW mips mips64n32: lseek A a1==0xffffffff",
		"5008(0,-1) ALLOW; 5008(0,0xffffffff) A; mips64n32:6008(0,-1) A; mips:4019(0,-1) A;"
		"8(0,-1) ALLOW"},
	{"x32 looks at the low word, x86_64 at both", "x86_64",
		"ERRNO x32: lseek ALLOW a1==0",
		"x32:lseek(0,0x100000000) ALLOW; lseek(0,0x100000000) ERRNO(1); lseek() ALLOW"},
};

/* Numbers nobody has, and audit archs the filter does not know. */
static const struct row number_rows[] = {
	{"x86_64 alone kills x32 numbers, but not -1", "x86_64",
		"ALLOW: getppid A",
		"getppid() A; 0x4000006e() KILL; 0x40000000() KILL; 0x3fffffff() ALLOW;"
		"0x80000000() KILL; 0xfffffffe() KILL; -1() ALLOW; x86:64() KILL; 0x0:110() KILL"},
	{"x86_64 with x32 kills none", "x86_64",
		"ERRNO x32: ioctl,lseek ALLOW",
		"ioctl() ALLOW; x32:ioctl() ALLOW; 0x40000202() ALLOW; 0x40000010() ERRNO(1);"
		"0x40000008() ALLOW; 0x80000000() ERRNO(1); -1() ERRNO(1); 0x3fffffff() ERRNO(1)"},
	{"a number without x32's bit is x86_64's", "x86_64",
		"ERRNO x32: ioctl ALLOW", "514() ERRNO(1); 16() ALLOW"},
	{"-1 gets the default", "aarch64",
		"LOG arm: read KILL", "-1() LOG; arm:-1() LOG; arm:0xf0001() LOG; x86_64:-1() KILL"},
	{"-1 of i386 gets the default", "x86", "ERRNO: read ALLOW", "-1() ERRNO(1); 0x80000003() ERRNO(1)"},
	{"any other audit arch is killed, whatever the default", "s390x",
		"ALLOW: read A", "0x0:0() KILL; 0xffffffff:3() KILL; s390:3() KILL; read() A"},
	{"a name only another ABI has", "x86_64",
		"ERRNO x86: waitpid ALLOW; stat64 ALLOW",
		"x86:7() ALLOW; 7() ERRNO(1); x86:stat64() ALLOW; 195() ERRNO(1)"},
	{"MIPS numbers carry their base", "mipsel64",
		"ERRNO mipsel mipsel64n32: read ALLOW",
		"5000() ALLOW; mipsel:4003() ALLOW; mipsel64n32:6000() ALLOW; 0() ERRNO(1);"
		"mipsel:3() ERRNO(1)"},
	{"MIPS kills numbers of the other ABIs' tables, in the filter or not", "mips64",
		"ALLOW mips: getpid A",
		"getpid() A; mips:getpid() A; 3999() ALLOW; 4000() KILL; 4020() KILL; 4999() KILL;"
		"5000() ALLOW; 5999() ALLOW; 6000() KILL; 6038() KILL; 6999() KILL; 7000() ALLOW; -1() ALLOW;"
		"mips:4999() ALLOW; mips:5000() KILL; mips:5038() KILL; mips:6999() KILL; mips:7000() ALLOW;"
		"mips:3999() ALLOW; mips64n32:6000() KILL"},
	{"the same of each MIPS ABI alone", "mipsel64n32",
		"LOG: read A", "read() A; 4003() KILL; 5999() KILL; 6999() LOG; 7000() LOG; 3999() LOG"},
	{"the same of o32, which a 64-bit kernel may run", "mipsel",
		"LOG: read A", "read() A; 4999() LOG; 5000() KILL; 6999() KILL; 7000() LOG"},
	{"private numbers of arm", "aarch64",
		"ERRNO arm: set_tls,cacheflush ALLOW",
		"arm:0xf0005() ALLOW; arm:0xf0002() ALLOW; arm:0xf0001() ERRNO(1); 0xf0005() ERRNO(1)"},
	{"one name a rule or many", "x86_64",
		"ERRNO: read,write ALLOW; close ALLOW", "read() ALLOW; write() ALLOW; close() ALLOW"},
};

/* socketcall(2) and ipc(2): the first argument becomes the call's code, the others stay. */
static const struct row multiplexed_rows[] = {
	{"socket and shmat on x86", "x86_64",
		"ERRNO x86: socket ALLOW a0==2; shmat ALLOW",
		"x86:359(40) ERRNO(1); x86:359(2) ALLOW; x86:102(1,0x1000) ALLOW; x86:102(2) ERRNO(1);"
		"x86:117(21) ALLOW; x86:117(0x10015) ERRNO(1); x86:397() ALLOW; 41(2) ALLOW; 41(3) ERRNO(1)"},
	{"a condition on the second argument is kept", "s390x",
		"ALLOW: socket A a1==3",
		"socketcall(1,3) A; socketcall(1,0x1000) ALLOW; socket(0,3) A; socket(0,4) ALLOW"},
	{"an ipc version does not match", "x86",
		"ALLOW: shmat A", "ipc(21) A; ipc(0x10015) ALLOW"},
	{"64 bits compare the whole code", "ppc64le",
		"ALLOW: socket A", "socketcall(1) A; socketcall(0x100000001) ALLOW; socket() A"},
	{"32 bits compare the low word of the code", "s390x",
		"ALLOW s390: socket A", "s390:socketcall(0x100000001) A; s390:socketcall(2) ALLOW"},
	{"o32 has them, n32 and n64 have not", "mips64",
		"ERRNO mips mips64n32: accept ALLOW",
		"mips:4102(5) ALLOW; mips:4102(4) ERRNO(1); mips:accept() ALLOW; accept() ALLOW;"
		"mips64n32:accept() ALLOW"},
	{"names without a number of their own", "x86",
		"ERRNO: accept,send,recv,semop ALLOW",
		"socketcall(5) ALLOW; socketcall(9) ALLOW; socketcall(10) ALLOW; socketcall(11) ERRNO(1);"
		"ipc(1) ALLOW; ipc(4) ERRNO(1)"},
	{"socketcall itself without conditions decides", "x86",
		"ERRNO: socket A a0==16; socketcall ALLOW; socket B a0==17",
		"socketcall(1) ALLOW; socketcall(5) ALLOW; socket(16) A; socket(17) B"},
	{"a plain socketcall ahead makes room for two socket rules", "x86_64",
		"ALLOW x86: socketcall LOG; socket A a0==16; socket B a0==17",
		"x86:socketcall(1) LOG; x86:socket(16) A; x86:socket(17) B; socket(16) A; socket(17) B"},
	{"no multiplexer on x86_64, arm, aarch64", "aarch64",
		"ERRNO arm: semop,recv ALLOW",
		"semop() ALLOW; arm:semop() ALLOW; arm:102(1) ERRNO(1); arm:recv() ALLOW"},
	{"socket families below and above, and beyond 32 bits", "x86_64",
		"ERRNO: socket ALLOW a0<38; socket ALLOW a0==39; socket ALLOW a0>40",
		"socket(37) ALLOW; socket(38) ERRNO(1); socket(39) ALLOW; socket(40) ERRNO(1);"
		"socket(41) ALLOW; socket(0x100000028) ALLOW"},
};

#define TEST_ROWS(name, table)                                                                     \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		rows_hold(table, countof(table));                                                  \
	}

TEST_ROWS(a_rule_without_conditions_decides_alone, plain_rows)
TEST_ROWS(a_rule_with_the_default_action_is_no_rule, default_rows)
TEST_ROWS(actions_return_what_they_say, action_rows)
TEST_ROWS(overlaps_follow_the_order, overlap_rows)
TEST_ROWS(an_index_given_twice_means_any_of_them, repeated_rows)
TEST_ROWS(masks_select_bits, mask_rows)
TEST_ROWS(values_are_cut_to_the_abi, width_rows)
TEST_ROWS(numbers_belong_to_abis, number_rows)
TEST_ROWS(multiplexed_calls_have_two_ways_in, multiplexed_rows)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_without_conditions_decides_alone),
		cmocka_unit_test(a_rule_with_the_default_action_is_no_rule),
		cmocka_unit_test(actions_return_what_they_say),
		cmocka_unit_test(overlaps_follow_the_order),
		cmocka_unit_test(an_index_given_twice_means_any_of_them),
		cmocka_unit_test(masks_select_bits),
		cmocka_unit_test(values_are_cut_to_the_abi),
		cmocka_unit_test(numbers_belong_to_abis),
		cmocka_unit_test(multiplexed_calls_have_two_ways_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
