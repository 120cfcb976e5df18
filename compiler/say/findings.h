#ifndef COMPILER_SAY_FINDINGS_H
#define COMPILER_SAY_FINDINGS_H

/*
 * What several readings of one profile (by runtimes, on ABIs) found, as one list: what two readings
 * say alike is there once, and knows who said it.
 */

#include "diag.h"

/* One pass over the profile, and a bit for whose it was; 0: everyone's. */
struct reading {
	struct diags *diags;
	uint32_t reader;
};

/* What the user makes of single diagnostics. */
struct weights {
	bool raised[DIAG_IDS];  /* a warning is an error */
	bool dropped[DIAG_IDS]; /* a warning or note is not wanted */
};

struct findings {
	struct diags diags;      /* sorted by place, severities weighed */
	const uint32_t *readers; /* by position in diags: bits of those who found it */
};

/* Nothing of the readings but the source is used afterwards. */
void findings_join(struct findings *, struct arena *, const struct source *, const struct reading *,
	size_t readings, const struct weights *);

#endif
