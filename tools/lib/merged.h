#ifndef TOOLS_LIB_MERGED_H
#define TOOLS_LIB_MERGED_H

/*
 * Profiles become one by their meaning, or one is said anew (doc/merge.md). The result is a policy, proved to
 * be for every call what is chosen of the answers of all; JSON is made of that and proved against it.
 */

#include "../../compiler/logic/stack.h"
#include "../../compiler/synthesis/restate.h"
#include "../../compiler/synthesis/settings.h"
#include "build.h"

struct merge_side {
	const char *name;
	const struct profile *profile;
	struct diags *diags;
	/* filled in */
	const struct policy *policy;
	const struct ruleset *set; /* if it is for JSON */
	uint32_t meaning;
};

struct merge {
	enum stacked how;
	struct merge_side *side; /* one or more */
	size_t sides;
	const struct node_facts *node; /* of one byte order; for JSON there is one */
	size_t nodes;
	bool json;
	bool terse; /* JSON without what is understood (flatten.h) */
	struct diags *diags; /* of what is not one side's */
	/* filled in */
	struct bdd bdd;
	const struct policy *policy;
	uint32_t meaning; /* of the policy, in the store */
	struct profile settings;
};

/* Fills in what is merged. BUILD_REFUSED: a side's diagnostics or the merge's say why. */
enum build merge_policy(struct arena *, struct merge *, struct mistake *);

/* What became of the policy as JSON. */
struct merge_json {
	struct buf text;
	const struct policy *means; /* what is read back */
	uint32_t meaning;
	bool *lost; /* by syscall: no rules were found (restate.h) */
	bool exact;
	const struct abi **left_out; /* so that their calls are killed */
	size_t abis_left_out;
};

/*
 * JSON (zeroed before) of the policy, as it is read back by every runtime. Where it is not exact, no call is answered more laxly
 * with RESTATE_STRICTER; with RESTATE_HINT, which is for one side, as the side's rules say without
 * --narrow-int-args, and a finding tells of each syscall; with RESTATE_LEAVE it is not to be used.
 * BUILD_REFUSED: the diagnostics say why.
 */
enum build merge_write(
	struct arena *, struct merge *, enum restate_else, struct merge_json *, struct mistake *);

/* Where the JSON answers otherwise than the policy (diff.h), but on ABIs that were left out. */
uint32_t merge_difference(struct merge *, const struct merge_json *);

/* Where a call that a side does not refuse is answered more strictly by the policy (diff.h). */
uint32_t merge_lost(struct merge *, const struct merge_side *);

#endif
