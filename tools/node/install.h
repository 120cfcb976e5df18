#ifndef TOOLS_NODE_INSTALL_H
#define TOOLS_NODE_INSTALL_H

/* One pass: every profile of a source onto a node. `winnow install --once` is this, a watcher calls
 * it again and again. */

#include "apart.h"
#include "enforce.h"
#include "prepare.h"
#include "sources.h"

#define INSTALL_KEEP 3 /* generations, the one in force included */

struct install_options {
	struct node_wish node;
	struct enforce_options enforce;
	bool self_test;
	unsigned keep;
	unsigned wait; /* for the node's lock, seconds */
	struct limits limits;
	struct turned_away *turned_away; /* shared with passes before and to come; NULL: none are */
	bool quiet;         /* errors only */
	bool unchanged;     /* say what was as it should be, too */
	const char *colour; /* as files_diags() takes it */
};

enum outcome {
	OUTCOME_UNCHANGED,
	OUTCOME_INSTALLED, /* a generation came into force */
	OUTCOME_REPAIRED,  /* files were not what the record in force says */
	OUTCOME_HELD,      /* a rollback turned this source away */
	OUTCOME_FAILED,    /* what was in force still is */
	OUTCOMES
};

struct install_result {
	const char *name;
	enum outcome outcome;
	int status;           /* enum exit_status: EXIT_DONE unless it failed */
	unsigned generation;  /* in force now; 0: none */
	const char *why;      /* it failed: "profile.json:3:4: error: ... [E005 syntax]" */
	bool untrue;          /* it failed the self-test */
	bool repaired;        /* files were not as installed, and are again */
	double seconds;       /* it took to be read, compiled and proved */
	bool found[DIAG_IDS]; /* what was found about the profile, be it in force or not */
};

struct install_report {
	struct install_result *result; /* sorted by name */
	size_t count;
	int status;       /* the largest of them */
	bool node_failed; /* files or memory, be the profiles right or wrong */
	bool unreported;  /* what became of them could not be written down on the node */
};

/*
 * Everything but memory: a pass takes the node's lock, lasts until all profiles are done, and tells
 * on stderr what it did. The report lives in the arena, all else is freed. False: the source or the
 * root cannot be read, report->status says what to exit with, and nothing was touched.
 */
bool install_pass(struct install_report *, struct arena *, const struct profile_sources *,
	const struct root *, const struct install_options *);

#endif
