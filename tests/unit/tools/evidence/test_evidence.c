/* What lines of recordings say, one row a fact about a format. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/base/base.h"
#include "compiler/base/buf.h"
#include "tools/cli/options.h"
#include "tools/evidence/evidence.h"
#include "tests/lib/arbitrary.h"

static const struct {
	const char *name, *text;
	const char *events; /* "socket(38, ?, 0) EPERM", a line each */
	const char *rest;   /* "2 unread, 1 nameless"; NULL: nothing */
} rows[] = {
	/* --- strace: what is in front --- */
	{"strace", "openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3\n",
		"openat(0xffffff9c/0xffffffff, ?, 0x80000) made\n", NULL},
	{"-f: numbers of processes, and times",
		"[pid    78] 12:00:00.123456 close(3) = 0\n"
		"79  1700000000.5 close(4)              = 0\n"
		"80 12:00:00 close(5) = 0\n"
		"81<sh> close(6) = 0\n"
		"[pid 82<my sh>] close(7) = 0\n"
		"     0.000123 close(8) = 0\n"
		"12:00:00 (+     0.000020) close(9) = 0\n",
		"78 close(3) made\n79 close(4) made\n80 close(5) made\n81 close(6) made\n82 close(7) made\n"
		"close(8) made\nclose(9) made\n", NULL},
	{"-i, and an address nobody knows", "[00007f0c2b3e1a57] close(3) = 0\n[????????????????] close(4) = 0\n",
		"close(3) made\nclose(4) made\n", NULL},
	{"-n", "[   3] close(3) = 0\n77 [  41] socket(AF_UNIX, SOCK_STREAM, 0) = 4\n",
		"#3 close(3) made\n77 #41 socket(1, 1, 0) made\n", NULL},
	{"-n shows socketcall, of which the arguments lie in memory",
		"77 [ 102] accept4(3, NULL, NULL, SOCK_CLOEXEC) = 5\n", "77 x86 #102 accept4() made\n", NULL},
	{"-n shows a number of x32", "77 [1073741863] getpid() = 77\n", "77 x32 #1073741863 getpid() made\n", NULL},
	{"a number and a name that do not go together", "77 [ 777] getpid() = 77\n", "", "1 unread"},
	{"a number without a name", "77 [???] syscall_0xffffffffffffffff(0x1, 0x2) = -1 ENOSYS (Function not implemented)\n",
		"77 #4294967295 syscall_0xffffffffffffffff() ENOSYS\n", "1 unnamed"},
	{"a number that this strace had no name for", "syscall_0x1ce(0x1, 0x2) = -1 EPERM (Operation not permitted)\n",
		"#462 mseal(1, 2) EPERM\n", NULL},
	{"colours of strace 7", "\033[1m77\033[0m \033[34mclose\033[0m(3) = \033[32m0\033[0m\n", "77 close(3) made\n", NULL},
	{"lines of Windows, no newline at the end", "close(3) = 0\r\nclose(4) = 0", "close(3) made\nclose(4) made\n", NULL},

	/* --- strace: arguments --- */
	{"constants, masks, octal, negative",
		"clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD, child_tidptr=0x7f00) = 78\n"
		"mprotect(0x7f0000, 4096, PROT_READ|PROT_EXEC) = 0\n"
		"mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f00\n"
		"ioctl(0, TIOCSTI, \"x\") = -1 EIO (Input/output error)\n"
		"chmod(\"x\", 0644) = 0\n"
		"personality(PER_LINUX|ADDR_NO_RANDOMIZE) = 0\nsocket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3\n",
		"clone(0x10000011) made\nmprotect(0x7f0000, 4096, 5) made\n"
		"mmap(0, 8192, 1, 34, 0xffffffff/0xffffffff, 0) made\nioctl(0, 0x5412) EIO\nchmod(?, 420) made\n"
		"personality(0x40000) made\nsocket(2, 1, 6) made\n", NULL},
	{"a flag nobody knows: the others are set, and no more is known",
		"socket(AF_UNIX, SOCK_STREAM|SOCK_NOBODY, 0) = 3\nunshare(UNSHARE_NOBODY) = 0\n",
		"socket(1, 1/0x1, 0) made\nunshare() made\n", NULL},
	{"-y, -yy, -X verbose and raw",
		"read(3</etc/a, b) = 1>, \"x\", 1) = 1\n"
		"write(4<TCP:[127.0.0.1:1->127.0.0.1:2]>, \"x\", 7) = 7\n"
		"openat(AT_FDCWD</root>, \"x\", O_RDONLY) = 3</root/x>\n"
		"socket(0x26 /* AF_ALG */, 0x5 /* SOCK_SEQPACKET */, 0) = -1 EPERM (Operation not permitted)\n"
		"socket(0x26, 0x5, 0) = -1 EPERM (Operation not permitted)\n",
		"read(3, ?, 1) made\nwrite(4, ?, 7) made\nopenat(0xffffff9c/0xffffffff, ?, 0) made\n"
		"socket(38, 5, 0) EPERM\nsocket(38, 5, 0) EPERM\n", NULL},
	{"strings, structs and results that look like more",
		"openat(3, \"a\\\"read(b) = 1\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"
		"poll([{fd=3, events=POLLIN}], 1, 0) = 1 ([{fd=3, revents=POLLIN}])\n"
		"fcntl(3, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)\n"
		"wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 78 <0.000012>\n",
		"openat(3, ?, 0) ENOENT\npoll(?, 1, 0) made\nfcntl(3, 3) made\n"
		"wait4(0xffffffff/0xffffffff, ?, 0, 0) made\n", NULL},
	{"an offset takes two registers of a 32-bit ABI",
		"[ Process PID=77 runs in 32 bit mode. ]\npread64(3, \"\", 4, 4096) = 0\n",
		"x86 pread64(3, ?, 4) made\n", NULL},

	/* --- strace: calls in pieces --- */
	{"unfinished and resumed",
		"[pid 78] read(3,  <unfinished ...>\n[pid 79] close(4) = 0\n[pid 78] <... read resumed>\"x\", 1) = 1\n",
		"79 close(4) made\n78 read(3, ?, 1) made\n", NULL},
	{"not seen to return", "78 read(3,  <unfinished ...>\n", "78 read(3)\n", NULL},
	{"it began before strace did", "78 <... read resumed>\"x\", 1) = 1\n", "78 read() made\n", NULL},
	{"an interrupted call goes on", "restart_syscall(<... resuming interrupted poll ...>) = 0\n",
		"restart_syscall() made\n", NULL},

	/* --- strace: what a filter did --- */
	{"a signal handler returns to what the interrupted call came to",
		"77 rt_sigreturn({mask=[]}) = -1 EPERM (Operation not permitted)\n77 close(3) = 0\n",
		"77 rt_sigreturn()\n77 close(3) made\n", NULL},
	{"killed: it returned its own number, or '?'",
		"openat(AT_FDCWD, \"x\", O_RDONLY) = 257\n+++ killed by SIGSYS (core dumped) +++\n"
		"78 getpid() = ?\n78 +++ killed by SIGSYS +++\n",
		"openat(0xffffff9c/0xffffffff, ?, 0) killed by a filter\n78 getpid() killed by a filter\n", NULL},
	{"the last call of that process, not the last line",
		"78 getpid() = 39\n79 close(3) = 0\n78 +++ killed by SIGSYS +++\n",
		"79 close(3) made\n78 getpid() killed by a filter\n", NULL},
	{"its own number, and nothing happened", "write(2, \"x\", 1) = 1\nclose(4) = 0\nexit_group(0) = ?\n+++ exited with 0 +++\n",
		"write(2, ?, 1) made\nclose(4) made\nexit_group(0)\n", NULL},
	{"killed, and no line says by what", "78 close(3) = 0\n78 +++ killed by SIGSYS +++\n", "78 close(3) made\n",
		"1 nameless"},
	{"killed within socketcall",
		"[ Process PID=78 runs in 32 bit mode. ]\nsocket(AF_ALG, SOCK_STREAM, 0) = 102\n+++ killed by SIGSYS +++\n",
		"x86 socket(38, 1, 0) killed by a filter\n", NULL},
	{"a thread that ends with the one that made the call",
		"78 futex(0x7f, FUTEX_WAKE_PRIVATE, 1) = 0\n79 getpriority(0, 0) = 140\n78 +++ killed by SIGSYS +++\n"
		"79 +++ killed by SIGSYS +++\n",
		"78 futex(127, ?, 1) made\n79 getpriority(0, 0) killed by a filter\n", "1 beside"},
	{"killed within a call",
		"78 socket(AF_ALG, SOCK_STREAM, 0 <unfinished ...>\n79 close(3) = 0\n78 <... socket resumed>) = ?\n"
		"78 +++ killed by SIGSYS +++\n",
		"79 close(3) made\n78 socket(38, 1, 0) killed by a filter\n", NULL},
	{"trapped: si_errno is the filter's data",
		"socket(AF_ALG, SOCK_STREAM, 0) = 41\n"
		"--- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_errno=E2BIG, si_call_addr=0x1000, "
		"si_syscall=__NR_socket, si_arch=AUDIT_ARCH_X86_64} ---\n"
		"+++ killed by SIGSYS (core dumped) +++\n",
		"socket(38, 1, 0) trapped by a filter with 7\n", NULL},
	{"a trap alone",
		"77 --- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_errno=E2BIG, si_call_addr=0x1000, "
		"si_syscall=__NR_socket, si_arch=AUDIT_ARCH_I386} ---\n",
		"77 x86 socket() trapped by a filter with 7\n", NULL},
	{"a SIGSYS that somebody sent", "close(3) = 0\n--- SIGSYS {si_signo=SIGSYS, si_code=SI_USER, si_pid=1, si_uid=0} ---\n",
		"close(3) made\n", NULL},

	/* --- strace: other lines --- */
	{"modes, one process and several",
		"getuid() = 0\n[ Process PID=77 runs in 32 bit mode. ]\ngetuid() = 0\n"
		"[ Process PID=77 runs in 64 bit mode. ]\ngetuid() = 0\n[ Process PID=77 runs in x32 mode. ]\ngetuid() = 0\n",
		"getuid() made\nx86 getuid() made\ngetuid() made\nx32 getuid() made\n", NULL},
	{"the mode of one of several", "78 [ Process PID=78 runs in 32 bit mode. ]\n78 getuid() = 0\n79 getuid() = 0\n",
		"78 x86 getuid() made\n79 getuid() made\n", NULL},
	{"-k", "close(3) = 0\n > /lib/libc.so.6(__close+0x14) [0xf8a3e]\n > /bin/x(main(int)+0x1) [0x1]\n",
		"close(3) made\n", "2 stacks"},
	{"notices", "strace: Process 78 attached\nstrace: [ Process PID=1 runs ]\nclose(3) = 0\n"
		    "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---\n+++ superseded by execve in pid 7 +++\n",
		"close(3) made\n", NULL},
	{"the load of a filter, and questions about it",
		"seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, NULL) = -1 EFAULT (Bad address)\n"
		"seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, {len=9, filter=0x1000}) = 0\n"
		"prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, {len=9, filter=0x1000}) = 0\n",
		"seccomp(1, 1, 0) EFAULT\nseccomp(1, 2) made\nprctl(22, 2) made\n", "2 loads"},
	{"what the program itself says",
		"close(3) = 0\nbind() to 0.0.0.0:80 failed (13: Permission denied)\nwrite(1, \"x\", 2x\n) = 2\nhello (world)\n",
		"close(3) made\n", "4 unread"},

	/* --- tables --- */
	{"strace -c",
		"% time     seconds  usecs/call     calls    errors syscall\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		" 33.28    0.000200          20        10           read\n"
		"  0.00    0.000000           0         3         1 access\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		"100.00    0.000200                    13         1 total\n",
		"10x read()\n3x access()\n", NULL},
	{"a count that nobody counted to",
		"% time     seconds  usecs/call     calls    errors syscall\n"
		" 33.28    0.000200          20        10           read\n"
		" 33.28    0.000200          20        14347467612885206811           read\n",
		"10x read()\n", "1 unread"},
	{"strace -c of two modes",
		"System call usage summary for 64 bit mode:\n"
		"% time     seconds  usecs/call     calls    errors syscall\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		"100.00    0.000200          20        10           read\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		"100.00    0.000200                    10           total\n"
		"System call usage summary for 32 bit mode:\n"
		"% time     seconds  usecs/call     calls    errors syscall\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		"100.00    0.000200          20         2           read\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		"100.00    0.000200                     2           total\n",
		"10x read()\n2x x86 read()\n", NULL},
	{"strace -C says all of it twice",
		"close(3) = 0\n% time     seconds  usecs/call     calls    errors syscall\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		"100.00    0.000200          20         1           close\n"
		"------ ----------- ----------- --------- --------- ----------------\n"
		"100.00    0.000200                     1           total\n",
		"close(3) made\n", "1 repeated"},

	/* --- audit records --- */
	{"the kernel's",
		"[ 9.1] audit: type=1326 audit(1700000000.100:7): auid=4294967295 uid=0 gid=0 ses=4294967295 "
		"subj=unconfined pid=91 comm=\"web\" exe=\"/bin/web\" sig=0 arch=c000003e syscall=41 compat=0 "
		"ip=0x7f0000001000 code=0x50000\n",
		"91 #41 socket() refused by a filter with an errno, comm web\n", NULL},
	{"syslog, journal, auditd, an aggregator",
		"Nov 30 05:00:00 node1 kernel: audit: type=1326 audit(1.1:7): pid=91 comm=\"web\" sig=31 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x80000000\n"
		"Nov 30 05:00:00 node1 audit[92]: SECCOMP auid=1 pid=92 comm=\"web\" exe=\"/w\" sig=31 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x0\n"
		"type=SECCOMP msg=audit(1.1:8): pid=93 comm=\"web\" sig=31 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x30000\n"
		"node=n type=SECCOMP msg=audit(1.1:9): pid=94 comm=\"web\" sig=0 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x7ff00000\n"
		"type=SECCOMP msg=audit(1.1:9): pid=95 comm=\"web\" sig=0 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x7fc00000\n",
		"91 #41 socket() killed by a filter, comm web\n92 #41 socket() killed by a filter, comm web\n"
		"93 #41 socket() trapped by a filter, comm web\n94 #41 socket() given to a tracer by a filter, comm web\n"
		"95 #41 socket() given to a listener by a filter, comm web\n", NULL},
	{"auditd's own words behind a record",
		"type=SECCOMP msg=audit(1.1:7): pid=91 comm=\"web\" sig=0 arch=c000003e syscall=41 compat=0 ip=0x1 "
		"code=0x50000\x1d" "AUID=\"unset\" UID=\"root\" ARCH=x86_64 SYSCALL=read\n",
		"91 #41 socket() refused by a filter with an errno, comm web\n", NULL},
	{"a trap that is logged has no signal",
		"type=SECCOMP msg=audit(1.1:7): pid=91 comm=\"w\" sig=0 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x30000\n",
		"91 #41 socket() trapped by a filter, comm w\n", NULL},
	{"an arch of two digits, s390's",
		"type=SECCOMP msg=audit(1.1:7): pid=9 comm=\"w\" sig=0 arch=16 syscall=20 compat=1 ip=0x1 code=0x50000\n",
		"9 s390 #20 getpid() refused by a filter with an errno, comm w\n", NULL},
	{"compat is 1 for x32, and for -1",
		"type=SECCOMP msg=audit(1.1:7): pid=9 comm=\"w\" sig=0 arch=c000003e syscall=1073741863 compat=1 ip=0x1 code=0x50000\n"
		"type=SECCOMP msg=audit(1.1:7): pid=9 comm=\"w\" sig=0 arch=c000003e syscall=-1 compat=1 ip=0x1 code=0x50000\n"
		"type=SECCOMP msg=audit(1.1:7): pid=9 comm=\"w\" sig=0 arch=40000003 syscall=102 compat=1 ip=0x1 code=0x50000\n",
		"9 x32 #1073741863 getpid() refused by a filter with an errno, comm w\n"
		"9 #4294967295 refused by a filter with an errno, comm w\n"
		"9 x86 #102 socketcall() refused by a filter with an errno, comm w\n", "1 unnamed"},
	{"the program chose its name",
		"type=SECCOMP msg=audit(1.1:7): pid=91 comm=\"syscall=59\" exe=\"/a arch=0 code=0x0\" sig=0 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x50000\n"
		"type=SECCOMP msg=audit(1.1:7): pid=91 comm=7765622031 exe=2F6F7074 sig=0 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x50000\n",
		"91 #41 socket() refused by a filter with an errno, comm syscall=59\n"
		"91 #41 socket() refused by a filter with an errno, comm web 1\n", NULL},
	{"ausearch -i",
		"type=SECCOMP msg=audit(11/14/23 22:13:20.100:7) : auid=unset uid=root pid=91 comm=syscall=read x exe=/bin/web "
		"sig=SIG0 arch=i386 syscall=socket compat=1 ip=0x1000 code=errno\n"
		"type=SECCOMP msg=audit(11/14/23 22:13:20.100:7) : pid=91 comm=web exe=/w sig=SIGSYS arch=x86_64 syscall=socket compat=0 ip=0x1000 code=kill\n"
		"type=SYSCALL msg=audit(11/14/23 22:13:20.100:8) : arch=x86_64 syscall=openat success=no exit=EACCES(Permission denied) "
		"a0=AT_FDCWD a1=0x7ffd10 a2=O_RDONLY a3=0x0 items=1 pid=92 comm=cat exe=/bin/cat\n",
		"91 x86 socket() refused by a filter with an errno, comm syscall=read\n"
		"91 socket() killed by a filter, comm web\n"
		"92 openat(0xffffff9c/0xffffffff, 0x7ffd10, 0, 0) EACCES, comm cat\n", NULL},
	{"a record of a call has four arguments",
		"type=SYSCALL msg=audit(1.1:7): arch=c000003e syscall=41 success=no exit=-1 a0=26 a1=5 a2=0 a3=7ffc items=0 ppid=1 pid=91 comm=\"web\" exe=\"/w\" key=(null)\n",
		"91 #41 socket(38, 5, 0, 0x7ffc) 1, comm web\n", NULL},
	{"a logged call and its own record are one",
		"type=SECCOMP msg=audit(1.1:7): pid=91 comm=\"web\" exe=\"/w\" sig=0 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x7ffc0000\n"
		"type=SYSCALL msg=audit(1.1:8): arch=c000003e syscall=41 success=yes exit=3 a0=26 a1=5 a2=0 a3=0 items=0 ppid=1 pid=91 comm=\"web\" exe=\"/w\"\n"
		"type=PROCTITLE msg=audit(1.1:8): proctitle=2F77\n",
		"91 #41 socket(38, 5, 0, 0) made, comm web\n", NULL},
	{"a logged call alone, and one before another",
		"type=SECCOMP msg=audit(1.1:7): pid=91 comm=\"web\" exe=\"/w\" sig=0 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x7ffc0000\n"
		"type=SYSCALL msg=audit(1.1:8): arch=c000003e syscall=3 success=yes exit=0 a0=4 a1=0 a2=0 a3=0 items=0 ppid=1 pid=91 comm=\"web\" exe=\"/w\"\n",
		"91 #41 socket() logged by a filter, and made, comm web\n91 #3 close(4, 0, 0, 0) made, comm web\n", NULL},
	{"the end of a process beside its record, and alone",
		"type=SECCOMP msg=audit(1.1:7): pid=91 comm=\"web\" sig=31 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x80000000\n"
		"type=ANOM_ABEND msg=audit(1.1:8): auid=1 pid=91 comm=\"web\" exe=\"/bin/web\" sig=31 res=1\n"
		"audit: type=1701 audit(1.1:9): auid=1 pid=92 comm=\"web\" exe=\"/bin/web\" sig=31 res=1\n"
		"type=ANOM_ABEND msg=audit(1.1:10): auid=1 pid=93 comm=\"web\" exe=\"/bin/web\" sig=11 res=1\n",
		"91 #41 socket() killed by a filter, comm web\n", "1 nameless"},
	{"what the kernel dropped", "[ 15.4] kauditd_printk_skb: 190 callbacks suppressed\n", "", "190 lost"},
	{"which actions are logged",
		"type=CONFIG_CHANGE msg=audit(1.1:7): op=seccomp-logging actions=kill_process,trap old-actions=kill_process res=1\n"
		"type=SECCOMP msg=audit(1.1:7): pid=91 comm=\"web\" sig=31 arch=c000003e syscall=41 compat=0 ip=0x1 code=0x80000000\n",
		"91 #41 socket() killed by a filter, comm web\n", "kill_process,trap logged"},

	/* --- perf trace, ftrace --- */
	{"perf trace: arguments have no places, errors no names",
		"     0.000 ( 0.011 ms): ls/1234 openat(dfd: CWD, filename: \"x) = 3\", flags: RDONLY) = 3\n"
		"     0.020 ( 0.003 ms): ls/1234 mseal() = -1 (unknown) (Operation not permitted)\n"
		"     0.020 ( 0.003 ms): ls/1234 socket(family: ALG) = -1 EPERM (Operation not permitted)\n",
		"1234 openat() made\n1234 mseal() Operation not permitted = 1\n1234 socket() EPERM\n", NULL},
	{"perf trace: the end of a call before, of one that began earlier, and of clone in the child",
		"       1.0 (         ): web/77 poll(ufds: 0x1, nfds: 1) ...\n"
		"       1.2 ( 0.1 ms): web/77  ... [continued]: poll()) = 1\n"
		"         ? (         ): web/78  ... [continued]: socket()) = -1 (unknown) (Operation not permitted)\n"
		"         ? (         ): web/79  ... [continued]: clone()) = 0\n",
		"77 poll() made\n78 socket() Operation not permitted = 1\n", NULL},
	{"perf trace -s",
		" Summary of events:\n\n ls (1234), 312 events, 96.9%\n\n"
		"   syscall            calls  errors  total       min       avg       max       stddev\n"
		"                                     (msec)    (msec)    (msec)    (msec)        (%)\n"
		"   --------------- --------  ------ -------- --------- --------- ---------     ------\n"
		"   openat                12      4     0.202     0.012     0.017     0.028      8.38%\n",
		"12x openat()\n", NULL},
	{"perf trace -S says all of it twice",
		"     0.000 ( 0.011 ms): ls/1234 close(fd: 3) = 0\n\n Summary of events:\n\n ls (1234), 2 events, 96.9%\n\n"
		"   syscall            calls  errors  total       min       avg       max       stddev\n"
		"                                     (msec)    (msec)    (msec)    (msec)        (%)\n"
		"   --------------- --------  ------ -------- --------- --------- ---------     ------\n"
		"   close                  1      0     0.202     0.012     0.017     0.028      8.38%\n",
		"1234 close() made\n", "1 repeated"},
	{"ftrace: the number has no ABI, the names are functions'",
		"          web-77      [000] .....  1.2: sys_exit: NR 41 = -1\n"
		"          web-77      [000] .....  1.2: sys_newfstat(fd: 3, statbuf: 0x1000)\n"
		"          web-77      [000] .....  1.2: sys_newfstat -> 0x0\n"
		"          web-77      [000] .....  1.2: sys_umount(name: 0x1, flags: 0)\n",
		"77 #41 socket() 1\n77 fstat()\n77 umount2()\n", NULL},
	{"ftrace: a call is not counted twice",
		"          web-77      [000] .....  1.2: sys_enter: NR 41 (26, 5, 0, 0, 0, 0)\n"
		"          web-77      [000] .....  1.2: sys_exit: NR 41 = -1\n",
		"77 #41 socket()\n", NULL},
	{"ftrace: of a call that seccomp refuses there is the end alone",
		"          web-77      [000] .....  1.2: sys_mkdir -> 0xffffffffffffffff\n"
		"          web-77      [000] .....  1.2: sys_read(fd: 3, buf: 0x1000, count: 5)\n"
		"          a-b-78   (     78) [001] .....  1.2: sys_read -> 0xfffffffffffffff3\n"
		"          web-77      [000] .....  1.2: sys_read -> 0xffffffffffffffea\n"
		"          web-77      [000] .....  1.2: sys_clone -> 0x0\n"
		"          web-77      [000] .....  1.2: sys_mmap -> 0xfffffffffffff000\n",
		"77 mkdir() 1\n77 read()\n78 read() 13\n", NULL},
	{"ftrace: the same by numbers",
		"          web-77      [000] .....  1.2: sys_exit: NR 83 = -1\n"
		"          web-77      [000] .....  1.2: sys_enter: NR 41 (26, 5, 0, 0, 0, 0)\n"
		"          web-78      [000] .....  1.2: sys_exit: NR 41 = -13\n"
		"          web-77      [000] .....  1.2: sys_exit: NR 41 = -1\n"
		"          web-77      [000] .....  1.2: sys_exit: NR 56 = 0\n",
		"77 #83 mkdir() 1\n77 #41 socket()\n78 #41 socket() 13\n", NULL},
	{"strace: an error by its words, or by none",
		"77 mkdir(\"/x\", 0755) = -1 Operation not permitted\n77 mkdir(\"/x\", 0755) = -1 (Permission denied)\n"
		"77 mkdir(\"/x\", 0755) = -1\n77 mkdir(\"/x\", 0755) = -1 nonsense\n",
		"77 mkdir(?, 493) Operation not permitted = 1\n77 mkdir(?, 493) Permission denied = 13\n"
		"77 mkdir(?, 493) failed with an errno that is not said\n77 mkdir(?, 493) failed with an errno that is not said\n", NULL},
	{"maps of bpftrace, lines of inspektor-gadget: not read", "@[web, 41]: 12\ndefault web socket errno\nclose(3) = 0\n",
		"close(3) made\n", "2 unread"},

	/* --- what others made of recordings --- */
	{"the operator's enricher, old and new",
		"I0705 12:08:18 1 enricher.go:136] log-enricher \"msg\"=\"audit\" \"syscallID\"=10 \"syscallName\"=\"mprotect\" \"type\"=\"seccomp\"\n"
		"I0705 12:08:18 1 enricher.go:136] audit logger=\"log-enricher\" syscallID=41 syscallName=\"socket\"\n",
		"mprotect()\nsocket()\n", NULL},
	{"the operator's JSON lines",
		"{\"executable\":\"/bin/web\",\"syscalls\":[\"socket\",\"read\"],\"version\":\"spo/v1_alpha\"}\n"
		"{\"auditID\":\"1\",\"syscalls\":[\"close\",\"\",\"unknown\"]}\n",
		"socket()\nread()\nclose()\n?()\nunknown()\n", "2 unnamed"},
	{"a profile, as the hook of podman and spoc write it",
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],\n"
		"\"syscalls\":[{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[]},\n"
		"{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_KILL\"}]}",
		"read()\nwrite()\n", NULL},
	{"the operator's resource",
		"apiVersion: security-profiles-operator.x-k8s.io/v1beta1\nkind: SeccompProfile\nmetadata:\n  name: web\n"
		"spec:\n  defaultAction: SCMP_ACT_ERRNO\n  syscalls:\n  - action: SCMP_ACT_ALLOW\n    names:\n    - read\n",
		"read()\n", NULL},
	{"names", "# web\nread\nwrite\n\nopnat\n", "read()\nwrite()\nopnat()\n", "1 unnamed"},
	{"names and counts", "read 3\nwrite\t2.5\n", "3x read()\n2.5x write()\n", NULL},
};

