#ifndef TOOLS_LIB_CALL_JSON_H
#define TOOLS_LIB_CALL_JSON_H

/* Calls and verdicts as parts of JSON documents (doc/output.schema.json). */

#include "../../compiler/base/buf.h"
#include "../../compiler/kernel/call.h"

/* {"abi", "arch", "name", "nr", "args"}: abi and name are null where winnow knows none. */
void call_json(struct buf *, const struct call *);

/* {"action": "ERRNO(1)", "value": 327681} */
void verdict_json(struct buf *, uint32_t ret);

#endif
