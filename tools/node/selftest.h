#ifndef TOOLS_NODE_SELFTEST_H
#define TOOLS_NODE_SELFTEST_H

/* A filter tried on this kernel before it comes into force. */

#include "prepare.h"

enum selftest {
	SELFTEST_PASSED,
	SELFTEST_FAILED,    /* the kernel refuses the filter, or does not do what it says; told */
	SELFTEST_ELSEWHERE, /* the filter is for another machine: not tried; told */
};

/*
 * Load the blob in throw-away children, make calls there that do no harm whatever becomes of them,
 * and compare with what the filter says. *why: the first thing wrong, in the arena. `verbose`: say
 * what was tried.
 */
enum selftest selftest(struct arena *, const char *name, const struct prepared *,
	const struct abi *, bool verbose, const char **why);

#endif
