#ifndef TOOLS_NODE_METRICS_H
#define TOOLS_NODE_METRICS_H

/*
 * A node's state for Prometheus, in its text format 0.0.4: for `winnow status`, and as a file for
 * node_exporter's textfile collector. doc/install.md lists the metrics.
 */

#include "install.h"
#include "status.h"

/* Of the last pass, its durations; NULL: not known, and not told. */
void metrics_write(struct buf *, const struct status *, const struct install_report *);

/* `status --format prometheus`: all that does not need a pass. */
void metrics_print(struct buf *, const struct status *);

#endif
