#ifndef TOOLS_LIB_FILE_REFERENCES_H
#define TOOLS_LIB_FILE_REFERENCES_H

/* Files that a Kubernetes object names as profiles, which it does not hold itself. */

#include "input_options.h"

#include "../../compiler/say/diag.h"

/*
 * Notes on the finding added last: each localhostProfile of the source's documents with its place, where the kubelet looks
 * for it, and where it is at hand: beside the source or below wish->base_dir, if wish says who opens files. Of a text that
 * is no document none.
 */
void references_note(struct arena *, const struct source *, const struct input_options *, struct diags *);

/*
 * The same as findings (N066), of objects that are no profiles themselves: "Pod 'web' only names 'web.json'"; and annotations
 * of these that are meant for winnow, which reads none there that has another name than a profile's (W082).
 */
void references_tell(struct arena *, const struct source *, const struct input_options *, struct diags *);

#endif
