#ifndef TOOLS_NODE_PREPARE_H
#define TOOLS_NODE_PREPARE_H

/* A profile to everything a node gets of it, in memory: nothing here touches the node. */

#include "baseline.h"
#include "record.h"
#include "sources.h"

#include "../lib/build.h"

/* What holds for every profile of a node. */
struct node_wish {
	struct node_facts facts; /* with the ABI */
	struct input_options wish;        /* for profiles of a folder; a bundle has its own */
	bool enosys_asked;       /* there was a word about it, so that it is not the runtime's own */
	enum enosys json_enosys; /* of the flattened JSON, to which a runtime adds its own */
	const char *kernel_from; /* as in the record */
	bool place[PLACES];
	const struct source *base_spec; /* what base specs are made from; NULL: winnow's own */
	const struct baseline *baseline; /* that no profile may go beyond; NULL: there is none */
	bool strict;
};

struct prepared {
	struct record record;    /* all but the generation */
	struct buf file[PLACES]; /* of the places asked for */
	struct program written;  /* the blob's */
	const struct filter *filter;

	/* what was found, and by it what went wrong */
	const struct diags *diags; /* sorted by place; never NULL */
	struct mistake mistake;    /* what is NULL: none */
	bool builds_on;    /* files that are none of the source's: bases, the profile's own or the baseline's */
	const char *here; /* why it was compiled here though it comes packed; NULL: it was not */
	int status; /* exit status: EXIT_DONE, else nothing above but the last four is there */
};

void prepare(
	struct prepared *, struct arena *, const struct profile_source *, const struct node_wish *);

#endif
