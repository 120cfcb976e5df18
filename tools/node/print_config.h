#ifndef TOOLS_NODE_PRINT_CONFIG_H
#define TOOLS_NODE_PRINT_CONFIG_H

/* What a cluster is told about base specs: a runtime handler and a RuntimeClass a profile. */

#include "sources.h"

#include "../cli/options.h"

/*
 * To standard output; `what` is "containerd", "runtimeclass" or "" for both, which then is valid
 * for neither. Of one file that it names, and that is not below the root, it is said. EXIT_DONE, EXIT_USAGE, EXIT_HOST; EXIT_FINDING if Kubernetes has no such names.
 */
int print_config(
	struct arena *, const struct verb *, const struct profile_sources *, const char *root, const char *what);

#endif
