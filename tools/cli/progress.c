/* What is shown ends in a carriage return, so that whatever is said next is written over it. */

#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SILENT 1.0 /* seconds */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_start(struct progress *p, bool quiet)
{
	*p = (struct progress){.terminal = !quiet && isatty(STDERR_FILENO), .start = now()};
}

void progress_show(struct progress *p, const char *what, size_t at, size_t count)
{
	if (!p->terminal || count < 2 || now() - p->start < SILENT)
		return;
	fprintf(stderr, "\rwinnow: %s %zu of %zu\033[K\r", what, at + 1, count);
	p->shown = true;
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
