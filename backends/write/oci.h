#ifndef BACKENDS_WRITE_OCI_H
#define BACKENDS_WRITE_OCI_H

/* A filter as JSON that takes it into a container: part of a config.json, or a hook that adds it.
 */

#include "../../compiler/base/buf.h"
#include "../../compiler/profile/profile.h"

/*
 * The keys of config.json that make crun load `bytes`: its annotation, and linux.seccomp with the
 * profile's flags and listener.
 */
void oci_write(struct buf *, const char *bytes, size_t len, const struct profile *);
/* The value of linux.seccomp in there. */
void oci_write_seccomp(struct buf *, const struct profile *);
/* A precreate hook that merges those into the config.json of containers annotated
 * winnow.profile=NAME. */
void oci_write_hook(
	struct buf *, const char *bytes, size_t len, const struct profile *, const char *name);

#endif
