#ifndef COMPILER_READ_YAML_H
#define COMPILER_READ_YAML_H

/*
 * YAML as the JSON it stands for: the nodes of json.h, with what scalars say beside them and places
 * in the YAML text. Strict: what readers of YAML disagree about is refused (doc/formats.md).
 */

#include "json.h"

/* False (and diagnostics) if the source is not one YAML document of that kind. */
bool yaml_read(struct json *, struct arena *, const struct source *, struct diags *);

#endif
