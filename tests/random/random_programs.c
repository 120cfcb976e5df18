/*
 * The simulator against kernels: random programs (specimen.h), and what becomes of calls under
 *them.
 *
 *	random_programs [COUNT [SEED]]                         this machine's kernel
 *	random_programs --write FILE ABI COUNT SEED            programs for tests/kernels/init
 *	random_programs --judge HOW FILE ABI NATIVE COUNT SEED what it said, held against the
 *simulator
 *
 * The first COUNT programs of the seeds from SEED on. A call on which kernels may differ
 *(UNDECIDED) is made and counted, not compared. Each difference is shown with the program, the call
 *and both answers; its seed with COUNT 1 makes it again.
 *
 * Here a program is loaded into a child that shares our memory, as after vfork(2): it makes the
 *calls, notes what they return and ends by a trap, as it may be left without a single system call.
 */

#define _GNU_SOURCE
#include "tests/lib/specimen.h"

#include "backends/bpf/bytes.h"
#include "backends/write/disasm.h"
#include "backends/bpf/sim.h"
#include "compiler/base/base.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHOWN 10 /* differences */

struct judge {
	const struct abi *abi, *native;
	const char *how; /* of which kernel */
	uint64_t ip;
	uint64_t programs, calls, killed, undecided, different;
	struct specimen specimen;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "random_programs: %s: %s\n", what, why);
	exit(2);
}

/* --- comparing --- */

static void answer_print(const char *who, uint32_t seen)
{
	if (seen == SPECIMEN_KILLED)
		printf("        %s: killed\n", who);
	else
		printf("        %s: returned %s%u\n", who, seen ? "-" : "", seen);
}

static void complain(struct judge *j, const struct call *call, uint32_t ret, uint32_t seen)
{
	struct arena arena;
	struct buf b;

	if (++j->different > SHOWN)
		return;
	arena_init(&arena, (size_t)64 << 20);
	if (setjmp(arena.out))
		die("a difference", "out of memory");
	buf_init(&b, &arena);
	disasm_print(&b, &j->specimen.program, j->abi->order, j->abi);
	printf("  FAIL  %s, %s: the program of seed %llu\n%.*s", j->abi->name, j->how,
		(unsigned long long)j->specimen.seed, (int)b.len, b.bytes);
	printf("        nr %u ip %#llx", call->nr, (unsigned long long)call->ip);
	for (unsigned i = 0; i < CALL_ARGS; i++)
		printf(" %#llx", (unsigned long long)call->args[i]);
	printf("\n        simulator: returns %#x\n", ret);
	answer_print("so expected", specimen_seen(ret, j->abi));
	answer_print("kernel", seen);
	arena_free(&arena);
}

static void judge(struct judge *j, unsigned at, uint32_t seen)
{
	struct call call = specimen_shown(&j->specimen.call[at], j->abi, j->native);

	call.ip = j->ip;
	uint64_t ret = sim_run(&j->specimen.program, j->abi->order, &call, NULL, NULL);
	j->calls++;
	j->killed += seen == SPECIMEN_KILLED;
	if (is_undecided(ret))
		j->undecided++;
	else if (specimen_seen(sim_returned(ret), j->abi) != seen)
		complain(j, &call, sim_returned(ret), seen);
}

/* Whether all is well. */
static bool tell(const struct judge *j)
{
	printf("programs: %s, %s: %llu programs, %llu calls (%llu killed), %llu not decided, %llu "
	       "different\n",
		j->abi->name, j->how, (unsigned long long)j->programs, (unsigned long long)j->calls,
		(unsigned long long)j->killed, (unsigned long long)j->undecided,
		(unsigned long long)j->different);
	return !j->different && j->programs;
}

/* --- this kernel --- */

struct run {
	struct {
		unsigned short len;
		const struct insn *insn; /* struct sock_filter, in this machine's byte order */
	} program;
	const struct call *call;
	volatile unsigned now;
	volatile uint32_t seen[SPECIMEN_CALLS];
	volatile int error; /* of loading */
};

static_assert(sizeof(struct insn) == 8, "as struct sock_filter");