static bool print_event(void *context, const struct event *e)
{
	struct buf *b = context;
	struct event_args args;
	unsigned shown = CALL_ARGS;
	char words[64];
	uint16_t number;

	if (e->count < 1 || e->count > 1)
		buf_printf(b, "%gx ", e->count);
	if (e->pid)
		buf_printf(b, "%llu ", (unsigned long long)e->pid);
	if (e->abi && strcmp(e->abi->name, "x86_64") != 0)
		buf_printf(b, "%s ", e->abi->name);
	if (e->by_number)
		buf_printf(b, "#%u ", e->nr);
	event_args(e, &args);
	while (shown && !args.known[shown - 1])
		shown--;
	if (e->has_id)
		buf_printf(b, "%s(", arch_syscall_name(e->id));
	else if (e->name)
		buf_printf(b, "%.*s(", e->name_len ? (int)e->name_len : 1, e->name_len ? e->name : "?");
	for (unsigned i = 0; i < shown; i++) {
		buf_text(b, i ? ", " : "");
		buf_printf(b, !args.known[i] ? "?" : args.value[i] < 10000 ? "%llu" : "0x%llx",
			(unsigned long long)args.value[i]);
		if (args.known[i] && args.known[i] != UINT64_MAX)
			buf_printf(b, "/0x%llx", (unsigned long long)args.known[i]);
	}
	buf_text(b, e->has_id || e->name ? ")" : "");
	if (e->answer == ANSWER_ERROR) {
		buf_printf(b, " %.*s", (int)e->error_len, e->error);
		if (e->error_len > 12 && event_errno(e, e->error, e->error_len, &number))
			buf_printf(b, " = %u", number);
	} else if (e->answer != ANSWER_UNSAID) {
		buf_printf(b, "%s%s", e->has_id || e->name ? " " : "", event_answer_words(e, words, sizeof(words)));
	}
	if (e->data && event_errno(e, e->data, e->data_len, &number))
		buf_printf(b, " with %u", number);
	if (e->comm)
		buf_printf(b, ", comm %.*s", (int)e->comm_len, e->comm);
	buf_text(b, "\n");
	return false;
}

