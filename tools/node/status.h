#ifndef TOOLS_NODE_STATUS_H
#define TOOLS_NODE_STATUS_H

/* What is installed on a node, and whether it still is as installed. */

#include "installed.h"
#include "pass_report.h"
#include "pass_state.h"

enum state {
	STATE_OK,
	STATE_HELD,       /* rolled back, and held there against its source */
	STATE_ORPHAN,     /* the source of the last pass does not have it */
	STATE_DAMAGED,    /* as installed, but something kept to be rolled back to is not what was written */
	STATE_BROKEN,     /* its source failed in the last pass; an older generation is in force */
	STATE_EXPOSED,    /* others may write a file of it, or a folder on the way there (exposed.h) */
	STATE_UNFINISHED, /* as enum standing, and what is left of an install that was stopped */
	STATE_MISSING,
	STATE_DRIFT,
	STATE_FAILED,  /* its source failed and nothing is in force */
	STATE_FOREIGN, /* the same, because something that is not winnow's is in its place */
	STATES
};
extern const char *const state_names[STATES];

struct status_line {
	const char *name;
	enum state state;
	struct installed installed;
	const char *why; /* what is wrong, a line each; "" if nothing is */
	bool fault;      /* something is to be done: exit status 1 */
};

struct status {
	struct status_line *line; /* sorted by name */
	size_t count;
	size_t states[STATES]; /* lines in each */
	bool fault;
	struct pass_report report; /* the last pass that could write it down */
	struct pass_verdict pass;  /* the last pass as a whole; for who reads the status to fill in */
};

/* False: something cannot be read, and a message said so. */
bool status_read(struct status *, struct arena *, const struct root *);

void status_print_text(struct buf *, const struct status *);
void status_print_json(struct buf *, const struct status *);

#endif
