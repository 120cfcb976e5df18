/*
 * Runs inside a container: makes the calls of calls.tbl, in order, and prints the errno of each, 0 for
 * none, a line each. Statically linked, so that the container needs no files but this one; what it
 * needs itself is write and exit_group, which no profile here denies.
 */

#define CALL(name, ...) {SYS_##name, {__VA_ARGS__}},

#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	long nr;
	unsigned long args[6];
} calls[] = {
#include "calls.tbl"
};

int main(void)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const unsigned long *a = calls[i].args;
		errno = 0;
		syscall(calls[i].nr, a[0], a[1], a[2], a[3], a[4], a[5]);
		printf("%d\n", errno);
	}
	return 0;
}
