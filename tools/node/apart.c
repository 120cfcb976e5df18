/*
 * Memory is bounded by the arena (limits.h), time by the kernel: RLIMIT_CPU ends the child by SIGXCPU.
 * Should the bound on memory not do, as where others of the cgroup took what was left, the child is
 * what the kernel is told to kill first.
 */

#define _GNU_SOURCE /* MAP_ANONYMOUS */

#include "apart.h"

#include "../cli/message.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_FULL 64 /* no exit status of a sanitizer's */

static void bind_time(unsigned seconds)
{
	struct rlimit time;

	if (getrlimit(RLIMIT_CPU, &time) < 0)
		return;
	if (time.rlim_max == RLIM_INFINITY || seconds < time.rlim_max)
		time.rlim_cur = seconds;
	setrlimit(RLIMIT_CPU, &time);
}

void apart_free_time(void)
{
	struct rlimit time;

	if (getrlimit(RLIMIT_CPU, &time) < 0)
		return;
	time.rlim_cur = time.rlim_max;
	setrlimit(RLIMIT_CPU, &time);
}

static void be_killed_first(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, "1000", strlen("1000"));
	close(fd);
}

static void run_child(
	pid_t parent, const struct limits *limits, void (*work)(void *context), void *context)
{
	const struct rlimit none = {0, 0};

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* it holds the node's lock */
	if (getppid() != parent)
		_exit(EXIT_FULL);
	signal(SIGXCPU, SIG_DFL);
	setrlimit(RLIMIT_CORE, &none);
	be_killed_first();
	bind_time(limits->seconds);
	work(context);
	fflush(NULL);
	_exit(0);
}

void apart_full(void)
{
	fflush(NULL);
	_exit(EXIT_FULL);
}

static enum apart ending(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return APART_DONE;
	if (WIFEXITED(status))
		return WEXITSTATUS(status) == EXIT_FULL ? APART_MEMORY : APART_CRASHED;
	if (WTERMSIG(status) == SIGXCPU)
		return APART_TIME;
	return WTERMSIG(status) == SIGKILL ? APART_KILLED : APART_CRASHED;
}

enum apart apart_run(const struct limits *limits, void (*work)(void *context), void *context)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};
	pid_t parent = getpid();
	int status;

	sigaction(SIGCHLD, &usual, NULL); /* who starts winnow may have ignored it */
	fflush(NULL);
	pid_t child = fork();
	if (child < 0) {
		message("fork: %s", strerror(errno));
		return APART_FAILED;
	}
	if (!child)
		run_child(parent, limits, work, context);
	while (waitpid(child, &status, 0) < 0) {
		if (errno == EINTR)
			continue;
		message("waitpid: %s", strerror(errno));
		return APART_FAILED;
	}
	return ending(status);
}

void *apart_shared(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* --- what was turned away --- */

static size_t find(const struct turned_away *t, const uint8_t sha256[static SHA256_SIZE])
{
	size_t i = 0;

	while (i < TURNED_AWAY_MAX &&
		(!t->row[i].times || memcmp(t->row[i].sha256, sha256, SHA256_SIZE) != 0))
		i++;
	return i;
}

bool turned_away_some(const struct turned_away *t)
{
	return t && t->row[0].times;
}

enum apart turned_away_find(
	const struct turned_away *t, const uint8_t sha256[static SHA256_SIZE])
{
	size_t i = t ? find(t, sha256) : TURNED_AWAY_MAX;

	if (i == TURNED_AWAY_MAX ||
		(t->row[i].ending == APART_KILLED && t->row[i].times < TURNED_AWAY_KILLS))
		return APART_DONE;
	return t->row[i].ending;
}

void turned_away_add(
	struct turned_away *t, const uint8_t sha256[static SHA256_SIZE], enum apart ending)
{
	size_t i = t ? find(t, sha256) : 0;

	if (!t)
		return;
	if (i == TURNED_AWAY_MAX) {
		i = t->next;
		t->next = (t->next + 1) % TURNED_AWAY_MAX;
		t->row[i].times = 0;
		memcpy(t->row[i].sha256, sha256, SHA256_SIZE);
	}
	t->row[i].ending = ending;
	t->row[i].times++;
}
