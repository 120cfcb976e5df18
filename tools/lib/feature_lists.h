#ifndef TOOLS_LIB_FEATURE_LISTS_H
#define TOOLS_LIB_FEATURE_LISTS_H

/*
 * The lists in what `runc features` prints (runtime-spec features-linux.md, "seccomp"), held against what the
 * runtime's row has: actions, operators, archs, knownFlags, supportedFlags. A list that is not there says
 * nothing; crun 1.28 prints the first two alone.
 */

#include "../../compiler/base/buf.h"
#include "../../compiler/profile/dialect.h"
#include "../../compiler/read/json.h"

/* Adds to the text where they differ: "'archs' lacks SCMP_ARCH_RISCV64; 'knownFlags' has X, too"; else nothing. */
void feature_lists_hold(struct buf *, const struct json *, uint32_t seccomp, const struct dialect *);

#endif
