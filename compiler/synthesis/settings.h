#ifndef COMPILER_SYNTHESIS_SETTINGS_H
#define COMPILER_SYNTHESIS_SETTINGS_H

/* What belongs to a filter and is not in it, of profiles that become one: flags and listener. */

#include "../logic/stack.h"
#include "../profile/profile.h"

/* Of one of the profiles. */
struct settings_side {
	const struct profile *profile;
	const char *name;
	bool notifies; /* some call is answered with NOTIFY */
};

/*
 * Flags and listener of the result, which are all of *to that is written (doc/merge.md). `notifies`: the
 * result answers some call with NOTIFY. False, and a diagnostic: no one listener is all sides'.
 */
bool settings_merge(struct arena *, enum stacked, const struct settings_side *, size_t sides, bool notifies,
	struct diags *, struct profile *to);

#endif
