/*
 * A pod chooses a base spec by its RuntimeClass, whose handler is a runtime of containerd's
 * configuration (docs/cri/config.md). containerd reads a base spec when it starts. The plugin that has the
 * runtimes is called otherwise in version 3 of the configuration (containerd 2.0 on) than in version 2, which
 * containerd 2 reads, too; a table of the other version is ignored without a word (seen with 2.1.9), and a pod
 * of the handler hangs.
 *
 * CRI-O and Docker take the path of one profile as the default of containers that name none: seccomp_profile of
 * crio.conf(5), seccomp-profile of daemon.json. One is meant, and JSON has no comments to say which others there are.
 */

#include "print_config.h"

#include "places.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../../compiler/base/base.h"
#include "../../compiler/base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HANDLER           "crun-"
#define NAME_MAX_OF_LABEL 63 /* RFC 1123 */

/* Handlers and RuntimeClasses are DNS labels; a profile's name may be none. */
static bool handler(char label[static NAME_MAX_OF_LABEL + 1], const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	int len = snprintf(label, NAME_MAX_OF_LABEL + 1, HANDLER "%s", name);
	size_t end = strlen(name);

	return len <= NAME_MAX_OF_LABEL && strspn(name, plain) == end && name[end - 1] != '-';
}

/* What a configuration of containerd is called, and the table of its runtimes. */
static const struct version {
	const char *name;
	char number;
	const char *runtimes;
} versions[] = {
	{"containerd@2", '2', "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes"},
	{"containerd@3", '3', "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes"},
};

/* NULL: none. Without a number it is the one that each containerd reads. */
static const struct version *find_version(const char *what)
{
	for (size_t i = 0; i < countof(versions); i++) {
		if (strcmp(what, versions[i].name) == 0)
			return &versions[i];
	}
	return !*what || strcmp(what, "containerd") == 0 ? &versions[0] : NULL;
}

static void print_handler(struct buf *b, const char *runtimes, const char *label, const char *name)
{
	buf_printf(b, "%s.%s]\n", runtimes, label);
	buf_text(b, "  runtime_type = \"io.containerd.runc.v2\"\n");
	buf_printf(
		b, "  base_runtime_spec = \"/%s\"\n", place_path(b->arena, PLACE_BASE_SPEC, name));
	buf_printf(b, "%s.%s.options]\n", runtimes, label);
	buf_text(b, "  BinaryName = \"/usr/bin/crun\"\n");
}

static void print_class(struct buf *b, const char *label)
{
	buf_text(b, "---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata:\n");
	buf_printf(b, "  name: %s\nhandler: %s\n", label, label);
}

/* A file that names one profile as the default of all containers. */
static const struct single {
	const char *name;
	enum place place;
	const char *before, *after; /* the path */
} singles[] = {
	{"crio", PLACE_JSON,
		"# into a file of /etc/crio/crio.conf.d: for containers that ask for RuntimeDefault, or for nothing\n"
		"[crio.runtime]\n  seccomp_profile = \"/",
		"\"\n"},
	{"docker", PLACE_DOCKER, "{\n  \"seccomp-profile\": \"/", "\"\n}\n"},
};

/* "docker", "docker:web". NULL: none; *profile is what stands behind the colon, or NULL. */
static const struct single *find_single(const char *what, const char **profile)
{
	size_t len = strcspn(what, ":");

	*profile = what[len] ? what + len + 1 : NULL;
	for (size_t i = 0; i < countof(singles); i++) {
		if (strlen(singles[i].name) == len && memcmp(singles[i].name, what, len) == 0)
			return &singles[i];
	}
	return NULL;
}

/* The name asked for, or the only one there is. NULL: neither. */
static const char *find_profile(const struct profile_sources *sources, const char *profile)
{
	for (size_t i = 0; i < sources->count; i++) {
		const char *name = sources->source[i].name;
		if (!sources_name_ok(name, strlen(name)))
			continue; /* its install fails */
		if (profile ? strcmp(profile, name) == 0 : sources->count == 1)
			return name;
	}
	return NULL;
}

static int print_single(struct arena *arena, const struct verb *verb, const struct profile_sources *sources,
	const struct single *single, const char *root, const char *profile)
{
	const char *name = find_profile(sources, profile);
	struct buf b;

	buf_init(&b, arena);
	for (size_t i = 0; !name && i < sources->count; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", utf8_string(arena, sources->source[i].name));
	if (!name && profile)
		return usage(verb, "--print-config=%s: there is no profile '%s'; one of %s", single->name, profile,
			buf_string(&b));
	if (!name)
		return usage(verb, "%s has one default: --print-config=%s:NAME, with one of %s", single->name,
			single->name, buf_string(&b));
	const char *path = place_path(arena, single->place, name);
	if (access(buf_print(arena, "%s/%s", root, path), F_OK) != 0)
		message("/%s is not there yet: install with --layout %s first", path, place_names[single->place]);
	buf_printf(&b, "%s%s%s", single->before, path, single->after);
	return files_print(&b) ? EXIT_DONE : EXIT_HOST;
}

int print_config(struct arena *arena, const struct verb *verb,
	const struct profile_sources *sources, const char *root, const char *what)
{
	const char *profile;
	const struct single *single = find_single(what, &profile);
	const struct version *version = find_version(what);
	bool classes = strcmp(what, "runtimeclass") == 0 || !*what;
	char label[NAME_MAX_OF_LABEL + 1];
	struct buf toml, yaml;
	int status = EXIT_DONE;

	if (single)
		return print_single(arena, verb, sources, single, root, profile);
	if (!version && !classes)
		return usage(verb,
			"unknown --print-config '%s'; one of containerd, containerd@2, containerd@3, runtimeclass, crio, docker",
			what);
	buf_init(&toml, arena);
	buf_init(&yaml, arena);
	if (version)
		buf_printf(&toml, "# into /etc/containerd/config.toml, if it says version = %c\n", version->number);
	for (size_t i = 0; i < sources->count; i++) {
		const char *name = sources->source[i].name;
		if (!sources_name_ok(name, strlen(name)))
			continue; /* its install fails */
		if (!handler(label, name)) {
			message("%s: no handler: its name takes a-z, 0-9 and '-', and %zu bytes at "
				"most",
				name, NAME_MAX_OF_LABEL - strlen(HANDLER));
			status = EXIT_FINDING;
			continue;
		}
		if (version)
			print_handler(&toml, version->runtimes, label, name);
		print_class(&yaml, label);
	}
	if (version && !files_print(&toml))
		return EXIT_HOST;
	if (!*what)
		printf("\n# kubectl apply -f -\n");
	fflush(stdout);
	return classes && !files_print(&yaml) ? EXIT_HOST : status;
}
