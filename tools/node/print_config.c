/*
 * A pod chooses a base spec by its RuntimeClass, whose handler is a runtime of containerd's
 * configuration (docs/cri/config.md). containerd reads a base spec when it starts. The fragment is
 * of version 2 of the configuration, which containerd 2 reads too.
 */

#include "print_config.h"

#include "places.h"

#include "../cli/files.h"
#include "../cli/message.h"

#include <stdio.h>
#include <string.h>

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

static void print_handler(struct buf *b, const char *label, const char *name)
{
	const char *runtimes = "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes";

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

int print_config(struct arena *arena, const struct verb *verb,
	const struct profile_sources *sources, const char *what)
{
	bool handlers = strcmp(what, "containerd") == 0 || !*what;
	bool classes = strcmp(what, "runtimeclass") == 0 || !*what;
	char label[NAME_MAX_OF_LABEL + 1];
	struct buf toml, yaml;
	int status = EXIT_DONE;

	if (!handlers && !classes)
		return usage(
			verb, "unknown --print-config '%s'; one of containerd, runtimeclass", what);
	buf_init(&toml, arena);
	buf_init(&yaml, arena);
	if (!*what)
		buf_text(&toml, "# into /etc/containerd/config.toml (version = 2)\n");
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
		print_handler(&toml, label, name);
		print_class(&yaml, label);
	}
	if (handlers && !files_print(&toml))
		return EXIT_HOST;
	if (!*what)
		printf("\n# kubectl apply -f -\n");
	fflush(stdout);
	return classes && !files_print(&yaml) ? EXIT_HOST : status;
}
