#ifndef TOOLS_LIB_FLATTEN_PROVED_H
#define TOOLS_LIB_FLATTEN_PROVED_H

/* A profile as plain OCI JSON for one node, proved before anybody sees it. */

#include "build.h"

/*
 * The JSON, held against the profile: read back as every runtime reads it, it means the same; a
 * runtime that refuses it is a finding. BUILD_REFUSED: the diagnostics say why. `proved` is a filter
 * that was proved to be what the profile means with these facts, for the readings to be held against;
 * NULL: one is made here.
 */
enum build flatten_proved(struct arena *, const struct profile *, const struct node_facts *,
	const struct filter *proved, struct diags *, struct buf *json, struct mistake *);

/*
 * The same of a ruleset that is there, of which `means` is the policy, with flags and listener of
 * `settings`. Rules stay as they are. `how`: bits of enum flatten_how.
 */
enum build flatten_proved_rules(struct arena *, const struct ruleset *, const struct policy *means,
	const struct profile *settings, const struct node_facts *, unsigned how, struct diags *,
	struct buf *json, struct mistake *);

#endif
