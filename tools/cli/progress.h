#ifndef TOOLS_CLI_PROGRESS_H
#define TOOLS_CLI_PROGRESS_H

/*
 * How far long work has come: on a terminal (stderr), from the second second on, in one line that is
 * written over and taken away in the end. Nothing in a pipe, whatever it takes.
 */

#include <stdbool.h>
#include <stddef.h>

struct progress {
	bool terminal; /* there is somebody to tell */
	bool shown;
	double start;  /* seconds */
};

void progress_start(struct progress *, bool quiet);

/* Before each step: "winnow: reading 3 of 27"; of as many `what`s as there are, those before `at` are done. */
void progress_show(struct progress *, const char *what, size_t at, size_t count);

/* Before anything else is said. */
void progress_clear(struct progress *);

#endif
