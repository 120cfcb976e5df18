#ifndef TOOLS_LIB_PARTS_H
#define TOOLS_LIB_PARTS_H

/*
 * The profiles that a file holds: YAML documents as `helm template` prints them, items of a List or a
 * Template, entries of ConfigMaps. What holds none (a Deployment between them) is counted.
 */

#include "../../compiler/profile/profile.h"
#include "input_options.h"

struct part {
	const char *name;    /* "SeccompProfile 'web'"; NULL: the file as a whole */
	const char *called;  /* metadata.name of a SeccompProfile; NULL: it is none, or has none */
	uint32_t start, len; /* of its document in the source */
	size_t item;         /* of a list, from 1; 0: no list */
	const char *entry;   /* of a ConfigMap; NULL: the only one, or none */
};

struct parts {
	struct part *part;
	size_t count;
	size_t others;     /* documents, items and entries that are no profiles */
	const char *other; /* the first of them */
};

/*
 * At least one part: the whole file if it is a profile by itself, or holds none, or if a format or an
 * entry is wished for. Names are in `kept`; what was in `work` is gone.
 */
void parts_find(struct parts *, struct arena *kept, struct arena *work, const struct source *,
	const struct input_options *);

/* The part as a source of its own, and what is wished of it. */
struct source part_source(const struct part *, const struct source *);
struct input_options part_options(const struct part *, const struct input_options *);

/* Findings about the part, moved to where they stand in the file. */
void part_place(const struct part *, struct diags *);

#endif
