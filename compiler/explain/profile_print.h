#ifndef COMPILER_EXPLAIN_PROFILE_PRINT_H
#define COMPILER_EXPLAIN_PROFILE_PRINT_H

/*
 * A profile as it was read, before anything is decided: a line for each name of each rule in file
 * order, behind its line and column, with the action, the conditions and what the rule is bound to.
 */

#include "../base/buf.h"
#include "../profile/profile.h"

/* `name`: rules on that syscall alone; NULL: all of them. */
void profile_print(struct buf *, const struct profile *, const struct source *, const char *name);

#endif
