#ifndef TOOLS_EVIDENCE_STRACE_H
#define TOOLS_EVIDENCE_STRACE_H

/* A line of strace's, as far as it was read, and its two ends. */

#include "reader.h"

struct cursor {
	struct reader *r;
	const struct line *line;
	const char *s, *end;
	uint64_t pid;
	bool numbered, foreign; /* -n; it could not tell the number */
	uint32_t nr;
	struct process *process; /* NULL: nothing is remembered */
};

/* What is in front of the name: process, times, address, number. False: it is no such line. */
bool strace_front(struct cursor *);

/*
 * Most lines are of a call of which the number is enough (evidence.h), that returned something, with
 * nothing but a process in front: they are looked at no more than it takes to see that. True: counted.
 */
bool strace_count(struct reader *, const struct line *);

/* What is held of a process of which there is no more (processes.h). */
void strace_settle(struct reader *, struct process *);

/* The end without " <0.000012>" (-T). */
const char *strace_cut_duration(const char *s, const char *end);

/*
 * The '=' of " = RESULT" behind arguments that begin at s. The first seeks from the end, and gives up (NULL)
 * where it might be a part of an argument; the other goes through them.
 */
const char *strace_find_result(const char *s, const char *end);
const char *strace_find_result_slowly(const char *s, const char *end);

/* What a call came to: "3", "0x7f00", "?", "-1 EPERM (Operation not permitted)", "-1 (errno 524)". */
bool strace_result(const char *s, const char *end, struct event *);

#endif
