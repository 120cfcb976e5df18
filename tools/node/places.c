/*
 * The kubelet looks for localhostProfile below var/lib/kubelet/seccomp; containerd reads
 * base_runtime_spec wherever its configuration says, and Docker's daemon seccomp-profile, which --print-config does. A profile's name
 * does not begin with ".", so nothing of winnow's own can be mistaken for one's.
 */

#include "places.h"

#include "../../compiler/base/buf.h"

const char *const place_names[PLACES] = {
	[PLACE_JSON] = "json", [PLACE_BPF] = "bpf", [PLACE_BASE_SPEC] = "base-spec",
	[PLACE_DOCKER] = "docker"};

const char *const place_stored[PLACES] = {[PLACE_JSON] = "profile.json",
	[PLACE_BPF] = "profile.bpf",
	[PLACE_BASE_SPEC] = "base-spec.json",
	[PLACE_DOCKER] = "docker.json"};

static const struct {
	const char *folder, *extension;
} rows[PLACES] = {
	[PLACE_JSON] = {"var/lib/kubelet/seccomp", "json"},
	[PLACE_BPF] = {PLACES_HOME, "bpf"},
	[PLACE_BASE_SPEC] = {"etc/containerd/seccomp", "json"},
	[PLACE_DOCKER] = {"etc/docker/seccomp", "json"},
};

/*
 * containerd's CRI plugin does not load without a base spec it names (1.6.20, 2.1.9), and the node is lost to
 * Kubernetes; dockerd without daemon.json's seccomp-profile says "opening seccomp profile failed" (20.10.24).
 */
const char *place_needed(enum place place)
{
	static const char *const needed[PLACES] = {
		[PLACE_BASE_SPEC] = "containerd does not start while its configuration names a base spec",
		[PLACE_DOCKER] = "Docker's daemon does not start while daemon.json names a profile",
	};

	return needed[place];
}

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
