#ifndef TOOLS_VERBS_EXPLAIN_FILTER_H
#define TOOLS_VERBS_EXPLAIN_FILTER_H

/* What filters do, where there is no profile to name a rule of: a blob's, or those a process is under. */

#include "../cli/operand.h"

/*
 * On a call: what they answer, which of several decides, and for which arguments it is so. EXIT_DONE, or what
 * to exit with, the message printed.
 */
int explain_filter_call(struct arena *, const struct operand *, const struct abi *, const struct call *);

/* All they allow, ABI by ABI, as Markdown; `abi` NULL: of all ABIs that are not answered alike. The same. */
int explain_filter_all(struct arena *, const struct operand *, const struct abi *native, const struct abi *abi);

#endif
