#ifndef TOOLS_CLI_TARGETS_H
#define TOOLS_CLI_TARGETS_H

/*
 * A profile and the options of a verb to proven filters: which nodes get one, and each made with
 * its trailer. Every verb that makes filters for many nodes takes these steps.
 */

#include "../lib/build.h"
#include "options.h"
#include "progress.h"

/* One filter to make: the nodes it serves, of which the first names it. */
struct target {
	const struct node_facts *node;
	size_t nodes;
};

struct targets {
	struct target *target;
	size_t count;
};

/* What a target's filter is made from; all of it outlives the filters. */
struct recipe {
	const struct source *source; /* its digest goes into the trailer */
	const struct profile *profile;
	const struct wish *wish;
	const struct layout *layout; /* NULL: the default one */
	size_t max_insns;            /* 0: what the kernel takes */
	bool no_trailer;
	struct progress *progress; /* NULL: none is shown */
	const char *merged;        /* describe.h */
};

struct product {
	struct filter filter;
	struct program written; /* the filter and, where it fits, its trailer */
};

/*
 * The targets that --arch `list` (NULL: native) asks for: `all` of them, or those named, each once,
 * as one target of all or, `apart`, one each. `facts` holds what is true of every node. EXIT_DONE,
 * or EXIT_USAGE, the message printed: a word names no ABI, or an ABI that no node is by itself.
 */
int targets_read(struct targets *, struct arena *, const struct verb *, const char *list,
	const struct profile *, const struct node_facts *facts, bool apart);

/* 'all', of what is compiled for one machine and no other: every ABI that the profile names, as a node; or every ABI. */
void targets_each(struct targets *, struct arena *, const struct profile *, const struct node_facts *facts);

/* 'all': an entry of archMap each; the first of each byte order in architectures; or every ABI. */
void targets_all(struct targets *, struct arena *, const struct profile *,
	const struct node_facts *facts);

/*
 * A product for every target, all or none: `product` has room for targets->count. BUILD_REFUSED:
 * the diagnostics say why.
 */
enum build targets_build(struct arena *, const struct targets *, const struct recipe *,
	struct diags *, struct product *product, struct mistake *);

/*
 * Adds to product->written what the filter says of itself; where that does not fit, nothing. False: winnow's
 * mistake. Of the recipe: source, profile (or NULL), wish, merged, no_trailer.
 */
bool targets_trailer(struct arena *, const struct target *, const struct recipe *, struct diags *,
	struct product *, struct mistake *);

/* "x86_64 x86 x32": the ABIs of a filter, in the arena. */
const char *targets_abis(struct arena *, const struct policy *);

/* Says on stderr what winnow did wrong with the file `name`; returns EXIT_MISTAKE. */
int targets_mistaken(struct arena *, const char *name, const struct mistake *);

#endif
