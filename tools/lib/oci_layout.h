#ifndef TOOLS_LIB_OCI_LAYOUT_H
#define TOOLS_LIB_OCI_LAYOUT_H

/*
 * Profiles as OCI artefacts, in image layouts on disk (OCI image-spec 1.1, image-layout.md, manifest.md,
 * descriptor.md): oci-layout, index.json, blobs/sha256. What is taken has the digest and the size its descriptor
 * says; nothing is fetched.
 *
 * A profile is the one layer of a manifest. KEP-6061 gives it the media type below. Which one the Security Profiles
 * Operator's spoc gives is not known here.
 */

#include "base_files.h"

#define OCI_SCHEME "oci://"
#define OCI_PROFILE "application/vnd.cncf.seccomp-profile.config.v1+json"

/* What was found of a reference, and what is not sure about it. */
struct oci_found {
	struct source text;      /* the layer */
	const char *media_type;  /* of it, if neither it nor the manifest says OCI_PROFILE; else NULL */
	bool any_repository;     /* the layout names the tag alone: of which repository it does not say */
};

/*
 * "oci://REGISTRY/REPOSITORY:TAG" or "...@sha256:HEX", in the folder if it is a layout, and in those of its folders that
 * are. False: *why says what is wrong, or that it is not there.
 */
bool oci_layout_find(struct arena *, const struct base_files *, const char *folder, const char *reference, bool follow,
	struct oci_found *, const char **why);

#endif
