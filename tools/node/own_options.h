#ifndef TOOLS_NODE_OWN_OPTIONS_H
#define TOOLS_NODE_OWN_OPTIONS_H

/* What holds for one profile alone: NAME.options beside it in the source, or its annotation, as JSON. */

#include "prepare.h"

/*
 * {"caps": ["NET_BIND_SERVICE"], "runtime": "containerd", "enosys": "off"}: each as the option of that name says
 * it, and in its place for this profile. False: the diagnostics, about that file, say what is wrong; nothing in it is
 * passed over.
 */
bool own_options_read(struct node_wish *, struct arena *, const struct source *, struct diags *);

/*
 * Options that the document itself has, a SeccompProfile or a ConfigMap, as the same JSON in its annotation
 * OWN_OPTIONS_KEY (parts.h): then they are the source's. False: the diagnostics, about its text, say why they cannot be taken.
 */
bool own_options_annotated(struct arena *, struct profile_source *, struct diags *);

/* What they were, of a record that has some: ", own options: caps CAP_NET_BIND_SERVICE, runtime author, enosys off". */
void own_options_print(struct buf *, const struct record *);

#endif
