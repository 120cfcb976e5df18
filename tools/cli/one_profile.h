#ifndef TOOLS_CLI_ONE_PROFILE_H
#define TOOLS_CLI_ONE_PROFILE_H

/* Verbs that make one text of one profile: how their runs begin, and how they end. */

#include "node_options.h"

#include "../../compiler/base/buf.h"

struct one_profile {
	const struct parsed *parsed;
	struct arena arena;
	struct source source;
	struct diags diags;
	struct node_facts facts;
	struct input_options wish;
	const struct profile *profile;
	int (*options)(struct one_profile *);
	int (*work)(struct one_profile *);
};

/*
 * Options, then the operand, then the work, in an arena that ends with it; what was read is told if --verbose
 * says so. `options` NULL: those of node_read_json(). The exit status.
 */
int one_profile_run(const struct parsed *, struct one_profile *, int (*options)(struct one_profile *), int (*work)(struct one_profile *));

/* Findings to stderr; the exit status that errors among them call for. */
int one_profile_findings(struct one_profile *);

/* Where the result goes: --output, or "-". */
const char *one_profile_output(const struct one_profile *);

/* Is it to be told what was made? */
bool one_profile_tells(const struct one_profile *);

/* EXIT_DONE, or EXIT_HOST, the message printed. */
int one_profile_write(const struct one_profile *, const struct buf *);

#endif
