#ifndef TOOLS_CLI_BLOB_H
#define TOOLS_CLI_BLOB_H

/* What the verbs that read filters as they are share: the operand, the architecture, the arena. */

#include "operand.h"
#include "options.h"

#include "../../arch/arch.h"
#include "../../backends/bpf/bpf.h"
#include "../../compiler/base/arena.h"
#include "../../compiler/say/source.h"

#include <stdbool.h>

struct blob {
	struct arena arena;
	const char *name;
	struct filters filters; /* of a file one; of a process all, the oldest first */
	const struct abi *abi;  /* of --arch; NULL if not given */
};

/* Read the operand in the byte order of `arch`, an option's value or NULL, as operand_filters() does. */
int blob_read(struct blob *, const struct parsed *, const char *arch, const char *path);

/* Run a verb with an arena: sets up, catches out of memory, frees. */
int blob_run(const struct parsed *, int (*verb)(struct blob *, const struct parsed *));

#endif
