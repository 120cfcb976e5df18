#ifndef COMPILER_SAY_FINDINGS_H
#define COMPILER_SAY_FINDINGS_H

/*
 * What several readings of one profile (by runtimes, on ABIs) found, as one list: what two readings
 * say alike is there once, and knows who said it on which; again for ABIs on which others did.
 */

#include "diag.h"

#define FINDINGS_NODES 32u /* ABIs of nodes are bits */

/* One pass over the profile, a bit for whose it was (0: everyone's, on all ABIs), and the number of the node's ABI. */
struct reading {
	struct diags *diags;
	uint32_t reader;
	uint32_t node;
};

/* What the user makes of single diagnostics. */
struct weights {
	bool raised[DIAG_IDS];  /* a warning is an error */
	bool dropped[DIAG_IDS]; /* a warning or note is not wanted */
};

struct findings {
	struct diags diags;      /* sorted by place, severities weighed */
	const uint32_t *readers; /* by position in diags: bits of those who found it; 0: everyone */
	const uint32_t *nodes;   /* and of the ABIs on which all of them did; 0: all */
};

/* Nothing of the readings but the source is used afterwards. */
void findings_join(struct findings *, struct arena *, const struct source *, const struct reading *,
	size_t readings, const struct weights *);

#endif