static _Noreturn void run_child(struct run *r)
{
	const long set_mode_filter = 1;

	if (syscall(SYS_seccomp, set_mode_filter, 0L, &r->program)) {
		r->error = errno;
		_exit(0);
	}
	for (; r->now < SPECIMEN_CALLS; r->now++) {
		const struct call *c = &r->call[r->now];
		long ret = syscall((long)(int)c->nr, c->args[0], c->args[1], c->args[2], c->args[3],
			c->args[4], c->args[5]);
		r->seen[r->now] = ret < 0 ? (uint32_t)errno : (uint32_t)ret;
	}
	__builtin_trap();
}

/* Returns the child's wait status. The child never comes back to this frame. */
static __attribute__((noinline)) int run_once(struct run *r)
{
	int status = 0;
	pid_t child = vfork();

	if (child == 0)
		run_child(r);
	if (child < 0 || waitpid(child, &status, 0) != child)
		die("a child", strerror(errno));
	return status;
}

/* False: the kernel would not have it. */
static bool run_program(struct run *r, const struct specimen *s)
{
	const struct timespec a_while = {0, 20000000};
	unsigned tries = 0;

	r->program.len = (unsigned short)s->program.len;
	r->program.insn = s->program.insn;
	r->call = s->call;
	for (r->now = 0; r->now < SPECIMEN_CALLS;) {
		r->error = 0;
		int status = run_once(r);
		if ((r->error == EAGAIN || r->error == ENOMEM) && tries++ < 100) {
			nanosleep(&a_while, NULL); /* filters that are gone are freed later */
			continue;
		}
		if (r->error)
			return false;
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
			r->seen[r->now++] = SPECIMEN_KILLED;
		else if (r->now < SPECIMEN_CALLS)
			die("a child", "it has ended otherwise");
	}
	return true;
}

static bool find_ip(struct judge *j, struct run *r)
{
	for (unsigned part = 0; part < SPECIMEN_IP_PARTS; part++) {
		specimen_of_ip(&j->specimen, part, j->abi);
		if (!run_program(r, &j->specimen))
			return false;
		specimen_ip_add(&j->ip, part, r->seen[0]);
	}
	return true;
}

/* With the JIT, without one, or nobody knows. */
static const char *jit_state(void)
{
	FILE *file = fopen("/proc/sys/net/core/bpf_jit_enable", "r");
	int c = file ? fgetc(file) : EOF;

	if (file)
		fclose(file);
	return c == '0'    ? "this kernel, interpreted"
		: c == EOF ? "this kernel"
			   : "this kernel, JIT";
}

