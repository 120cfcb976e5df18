#ifndef TOOLS_CLI_BLOB_H
#define TOOLS_CLI_BLOB_H

/* What the verbs that read blobs share: the operand, the architecture, the arena. */

#include "options.h"

#include "../../arch/arch.h"
#include "../../backends/bpf/bpf.h"
#include "../../compiler/base/arena.h"
#include "../../compiler/say/source.h"

#include <stdbool.h>

#define BLOB_MAX ((size_t)1 << 20) /* bytes; far more than any kernel takes, so that check can say so */

struct blob {
	struct arena arena;
	const char *name;
	struct program program;
	enum byte_order order;
	const struct abi *abi; /* of --arch; NULL if not given */
};

/*
 * A file's bytes as a program, in the byte order of an ABI (NULL: the order that makes sense of it).
 * Returns EXIT_DONE or what to exit with, the message printed: one that makes sense in the other
 * order only is told as that, not by what is wrong with its instructions.
 */
int blob_program(struct arena *, const struct source *, const struct abi *, enum byte_order *,
	struct program *);

/* Read the blob in the byte order of `arch`, an option's value or NULL, as blob_program() does. */
int blob_read(struct blob *, const struct parsed *, const char *arch, const char *path);

/* Run a verb with an arena: sets up, catches out of memory, frees. */
int blob_run(const struct parsed *, int (*verb)(struct blob *, const struct parsed *));

#endif
