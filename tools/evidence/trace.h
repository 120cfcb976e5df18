#ifndef TOOLS_EVIDENCE_TRACE_H
#define TOOLS_EVIDENCE_TRACE_H

/* How often syscalls are made, from whatever has recorded it (evidence.h). */

#include "evidence.h"

struct trace {
	struct evidence evidence;
	double *count; /* by syscall id; shares may be below 1 */
};

void trace_init(struct trace *, struct arena *);

/* Add what a file ("-": standard input) says. As evidence_read(). */
int trace_read(struct trace *, const char *path, bool follow);

/* The counts as a layout takes them. */
const uint32_t *trace_shares(const struct trace *);

#endif
