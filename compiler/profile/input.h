#ifndef COMPILER_PROFILE_INPUT_H
#define COMPILER_PROFILE_INPUT_H

/*
 * Which of the formats a document is, and where in it the profile lies. Told by content; a user may
 * force it, and then keys of other formats are unknown ones.
 */

#include "../read/json.h"
#include "profile.h"

/* What a document is to be taken for. */
enum input {
	INPUT_ANY, /* by content */
	INPUT_DOCKER,
	INPUT_OCI,
	INPUT_COMMON,
	INPUT_CONFIG,
	INPUT_SPO,
	INPUT_CONFIG_MAP,
	INPUTS
};

/* "docker", "oci", "common", "config", "spo", "configmap"; "any" for INPUT_ANY. */
bool input_find(const char *name, enum input *);
const char *input_name(enum input);

/* False (and diagnostics) if profiles lie in several of the places and no format was asked for. */
bool input_is_one(const struct json *, struct arena *, enum input, struct diags *);

/* The node that holds the profile, JSON_NONE if the document is none of what is looked for. */
uint32_t input_locate(const struct json *, struct arena *, enum input, enum profile_format *);

/* Keys beyond the OCI's that the format has: enum dialect_keys. */
uint8_t input_keys(enum input);

/* What was recognised, in people's words: "a Docker profile". */
const char *input_describe(const struct profile *);

#endif
