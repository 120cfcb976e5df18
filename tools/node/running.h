#ifndef TOOLS_NODE_RUNNING_H
#define TOOLS_NODE_RUNNING_H

/* `winnow status --pid`: what a running process is under, beside what is installed. */

#include "status.h"

#include <sys/types.h>

/*
 * Prints it, as it comes. EXIT_DONE: every thread has a filter that does what an installed one in force
 * does, or is what an engine makes of one (engines.h), and all that the main thread has. EXIT_FINDING: one has not. EXIT_HOST: filters cannot be seen,
 * or there is no such process, and a message said so; or new threads kept coming.
 */
int running_print(struct arena *, const struct root *, const struct status *, pid_t);

#endif
