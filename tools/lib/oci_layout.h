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
#define OCI_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define OCI_REF_NAME "org.opencontainers.image.ref.name"

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

/* One of those that a layout has. */
struct oci_profile {
	const char *name; /* its tag; "" if it has none */
	struct source text;
};

/* Is the folder a layout? What is wrong with it otherwise oci_layout_list() says. */
bool oci_layout_is(struct arena *, const struct base_files *, const char *folder, bool follow);

/* All profiles of a layout. False: *why says what is wrong, such as a manifest of something else. */
bool oci_layout_list(struct arena *, const struct base_files *, const char *folder, bool follow,
	struct oci_profile **, size_t *count, const char **why);

#endif
