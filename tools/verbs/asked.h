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
	struct input_options wish;
	struct question question; /* all but the call */
};

/* The node of what TAKES_ASKED lists. EXIT_DONE, or EXIT_USAGE, the message printed. */
int asked_options(struct asked *, const struct parsed *);

/*
 * Read the profile and what it means on that node; what is doubtful about it is printed. EXIT_DONE, or
 * what to exit with.
 */
int asked_read(struct asked *, struct arena *, const struct parsed *, const char *path);

/* The same of a profile's text that is read already. */
int asked_source(struct asked *, struct arena *, const struct parsed *, const struct source *);

#endif
