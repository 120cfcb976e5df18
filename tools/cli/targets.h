#ifndef TOOLS_CLI_TARGETS_H
#define TOOLS_CLI_TARGETS_H

/* The options of a verb to the filters that are to be made (tools/lib/target.h). */

#include "../lib/target.h"
#include "options.h"

/*
 * The targets that --arch `list` (NULL: native) asks for: `all` of them, or those named, each once,
 * as one target of all or, `apart`, one each. `facts` holds what is true of every node. EXIT_DONE,
 * or EXIT_USAGE, the message printed: a word names no ABI, or an ABI that no node is by itself.
 */
int targets_read(struct targets *, struct arena *, const struct verb *, const char *list,
	const struct profile *, const struct node_facts *facts, bool apart);

/* Says on stderr what winnow did wrong with the file `name`; returns EXIT_MISTAKE. */
int targets_mistaken(struct arena *, const char *name, const struct mistake *);

#endif
