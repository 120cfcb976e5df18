/* What records of calls come to, one file a kind. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "compiler/tree/layout.h"
#include "tools/cli/options.h"
#include "tools/evidence/trace.h"
#include "tests/lib/arbitrary.h"

static const struct {
	const char *name, *text;
	const char *counts; /* "read 2, write 1": what is to be found, most often first */
	size_t unknown;
} rows[] = {
	{"strace -c",
		"% time     seconds  usecs/call     calls    errors syscall\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		" 33.28    0.000200          20        10           read\n"
		"  0.00    0.000000           0         3         1 access\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		"100.00    0.000200                    13         1 total\n",
		"read 10, access 3", 0},
	{"strace -c with the program's own output and an older foot",
		"hello (world)\n"
		"% time     seconds  usecs/call     calls    errors syscall\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		" 50.00    0.1          2         7         7 openat\n"
		"100.00    0.1                    7           total\n",
		"openat 7", 0},
	{"strace -c -U",
		"% time     calls syscall\n"
		"------ --------- ----------------\n"
		" 50.00        12 write\n"
		"------ --------- ----------------\n"
		"100.00        12 total\n",
		"write 12", 0},
	{"strace",
		"execve(\"/bin/true\", [\"true\"], 0x7ffd /* 10 vars */) = 0\n"
		"openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3\n"
		"openat(AT_FDCWD, \"a\\\"read(b\", O_RDONLY) = -1 ENOENT (No such file)\n"
		"--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---\n"
		"+++ exited with 0 +++\n",
		"openat 2, execve 1", 0},
	{"strace -f -tt -r, calls in pieces",
		"[pid  1234] 12:34:56.789012 read(3, <unfinished ...>\n"
		"1235  1700000000.123456 futex(0x7f, FUTEX_WAIT, 0, NULL) = 0\n"
		"[pid  1234] 12:34:56.789013 <... read resumed>\"x\", 1) = 1\n"
		"     0.000123 close(3) = 0\n"
		"strace: Process 1235 attached\n",
		"close 1, futex 1, read 1", 0},
	{"strace, a call nobody knows",
		"syscall_0x7c8(0, 0, 0) = -1 ENOSYS\nread(0, \"\", 1) = 0\n", "read 1", 1},
	{"perf trace -s",
		" Summary of events:\n\n ls (1234), 312 events, 96.9%\n\n"
		"   syscall            calls  errors  total       min       avg       max       stddev\n"
		"                                     (msec)    (msec)    (msec)    (msec)        (%)\n"
		"   --------------- --------  ------ -------- --------- --------- ---------     ------\n"
		"   openat                12      4     0.202     0.012     0.017     0.028      8.38%\n"
		"   mmap                   5      0     0.100     0.012     0.017     0.028      8.38%\n\n\n"
		" cat (1235), 3 events, 0.1%\n\n"
		"   syscall            calls    total       min       avg       max      stddev\n"
		"   --------------- -------- --------- --------- --------- ---------     ------\n"
		"   openat                 1     0.202     0.012     0.017     0.028      8.38%\n",
		"openat 13, mmap 5", 0},
	{"perf trace",
		"     0.000 ( 0.011 ms): ls/1234 openat(dfd: CWD, filename: \"x\") = 3\n"
		"     0.020 ( 0.003 ms): ls/1234 fstat(fd: 3, statbuf: 0x7ffc) = 0\n",
		"fstat 1, openat 1", 0},
	{"audit",
		"type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=257 success=yes exit=3\n"
		"type=SECCOMP msg=audit(1700000000.124:46): auid=0 sig=0 arch=40000003 syscall=3 compat=1\n"
		"type=CWD msg=audit(1700000000.123:45): cwd=\"/\"\n"
		"type=SYSCALL msg=audit(1700000000.125:47): arch=c000003e syscall=99999 success=no\n",
		"openat 1, read 1", 1},
	{"audit, interpreted",
		"type=SYSCALL msg=audit(01/01/24 10:00:00.123:45) : arch=x86_64 syscall=openat success=yes\n",
		"openat 1", 0},
	{"the operator's enricher",
		"I0705 12:08:18.729660 1843190 enricher.go:136] log-enricher \"msg\"=\"audit\" "
		"\"syscallID\"=10 \"syscallName\"=\"mprotect\" \"type\"=\"seccomp\"\n",
		"mprotect 1", 0},
	{"what counted twice or wrongly once: stacks, tables behind lines, ends of calls, two records of one",
		"read(3, \"\", 1) = 1\n > /lib/libc.so.6(__read(x)+0x14) [0xf8a3e]\nbind() to 0.0.0.0:80 failed\n"
		"[ Process PID=77 runs in 32 bit mode. ]\nwrite(1, \"\", 2) = 2\n"
		"% time     seconds  usecs/call     calls    errors syscall\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		"100.00    0.000200          20         2           read\n"
		"100.00    0.000200                     2           total\n",
		"read 1, write 1", 0},
	{"perf trace -S, calls in pieces",
		"       1.0 (         ): web/77 poll(ufds: 0x1) ...\n"
		"       1.2 ( 0.1 ms): web/77  ... [continued]: poll()) = 1\n"
		"         ? (         ): web/79  ... [continued]: clone()) = 0\n\n Summary of events:\n\n"
		" web (77), 2 events, 96.9%\n\n"
		"   syscall            calls  errors  total       min       avg       max       stddev\n"
		"   poll                   1      0     0.202     0.012     0.017     0.028      8.38%\n",
		"poll 1", 0},
	{"audit: a logged call has two records; the program chose its name",
		"type=SECCOMP msg=audit(1.1:7): pid=9 comm=\"syscall=59\" exe=\"/w\" sig=0 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x7ffc0000\n"
		"type=SYSCALL msg=audit(1.1:8): arch=c000003e syscall=41 success=yes exit=3 a0=26 a1=5 a2=0 a3=0 items=0 ppid=1 pid=9 comm=\"syscall=59\"\n",
		"socket 1", 0},
	{"a number that strace has no name for", "syscall_0x1ce(0x1, 0x2) = -1 EPERM\n", "mseal 1", 0},
	{"a profile",
		" {\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\",\"write\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_KILL\"}]}",
		"read 1, write 1", 0},
	{"a frequency file", "# calls (all)\nread\t3\nwrite 2.5\n\nopnat 4\n", "read 3, write 2.5", 1},
	{"shares", "read\t0.75\nwrite\t0.25\n", "read 0.75, write 0.25", 0},
	{"no newline at the end", "close 1", "close 1", 0},
	{"lines of Windows", "read 1\r\nwrite 2\r\n", "write 2, read 1", 0},
};

