#ifndef TOOLS_NODE_ENGINES_H
#define TOOLS_NODE_ENGINES_H

/*
 * What runtimes make of the JSON that is installed, where that is not what was proved of it: runc puts calls
 * for ENOSYS in front (meaning/enosys.h), older libseccomps lack names. So a filter that is on no record may still
 * be of an installed profile.
 */

#include "root.h"
#include "status.h"

struct engine_filter {
	const char *profile;
	unsigned generation;
	bool in_force;
	const char *meaning;    /* in hexadecimal; "" if that is unknown */
	const char *engine;     /* "runc" */
	const char *libseccomp; /* "2.5", where it lacks names; NULL: one that knows all */
};

/* Filled as far as somebody asked for. All zero but for root and status: nobody did. */
struct engines {
	const struct root *root;
	const struct status *status;
	struct engine_filter *filter;
	size_t count, room;
	unsigned phase; /* those before it are there */
	unsigned left;  /* readings to come, so that a node of many profiles takes seconds at most */
};

void engines_init(struct engines *, const struct root *, const struct status *);

/* The first with that meaning, of what is in force if there is one; NULL: none was found. */
const struct engine_filter *engines_find(struct engines *, struct arena *, const char *meaning);

#endif
