#ifndef TOOLS_VERBS_ROUNDED_H
#define TOOLS_VERBS_ROUNDED_H

/* JSON that is not exact: what is said of it. */

#include "../lib/merged.h"

/* A finding: it is stricter, or refused. */
void rounded_tell(struct merge *, const struct merge_json *, bool stricter);

/*
 * On stderr, each syscall and number that JSON answers otherwise, as `winnow diff` has them. False: winnow's
 * mistake, which was said.
 */
bool rounded_print(struct merge *, const struct merge_json *);

#endif
