#ifndef TOOLS_CLI_OVERWRITES_H
#define TOOLS_CLI_OVERWRITES_H

#include "options.h"

/*
 * Is a file that is to be written one that is read, or one that is to be written otherwise, by whatever path? Verbs that
 * write what they read, a profile, may do so in place. EXIT_DONE, or EXIT_USAGE, told: nothing is lost.
 */
int overwrites_refuse(const struct parsed *);

#endif
