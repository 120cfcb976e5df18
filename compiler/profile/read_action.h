#ifndef COMPILER_PROFILE_READ_ACTION_H
#define COMPILER_PROFILE_READ_ACTION_H

/* Reading what a rule or the default answers. */

#include "reader.h"

/* errnoRet and errno beside one action; `number` and `name` may be JSON_NONE. */
struct profile_errno read_errno(struct reader *, uint32_t number, uint32_t name);

/* An action by name into a->action, with its place. False: it is none, which has been said. */
bool read_action(struct reader *, uint32_t node, const char *what, struct profile_action *);

/* Does the errno suit the action? Says so if not. */
void read_action_check(struct reader *, const struct profile_action *);

#endif
