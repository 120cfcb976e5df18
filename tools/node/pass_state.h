#ifndef TOOLS_NODE_PASS_STATE_H
#define TOOLS_NODE_PASS_STATE_H

/*
 * How the last pass ended, told by what does not need the node's disk: a file in a run folder in
 * memory, and a lock that who writes it holds while it lives. The report on the node (pass_report.h)
 * has the profiles; a disk that is full or read-only keeps an old one. What is not known is not ok.
 */

#include "../../compiler/base/buf.h"

#include <limits.h>
#include <stdbool.h>
#include <time.h>

#define PASS_STATE_RUN "/run/winnow" /* root's */

/* What a pass failed in as a whole; profiles that failed by themselves are the report's. */
enum stage {
	STAGE_START, /* it did not come to an end */
	STAGE_SOURCE,
	STAGE_NODE,
	STAGE_REPORT,
	STAGE_METRICS,
	STAGE_DONE,
	STAGES
};

struct pass_state {
	bool watched;      /* by a watcher, which beats */
	enum stage stage;  /* of the last pass that ended */
	int status;        /* its exit status */
	time_t ended;      /* when; 0: none has */
	time_t good;       /* when the last one with STAGE_DONE did; 0: none has */
	time_t under_way;  /* since when one is; 0: none is */
};

struct pass_state_file {
	char folder[PATH_MAX], path[PATH_MAX], lock_path[PATH_MAX];
	int lock;   /* -1: not held */
	bool keeps; /* a watcher's: what is gone is made again, and the lock asked for again */
	bool told;  /* that it cannot be written */
};

/*
 * Of the node whose root that is. `run` is --run, or NULL: /run/winnow for root, else winnow in
 * XDG_RUNTIME_DIR or one of the user's own in /dev/shm. False: a message said why there is none.
 */
bool pass_state_find(struct pass_state_file *, const char *run, const char *root);

/* Hold the lock until the process and its children end. False: another winnow does, or a message. */
bool pass_state_hold(struct pass_state_file *);

/* If the lock is held. What cannot be written is gone, so that it is not taken for the new one. */
void pass_state_write(struct pass_state_file *, const struct pass_state *);

/* Who writes it is alive. What somebody deleted is written again. */
void pass_state_beat(struct pass_state_file *, const struct pass_state *);

#define PASS_STATE_BEAT  15  /* s between two of them */
#define PASS_STATE_STALE 60  /* s without any: hung or stopped */
#define PASS_STATE_LONG  600 /* s that a pass may take */

enum verdict {
	VERDICT_OK,
	VERDICT_UNKNOWN, /* no pass since the machine was started, or the first has not ended */
	VERDICT_FAILED,  /* as a whole */
	VERDICT_STALE,   /* no sign of the watcher, or a pass that takes too long */
	VERDICT_GONE,    /* who watched, or made the pass, is not there any more */
	VERDICTS
};
extern const char *const verdict_names[VERDICTS];

struct pass_verdict {
	enum verdict verdict;
	const char *why; /* "" if it is ok */
	struct pass_state state; /* zero unless it is known */
};

/* False: it cannot be read, and a message said so. */
bool pass_state_judge(struct pass_verdict *, struct arena *, const struct pass_state_file *);

/* Of a pass that ends just now. */
void pass_state_verdict(struct pass_verdict *, struct arena *, const struct pass_state *);

#endif
