#ifndef TOOLS_VERBS_OVERVIEW_JSON_H
#define TOOLS_VERBS_OVERVIEW_JSON_H

/* What compiler/explain/overview.h says, for programs: doc/output.schema.json has the document. */

#include "../../compiler/explain/explain.h"

/* question.abi says of which ABI alone; NULL: of all that the filter covers. */
void overview_json(struct buf *, const struct question *);

#endif
