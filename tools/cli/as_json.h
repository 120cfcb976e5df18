#ifndef TOOLS_CLI_AS_JSON_H
#define TOOLS_CLI_AS_JSON_H

/* What verbs share that print JSON: doc/output.schema.json has each document. */

#include "options.h"

#include "../../compiler/base/buf.h"
#include "../../compiler/say/source.h"

#define AS_JSON_VERSION 1 /* raised when a reader of the old documents would go wrong */

/* Is --format text (false, the default) or json? EXIT_DONE, or EXIT_USAGE, told. */
int as_json_wanted(const struct parsed *, bool *json);

/* {"version": 1, "tool": {...}, "verb": "check"; the caller goes on with ", ", and closes it. */
void as_json_begin(struct buf *, const char *verb);

/* {"line": 3, "column": 7}; at NOWHERE null. */
void as_json_place(struct buf *, const struct source *, uint32_t at);

#endif
