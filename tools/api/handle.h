#ifndef TOOLS_API_HANDLE_H
#define TOOLS_API_HANDLE_H

/* What the handles of winnow-compile.h hold. */

#include "guard.h"

#include "../lib/comparand.h"
#include "../lib/target.h"

struct winnow_side {
	struct owned owned; /* first */
	size_t memory_max;
	struct source source;
	const char *error; /* NULL: nothing is wrong */
	enum winnow_status read, compiled;
	bool tried; /* `compiled` is known */

	/* a profile */
	bool is_profile;
	struct node_facts facts;
	struct input_options wish;
	struct layout layout;
	bool laid_out; /* `layout` is other than the default one */
	uint32_t max_insns;
	bool no_trailer, strict;
	const struct profile *profile;
	struct targets targets;
	struct diags diags;
	const struct winnow_diagnostic *diagnostic;
	size_t diagnostics;

	/* a filter */
	struct comparand filter;

	struct winnow_blob *blob;
	size_t blobs;
};

struct winnow_report {
	struct owned owned; /* first */
	const char *error, *text, *json;
	struct winnow_line *line;
	size_t lines;
};

/* The caller's struct and ours begin with their sizes: what both know is copied, what only the caller knows is zeroed. */
enum winnow_status hand_out(void *theirs, const void *ours, size_t size);

#endif
