#ifndef TOOLS_API_MAKE_H
#define TOOLS_API_MAKE_H

#include "handle.h"

/* What a handle is made of. */
struct reading {
	const struct winnow_options *options;
	const char *name; /* NULL: it has none */
	const void *bytes;
	size_t length;
	/* by side_make() */
	struct winnow_side *s;
	struct winnow_options known;
};

/* A handle in memory of its own, and the work that fills it in. */
enum winnow_status side_make(struct reading *, enum winnow_status (*work)(void *), struct winnow_side **);

/* guarded(), and why it ended. */
enum winnow_status side_work(struct winnow_side *, enum winnow_status (*work)(void *), void *context);

#endif
