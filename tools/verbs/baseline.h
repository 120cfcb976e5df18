#ifndef TOOLS_VERBS_BASELINE_H
#define TOOLS_VERBS_BASELINE_H

/*
 * Findings that are known: what lint printed before, as text. A finding is one of them if file, code and
 * words are the same, wherever in the file it stands now, and whatever its severity was.
 */

#include "../../compiler/say/findings.h"

/* Why it is none of that, and from which byte on; NULL: it is, or has nothing but blanks, as nothing was found before. */
const char *baseline_doubt(const struct source *text, size_t *at);

/* Takes those out that are known; how many those were. `text` is all of what was printed. */
size_t baseline_drop(const struct source *text, struct arena *, struct findings *);

#endif
