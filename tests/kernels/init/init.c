/*
 * The program that asks the kernel: one source for all ABIs, no libc, linked alone.
 *
 * As process 1 it runs /0/test, /1/test, ... (itself, built for the ABIs of that kernel), each with
 * /N/calls open as descriptor 3. As a test it reads that text, which names blobs and the calls to
 * make under them:
 *
 *	blob NAME COUNT
 *	NR A0 A1 A2 A3 A4 A5		(COUNT lines, hexadecimal)
 *
 * and prints on the console what became of each call. It does not know what should have: that is
 * the host's to compare.
 *
 * Then each has /N/programs open, if there is one, once with the JIT on and once with it off as far
 * as the kernel can: random programs with a few calls each, which random_programs.c writes. A child
 * makes these calls; what it prints is their errnos, and which of them killed it.
 *
 * Three tasks, so that all of what a filter can do is seen and none of it stops the test:
 *
 *	watcher    has no filter. Traces the caller, answers its notifications, waits for its end.
 *	starter    a child of the watcher, shares its descriptors. Runs the caller as a thread, and
 *	           comes back to life when the filter has killed that thread alone.
 *	caller     a thread of the starter, runs on the starter's stack as after vfork(). Loads the
 *	           blob and makes the calls, nothing else: a filter need not allow anything.
 *
 * They share a struct test. The caller notes each result there; of the calls that do not return,
 * the others say why.
 */

#include "abi.h"
#include "log.h"
#include "text.h"
#include "uapi.h"

#include <stdbool.h>
#include <stddef.h>

#define CALLS_MAX 2048
#define NOTIFIED  0x5eed /* what a notified call is made to return */

struct program {
	uint16_t len;
	const void *insn;
};

struct call {
	int64_t nr;
	uint64_t args[6];
};

/* How a call ended, and what was seen on its way there. Values are letters of the protocol. */
enum end { END_NONE = '-', END_RETURNED = 'r', END_THREAD_KILLED = 't', END_PROCESS_KILLED = 'p' };
enum event {
	EVENT_NONE = '.',
	EVENT_TRAP = 'T',
	EVENT_TRACE = 'E',
	EVENT_NOTIFY = 'N',
	EVENT_SIGNAL = 'S'
};

struct outcome {
	volatile enum end end;
	volatile enum event event;
	volatile int64_t ret;     /* or the signal that killed */
	uint32_t data;            /* of a trap or trace; the signal */
	struct seccomp_data seen; /* nr and arch of a trap, all of a notification */
};

struct test {
	volatile int caller;    /* thread id, once it runs */
	volatile bool attached; /* the caller is traced */
	volatile int listener;  /* of the caller's filter, -1 if none */
	volatile int remains;   /* the signal that ended the caller, -1 while it lives */
	volatile int64_t error; /* negative: the test could not be made */
	volatile uint32_t now;  /* the call being made */
	volatile bool done;     /* all calls were made, or error */
	uint32_t count;
	struct program program;
	struct call call[CALLS_MAX];
	struct outcome outcome[CALLS_MAX];

	char name[64];
	char blob[4096 * 8];
	char text[1 << 21]; /* of the calls file */
	struct log log;
	struct out out;
};

/* --- what compilers may call --- */

void *memset(void *to, int byte, size_t len)
{
	for (volatile char *p = to; len--; p++)
		*p = (char)byte;
	return to;
}

void *memcpy(void *to, const void *from, size_t len)
{
	volatile char *p = to;

	for (const char *q = from; len--;)
		*p++ = *q++;
	return to;
}

/* --- calls --- */

static int64_t call0(int64_t nr)
{
	return raw_call(nr, 0, 0, 0, 0, 0, 0);
}

static int64_t call3(int64_t nr, int64_t a, int64_t b, int64_t c)
{
	return raw_call(nr, a, b, c, 0, 0, 0);
}

static int64_t call4(int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d)
{
	return raw_call(nr, a, b, c, d, 0, 0);
}

