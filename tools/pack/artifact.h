#ifndef TOOLS_PACK_ARTIFACT_H
#define TOOLS_PACK_ARTIFACT_H

/* `winnow pack --format oci-artifact`: one profile as KEP-6061 has it in a registry. */

#include "../cli/options.h"

/*
 * Writes an OCI image layout (image-spec 1.1) into the folder of --output, which is made: one manifest, its one layer the
 * profile as `resolve` writes it, and held against what the KEP allows. The same input gives the same bytes; index.json
 * comes last, so that what is not complete names nothing. EXIT_DONE, or what to exit with, told.
 */
int artifact_pack(const struct parsed *);

#endif
