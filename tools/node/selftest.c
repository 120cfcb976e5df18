/*
 * A child makes each call without the filter, loads it, and makes them again. What it sees it
 * writes into shared memory, because under a filter it may not be allowed anything else; it never
 * leaves by itself. A call that ends it is noted by the parent, and another child goes on behind
 * that one.
 *
 * A call that is let through has to return what it did without the filter. There may be filters on
 * this process already, those of a container; the kernel takes the strictest action of all and,
 * among errnos, that of the filter loaded last (kernel/seccomp.c, seccomp_run_filters), so that
 * comparing with the unfiltered call is right under them too.
 */

#define _GNU_SOURCE /* syscall(), MAP_ANONYMOUS */

#include "selftest.h"

#include "../cli/message.h"
#include "../timing/probe.h"

#include "../../backends/bpf/bytes.h"
#include "../../backends/bpf/sim.h"
#include "../../compiler/kernel/action.h"
#include "../../include/winnow.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ERRNO_MAX 4095           /* kernel/seccomp.c: larger ones become this */
#define POLL      (100L * 1000L) /* ns */
#define POLLS_MAX 100000         /* 10 s: no call of the list takes any time */

enum ending {
	ENDING_NONE, /* not got to */
	ENDING_VALUE,
	ENDING_KILLED,  /* by SIGSYS */
	ENDING_SKIPPED, /* does not even return without the filter */
};

struct trial {
	enum ending ending;
	long unfiltered, value; /* an error is negative, as the kernel returns it */
};

/* Lies in shared memory. */
struct stage {
	const void *blob;
	size_t size;
	size_t calls;
	struct probe call[PROBE_LIST_MAX];
	struct trial trial[PROBE_LIST_MAX];
	atomic_size_t next; /* call that is being made, or is to be */
	atomic_bool loaded;
	atomic_bool done;
	struct winnow_fault fault;
	int error; /* of winnow_load() or the host, negative */
};

/* --- the child --- */

static long make(const struct call *c)
{
	long ret = syscall((int32_t)c->nr, (long)c->args[0], (long)c->args[1], (long)c->args[2],
		(long)c->args[3], (long)c->args[4], (long)c->args[5]);

	return ret == -1 ? -errno : ret;
}

