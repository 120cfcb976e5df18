#ifndef TOOLS_NODE_PLACES_H
#define TOOLS_NODE_PLACES_H

/* Where everything lies below a node's root. doc/install.md has the same for people. */

#include "../../compiler/base/arena.h"

#include <stddef.h>

#define PLACES_HOME   "var/lib/winnow" /* records, blobs, generations */
#define PLACES_LOCK   PLACES_HOME "/.lock" /* of all who write there, and of who reads */
#define PLACES_REPORT PLACES_HOME "/.report.json" /* of the last pass */

/* What a profile is installed as. */
enum place {
	PLACE_JSON,      /* flattened OCI JSON, which the kubelet hands to the runtime */
	PLACE_BPF,       /* the blob */
	PLACE_BASE_SPEC, /* a containerd base runtime spec with crun's annotation */
	PLACE_DOCKER,    /* the same JSON as the first, for Docker's daemon and its clients */
	PLACES
};
extern const char *const place_names[PLACES];  /* as --layout takes them */
extern const char *const place_stored[PLACES]; /* the file's name in a generation */

/*
 * Who does not start if a configuration names the file and it is not there, in words: "containerd does not
 * start while its configuration names a base spec". NULL: nobody.
 */
const char *place_needed(enum place);

/* "var/lib/kubelet/seccomp" */
const char *place_folder(enum place);

/* "var/lib/kubelet/seccomp/NAME.json"; all in the arena. */
const char *place_path(struct arena *, enum place, const char *name);
const char *place_record(struct arena *, const char *name);
/* "var/lib/winnow/generations", "…/NAME", "…/NAME/3", "…/NAME/3/FILE" */
const char *place_generations(void);
const char *place_history(struct arena *, const char *name);
const char *place_generation(struct arena *, const char *name, unsigned generation);
const char *place_in(struct arena *, const char *name, unsigned generation, const char *file);

#define PLACE_STORED_RECORD "record.json" /* the last file of a generation to be written */

#endif
