#ifndef TOOLS_VERBS_BASELINE_H
#define TOOLS_VERBS_BASELINE_H

/*
 * Findings that are known: what lint printed before, as text. A finding is one of them if file (./a//b is a/b), code and words
 * are the same, wherever in the file it stands now, and whatever its severity was; as often as it was printed, so that one more of
 * a kind is new.
 */

#include "../../compiler/say/findings.h"

struct baseline {
	struct source text; /* all of what was printed; no bytes: none */
	bool *taken;        /* of each line: a finding was it already */
};

/* Why it is none of that, and from which byte on; NULL: it is, or has nothing but blanks, as nothing was found before. */
const char *baseline_doubt(const struct source *text, size_t *at);

/* What `taken` is, of none. */
void baseline_begin(struct baseline *, struct arena *);

/* Takes those out that are known, first those that stand where they stood; how many those were. */
size_t baseline_drop(struct baseline *, struct arena *, struct findings *);

#endif
