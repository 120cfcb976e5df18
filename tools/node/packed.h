#ifndef TOOLS_NODE_PACKED_H
#define TOOLS_NODE_PACKED_H

/* A bundle as a source of profiles: what was made in CI is taken for this node, if it proves. */

#include "../lib/build.h"
#include "../pack/bundle.h"

struct packed {
	const struct bundle *bundle;
	const struct bundle_profile *profile;
};

/*
 * All profiles of a bundle of `most` bytes, sorted by name, in the arena. NULL: it is larger, none,
 * damaged or empty, or not the file with that SHA-256 (in hexadecimal; NULL: any), and a message
 * said so, with lines of it if the path is no link out of its folder, or with `follow`.
 */
const struct packed *packed_read(struct arena *, const char *path, size_t most, const char *sha256,
	bool follow, size_t *count);

enum packed_filter {
	PACKED_TAKEN,
	PACKED_OTHER, /* what was packed is not for this node, *why says in what; to be compiled */
	PACKED_FALSE, /* the bundle lies: the diagnostics say of what */
};

/*
 * The filter that was packed for such a node, proved to mean here what the profile means here,
 * whatever it was packed for. Nothing is taken on trust.
 */
enum packed_filter packed_take(struct arena *, const struct packed *, const struct node_facts *,
	struct diags *, struct filter *, struct program *written, const char **why);

#endif
