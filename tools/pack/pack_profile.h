#ifndef TOOLS_PACK_PACK_PROFILE_H
#define TOOLS_PACK_PACK_PROFILE_H

/* Profiles to what a bundle holds of them. */

#include "bundle.h"

#include "../cli/options.h"

/* What is packed of every profile. */
struct packing {
	const struct verb *verb;
	const char *arch; /* as --arch gives it; NULL: native */
	const uint64_t *caps; /* sets of capabilities, none twice */
	size_t caps_sets;
	bool quiet;
	const char *colour;
};

/*
 * Compiles, flattens and proves one profile for all ABI sets and sets of capabilities of the
 * packing, and adds it to the bundle, whose `profile` has room for it; its options hold. What is
 * kept of it goes into `kept`; the content of `arena` is not used afterwards, nor of `each`, which is for a filter at a time.
 * EXIT_DONE, or what to exit with,
 * the message printed.
 */
int make_profile(struct bundle *, struct arena *kept, struct arena *arena, struct arena *each, const struct packing *,
	const struct source *);

#endif
