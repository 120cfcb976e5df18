/*
 * A program that locks itself in: sandbox FILTER.
 *
 *	winnow compile -o sandbox.bpf doc/examples/sandbox.json
 *	cc -Iinclude doc/examples/sandbox.c build/libwinnow-load.a -o sandbox
 *	./sandbox sandbox.bpf
 *
 * The filter is opened while files can be opened, and loaded when there is nothing left to set up.
 * What goes wrong is told, and ends the program: going on without a filter is worse.
 */

#include <winnow.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void lock_in(const char *name)
{
	struct winnow_fault fault;
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		perror(name);
		exit(EXIT_FAILURE);
	}
	int error = winnow_load_fd(fd, 0, &fault);
	if (error) {
		fprintf(stderr, "%s: instruction %u: %s (%s)\n", name, fault.insn,
			winnow_reason_text(fault.reason), strerror(-error));
		exit(EXIT_FAILURE);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: sandbox FILTER\n");
		return EXIT_FAILURE;
	}
	lock_in(argv[1]);
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
		printf("a socket: the filter does not forbid it\n");
	else
		printf("no socket: %s\n", strerror(errno));
	return EXIT_SUCCESS;
}