struct file {
	char path[32];
};

static struct file write_file(const char *text, size_t len)
{
	struct file f = {"/tmp/winnow-trace-XXXXXX"};
	int fd = mkstemp(f.path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	close(fd);
	return f;
}

static const char *describe(struct trace *t)
{
	static char text[256];
	double below = 1e300, most = 1;
	size_t used = 0;

	text[0] = '\0';
	while (most > 0) { /* by count, then by name */
		most = 0;
		for (size_t i = 0; i < arch_syscall_count(); i++)
			most = t->count[i] > most && t->count[i] < below ? t->count[i] : most;
		for (uint16_t i = 0; i < arch_syscall_count() && most > 0; i++) {
			if (t->count[i] < most || t->count[i] > most)
				continue;
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %g",
				used ? ", " : "", arch_syscall_name(i), t->count[i]);
		}
		below = most;
	}
	return text;
}

static int read_text(struct trace *t, const char *text, size_t len)
{
	struct file f = write_file(text, len);
	int status = trace_read(t, f.path, false);

	unlink(f.path);
	return status;
}

static void records_are_counted(void **state)
{
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(rows); i++) {
		struct trace t;
		trace_init(&t, &arena);
		assert_int_equal(read_text(&t, rows[i].text, strlen(rows[i].text)), EXIT_DONE);
		const char *found = describe(&t);
		if (strcmp(found, rows[i].counts) != 0 || (size_t)t.evidence.unnamed != rows[i].unknown)
			fail_msg("%s: found '%s' and %zu unknown, expected '%s' and %zu",
				rows[i].name, found, (size_t)t.evidence.unnamed, rows[i].counts, rows[i].unknown);
	}
	arena_free(&arena);
}

static void several_files_are_added(void **state)
{
	struct arena arena;
	struct trace t;

	(void)state;
	ARENA_START(&arena);
	trace_init(&t, &arena);
	assert_int_equal(read_text(&t, "read 3\n", 7), EXIT_DONE);
	assert_int_equal(read_text(&t, "read(0) = 1\nwrite(1) = 1\n", 25), EXIT_DONE);
	assert_string_equal(describe(&t), "read 4, write 1");
	arena_free(&arena);
}

static void files_without_calls_are_mistakes(void **state)
{
	static const char *const texts[] = {"", "\n\n", "hello\n", "# read 1\n", "opnat 3\n",
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", "read 1\nwrite one\n", "read 1\nwrite\n",
		"read 1\nwrite 1 2\n", "read 1\nwrite -1\n", "read nan\n", "read inf\n", "{"};
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(texts); i++) {
		struct trace t;
		trace_init(&t, &arena);
		if (read_text(&t, texts[i], strlen(texts[i])) == EXIT_DONE)
			fail_msg("'%s' was taken", texts[i]);
	}
	arena_free(&arena);
}

static void shares_add_up(void **state)
{
	struct arena arena;
	struct trace t;
	uint16_t id;

	(void)state;
	ARENA_START(&arena);
	trace_init(&t, &arena);
	assert_int_equal(read_text(&t, "read 300000000000\nwrite 100000000000\n", 37), EXIT_DONE);
	const uint32_t *share = trace_shares(&t);
	assert_true(arch_syscall_find("read", 4, &id));
	assert_int_equal(share[id], LAYOUT_UNIT / 4 * 3);
	assert_true(arch_syscall_find("write", 5, &id));
	assert_int_equal(share[id], LAYOUT_UNIT / 4);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_counted),
		cmocka_unit_test(several_files_are_added),
		cmocka_unit_test(files_without_calls_are_mistakes),
		cmocka_unit_test(shares_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
