#ifndef TOOLS_NODE_INSTALL_H
#define TOOLS_NODE_INSTALL_H

/* One pass: every profile of a source onto a node. `winnow install --once` is this, a watcher calls
 * it again and again. */

#include "apart.h"
#include "enforce.h"
#include "install_report.h"
#include "prepare.h"
#include "sources.h"

#define INSTALL_KEEP 3 /* generations, the one in force included */

struct install_options {
	struct node_wish node;
	struct enforce_options enforce;
	bool afresh;        /* what is unchanged is made anew, too */
	bool self_test;
	unsigned keep;
	unsigned wait; /* for the node's lock, seconds */
	struct limits limits;
	struct turned_away *turned_away; /* shared with passes before and to come; NULL: none are */
	bool quiet;         /* errors only */
	bool unchanged;     /* say what was as it should be, too */
	const char *colour; /* as files_diags() takes it */
};

/*
 * Everything but memory: a pass takes the node's lock, lasts until all profiles are done, and tells
 * on stderr what it did. The report lives in the arena, all else is freed. False: the source or the
 * root cannot be read, report->status says what to exit with, and nothing was touched.
 */
bool install_pass(struct install_report *, struct arena *, const struct profile_sources *,
	const struct root *, const struct install_options *);

#endif
