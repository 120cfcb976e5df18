#ifndef TOOLS_NODE_BASELINE_H
#define TOOLS_NODE_BASELINE_H

/*
 * The node's baseline, a profile that no other may go beyond: what is installed of one is its intersection with
 * the baseline (doc/merge.md), as the kernel would answer if the baseline's filter was loaded first and the profile's
 * on it. KEP-6061 (Kubernetes) has the runtime do that to profiles that are pulled.
 */

#include "record.h"

#include "../lib/merged.h"

struct baseline {
	struct source text;
	const char *sha256; /* of it, in hexadecimal */
	const struct profile *profile;
};

struct baseline_wish {
	const char *path;
	size_t most; /* bytes */
	bool follow; /* show lines of it even if a link leads there */
	bool strict, quiet;
	const char *colour;
	const struct node_facts *node;
	const struct input_options *as; /* where profiles are that it builds on */
};

/* EXIT_DONE, what is found about it printed; or what to exit with, the message printed. */
int baseline_read(struct baseline *, struct arena *, const struct baseline_wish *);

/* A profile, and what the baseline leaves of it. */
struct bounded {
	struct merge merge;
	struct merge_side side[2]; /* the baseline, the profile */
	struct profile profile;    /* its rules, with the flags and the listener of both */
	bool whole;                /* it means what it meant: the baseline takes nothing from it */
};

/*
 * Merged for one node as a filter, or to become JSON. What is found about the profile, and why not, goes to the
 * diagnostics.
 */
enum build baseline_bound(struct arena *, const struct baseline *, const struct profile *, const struct node_facts *,
	bool json, struct diags *, struct bounded *, struct mistake *);

/* For the record, with a finding: what the profile lost. BUILD_MISTAKEN: it is not what it is said to be. */
enum build baseline_tell(struct bounded *, struct record_baseline *, struct diags *, struct mistake *);

/* The JSON of it, exact or stricter; `strict`: exact or BUILD_REFUSED. What was rounded is told the same way. */
enum build baseline_json(struct arena *, struct bounded *, bool strict, struct buf *json, struct record_baseline *,
	struct diags *, struct mistake *);

#endif
