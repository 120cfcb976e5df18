/*
 * A process, in it a thread under the filter, and shared memory that outlives both.
 *
 * The thread makes every call once without the filter, loads it, and makes them again. It needs no
 * call but those asked for: a result is a store, SIGSYS comes back by a jump, and at its end it
 * spins until the process goes. The rest of the process is under no filter: it waits for that end,
 * or for the thread to have been killed. After a call that did not return, another process goes on
 * with the next.
 */

#define _GNU_SOURCE /* syscall(), MAP_ANONYMOUS, siginfo_t's SIGSYS fields */

#include "run_filtered.h"

#include "include/winnow.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_DONE, STATUS_THREAD_KILLED, STATUS_NO_THREAD };

/* What processes hand on: lies in shared memory. */
struct stage {
	const struct filter_blob *blob;
	size_t blobs;
	const struct call *call;
	size_t calls;
	atomic_size_t next; /* call that is being made, or is to be */
	atomic_int thread;  /* its id */
	atomic_int error;   /* of winnow_load() */
	atomic_bool done;
	struct deed deed[];
};

/* What runs under the filter: a sanitizer makes calls of its own, before a function that does not return say. */
#define FILTERED __attribute__((no_sanitize("address")))

/* For the signal handler, to which nobody can pass anything. */
static struct stage *trapped;

/* Nothing more to do in this process; to leave it would be a call. */
static FILTERED _Noreturn void stop(struct stage *s)
{
	s->done = true;
	for (;;)
		;
}

static FILTERED void on_sigsys(int number, siginfo_t *info, void *context)
{
	struct deed *deed = &trapped->deed[trapped->next];

	(void)number;
	(void)context;
	deed->trap.nr = info->si_syscall;
	deed->trap.arch = info->si_arch;
	deed->trap.error = info->si_errno;
	deed->trap.code = info->si_code;
	deed->outcome = OUTCOME_TRAPPED;
	stop(trapped);
}

static FILTERED long make(const struct call *c)
{
	long ret = syscall((int32_t)c->nr, (long)c->args[0], (long)c->args[1], (long)c->args[2],
		(long)c->args[3], (long)c->args[4], (long)c->args[5]);

	return ret == -1 ? -errno : ret;
}

static FILTERED void *run_thread(void *data)
{
	struct stage *s = data;

	for (size_t i = s->next; i < s->calls; i++)
		s->deed[i].unfiltered = make(&s->call[i]);
	s->thread = (int)syscall(SYS_gettid);
	for (size_t i = 0; i < s->blobs && !s->error; i++)
		s->error = winnow_load(s->blob[i].bytes, s->blob[i].size, 0, NULL);
	for (; !s->error && s->next < s->calls; s->next++) {
		s->deed[s->next].value = make(&s->call[s->next]);
		s->deed[s->next].outcome = OUTCOME_RETURNED;
	}
	stop(s);
}

static int watch(struct stage *s)
{
	const struct timespec moment = {.tv_nsec = 100000};

	while (!s->done) {
		if (s->thread && syscall(SYS_tgkill, getpid(), s->thread, 0) && errno == ESRCH)
			return STATUS_THREAD_KILLED;
		nanosleep(&moment, NULL);
	}
	return STATUS_DONE;
}

static _Noreturn void run_process(struct stage *s)
{
	struct sigaction trap = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};
	pthread_t thread;

	trapped = s;
	sigaction(SIGSYS, &trap, NULL);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* no core files */
	if (pthread_create(&thread, NULL, run_thread, s))
		_exit(STATUS_NO_THREAD);
	_exit(watch(s));
}

/* What a call came to that a process ended in. */
static enum outcome ending(const struct deed *deed, int status)
{
	if (deed->outcome == OUTCOME_TRAPPED)
		return OUTCOME_TRAPPED;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return OUTCOME_PROCESS_KILLED;
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_THREAD_KILLED)
		return OUTCOME_THREAD_KILLED;
	return OUTCOME_LOST;
}

static void run_to_end(struct stage *s)
{
	while (s->next < s->calls && !s->error) {
		int status = -1;
		s->thread = 0;
		s->done = false;
		pid_t pid = fork();
		if (pid == 0)
			run_process(s);
		if (pid > 0)
			waitpid(pid, &status, 0);
		if (s->next == s->calls || s->error)
			return;
		struct deed *last = &s->deed[s->next++];
		last->outcome = ending(last, status);
	}
}

int run_filtered_stack(const struct filter_blob *blob, size_t blobs, const struct call *call, size_t calls,
	struct deed *deed)
{
	size_t room = sizeof(struct stage) + calls * sizeof(*deed);
	struct stage *s =
		mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		return -errno;
	s->blob = blob;
	s->blobs = blobs;
	s->call = call;
	s->calls = calls;
	run_to_end(s);
	memcpy(deed, s->deed, calls * sizeof(*deed));
	int error = s->error;
	munmap(s, room);
	return error;
}

int run_filtered(const void *blob, size_t size, const struct call *call, size_t calls, struct deed *deed)
{
	const struct filter_blob one = {blob, size};

	return run_filtered_stack(&one, 1, call, calls, deed);
}
