#ifndef TOOLS_LIB_PARTS_H
#define TOOLS_LIB_PARTS_H

/*
 * The profiles that a file holds: YAML documents as `helm template` prints them, items of a List or a
 * Template, entries of ConfigMaps. What holds none (a Deployment between them) is counted.
 */

#include "../../compiler/profile/profile.h"
#include "../../compiler/read/json.h"
#include "input_options.h"

struct part {
	const char *name;    /* "SeccompProfile 'web'"; NULL: the file as a whole */
	const char *called;  /* metadata.name of a SeccompProfile; NULL: it is none, or has none */
	const char *space;   /* metadata.namespace; NULL: it has none */
	uint32_t start, len; /* of its document in the source */
	size_t item;         /* of a list, from 1; 0: no list */
	const char *entry;   /* of a ConfigMap; NULL: the only one, or none */
};

struct parts {
	struct part *part;
	size_t count;
	size_t others;     /* documents, items and entries that are no profiles */
	const char *other; /* the first of them */
	size_t unkind;     /* of them without a kind: they might be meant as profiles */
};

/*
 * At least one part: the whole file if it is a profile by itself, or holds none, or if a format or an
 * entry is wished for. Names are in `kept`; what was in `work` is gone.
 */
void parts_find(struct parts *, struct arena *kept, struct arena *work, const struct source *,
	const struct input_options *);

/* How long the document is that begins at `at`, below the length of the source. */
size_t parts_document(const struct source *, bool yaml, size_t at);

/* The array of a document's items, if it is a List or a Template; JSON_NONE: it is none, and one object. */
uint32_t parts_items(const struct json *, struct arena *);

/* Is the object a profile, or does it hold one? Of entries of a ConfigMap that is not asked. */
bool parts_holds(const struct json *, struct arena *, uint32_t object);
bool parts_is_config_map(const struct json *, struct arena *, uint32_t object);

/* Is the word anywhere in the text? Where not, it need not be read. */
bool parts_speaks_of(const struct source *, const char *word);

/* metadata.annotations of the object; JSON_NONE: it has none. */
uint32_t parts_annotations(struct arena *, const struct json *, uint32_t object);

/*
 * The value of what is install's to take (doc/install.md), in metadata.annotations of the document as it is; NULL: it has
 * none, or is no document. json_text() of *value is the text, if that is a string.
 */
#define OWN_OPTIONS_KEY "winnow/options"
const struct json *parts_own_options(struct arena *, const struct source *, uint32_t *value);

/* "Pod 'web'", in `kept`; of a text that is not to be shown "...". */
const char *parts_name(
	struct arena *kept, struct arena *work, const struct source *, const struct json *, uint32_t object);

/* The part as a source of its own, and what is wished of it. */
struct source part_source(const struct part *, const struct source *);
struct input_options part_options(const struct part *, const struct input_options *);

/* Findings about the part, moved to where they stand in the file. */
void part_place(const struct part *, struct diags *);

#endif
