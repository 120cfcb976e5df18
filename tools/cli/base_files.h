#ifndef TOOLS_CLI_BASE_FILES_H
#define TOOLS_CLI_BASE_FILES_H

/* The files of --base-dir (tools/lib/base_files.h). */

#include "../lib/base_files.h"

extern const struct base_files cli_base_files;

#endif
