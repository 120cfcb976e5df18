#ifndef TOOLS_VERBS_REPORT_H
#define TOOLS_VERBS_REPORT_H

/* Findings of one run over several files, for programs. */

#include "../../arch/arch.h"
#include "../../compiler/say/findings.h"

#define REPORT_VERSION 1 /* of the JSON; raised when a reader of the old one would go wrong */

struct report_file {
	const char *path;
	const char *profile; /* of several in the file: "SeccompProfile 'web'"; NULL: it is one */
	struct findings findings;
	bool read; /* false: there was no such file, or it could not be read */
};

struct report {
	const struct report_file *file;
	size_t files;
	const char *const *reader; /* names, by bit of findings.readers */
	size_t readers;
	const struct abi *const *abi; /* by bit of findings.nodes */
	size_t abis;
};

void report_json(struct buf *, const struct report *);
void report_sarif(struct buf *, const struct report *);

/* For both: the keys "runtimes" and "architectures", of the finding at that position. */
void report_for(struct buf *, const struct report *, const struct findings *, size_t at);

#endif
