/*
 * usage FILE COMMAND...: run it and write to FILE what it took: microseconds of processor time,
 * microseconds by the clock, KiB at its peak.
 *
 * A process starts its life with the memory of who started it, and the kernel's peak counts that. So a
 * small program has to start what is measured, and this is one.
 */

#define _DEFAULT_SOURCE

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(const struct timeval *t)
{
	return (long long)t->tv_sec * 1000000 + t->tv_usec;
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status;

	if (argc < 3)
		return 125;
	long long start = now();
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child)
		return 125;
	long long wall = now() - start;
	FILE *f = fopen(argv[1], "w");
	if (!f)
		return 125;
	fprintf(f, "%lld %lld %ld\n", microseconds(&used.ru_utime) + microseconds(&used.ru_stime),
		wall, used.ru_maxrss);
	if (fclose(f) != 0)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
