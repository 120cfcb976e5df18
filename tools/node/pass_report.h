#ifndef TOOLS_NODE_PASS_REPORT_H
#define TOOLS_NODE_PASS_REPORT_H

/* What became of each profile in the last pass, kept on the node so that status can tell. */

#include "install_report.h"
#include "root.h"

struct pass_line {
	const char *name;
	bool failed, held;
	int status;
	const char *why; /* "" unless it failed */
	bool found[DIAG_IDS]; /* what was found about the profile */
	const char *made, *said; /* as in struct install_result; "" without */
};

struct pass_report {
	bool present; /* there was a pass */
	const char *wrong; /* why what stands there is not believed, with its path; NULL: it is, or nothing is there */
	const char *source;
	unsigned repaired; /* how often files were not as installed and were put right, ever */
	struct pass_line *line;
	size_t count;
};

/* What was repaired is added up to what was `before`. Written only if it differs from what is there, or that is not believed. */
bool pass_report_store(struct arena *, const struct root *, const char *source, const struct pass_report *before,
	const struct install_report *);

/* False: it cannot be read, and a message said so. A report that makes no sense, that others may write, or
 * of another version of winnow, is none. */
bool pass_report_load(struct pass_report *, struct arena *, const struct root *);

/* NULL: the profile was not in the source. */
const struct pass_line *pass_report_find(const struct pass_report *, const char *name);

#endif
