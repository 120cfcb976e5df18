#ifndef TOOLS_NODE_RUNNING_H
#define TOOLS_NODE_RUNNING_H

/* `winnow status --pid`: what a running process is under, beside what is installed. */

#include "status.h"

#include <sys/types.h>

/*
 * Prints it. EXIT_DONE: one of its filters does what an installed one in force does. EXIT_FINDING: it
 * has no filter, or none that is installed here. EXIT_HOST: its filters cannot be seen, or there is
 * no such process, and a message said so.
 */
int running_print(struct arena *, const struct status *, pid_t);

#endif
