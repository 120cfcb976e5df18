#ifndef TOOLS_VERBS_DUMP_H
#define TOOLS_VERBS_DUMP_H

/*
 * compile --dump: the nouns between the passes, each by the printer it has elsewhere.
 *
 *   profile   what the file says, a line a name of a rule
 *   rules     what a runtime hands over on this node, as the JSON of resolve
 *   policy    what that means, a line a range of numbers
 *   tree      how the numbers and arguments are tested, as in tree
 *   program   the instructions, proved, as in disasm
 *
 * With a syscall, stages are those of a profile that has the rules on that one alone; with an ABI,
 * of one that is for that ABI alone. From `tree` on the default layout or the one asked for.
 */

#include "../cli/options.h"
#include "../lib/build.h"

enum stage { STAGE_PROFILE, STAGE_RULES, STAGE_POLICY, STAGE_TREE, STAGE_PROGRAM };

struct dump {
	const struct verb *verb;
	enum stage stage;
	const char *syscall;   /* NULL: all; a name of arch.h */
	const struct abi *abi; /* NULL: all that the filter covers */
};

/* What is dumped. */
struct dump_input {
	const struct source *source;
	const struct profile *profile;
	const struct node_facts *node;
	const struct layout *layout;
};

/* Options to a dump; `syscall` and `abi` may be NULL. EXIT_DONE, or EXIT_USAGE, the message printed. */
int dump_read(struct dump *, const struct verb *, const char *stage, const char *syscall, const char *abi);

/* EXIT_DONE, or what to exit with: the diagnostics say why, unless a message was printed. */
int dump_print(struct buf *, const struct dump *, const struct dump_input *, struct diags *);

#endif
