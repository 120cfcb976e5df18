#ifndef TOOLS_CLI_ONE_H
#define TOOLS_CLI_ONE_H

/* Verbs that make one text of one profile: how their runs begin, and how they end. */

#include "node_options.h"

#include "../../compiler/base/buf.h"

struct one {
	const struct parsed *parsed;
	struct arena arena;
	struct source source;
	struct diags diags;
	struct node_facts facts;
	struct input_options wish;
	const struct profile *profile;
	int (*options)(struct one *);
	int (*work)(struct one *);
};

/*
 * Options, then the operand, then the work, in an arena that ends with it; what was read is told if --verbose
 * says so. `options` NULL: those of node_read_json(). The exit status.
 */
int one_run(const struct parsed *, struct one *, int (*options)(struct one *), int (*work)(struct one *));

/* Findings to stderr; the exit status that errors among them call for. */
int one_findings(struct one *);

/* Where the result goes: --output, or "-". */
const char *one_output(const struct one *);

/* Is it to be told what was made? */
bool one_tells(const struct one *);

/* EXIT_DONE, or EXIT_HOST, the message printed. */
int one_write(const struct one *, const struct buf *);

#endif