static const char *print_rest(struct arena *arena, const struct evidence *e)
{
	const struct {
		uint64_t count;
		const char *what;
	} counts[] = {{e->unread, "unread"}, {e->unnamed, "unnamed"}, {e->lost, "lost"}, {e->nameless, "nameless"},
		{e->beside, "beside"},
		{e->repeated, "repeated"}, {e->stacks, "stacks"}, {e->loads, "loads"}};
	struct buf b;

	buf_init(&b, arena);
	for (size_t i = 0; i < countof(counts); i++) {
		if (counts[i].count)
			buf_printf(&b, "%s%llu %s", b.len ? ", " : "", (unsigned long long)counts[i].count,
				counts[i].what);
	}
	if (*e->logged)
		buf_printf(&b, "%s%s logged", b.len ? ", " : "", e->logged);
	return buf_string(&b);
}

static bool says(struct arena *arena, size_t i)
{
	struct evidence e;
	struct buf b;

	buf_init(&b, arena);
	evidence_init(&e, arena, print_event, &b);
	e.abi = arch_find("x86_64", 6);
	evidence_read_text(&e, "log", rows[i].text, strlen(rows[i].text));
	const char *rest = print_rest(arena, &e), *events = buf_string(&b);
	if (strcmp(events, rows[i].events) == 0 && strcmp(rest, rows[i].rest ? rows[i].rest : "") == 0)
		return true;
	print_error("%s: found\n%s(%s)\nexpected\n%s(%s)\n", rows[i].name, events, rest, rows[i].events,
		rows[i].rest ? rows[i].rest : "");
	return false;
}

