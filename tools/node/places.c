/*
 * The kubelet looks for localhostProfile below var/lib/kubelet/seccomp; containerd reads
 * base_runtime_spec wherever its configuration says, which --print-config does. A profile's name
 * does not begin with ".", so nothing of winnow's own can be mistaken for one's.
 */

#include "places.h"

#include "../../compiler/base/buf.h"

const char *const place_names[PLACES] = {
	[PLACE_JSON] = "json", [PLACE_BPF] = "bpf", [PLACE_BASE_SPEC] = "base-spec"};

const char *const place_stored[PLACES] = {[PLACE_JSON] = "profile.json",
	[PLACE_BPF] = "profile.bpf",
	[PLACE_BASE_SPEC] = "base-spec.json"};

static const struct {
	const char *folder, *extension;
} rows[PLACES] = {
	[PLACE_JSON] = {"var/lib/kubelet/seccomp", "json"},
	[PLACE_BPF] = {PLACES_HOME, "bpf"},
	[PLACE_BASE_SPEC] = {"etc/containerd/seccomp", "json"},
};

const char *place_folder(enum place place)
{
	return rows[place].folder;
}

const char *place_path(struct arena *arena, enum place place, const char *name)
{
	return buf_print(arena, "%s/%s.%s", rows[place].folder, name, rows[place].extension);
}

const char *place_record(struct arena *arena, const char *name)
{
	return buf_print(arena, PLACES_HOME "/%s.json", name);
}

const char *place_generations(void)
{
	return PLACES_HOME "/generations";
}

const char *place_history(struct arena *arena, const char *name)
{
	return buf_print(arena, "%s/%s", place_generations(), name);
}

const char *place_generation(struct arena *arena, const char *name, unsigned generation)
{
	return buf_print(arena, "%s/%s/%u", place_generations(), name, generation);
}

const char *place_in(struct arena *arena, const char *name, unsigned generation, const char *file)
{
	return buf_print(arena, "%s/%s/%u/%s", place_generations(), name, generation, file);
}
