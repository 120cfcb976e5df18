#ifndef TOOLS_NODE_APART_H
#define TOOLS_NODE_APART_H

/*
 * Work in a process of its own, which ends when it takes more than its share: whatever becomes of it,
 * who waits for it goes on. And what is known of work that ended so, not to be done again.
 */

#include "limits.h"

#include "../../backends/bpf/sha256.h"

#include <stdint.h>

enum apart {
	APART_DONE,
	APART_MEMORY,  /* it asked for more than it may have: apart_full() */
	APART_TIME,    /* it took more processor time than it may */
	APART_KILLED,  /* by SIGKILL, as the kernel does when there is no memory left */
	APART_CRASHED, /* by another signal, or it ended as it never does */
	APART_FAILED,  /* no process could be made for it; a message said so */
};

/*
 * Runs `work` in a child, which cannot be left behind, and waits for it. What it has to tell it writes
 * into memory of apart_shared().
 */
enum apart apart_run(const struct limits *, void (*work)(void *context), void *context);

/* For the child: what it does from now on is not bound by time. */
void apart_free_time(void);

/* For the child: it cannot go on without more memory than it may have. */
_Noreturn void apart_full(void);

/* Zeroed memory that a process and its children see alike, until they all end. NULL with errno. */
void *apart_shared(size_t size);

/* --- what was turned away --- */

#define TURNED_AWAY_MAX 256
#define TURNED_AWAY_KILLS 3 /* who is killed may not be to blame: so often it is tried */

struct turned_away {
	struct {
		uint8_t sha256[SHA256_SIZE];
		enum apart ending;
		unsigned times;
	} row[TURNED_AWAY_MAX];
	size_t next; /* the oldest, to be overwritten */
};

/* Is anything known at all? If not there is nothing to find. */
bool turned_away_some(const struct turned_away *);

/* How it ended, or APART_DONE: to be tried. NULL: nothing is known. */
enum apart turned_away_find(const struct turned_away *, const uint8_t sha256[static SHA256_SIZE]);
void turned_away_add(
	struct turned_away *, const uint8_t sha256[static SHA256_SIZE], enum apart ending);

#endif
