#ifndef TOOLS_LIB_ANNOTATIONS_H
#define TOOLS_LIB_ANNOTATIONS_H

/* Annotations of a Kubernetes object that are meant for winnow, as their prefix says, and that it does not read (W082). */

#include "../../compiler/read/json.h"

#define ANNOTATION_PREFIX "winnow/"

/* Of an object at `start` in what the diagnostics are about. */
void annotations_tell(
	struct arena *, const struct json *, uint32_t object, size_t start, struct diags *);

/* Of the source, if it is a document whose outermost object has some. */
void annotations_tell_of(struct arena *, const struct source *, struct diags *);

#endif