static void prepare(void)
{
	const int unblocked[] = {SIGSYS, SIGILL, SIGTRAP};

	for (size_t i = 0; i < countof(unblocked); i++)
		signal(unblocked[i], SIG_DFL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* no core dump would end well in a shared memory */
}

static int run_here(uint64_t count, uint64_t seed)
{
	static struct judge j;
	static struct run r;

	j.abi = j.native = arch_native();
	j.how = jit_state();
	prepare();
	if (!find_ip(&j, &r)) {
		printf("  SKIP  random programs: no filter can be loaded here: %s\n",
			strerror(r.error));
		return 0;
	}
	for (; j.programs < count; j.programs++) {
		specimen_make(&j.specimen, seed + j.programs, j.abi);
		if (!run_program(&r, &j.specimen)) {
			printf("  FAIL  the kernel does not take the program of seed %llu: %s\n",
				(unsigned long long)j.specimen.seed, strerror(r.error));
			return 1;
		}
		for (unsigned at = 0; at < SPECIMEN_CALLS; at++)
			judge(&j, at, r.seen[at]);
		if (isatty(STDERR_FILENO) && j.programs % 5000 == 4999)
			fprintf(stderr, "\r%llu programs", (unsigned long long)j.programs + 1);
	}
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
	return tell(&j) ? 0 : 1;
}

/* --- other kernels --- */

static void put(struct buf *b, uint64_t value, unsigned bytes, enum byte_order order)
{
	for (unsigned i = 0; i < bytes; i++) {
		unsigned place = order == ORDER_BIG ? bytes - 1 - i : i;
		const char byte = (char)(value >> 8 * place & 0xff);
		buf_add(b, &byte, 1);
	}
}

/* len and count of calls, 4 bytes each; instructions; number and arguments, 8 bytes each. */
static void write_specimen(FILE *file, const struct specimen *s, enum byte_order order)
{
	struct arena arena;
	struct buf b;

	arena_init(&arena, (size_t)64 << 20);
	if (setjmp(arena.out))
		die("a program", "out of memory");
	buf_init(&b, &arena);
	put(&b, s->program.len, 4, order);
	put(&b, SPECIMEN_CALLS, 4, order);
	bytes_write(&b, &s->program, order);
	for (unsigned i = 0; i < SPECIMEN_CALLS; i++) {
		put(&b, s->call[i].nr, 8, order);
		for (unsigned arg = 0; arg < CALL_ARGS; arg++)
			put(&b, s->call[i].args[arg], 8, order);
	}
	fwrite(b.bytes, 1, b.len, file);
	arena_free(&arena);
}

/* Those that tell the address first. */
static void take_specimen(struct specimen *s, const struct abi *abi, uint64_t i, uint64_t seed)
{
	if (i < SPECIMEN_IP_PARTS)
		specimen_of_ip(s, (unsigned)i, abi);
	else
		specimen_make(s, seed + i - SPECIMEN_IP_PARTS, abi);
}

static int write_programs(const char *path, const struct abi *abi, uint64_t count, uint64_t seed)
{
	static struct specimen s;
	FILE *file = fopen(path, "wb");

	if (!file)
		die(path, strerror(errno));
	fwrite("programs", 1, 8, file);
	for (uint64_t i = 0; i < count + SPECIMEN_IP_PARTS; i++) {
		take_specimen(&s, abi, i, seed);
		write_specimen(file, &s, abi->order);
	}
	if (ferror(file) || fclose(file))
		die(path, strerror(errno));
	return 0;
}

/* " 26", or " k". False: the line is cut off. */
static bool read_seen(char **text, uint32_t *seen)
{
	char *end;

	if (strncmp(*text, " k", 2) == 0) {
		*seen = SPECIMEN_KILLED;
		*text += 2;
		return true;
	}
	*seen = (uint32_t)strtoul(*text, &end, 16);
	bool some = end != *text;
	*text = end;
	return some;
}

/* A line for each program, "~ INDEX SEEN..." ; one that is missing or damaged is a difference. */
static int judge_programs(FILE *file, struct judge *j, uint64_t count, uint64_t seed)
{
	char line[256], *text;
	uint32_t seen;

	for (uint64_t i = 0; i < count + SPECIMEN_IP_PARTS; i++) {
		unsigned at = 0;
		take_specimen(&j->specimen, j->abi, i, seed);
		if (!fgets(line, sizeof(line), file) || line[0] != '~' ||
			strtoull(line + 1, &text, 16) != i) {
			printf("  FAIL  %s, %s: no answer of program %llu\n", j->abi->name, j->how,
				(unsigned long long)i);
			return 1;
		}
		for (; at < SPECIMEN_CALLS && read_seen(&text, &seen); at++) {
			if (i >= SPECIMEN_IP_PARTS)
				judge(j, at, seen);
			else if (at == 0)
				specimen_ip_add(&j->ip, (unsigned)i, seen);
		}
		if (at < SPECIMEN_CALLS) {
			printf("  FAIL  %s, %s: the program of seed %llu: %s\n", j->abi->name,
				j->how, (unsigned long long)j->specimen.seed, line);
			j->different++;
		}
		j->programs += i >= SPECIMEN_IP_PARTS;
	}
	return tell(j) ? 0 : 1;
}

/* --- words --- */

static const struct abi *abi_named(const char *name)
{
	const struct abi *abi = arch_find(name, strlen(name));

	if (!abi)
		die(name, "no such ABI");
	return abi;
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 0);

	if (!*text || *end)
		die(text, "no number");
	return value;
}

int main(int argc, char **argv)
{
	static struct judge j;
	bool writes = argc > 1 && strcmp(argv[1], "--write") == 0;

	if (writes && argc == 6)
		return write_programs(
			argv[2], abi_named(argv[3]), number(argv[4]), number(argv[5]));
	if (argc == 8 && strcmp(argv[1], "--judge") == 0) {
		j.how = argv[2];
		j.abi = abi_named(argv[4]);
		j.native = abi_named(argv[5]);
		FILE *file = fopen(argv[3], "r");
		if (!file)
			die(argv[3], strerror(errno));
		return judge_programs(file, &j, number(argv[6]), number(argv[7]));
	}
	if (argc > 3)
		die("usage", "random_programs [COUNT [SEED]]");
	return run_here(argc > 1 ? number(argv[1]) : 20000, argc > 2 ? number(argv[2]) : 1);
}
