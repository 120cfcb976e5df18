/*
 * Formats are told by where the profile lies (the root, linux.seccomp, spec) and, among those at
 * the root, by the keys it uses: errno names are containers/common's, conditions and archMap
 * Docker's. The keys do not overlap, so one reader takes all of them (profile_read.c).
 */

#include "input.h"

#include "dialect.h"

#include <string.h>

static const char *const names[INPUTS] = {
	[INPUT_ANY] = "any",
	[INPUT_DOCKER] = "docker",
	[INPUT_OCI] = "oci",
	[INPUT_COMMON] = "common",
	[INPUT_CONFIG] = "config",
	[INPUT_SPO] = "spo",
	[INPUT_CONFIG_MAP] = "configmap",
};

bool input_find(const char *name, enum input *input)
{
	for (size_t i = 0; i < INPUTS; i++) {
		if (strcmp(names[i], name) == 0) {
			*input = (enum input)i;
			return true;
		}
	}
	return false;
}

const char *input_name(enum input input)
{
	return names[input];
}

uint8_t input_keys(enum input input)
{
	switch (input) {
	case INPUT_ANY:
	case INPUT_CONFIG_MAP:
		return KEYS_DOCKER | KEYS_KERNEL | KEYS_ERRNO;
	case INPUT_DOCKER:
		return KEYS_DOCKER | KEYS_KERNEL;
	case INPUT_COMMON:
		return KEYS_DOCKER | KEYS_ERRNO;
	case INPUT_OCI:
	case INPUT_CONFIG:
	case INPUT_SPO:
		return 0;
	case INPUTS:
		break;
	}
	unreachable();
}

/* --- where --- */

static bool reads_like_profile(const struct json *j, struct arena *arena, uint32_t object)
{
	return json_look_up(j, arena, object, "defaultAction") != JSON_NONE ||
		json_look_up(j, arena, object, "syscalls") != JSON_NONE ||
		json_look_up(j, arena, object, "archMap") != JSON_NONE;
}

/* A config.json without a filter has the key all the same, or null there. */
static uint32_t in_config(const struct json *j, struct arena *arena)
{
	uint32_t inside = json_look_up(j, arena, json_look_up(j, arena, 0, "linux"), "seccomp");

	return inside != JSON_NONE && j->node[inside].type == JSON_NULL ? JSON_NONE : inside;
}

static uint32_t in_resource(const struct json *j, struct arena *arena)
{
	uint32_t inside = json_member(j, arena, 0, "spec");

	return reads_like_profile(j, arena, inside) ? inside : JSON_NONE;
}

static uint32_t at_root(const struct json *j, struct arena *arena)
{
	bool empty = j->node[0].type == JSON_OBJECT && !j->node[0].count;

	return empty || reads_like_profile(j, arena, 0) ? 0 : JSON_NONE;
}

/* Each program looks in one place, and does not see the other. */
bool input_is_one(const struct json *j, struct arena *arena, enum input input, struct diags *diags)
{
	static const char *const readers[] = {
		"at the root of the file: Docker, podman, containerd and CRI-O read this one",
		"under 'linux.seccomp': runc and crun read this one, of a bundle's config.json",
		"under 'spec': the Security Profiles Operator reads this one",
	};
	const uint32_t place[] = {at_root(j, arena), in_config(j, arena), in_resource(j, arena)};
	size_t found = 0;

	for (size_t i = 0; i < countof(place); i++)
		found += place[i] != JSON_NONE;
	if (found < 2 || (input != INPUT_ANY && input != INPUT_CONFIG_MAP))
		return true;
	diag(diags, DIAG_ENTRY, j->node[0].at, 1,
		"the file is %zu profiles, of other readers: the option input-format says which one is meant", found);
	for (size_t i = 0; i < countof(place); i++) {
		if (place[i] != JSON_NONE)
			diag_note(diags, j->node[place[i]].at, 1, "%s", readers[i]);
	}
	return false;
}

uint32_t input_locate(
	const struct json *j, struct arena *arena, enum input input, enum profile_format *format)
{
	bool any = input == INPUT_ANY || input == INPUT_CONFIG_MAP;
	uint32_t found = JSON_NONE;

	if (any || input == INPUT_CONFIG) {
		*format = FORMAT_CONFIG_JSON;
		found = in_config(j, arena);
	}
	if (found == JSON_NONE && (any || input == INPUT_SPO)) {
		*format = FORMAT_SECCOMP_PROFILE;
		found = in_resource(j, arena);
	}
	if (found == JSON_NONE && input != INPUT_CONFIG && input != INPUT_SPO) {
		*format = FORMAT_PROFILE;
		found = at_root(j, arena);
	}
	return found;
}

const char *input_describe(const struct profile *p)
{
	switch (p->format) {
	case FORMAT_CONFIG_JSON:
		return "the linux.seccomp of an OCI config.json";
	case FORMAT_SECCOMP_PROFILE:
		return "a SeccompProfile of the Security Profiles Operator";
	case FORMAT_PROFILE:
		break;
	}
	if (p->keys & KEYS_ERRNO)
		return "a containers/common profile";
	return p->keys & (KEYS_DOCKER | KEYS_KERNEL) ? "a Docker profile" : "an OCI profile";
}
