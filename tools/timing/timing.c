/*
 * In: a program in this machine's byte order. Out: times, through memory shared with a process that
 * was born for one lap, since a filter cannot be unloaded.
 *
 * Under the filter the process makes no system call but those it times: clock_gettime() is answered
 * in user space, results are stores, and at its end it spins until it is killed, since a filter may
 * forbid leaving. Batches are short, so that some are not interrupted, and the quickest counts.
 */

#define _GNU_SOURCE /* syscall(), sched_setaffinity(), MAP_ANONYMOUS */

#include "timing.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCHES     12
#define BATCH_CALLS 200
#define POLL        1000000 /* ns from look to look: rare enough where both share a processor */
#define LAP_POLLS   10000   /* a lap takes milliseconds; a call that waits is cut off */

_Static_assert(
	sizeof(struct insn) == sizeof(struct sock_filter), "a program is what prctl() takes");

struct stage {
	struct lap lap;
	atomic_bool done;
};

static double now(void)
{
	struct timespec t = {0};

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

unsigned timing_cpu(void)
{
	unsigned cpu = 0;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 0;
	for (unsigned i = 0; i < CPU_SETSIZE; i++) {
		if (CPU_ISSET(i, &set))
			cpu = i;
	}
	return cpu;
}

static void pin(unsigned cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set); /* where it is refused, times are worse */
}

static int load(const struct program *p)
{
	struct sock_fprog program = {(unsigned short)p->len, (struct sock_filter *)p->insn};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) ? errno : 0;
}

static int load_copies(const struct program *p, unsigned copies, struct lap *lap)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return errno;
	for (unsigned i = 0; i < copies; i++) {
		double start = now();
		int error = load(p);
		if (error)
			return error;
		if (i == 0)
			lap->load = now() - start;
	}
	return 0;
}

static long make(const struct call *c)
{
	return syscall((int32_t)c->nr, (long)c->args[0], (long)c->args[1], (long)c->args[2],
		(long)c->args[3], (long)c->args[4], (long)c->args[5]);
}

/* ns a call in one batch */
static double time_batch(const struct call *c)
{
	double start = now();

	for (unsigned i = 0; i < BATCH_CALLS; i++)
		make(c);
	return (now() - start) / BATCH_CALLS;
}

static void time_calls(const struct timing *t, struct lap *lap)
{
	for (size_t i = 0; i < t->calls; i++) {
		long answer = make(&t->call[i]);
		lap->answer[i] = answer == -1 ? -errno : answer;
		lap->call[i] = time_batch(&t->call[i]);
	}
	for (unsigned batch = 1; batch < BATCHES; batch++) {
		for (size_t i = 0; i < t->calls; i++) {
			double time = time_batch(&t->call[i]);
			if (time < lap->call[i])
				lap->call[i] = time;
		}
	}
}

static _Noreturn void run(
	const struct timing *t, const struct program *p, unsigned copies, struct stage *s)
{
	pin(t->cpu);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* no core files */
	s->lap.error = load_copies(p, copies, &s->lap);
	if (!s->lap.error)
		time_calls(t, &s->lap);
	s->done = true;
	for (;;)
		atomic_signal_fence(
			memory_order_seq_cst); /* a loop a compiler may not think away */
}

/* Until it is done, dead or overdue; then it is gone. */
static void watch(pid_t child, const struct stage *s)
{
	const struct timespec moment = {.tv_nsec = POLL};

	for (long polls = 0; !s->done && polls < LAP_POLLS; polls++) {
		if (waitpid(child, NULL, WNOHANG) == child)
			return;
		nanosleep(&moment, NULL);
	}
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

bool timing_lap(const struct timing *t, const struct program *p, unsigned copies, struct lap *lap)
{
	struct stage *s =
		mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*lap = (struct lap){0};
	if (s == MAP_FAILED) {
		lap->error = errno;
		return false;
	}
	pid_t child = fork();
	int error = child < 0 ? errno : 0;
	if (child == 0)
		run(t, p, copies, s);
	if (child > 0)
		watch(child, s);
	if (!error && !s->done)
		error = ECHILD;
	*lap = s->lap;
	if (error)
		lap->error = error;
	munmap(s, sizeof(*s));
	return lap->error == 0;
}