/* Zeroed memory that stays common to us and the processes we make. NULL: there is none. */
static void *map_shared(size_t size)
{
	const int64_t read_write = 3, shared = 1 | MAP_ANONYMOUS;
	int64_t address;

#ifdef MMAP_TAKES_STRUCT
	const long args[] = {0, (long)size, (long)read_write, (long)shared, -1, 0};
	address = call3(NR_mmap, at(args), 0, 0);
#else
	address = raw_call(NR_mmap, 0, (int64_t)size, read_write, shared, -1, 0);
#endif
	return address < 0 && address > -4096 ? NULL : (void *)(uintptr_t)address;
}

static int64_t open_as(const char *path, int64_t flags)
{
	const int64_t cwd = -100;

	return call4(NR_openat, cwd, at(path), flags, 0);
}

static int64_t open_file(const char *path)
{
	return open_as(path, 0);
}

/* All of it up to `room`; the length, or an error. */
static int64_t read_all(int64_t fd, char *bytes, size_t room)
{
	size_t len = 0;

	while (len < room) {
		int64_t n = call3(NR_read, fd, at(bytes + len), (int64_t)(room - len));
		if (n < 0)
			return n;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (int64_t)len;
}

/* --- results --- */

static void print_outcome(struct test *t, uint32_t i)
{
	const struct outcome *o = &t->outcome[i];

	print(&t->out, "=");
	print_hex(&t->out, i);
	print(&t->out, " ");
	print_char(&t->out, (char)o->end);
	print(&t->out, " ");
	print_char(&t->out, (char)o->event);
	print_hex(&t->out, (uint64_t)o->ret);
	if (o->event != EVENT_NONE) {
		print_hex(&t->out, o->data);
		print_hex(&t->out, (uint32_t)o->seen.nr);
		print_hex(&t->out, o->seen.arch);
	}
	for (int arg = 0; o->event == EVENT_NOTIFY && arg < 6; arg++)
		print_hex(&t->out, o->seen.args[arg]);
	print(&t->out, "\n");
}

/* --- the caller --- */

static __attribute__((noinline, noreturn)) void make_calls(struct test *t)
{
	t->caller = (int)call0(NR_gettid);
	while (!t->attached)
		call0(NR_sched_yield);
	int64_t fd = call3(NR_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_LOG, at(&t->program));
	if (fd < 0)
		t->error = fd;
	else
		t->listener = (int)fd;
	for (; fd >= 0 && t->now < t->count; t->now++) {
		const struct call *c = &t->call[t->now];
		struct outcome *o = &t->outcome[t->now];

		o->ret = raw_call(c->nr, (int64_t)c->args[0], (int64_t)c->args[1],
			(int64_t)c->args[2], (int64_t)c->args[3], (int64_t)c->args[4],
			(int64_t)c->args[5]);
		o->end = END_RETURNED;
	}
	t->done = true;
	for (;;)
		; /* leaving would be a call; the watcher kills us */
}

/* --- the starter --- */

/* Returns once the caller is no more. Both run in this frame, so it holds nothing. */
static __attribute__((noinline)) int64_t run_caller(struct test *t)
{
	const int64_t thread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
		CLONE_SYSVSEM | CLONE_VFORK;
	int64_t ret = raw_clone(thread);

	if (ret == 0)
		make_calls(t);
	return ret;
}

/* A filter that kills a thread leaves us to go on with the next call. */
static __attribute__((noreturn)) void start_callers(struct test *t)
{
	while (t->now < t->count) {
		t->attached = false;
		t->caller = 0;
		t->remains = -1;
		int64_t caller = run_caller(t);
		if (caller < 0) {
			t->error = caller;
			break;
		}
		while (t->remains < 0)
			call0(NR_sched_yield);
		int fd = t->listener;
		t->listener = -1;
		call3(NR_close, fd, 0, 0);
		t->outcome[t->now].ret = t->remains;
		t->outcome[t->now++].end = END_THREAD_KILLED;
	}
	t->done = true;
	for (;;)
		call0(NR_sched_yield);
}

/* --- the watcher --- */

static void resume(int thread, int signal)
{
	call4(NR_ptrace, PTRACE_CONT, thread, 0, signal);
}

static void attach(struct test *t)
{
	int64_t ret = call4(
		NR_ptrace, PTRACE_SEIZE, t->caller, 0, PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL);

	if (ret < 0)
		t->error = ret;
	t->attached = true;
}

/* struct siginfo is words up to the union; _sigsys begins with a pointer (uapi
 * asm-generic/siginfo.h) */
static void note_signal(struct test *t, int thread, int signal)
{
	struct outcome *o = &t->outcome[t->now];
	uint32_t info[32];
	const int union_at = sizeof(void *) == 8 ? 4 : 3;
	const int pointer = sizeof(void *) / sizeof(*info);

	call4(NR_ptrace, PTRACE_GETSIGINFO, thread, 0, at(info));
	if (signal == SIGNAL_SYS && info[3 - SIGINFO_ERRNO] == SYS_SECCOMP) {
		o->event = EVENT_TRAP;
		o->data = info[SIGINFO_ERRNO];
		o->seen.nr = (int32_t)info[union_at + pointer];
		o->seen.arch = info[union_at + pointer + 1];
	} else if (o->event == EVENT_NONE) {
		o->event = EVENT_SIGNAL;
		o->data = (uint32_t)signal;
	}
}

/* The caller stopped: see why, and let it go on. Only faults are delivered, as they would repeat.
 */
static void note_stop(struct test *t, int thread, int status)
{
	int signal = status >> 8 & 0xff;
	int event = status >> 16;

	if (event == PTRACE_EVENT_SECCOMP) {
		unsigned long message = 0;
		call4(NR_ptrace, PTRACE_GETEVENTMSG, thread, 0, at(&message));
		t->outcome[t->now].event = EVENT_TRACE;
		t->outcome[t->now].data = (uint32_t)message;
	} else if (event == 0) {
		note_signal(t, thread, signal);
	}
	bool fault = event == 0 && (signal == SIGNAL_SEGV || signal == SIGNAL_BUS);
	resume(thread, fault ? signal : 0);
}

/* Whether there was a notification. */
static bool answer(struct test *t)
{
	struct {
		int32_t fd;
		int16_t events, revents;
	} poll = {t->listener, POLL_IN, 0};
	const uint64_t at_once[2] = {0, 0}; /* a timespec of any width */
	struct notification n = {0};

	if (poll.fd < 0)
		return false;
	int64_t ready = call4(NR_ppoll, at(&poll), 1, at(at_once), 0);
	if (ready < 0) {
		t->error = ready;
		t->done = true;
	}
	if (ready <= 0 || !(poll.revents & POLL_IN) ||
		call3(NR_ioctl, poll.fd, SECCOMP_IOCTL_NOTIF_RECV, at(&n)) < 0)
		return false;
	struct outcome *o = &t->outcome[t->now];
	struct response r = {.id = n.id, .value = NOTIFIED};
	o->event = EVENT_NOTIFY;
	o->seen = n.data;
	call3(NR_ioctl, poll.fd, SECCOMP_IOCTL_NOTIF_SEND, at(&r));
	return true;
}

/* Until the starter's process has ended: by our hand when all is done, else by the filter. */
static int watch(struct test *t, int starter)
{
	bool killed = false;

	for (;;) {
		int status = 0;
		int64_t who = call4(NR_wait4, -1, at(&status), WNOHANG | WALL, 0);
		bool stopped = (status & 0xff) == 0x7f;
		if (who > 0 && stopped)
			note_stop(t, (int)who, status);
		else if (who == starter)
			return status & 0x7f;
		else if (who > 0)
			t->remains = status & 0x7f;
		else if (t->done && !killed)
			killed = call3(NR_kill, starter, SIGNAL_KILL, 0) == 0;
		else if (t->caller && !t->attached)
			attach(t);
		else if (!answer(t))
			call0(NR_sched_yield);
	}
}

/* Make all calls under one blob. */
static void run_blob(struct test *t)
{
	for (uint32_t i = 0; i < t->count; i++)
		t->outcome[i] = (struct outcome){.end = END_NONE, .event = EVENT_NONE};
	t->now = 0;
	t->error = 0;
	do {
		t->done = t->attached = false;
		t->caller = 0;
		t->listener = -1;
		int64_t starter = raw_clone(CLONE_FILES | SIGNAL_CHLD);
		if (starter == 0)
			start_callers(t);
		if (starter < 0) {
			t->error = starter;
			break;
		}
		int signal = watch(t, (int)starter);
		if (t->listener >= 0)
			call3(NR_close, t->listener, 0, 0);
		if (t->done)
			break;
		t->outcome[t->now].ret = signal;
		t->outcome[t->now++].end = END_PROCESS_KILLED;
	} while (!t->error && t->now < t->count);
}

/* --- the test --- */

/* The header of the next blob and its calls. False: there is no more. */
static bool read_calls(struct test *t, char **text)
{
	static const char prefix[] = "/blobs/";

	if (!next_word(text))
		return false;
	const char *name = next_word(text);
	memcpy(t->name, prefix, sizeof(prefix));
	for (size_t i = sizeof(prefix) - 1; i < sizeof(t->name) - 1; i++) {
		t->name[i] = *name;
		t->name[i + 1] = '\0';
		if (!*name++)
			break;
	}
	t->count = (uint32_t)next_hex(text);
	if (t->count > CALLS_MAX)
		t->count = CALLS_MAX;
	for (uint32_t i = 0; i < t->count; i++) {
		t->call[i].nr = (int32_t)(uint32_t)next_hex(text);
		for (int arg = 0; arg < 6; arg++)
			t->call[i].args[arg] = next_hex(text);
	}
	return true;
}

static int64_t read_blob(struct test *t)
{
	int64_t fd = open_file(t->name);
	int64_t len = fd < 0 ? fd : read_all(fd, t->blob, sizeof(t->blob));

	call3(NR_close, fd, 0, 0);
	t->program = (struct program){(uint16_t)(len / 8), t->blob};
	return len;
}

/* --- random programs --- */

/* The one place that calls are made from, whose address the programs read. */
static __attribute__((noinline)) int64_t make_call(const struct call *c)
{
	return raw_call(c->nr, (int64_t)c->args[0], (int64_t)c->args[1], (int64_t)c->args[2],
		(int64_t)c->args[3], (int64_t)c->args[4], (int64_t)c->args[5]);
}

static __attribute__((noinline, noreturn)) void make_program_calls(struct test *t)
{
	int64_t loaded = call3(NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, at(&t->program));

	t->error = loaded;
	for (; loaded == 0 && t->now < t->count; t->now++) {
		t->outcome[t->now].ret = make_call(&t->call[t->now]);
		t->outcome[t->now].end = END_RETURNED;
	}
	__builtin_trap(); /* leaving would be a call */
}

static void run_program(struct test *t)
{
	t->error = 0;
	for (uint32_t i = 0; i < t->count; i++)
		t->outcome[i].end = END_NONE;
	for (t->now = 0; t->now < t->count && !t->error;) {
		int status = 0;
		int64_t child = raw_clone(SIGNAL_CHLD);
		if (child == 0)
			make_program_calls(t);
		call4(NR_wait4, child, at(&status), WALL, 0);
		if (child < 0)
			t->error = child;
		else if ((status & 0x7f) == SIGNAL_SYS && t->now < t->count)
			t->outcome[t->now++].end = END_PROCESS_KILLED;
		else if (t->now < t->count && !t->error)
			t->error = -1;
	}
}

/* The next one and its calls. False: there is no more. */
static bool read_program(struct test *t)
{
	uint32_t head[2];

	if (read_all(3, (char *)head, sizeof(head)) != sizeof(head) || head[1] > CALLS_MAX ||
		8 * (uint64_t)head[0] > sizeof(t->blob))
		return false;
	t->program = (struct program){(uint16_t)head[0], t->blob};
	t->count = head[1];
	read_all(3, t->blob, 8 * (size_t)head[0]);
	read_all(3, (char *)t->call, t->count * sizeof(*t->call));
	return true;
}

static void run_programs(struct test *t)
{
	const uint32_t often = 64;

	for (uint32_t n = 0; read_program(t); n++) {
		run_program(t);
		print(&t->out, "~");
		print_hex(&t->out, n);
		for (uint32_t i = 0; i < t->count; i++) {
			if (t->outcome[i].end == END_RETURNED)
				print_hex(&t->out, (uint64_t)-t->outcome[i].ret);
			else
				print(&t->out, t->outcome[i].end == END_NONE ? " -" : " k");
		}
		if (t->error) {
			print(&t->out, " error");
			print_hex(&t->out, (uint64_t)-t->error);
		}
		print(&t->out, "\n");
		if (n % often == 0) /* silence is taken for the end */
			flush(&t->out);
	}
	flush(&t->out);
}

/* --- one test --- */

static bool is_of_programs(const char *head)
{
	for (const char *p = "programs"; *p; p++) {
		if (*p != *head++)
			return false;
	}
	return true;
}

static void run_tests(struct test *t)
{
	const int head = 8; /* bytes that tell one file from the other */
	int64_t len = read_all(3, t->text, head);
	char *text = t->text;

	if (len == head && is_of_programs(text)) {
		run_programs(t);
		return;
	}
	if (len == head)
		len += read_all(3, t->text + head, sizeof(t->text) - 1 - head);
	call3(NR_close, 3, 0, 0);
	t->text[len > 0 ? len : 0] = '\0';
	log_clear();
	while (read_calls(t, &text)) {
		int64_t size = read_blob(t);
		if (size > 0)
			run_blob(t);
		print(&t->out, "@blob ");
		print(&t->out, t->name);
		print_hex(&t->out, (uint64_t)(size < 0 ? size : t->error));
		print(&t->out, "\n");
		for (uint32_t i = 0; i < t->count; i++)
			print_outcome(t, i);
		print_log(&t->out, &t->log);
		flush(&t->out);
	}
}

/* --- process 1 --- */

static void print_numbers(struct out *out, const char *what, const int64_t *number, int count)
{
	print(out, what);
	for (int i = 0; i < count; i++)
		print_hex(out, (uint64_t)number[i]);
	print(out, "\n");
	flush(out);
}

/* The file is descriptor 3. */
static void run_test(struct test *t, char n)
{
	char path[] = "/0/test";
	char *const argv[] = {path, NULL}, *const envp[] = {NULL};
	int status = 0;

	path[1] = n;
	int64_t child = raw_clone(SIGNAL_CHLD);
	if (child == 0) {
		int64_t ret = call3(NR_execve, at(path), at(argv), at(envp));
		print_numbers(&t->out, "@exec", &ret, 1);
		for (;;)
			call3(NR_kill, call0(NR_getpid), SIGNAL_KILL, 0);
	}
	call4(NR_wait4, child, at(&status), WALL, 0);
}

/* net/core/sysctl_net_core.c; -ENOENT: no JIT, -EINVAL: no interpreter (BPF_JIT_ALWAYS_ON). */
static int64_t switch_jit(bool on)
{
	const int64_t write_only = 1;
	int64_t fd = open_as("/proc/sys/net/core/bpf_jit_enable", write_only);

	if (fd < 0)
		return fd;
	int64_t ret = call3(NR_write, fd, at(on ? "1" : "0"), 1);
	call3(NR_close, fd, 0, 0);
	return ret < 0 ? ret : 0;
}

/* What cannot be switched is run once, as it is. `mounted`: proc(5) is, or why not. */
static void run_random(struct test *t, char n, int64_t mounted)
{
	char path[] = "/0/programs";

	path[1] = n;
	for (int64_t on = 1; on >= 0; on--) {
		const int64_t jit[] = {on, mounted < 0 ? -1 : switch_jit(on)};
		int64_t fd = open_file(path);
		if (fd < 0)
			return;
		print_numbers(&t->out, "@jit", jit, 2);
		if (on || !jit[1])
			run_test(t, n);
		call3(NR_close, fd, 0, 0);
	}
}

static void run_abis(struct test *t)
{
	int64_t mounted = raw_call(NR_mount, at("proc"), at("/proc"), at("proc"), 0, 0, 0);

	for (char n = '0'; n <= '9'; n++) {
		const int64_t index = n - '0';
		char calls[] = "/0/calls";
		calls[1] = n;
		int64_t fd = open_file(calls);
		if (fd < 0)
			break;
		print_numbers(&t->out, "@abi", &index, 1);
		run_test(t, n);
		call3(NR_close, fd, 0, 0);
		run_random(t, n, mounted);
	}
	print(&t->out, "@end\n");
	flush(&t->out);
}

__attribute__((used, noreturn)) void start(void);

void start(void)
{
	struct test *t = map_shared(sizeof(*t));
	int64_t self = call0(NR_getpid);

	if (t && self == 1)
		run_abis(t);
	else if (t)
		run_tests(t);
	while (self == 1)
		call0(NR_sched_yield); /* the host ends it all */
	for (;;)
		call3(NR_kill, self, SIGNAL_KILL, 0);
}