static _Noreturn void run_child(struct stage *s)
{
	size_t first = s->next;

	signal(SIGSYS, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* it would spin on, and hold the node's lock */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);        /* no core files */
	for (; s->next < s->calls; s->next++)
		s->trial[s->next].unfiltered = make(&s->call[s->next].call);
	s->next = first;
	s->error = winnow_load(s->blob, s->size, 0, &s->fault);
	s->loaded = s->error == 0;
	for (; s->loaded && s->next < s->calls; s->next++) {
		struct trial *t = &s->trial[s->next];
		t->value = make(&s->call[s->next].call);
		t->ending = ENDING_VALUE;
	}
	s->done = true;
	for (;;) /* to leave would be a call */
		atomic_signal_fence(
			memory_order_seq_cst); /* a loop a compiler may not think away */
}

/* --- the parent --- */

/* Until it is done, dead or overdue; then it is gone. True if SIGSYS killed it. */
static bool watch(pid_t child, struct stage *s)
{
	const struct timespec moment = {.tv_nsec = POLL};
	int status = 0;

	for (long polls = 0; !s->done && polls < POLLS_MAX; polls++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
		nanosleep(&moment, NULL);
	}
	if (!s->done)
		s->error = -ETIMEDOUT;
	kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return false;
}

static void run_all(struct stage *s)
{
	while (s->next < s->calls && !s->error) {
		s->done = s->loaded = false;
		pid_t child = fork();
		if (child == 0)
			run_child(s);
		if (child < 0) {
			s->error = -errno;
			return;
		}
		bool killed = watch(child, s);
		if (s->done || s->error)
			continue;
		if (!killed) {
			s->error = -ECHILD;
			return;
		}
		s->trial[s->next].ending = s->loaded ? ENDING_KILLED : ENDING_SKIPPED;
		s->next++;
	}
}

/* --- the comparison --- */

/* Is it what the filter's answer comes to where nobody traces or listens? */
static bool as_said(const struct trial *t, uint32_t ret)
{
	enum action action;
	uint32_t data = ret & 0xffff;

	if (!action_of(ret, &action))
		return t->ending == ENDING_KILLED;
	switch (action) {
	case ACTION_ALLOW:
	case ACTION_LOG:
		return t->ending == ENDING_VALUE && t->value == t->unfiltered;
	case ACTION_ERRNO:
		return t->ending == ENDING_VALUE &&
			t->value == -(long)(data < ERRNO_MAX ? data : ERRNO_MAX);
	case ACTION_TRACE:
	case ACTION_NOTIFY:
		return t->ending == ENDING_VALUE && t->value == -ENOSYS;
	case ACTION_TRAP:
	case ACTION_KILL_THREAD:
	case ACTION_KILL_PROCESS:
		return t->ending == ENDING_KILLED;
	case ACTIONS:
		break;
	}
	unreachable();
}

static const char *differs(struct arena *arena, const struct stage *s, size_t i, uint32_t ret)
{
	const struct trial *t = &s->trial[i];
	struct buf b;

	buf_init(&b, arena);
	buf_text(&b, "self-test: ");
	probe_print(&b, &s->call[i]);
	if (t->ending == ENDING_VALUE)
		buf_printf(&b, " returns %ld (without the filter %ld)", t->value, t->unfiltered);
	else
		buf_text(&b, " is killed");
	buf_text(&b, ", but the filter says ");
	action_print(&b, ret);
	return buf_string(&b);
}

/* The first call that was not treated as the filter says; NULL: none. */
static const char *compare(struct arena *arena, const struct stage *s,
	const struct program *program, enum byte_order order, size_t *tried)
{
	for (size_t i = 0; i < s->calls; i++) {
		uint32_t ret =
			sim_returned(sim_run(program, order, &s->call[i].call, NULL, NULL));
		if (s->trial[i].ending == ENDING_SKIPPED)
			continue;
		if (!as_said(&s->trial[i], ret))
			return differs(arena, s, i, ret);
		++*tried;
	}
	return NULL;
}

static const char *refused(struct arena *arena, const struct stage *s)
{
	struct buf b;

	buf_init(&b, arena);
	buf_text(&b, "self-test: ");
	if (s->fault.reason != WINNOW_OK)
		buf_printf(&b, "the filter %s", winnow_reason_text(s->fault.reason));
	else
		buf_printf(&b, "cannot be run: %s", strerror(-s->error));
	return buf_string(&b);
}

static const char *try(struct arena *arena, const struct prepared *p, const struct abi *abi,
	struct stage *s, size_t *tried)
{
	const struct buf *blob = &p->file[PLACE_BPF];

	s->blob = blob->bytes;
	s->size = blob->len;
	s->calls = probe_list(abi, s->call);
	run_all(s);
	return s->error ? refused(arena, s) : compare(arena, s, &p->written, abi->order, tried);
}

enum selftest selftest(struct arena *arena, const char *name, const struct prepared *p,
	const struct abi *abi, bool verbose, const char **why)
{
	struct stage *s;
	size_t tried = 0;

	*why = "";
	if (abi != arch_native()) {
		message("%s: self-test: not tried, the filter is for %s and this machine is not",
			name, abi->name);
		return SELFTEST_ELSEWHERE;
	}
	s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s == MAP_FAILED) {
		message("%s: self-test: %s", name, strerror(errno));
		*why = "self-test: no memory";
		return SELFTEST_FAILED;
	}
	*why = try(arena, p, abi, s, &tried);
	munmap(s, sizeof(*s));
	if (*why) {
		message("%s: %s", name, *why);
		return SELFTEST_FAILED;
	}
	if (verbose)
		message("%s: self-test: %zu calls answered as the filter says", name, tried);
	return SELFTEST_PASSED;
}
