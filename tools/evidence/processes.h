#ifndef TOOLS_EVIDENCE_PROCESSES_H
#define TOOLS_EVIDENCE_PROCESSES_H

/*
 * What is remembered of processes between their lines. A line that is only told when the next of its
 * process has been seen is kept as text and read again then.
 */

#include "../../arch/arch.h"
#include "../../compiler/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader;
struct process;

/* Tells what is held, as its next line would have it if there is none. */
typedef void process_settle(struct reader *, struct process *);

#define PROCESSES_MAX 4096 /* at once */
#define PROCESS_TEXT  2048 /* bytes kept of a line */

struct process {
	uint64_t pid;
	const struct abi *mode; /* NULL: as all */
	process_settle *held;   /* whose line there is in text; NULL: none */
	bool open;              /* which was not seen to return */
	bool cut;               /* and does not hold all of it */
	bool killed;            /* that a filter stopped it has been told already */
	uint64_t at;            /* the line's number */
	size_t len;
	char text[PROCESS_TEXT];
	struct process *next;   /* of its bucket, or among the free */
};

#define PROCESS_BUCKETS 1024

struct processes {
	struct arena *arena;
	struct process *bucket[PROCESS_BUCKETS], *free;
	size_t count;           /* in buckets */
	struct process *last;   /* found for last_pid, as long as no other has come or gone */
	uint64_t last_pid, last_change, changes;
	bool crowded;           /* one was not taken in */
};

/* NULL: nothing is remembered of it. */
struct process *process_find(const struct processes *, uint64_t pid);

/* The same, made if it is not there; NULL: there are too many. */
struct process *process_get(struct processes *, uint64_t pid);

void process_forget(struct processes *, uint64_t pid);

/* All of them; their memory is used again. */
void processes_clear(struct processes *);

/* Keeps the text as the process's line; what is too long is cut. */
void process_hold(struct process *p, process_settle *whose, const char *text, size_t len, uint64_t at);

/* Behind what is held. */
void process_append(struct process *, const char *text, size_t len);

#endif
