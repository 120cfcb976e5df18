#ifndef TOOLS_LIB_FITS_H
#define TOOLS_LIB_FITS_H

/*
 * Would compile make the policy's filter, for who says what is doubtful about a profile? Most policies are so small
 * that it is known without a try; of others the filter is made and proved, and thrown away.
 */

#include "../../compiler/meaning/policy.h"
#include "../../compiler/say/diag.h"

/* Is it so small that any layout has room, and any proof is within its budget? False says nothing. */
bool fits_plainly(const struct policy *);

/*
 * Says what compile would refuse it with (E032, E033), with the usual layout; or, where that takes more than `most` bytes,
 * that it is not decided.
 */
void fits_tell(const struct policy *, size_t most, struct diags *);

#endif
