#ifndef TOOLS_NODE_MADE_H
#define TOOLS_NODE_MADE_H

/*
 * A profile need not be compiled and proved again if all that it was made of is what it was, this program and the node
 * included, and what came of it is still there. Both are one digest, which the report of the pass keeps.
 */

#include "installed.h"
#include "limits.h"
#include "pass_report.h"
#include "prepare.h"

/* All that enters. */
struct making {
	const struct profile_source *source;
	const struct node_wish *node; /* before the profile's own options, which are the source's */
	const struct limits *limits;
	bool self_test;
};

/* All that comes of it. */
struct made {
	const struct record *record;
	const bool *found; /* DIAG_IDS of them */
	const char *said;  /* about the profile, without colour */
};

/* In hexadecimal; NULL: it cannot be told whether it would be made the same again. */
const char *made_digest(struct arena *, const struct making *, const struct made *);

/* Is what is in force, to the byte, what the last pass made, and would be made again? */
bool made_stands(struct arena *, const struct making *, const struct installed *, const struct pass_line *);

#endif
