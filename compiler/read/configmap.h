#ifndef COMPILER_READ_CONFIGMAP_H
#define COMPILER_READ_CONFIGMAP_H

/* A ConfigMap's data: each entry is a file in a string. */

#include "json.h"

/* Is the document a ConfigMap? */
bool configmap_is(const struct json *, struct arena *);

/* False (and a diagnostic) if a key stands beside the data by which a runtime reads the document as a profile. */
bool configmap_is_alone(const struct json *, struct arena *, struct diags *);

/*
 * The entry of that name, or the only one if `name` is NULL, read as JSON with its places in the
 * outer source; *found is its name. False (and diagnostics) if there is none or it is not JSON.
 */
bool configmap_read(struct json *, struct arena *, const struct json *outer, const char *name,
	const char **found, struct diags *);

#endif
