#ifndef TOOLS_CLI_TRACE_H
#define TOOLS_CLI_TRACE_H

/* How often syscalls are made, from whatever has recorded it. */

#include "../../compiler/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_UNKNOWN_MAX 8 /* unknown names that are kept */

struct trace {
	struct arena *arena;
	double *count; /* by syscall id; shares may be below 1 */
	size_t unknown, unknown_named;
	const char *unknown_name[TRACE_UNKNOWN_MAX];
	bool hidden; /* of a file whose words are not to be shown: an unknown name is not kept */
};

void trace_init(struct trace *, struct arena *);

/*
 * Add what a file ("-": standard input) says. Told apart by content:
 *
 *   strace -c and perf trace -s     their tables, as many as there are
 *   strace, strace -f, perf trace   a line a call
 *   audit logs                      type=SYSCALL and type=SECCOMP, by number or interpreted
 *   profiles, JSON or recorded      every allowed name once
 *   frequency files                 lines "name count", '#' begins a comment
 *
 * EXIT_DONE, or what to exit with, the message printed. A file without a single syscall is a
 * mistake. What is no plain file, or a link out of its folder, is read, but its words are not shown
 * (files_hidden()) unless `follow`.
 */
int trace_read(struct trace *, const char *path, bool follow);

/* The counts as a layout takes them. */
const uint32_t *trace_shares(const struct trace *);

/* Says which names were left out, if any. */
void trace_tell_unknown(const struct trace *, const char *path);

#endif
