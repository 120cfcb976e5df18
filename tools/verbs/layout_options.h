#ifndef TOOLS_VERBS_LAYOUT_OPTIONS_H
#define TOOLS_VERBS_LAYOUT_OPTIONS_H

#include "../cli/options.h"

#include "../../compiler/tree/layout.h"

/* What TAKES_LAYOUT lists, for every verb that compiles. EXIT_DONE, or what to exit with; the message is
 * printed. */
int layout_read(struct layout *, struct arena *, const struct parsed *);

#endif