static void lines_say_what_they_say(void **state)
{
	struct arena arena;
	volatile unsigned failed = 0;

	(void)state;
	ARENA_START(&arena);
	for (size_t i = 0; i < countof(rows); i++)
		failed = failed + !says(&arena, i);
	assert_int_equal(failed, 0);
	arena_free(&arena);
}

/* --- the short way and the long one --- */

struct totals {
	bool counts; /* the number of further calls is enough */
	double count[1024][ANSWERS];
};

static bool add_up(void *context, const struct event *e)
{
	struct totals *t = context;

	assert_true(!e->has_id || e->id < countof(t->count));
	bool own = e->answer == ANSWER_ERROR && !event_suspects(e->error, e->error_len);
	t->count[e->has_id ? e->id : countof(t->count) - 1][own ? ANSWER_DONE : e->answer] += e->count;
	return t->counts && e->has_id && e->id % 3 != 0; /* of some they all are wanted */
}

/* Lines of the rows in any order: most are no log, and all have to come to the same. */
static void put_lines(struct buf *b, struct dice *dice)
{
	for (unsigned i = 0; i < 300; i++) {
		const char *text = rows[dice_below(dice, countof(rows))].text, *end;
		for (size_t skip = dice_below(dice, 4); (end = strchr(text, '\n')) && skip; skip--)
			text = end[1] ? end + 1 : text;
		end = end ? end + 1 : text + strlen(text);
		if (dice_below(dice, 2) && *text >= 'a' && *text <= 'z')
			buf_printf(b, "%u ", 70 + dice_below(dice, 9));
		buf_add(b, text, (size_t)(end - text));
		if (end > text && end[-1] != '\n')
			buf_text(b, "\n");
	}
}

