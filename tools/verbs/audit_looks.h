#ifndef TOOLS_VERBS_AUDIT_LOOKS_H
#define TOOLS_VERBS_AUDIT_LOOKS_H

/*
 * Ways through a filter that are about no one syscall. A call passes unless it is never made and nobody else
 * is asked, as in `deny` of an assertion. Exact, of every call there is, but where a budget ends.
 */

#include "../lib/assertion_judge.h"

/* Adds lines to `why`. HOLDS: there is no such way. */
typedef enum finding look(struct asserting *, const struct abi *native, struct buf *why);

look look_arch, look_companions, look_new, look_low_half, look_int, look_personality;

#endif
