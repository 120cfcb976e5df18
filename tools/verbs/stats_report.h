#ifndef TOOLS_VERBS_STATS_REPORT_H
#define TOOLS_VERBS_STATS_REPORT_H

/* A filter's figures, for people and for programs. */

#include "../../backends/bpf/stats.h"
#include "../../compiler/base/buf.h"
#include "../../compiler/tree/layout.h"

enum stats_format { STATS_TEXT, STATS_JSON };

/* The format a word names: "", "text" or "json". */
bool stats_format_find(const char *name, enum stats_format *);

struct stats_request {
	const char *file;
	const char *freq;            /* the file calls are weighted by; NULL: the built-in mix */
	const struct layout *layout; /* its shares are the weights */
	enum stats_format format;
};

/* Count a program for some ABIs, and say so. 0, or why there are no figures: stats.undecided. */
uint64_t stats_report(struct buf *, const struct stats_request *, const struct program *,
	enum byte_order, const struct abi *const *, size_t abis);

#endif
