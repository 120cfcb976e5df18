#ifndef TOOLS_LIB_TARGET_H
#define TOOLS_LIB_TARGET_H

/*
 * A profile to proven filters, each made with its trailer: which nodes get one. Everybody who makes filters
 * for many nodes takes these steps.
 */

#include "build.h"

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
	const struct input_options *wish;
	const struct layout *layout; /* NULL: the default one */
	size_t max_insns;            /* 0: what the kernel takes */
	bool no_trailer;
	void (*begins)(void *progress, size_t at, size_t count); /* before each filter; NULL: nobody is told */
	void *progress;
	const char *merged;        /* add_trailer.h */
	const char *max_insns_called; /* in messages; NULL: as the command's option */
};

struct product {
	struct filter filter;
	struct program written; /* the filter and, where it fits, its trailer */
};

/* Adds the node to `node`, which has room for all ABIs, once, however often it is named. */
void targets_add_node(struct node_facts *node, size_t *nodes, const struct node_facts *, const struct abi *);

/* An ABI that is entered beside another one only, in a filter without that one; NULL if none is. */
const struct abi *target_lone_guest(const struct target *);

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

#endif
