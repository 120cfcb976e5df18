#ifndef TOOLS_VERBS_DEPFILE_H
#define TOOLS_VERBS_DEPFILE_H

/* What a build system has to know: which files were made of which. */

#include "../../compiler/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Can a rule that make and ninja read alike hold a file of that name? Not one with a line break or what is
 * special to either and cannot be escaped for both.
 */
bool depfile_takes(const char *name);

/* "a.bpf b.bpf: a.json\n", of names that it takes. */
void depfile_print(
	struct buf *, const char *const *target, size_t targets, const char *const *source, size_t sources);

#endif
