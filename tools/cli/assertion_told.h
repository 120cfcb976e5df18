#ifndef TOOLS_CLI_ASSERTION_TOLD_H
#define TOOLS_CLI_ASSERTION_TOLD_H

#include "../lib/assertion.h"

/* On stderr: "FILE:LINE:COLUMN: error: ..." */
extern const struct assertion_ear assertion_told;

#endif