/* Those that a filter may be behind, and others. */
static void put_errors(struct buf *b, const char *name)
{
	static const char *const errors[] = {"-1 ENOENT (No such file or directory)", "-1 EPERM (Operation not permitted)",
		"-1 ENOENT", "-1 EACCES (Permission denied) <0.000001>", "-1 ENOSYS (Function not implemented)",
		"-1 EPERMIT (x)", "-1 (errno 524)", "-1", "-2"};

	for (size_t i = 0; i < countof(errors); i++)
		buf_printf(b, "5 %s(1) = %s\n5 <... %s resumed>) = %s\n", name, errors[i], name, errors[i]);
}

/* What the short way has to leave to the long one, of calls that are counted by then. */
static void put_special_lines(struct buf *b)
{
	static const struct {
		const char *name;
		unsigned nr;
	} calls[] = {{"getpid", 39}, {"uname", 63}, {"close", 3}, {"umask", 95}, {"alarm", 37}, {"getuid", 102}};

	for (size_t i = 0; i < countof(calls); i++) {
		const char *name = calls[i].name;
		buf_printf(b, "5 %s(1) = 0\n5 %s(1) = 0\n5 %s(1 <unfinished ...>\n6 %s(1) = %u\n", name, name, name,
			name, calls[i].nr);
		buf_printf(b, "5 <... %s resumed>) = 0\n6 +++ killed by SIGSYS +++\n5 %s(1) = 0x7\n", name, name);
		buf_printf(b, "5 %s(\") = 0\") = -1 EPERM (x)\n5 %s(1) = ?\n5 +++ exited with 0 +++\n", name, name);
		buf_printf(b, "5 12:00:00.5 %s(1) = 0 <0.000001>\n[pid 5] %s(2) = 0\n5 %s(1 = 0\n", name, name, name);
		put_errors(b, name);
		/* its own number, and what comes then: the same, others, one that has not returned, the end */
		const unsigned nr = calls[i].nr;
		buf_printf(b, "7 %s(1) = %u\n7 %s(1) = %u\n7 %s(1) = 0\n7 %s(1) = %u <0.000001>\n7 read(0, \"\", 1) = 0\n", name,
			nr, name, nr, name, name, nr);
		buf_printf(b, "7 %s(1) = %u\n7 %s(1 <unfinished ...>\n7 <... %s resumed>) = %u\n7 %s(1) = ?\n", name, nr, name,
			name, nr, name);
		buf_printf(b, "7 %s(1) = %u\n7 --- SIGCHLD {} ---\n7 %s(1) = %u\n7 +++ killed by SIGSYS +++\n", name, nr, name,
			nr);
	}
}

static void counting_comes_to_the_same(void **state)
{
	struct arena arena;
	struct dice dice = {7};

	(void)state;
	ARENA_START(&arena);
	for (unsigned i = 0; i < 200; i++) {
		struct totals *t = arena_alloc(&arena, 2, sizeof(*t));
		struct evidence e[2];
		struct buf b;
		buf_init(&b, &arena);
		buf_text(&b, "close(3) = 0\nclose(4) = 0\n"); /* neither a profile nor a list of names */
		put_special_lines(&b);
		put_lines(&b, &dice);
		for (unsigned way = 0; way < 2; way++) {
			t[way].counts = way;
			evidence_init(&e[way], &arena, add_up, &t[way]);
			e[way].abi = arch_find("x86_64", 6);
			assert_int_equal(evidence_read_text(&e[way], "log", b.bytes, b.len), EXIT_DONE);
		}
		assert_memory_equal(t[0].count, t[1].count, sizeof(t[0].count));
		assert_int_equal(e[0].calls, e[1].calls);
		assert_int_equal(e[0].unread, e[1].unread);
		assert_int_equal(e[0].nameless + e[0].beside, e[1].nameless + e[1].beside);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_say_what_they_say),
		cmocka_unit_test(counting_comes_to_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
