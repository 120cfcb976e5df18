#ifndef TOOLS_API_TOLD_H
#define TOOLS_API_TOLD_H

#include "handle.h"

/* The findings so far, as the caller sees them; the side's error is the first error's text if it has none. */
void told_take(struct winnow_side *);

/* The first error's text; NULL: there is none. */
const char *told_error(const struct diags *);

#endif
