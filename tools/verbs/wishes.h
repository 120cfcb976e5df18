#ifndef TOOLS_VERBS_WISHES_H
#define TOOLS_VERBS_WISHES_H

/* What derive is asked for, in the language of assert: options and files become wishes (lib/derived.h). */

#include "../lib/derived.h"
#include "../cli/options.h"
#include "assertion.h"

struct wished {
	const struct source *source; /* of the words */
	struct assertion assertion;
};

struct wishes {
	struct arena *arena;
	const struct parsed *parsed;
	struct wished *wished;
	size_t count;
};

/* From --allow, --deny and --errno. EXIT_DONE, or EXIT_USAGE, told. */
int wishes_read(struct wishes *, struct arena *, const struct parsed *);

/*
 * What they mean on the nodes that *derive was opened for. EXIT_DONE, or EXIT_USAGE, told: a word means nothing on
 * an ABI, or two of them want what no answer is.
 */
int wishes_make(const struct wishes *, struct derive *, struct derive_wish **, size_t *count);

#endif
