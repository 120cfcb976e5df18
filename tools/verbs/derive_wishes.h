#ifndef TOOLS_VERBS_DERIVE_WISHES_H
#define TOOLS_VERBS_DERIVE_WISHES_H

/* What derive is asked for, in the language of assert: options and files become wishes (lib/derived.h). */

#include "../lib/derived.h"
#include "../cli/options.h"
#include "../lib/assertion.h"

struct wished {
	const struct source *source; /* of the words */
	struct assertion assertion;
};

struct wishes {
	struct arena *arena;
	const struct parsed *parsed;
	struct wished *wished;
	size_t count;
	const struct source *file; /* of --satisfy; NULL: there is none */
};

/* From --allow, --deny, --errno and --satisfy, of which there is one. EXIT_DONE, or what to exit with, told. */
int wishes_read(struct wishes *, struct arena *, const struct parsed *);

/*
 * What they mean on the nodes that *derive was opened for. EXIT_DONE, or what to exit with, told: a word means
 * nothing on an ABI, or two of them want what no answer is.
 */
int wishes_make(const struct wishes *, struct derive *, struct derive_wish **, size_t *count);

/*
 * Asks of what came out whether wishes hold, as assert does. What was to be refused and can be had in another way is
 * a note, of a line of the file a warning; a line that does not hold is an error. EXIT_DONE, or EXIT_MISTAKE, told.
 */
int wishes_judge(const struct wishes *, struct derive *);

#endif
