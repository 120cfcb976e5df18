#ifndef TOOLS_PACK_BUNDLE_H
#define TOOLS_PACK_BUNDLE_H

/*
 * A bundle: profiles, and for every ABI set and set of capabilities the filter and the flattened
 * JSON that were made of them, in one tar archive with a manifest (doc/bundle.md). Reading one
 * believes nothing: what reads well may still lie about what a filter does, until it is proved.
 */

#include "bundle_contents.h"

/* Does the file begin as a bundle does? For telling bundles from profiles, nothing more. */
bool bundle_recognise(const struct source *);

/* Is it a SHA-256 as people write it, 64 hexadecimal digits? */
bool bundle_digest_ok(const char *sha256);

/* Is the archive the one with that SHA-256? False: a message says which it has, and then `so`. */
bool bundle_is(const struct source *, const char *sha256, const char *so);

/*
 * Everything in the arena; bytes stay in the source, which is to outlive the bundle. False: it is
 * not one, is damaged or holds anything a bundle does not, and E050 says what and where.
 */
bool bundle_read(struct bundle *, struct arena *, const struct source *, struct diags *);

/* The archive. Fills in paths, digests and manifest; profiles and filters may come in any order. */
void bundle_write(struct buf *, struct bundle *);

/* The filter for a node; NULL: none was packed for its ABI and capabilities. */
const struct bundle_filter *bundle_find(
	const struct bundle_profile *, const struct abi *node, uint64_t caps);

/*
 * Were the filters made with what this node is to have, kernel, runtime and all? NULL if so, else
 * what differs, in words, in the arena: "it was packed for kernel 6.1".
 */
const char *bundle_differs(struct arena *, const struct bundle *, const struct node_facts *);

/* A packed filter that was proved. */
struct bundle_proved {
	const struct profile *profile;
	const struct policy *policy; /* what the profile means, with the bundle's options */
	struct program program;      /* the whole blob */
	size_t code;                 /* instructions before its trailer */
	struct proven proven;
};

/*
 * Proves the filter against the packed profile, as if somebody else had made it, and what the
 * manifest and the filter's trailer say of it. False: E051, or what the profile has wrong, is in
 * the diagnostics, whose source is the profile.
 */
bool bundle_prove_filter(struct arena *, const struct bundle *, const struct bundle_profile *,
	const struct bundle_filter *, struct diags *, struct bundle_proved *);

/* The same, and that the packed JSON is the profile flattened. */
bool bundle_prove(struct arena *, const struct bundle *, const struct bundle_profile *,
	const struct bundle_filter *, struct diags *);

/* The profile's text as a source, named "BUNDLE:NAME", in the arena. */
struct source bundle_source(
	struct arena *, const struct bundle *, const struct bundle_profile *);

#endif
