#ifndef TOOLS_NODE_ENFORCE_H
#define TOOLS_NODE_ENFORCE_H

/* A generation into force: the only place where files of a node are written. */

#include "installed.h"

enum enforced {
	ENFORCED_SAME,    /* all was as it should be: nothing was written */
	ENFORCED_CHANGED, /* or would be, in a dry run */
	ENFORCED_FOREIGN, /* something is there that is not winnow's; told, nothing was written */
	ENFORCED_FAILED,  /* told; what was not written yet is as it was */
};

struct enforce_options {
	bool dry_run; /* write nothing */
	bool force;   /* take what is not winnow's */
	bool verbose; /* say each file */
};

/*
 * Files as the record has them, then the record. `installed` is what was there before, read under
 * the lock. What has its digest already is left alone. A generation of that number which is not
 * whole is written first.
 */
enum enforced enforce(struct arena *, const struct root *, const struct installed *,
	const struct record *, const struct source file[static PLACES],
	const struct enforce_options *);

/*
 * Remove the generation: its record first, so that what is left when it is interrupted is not
 * complete. True if it is gone.
 */
bool enforce_forget(struct arena *, const struct root *, const char *name, unsigned generation);

#endif
