#ifndef TOOLS_VERBS_ASKED_H
#define TOOLS_VERBS_ASKED_H

/* A profile that is asked about calls, and the node it is asked for: what explain, why and replay share. */

#include "../cli/node_options.h"
#include "../cli/options.h"

#include "../../compiler/explain/explain.h"

struct asked {
	struct source source;
	struct diags diags;
	struct node_facts facts;
	struct wish wish;
	struct question question; /* all but the call */
};

/* The rows every such verb begins its options with. */
enum {
	ASKED_ARCH,
	ASKED_CAPS,
	ASKED_KERNEL,
	ASKED_RUNTIME,
	ASKED_ENOSYS,
	ASKED_NARROW,
	ASKED_INPUT,
	ASKED_ENTRY,
	ASKED_QUIET,
	ASKED_COLOUR,
	ASKED_ROWS
};
#define ASKED_OPTIONS                                                                              \
	[ASKED_ARCH] = {'a', "arch", "ARCH", "node's architecture, default native"},               \
	[ASKED_CAPS] = NODE_ROW_CAPS, [ASKED_KERNEL] = NODE_ROW_KERNEL,                            \
	[ASKED_RUNTIME] = NODE_ROW_RUNTIME, [ASKED_ENOSYS] = NODE_ROW_ENOSYS,                      \
	[ASKED_NARROW] = NODE_ROW_NARROW, [ASKED_INPUT] = NODE_ROW_INPUT,                          \
	[ASKED_ENTRY] = NODE_ROW_ENTRY,                                                            \
	[ASKED_QUIET] = {'q', "quiet", NULL, "no warnings about the profile"},                     \
	[ASKED_COLOUR] = {0, "color", "WHEN", "auto (default), always, never"}

/* The node of the options. EXIT_DONE, or EXIT_USAGE, the message printed. */
int asked_options(struct asked *, const struct parsed *);

/*
 * Read the profile and what it means on that node; what is doubtful about it is printed. EXIT_DONE, or
 * what to exit with.
 */
int asked_read(struct asked *, struct arena *, const struct parsed *, const char *path);

#endif
