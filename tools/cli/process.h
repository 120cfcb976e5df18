#ifndef TOOLS_CLI_PROCESS_H
#define TOOLS_CLI_PROCESS_H

/* What a running process is under: what /proc says to everybody, and what the kernel shows root. */

#include "../../backends/bpf/bpf.h"
#include "../../compiler/base/arena.h"

#include <stdbool.h>
#include <sys/types.h>

struct process_fields {
	char name[64];
	char state;       /* as ps(1) has it: 'Z', 'X' once it has exited */
	pid_t tracer;     /* 0: none */
	int mode;         /* 0 none, 1 strict, 2 filters */
	int filters;      /* -1: this kernel does not say */
	int no_new_privs; /* -1: this kernel does not say */
};

/* Of one thread, "/proc/PID/task/TID/status". False: there is none, errno says why. */
bool process_fields(struct process_fields *, pid_t pid, pid_t tid);

/* The threads of a process, ascending; NULL: there is none, errno says why. */
const pid_t *process_threads(struct arena *, pid_t pid, size_t *count);

struct process_filters {
	struct program *program; /* the oldest first */
	int *log; /* of each: 1 it was loaded with SECCOMP_FILTER_FLAG_LOG, 0 without, -1 this kernel does not say */
	size_t count;
};

/* It has exited; its siblings may live. */
bool process_exited(const struct process_fields *);

/*
 * The filters of one thread, which is stopped for as long as it takes to copy them; should winnow be
 * killed meanwhile, the kernel lets it go on. NULL, or why they cannot be seen, in words.
 */
const char *process_filters(struct process_filters *, struct arena *, pid_t tid);

/*
 * Does this machine's /proc/sys/kernel/seccomp/actions_logged have the name? 1, 0, or -1: there is none to
 * be read (before Linux 4.14).
 */
int process_action_logged(const char *name);

#endif
