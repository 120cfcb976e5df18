#ifndef TOOLS_NODE_LIMITS_H
#define TOOLS_NODE_LIMITS_H

/*
 * What one profile may cost, so that none can take from the others: of memory, by default, a share
 * of what the cgroup or RLIMIT_AS leaves, and processor time. A source's text counts against a share of its own.
 */

#include <stdbool.h>
#include <stddef.h>

#define LIMITS_SECONDS 30 /* of processor time; Docker's profile takes some milliseconds */

struct limits {
	size_t memory;    /* bytes to compile and prove one profile */
	unsigned seconds; /* of processor time for the same */
	size_t text;      /* bytes of all profiles of a source together */
	size_t most;      /* bytes of memory there are at all; 0: no limit is known */
	bool space;       /* there is a RLIMIT_AS: no memory is a bound that was met, too */
	bool asked;       /* `memory` is what an option says */
};

/*
 * `mib` is --profile-memory, 0: not given; then it is half of what there is, by the cgroup, of version
 * 1 or 2, and by RLIMIT_AS. The rest is for the texts (an eighth), the watcher, and a `status` beside it.
 */
void limits_read(struct limits *, unsigned mib, unsigned seconds);

/* The smallest limit on the way up from this process's cgroup, memory.high too; 0: there is none. */
size_t limits_cgroup(void);

#endif
