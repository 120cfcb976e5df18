#ifndef TOOLS_NODE_INSTALL_REPORT_H
#define TOOLS_NODE_INSTALL_REPORT_H

/* What a pass did, profile by profile. */

#include "../../backends/bpf/sha256.h"
#include "../../compiler/say/diag.h"

#include <stdbool.h>
#include <stddef.h>

enum outcome {
	OUTCOME_UNCHANGED,
	OUTCOME_INSTALLED, /* a generation came into force */
	OUTCOME_REPAIRED,  /* files were not what the record in force says */
	OUTCOME_HELD,      /* a rollback turned this source away */
	OUTCOME_FAILED,    /* what was in force still is */
	OUTCOMES
};

struct install_result {
	const char *name;
	enum outcome outcome;
	int status;           /* enum exit_status: EXIT_DONE unless it failed */
	unsigned generation;  /* in force now; 0: none */
	const char *why;      /* it failed: "profile.json:3:4: error: ... [E005 syntax]" */
	bool untrue;          /* it failed the self-test */
	bool repaired;        /* files were not as installed, and are again */
	double seconds;       /* it took to be read, compiled and proved */
	bool found[DIAG_IDS]; /* what was found about the profile, be it in force or not */
	const char *said;     /* of that, as text without colour; with `made` alone */
	char made[SHA256_HEX]; /* what is in force is that of made_digest(); "": it has to be made anew */
};

struct install_report {
	struct install_result *result; /* sorted by name */
	size_t count;
	int status;       /* the largest of them */
	bool node_failed; /* files or memory, be the profiles right or wrong */
	bool unreported;  /* what became of them could not be written down on the node */
};

#endif
