/*
 * Text to facts. Without --runtime a profile means what its author wrote; ENOSYS is then added to
 * nothing. A runtime brings its own way with new syscalls, which --enosys overrides.
 */

#include "node_options.h"

#include "base_files.h"
#include "files.h"
#include "in_arena.h"
#include "message.h"

#include "../lib/features.h"

#include "../../compiler/kernel/caps.h"
#include "../../compiler/meaning/enosys.h"
#include "../../compiler/profile/input.h"
#include "../../compiler/base/suggest.h"

#include <stdio.h>
#include <string.h>

static int unknown_cap(const struct verb *verb, const char *word, size_t len)
{
	struct suggestion near = suggest_start(word, len);

	for (unsigned cap = 0; cap < CAPS; cap++) {
		suggest_offer(&near, caps_name(cap));
		suggest_offer(&near, caps_name(cap) + strlen("CAP_"));
	}
	if (near.best)
		return usage(verb, "unknown capability '%.*s'; did you mean '%s'?", (int)len, word,
			near.best);
	return usage(verb, "unknown capability '%.*s'", (int)len, word);
}

int node_read_caps(const struct verb *verb, const char *text, uint64_t *caps)
{
	const char *word;
	size_t len;

	return words_caps(text, caps, &word, &len) ? EXIT_DONE : unknown_cap(verb, word, len);
}

int node_read_kernel(const struct verb *verb, const char *text, struct kernel_version *k)
{
	const char *rest;

	if (!text)
		return EXIT_DONE;
	if (!words_kernel(text, k, &rest))
		return usage(verb, "kernel '%s' does not start with two numbers up to 255, as in 6.1", text);
	if (*rest && !strchr(".-+~", *rest))
		message("kernel '%s' is read as %u.%u", text, k->major, k->minor);
	return EXIT_DONE;
}

int unknown_runtime(const struct verb *verb, const char *text)
{
	struct suggestion near = suggest_start(text, strlen(text));

	char versions[64] = "";
	size_t before = strcspn(text, "@");
	if (text[before])
		dialect_list_versions(versions, sizeof(versions), text, before);
	if (*versions)
		return usage(verb, "of %.*s these versions are known: %s", (int)before, text, versions);
	if (text[before] && dialect_find(text, before))
		return usage(verb, "of %.*s no version is told from another", (int)before, text);
	if (dialect_is_strange(text, strlen(text)))
		return usage(verb,
			"how %s reads profiles is not known here: it makes its filters in its own "
			"way",
			text);
	for (size_t i = 0; i < dialect_count; i++)
		suggest_offer(&near, dialects[i].name);
	if (near.best)
		return usage(verb, "unknown runtime '%s'; did you mean '%s'?", text, near.best);
	return usage(verb,
		"unknown runtime '%s'; one of author, docker, podman, containerd, crio, runc, "
		"crun, kep6061",
		text);
}

static void tell_stand_in(const struct parsed *p, const char *runtime)
{
	char text[160];

	if (!p->value[OPT_QUIET] && dialect_stands_in(text, sizeof(text), runtime, strlen(runtime)))
		message("%s", text);
}

/* The rows found are none of the arena's. */
static int read_features(const struct parsed *p, struct node_facts *facts)
{
	const char *path = p->value[OPT_RUNTIME_FEATURES], *why = NULL;
	struct features told;
	struct source source;
	struct arena arena;
	volatile int status = EXIT_HOST; /* survives the jump */

	if (p->value[OPT_RUNTIME] || p->value[OPT_LIBSECCOMP])
		return usage(p->verb, "--runtime-features says both, --runtime and --libseccomp");
	arena_init(&arena, (size_t)64 << 20);
	if (setjmp(arena.out)) {
		arena_tell(&arena, path);
	} else if (!files_operand(&arena, p, path, 1u << 20, &source)) {
		status = EXIT_INPUT;
	} else if (!features_read(&arena, &source, &told, &why)) {
		message("%s: %s", path, why);
		status = EXIT_INPUT;
	} else {
		facts->dialect = told.row;
		facts->libseccomp = told.libseccomp;
		tell_stand_in(p, told.name);
		if (told.differs)
			message("%s: that %s is not as its version was seen: %s; it is read as that", path,
				told.row->says, told.differs);
		facts->enosys = facts->dialect->enosys;
		status = EXIT_DONE;
	}
	arena_free(&arena);
	return status;
}

static int read_runtime(const struct parsed *p, struct node_facts *facts)
{
	const char *runtime = p->value[OPT_RUNTIME], *enosys = p->value[OPT_ENOSYS];
	const char *libseccomp = p->value[OPT_LIBSECCOMP];

	if (runtime) {
		facts->dialect = dialect_find(runtime, strlen(runtime));
		if (!facts->dialect)
			return unknown_runtime(p->verb, runtime);
		tell_stand_in(p, runtime);
		facts->enosys = facts->dialect->enosys;
	}
	int status = p->value[OPT_RUNTIME_FEATURES] ? read_features(p, facts) : EXIT_DONE;
	if (status)
		return status;
	if (libseccomp && !(facts->libseccomp = libseccomp_find(libseccomp)))
		return usage(p->verb, "unknown --libseccomp '%s'; one of 2.5, 2.6", libseccomp);
	if (enosys && !enosys_find(enosys, &facts->enosys))
		return usage(p->verb, "unknown --enosys '%s'; one of off, table, runc", enosys);
	return EXIT_DONE;
}

int node_native(const struct parsed *p, struct node_facts *facts)
{
	const char *arch = p->value[OPT_ARCH] ? p->value[OPT_ARCH] : "native";

	facts->native = option_abi(p->verb, arch, strlen(arch));
	if (!facts->native)
		return EXIT_USAGE;
	if (facts->native->guest)
		return usage(p->verb, "no node is %s by itself: it is an ABI of its host's",
			facts->native->name);
	return EXIT_DONE;
}

int node_read(const struct parsed *p, struct node_facts *facts, struct input_options *wish)
{
	const char *input = p->value[OPT_INPUT_FORMAT];
	int status = node_read_caps(p->verb, p->value[OPT_CAPS], &facts->caps);

	status = status ? status
			: node_read_kernel(p->verb, p->value[OPT_KERNEL], &facts->kernel);
	status = status ? status : read_runtime(p, facts);
	if (status)
		return status;
	facts->without_key = p->value[OPT_NO_CACHE_KEY] != NULL;
	facts->narrow = p->value[OPT_NARROW_INT_ARGS] != NULL;
	facts->complain = p->value[OPT_COMPLAIN] != NULL;
	wish->entry = p->value[OPT_ENTRY];
	wish->base_dir = p->value[OPT_BASE_DIR];
	wish->base_follow = p->value[OPT_FOLLOW];
	wish->base_files = &cli_base_files;
	if (input && !input_find(input, &wish->input))
		return usage(p->verb,
			"unknown --input-format '%s'; one of docker, oci, common, config, spo, "
			"configmap",
			input);
	return EXIT_DONE;
}

enum enosys node_json_enosys(const struct parsed *p, enum enosys of_filter)
{
	return p->value[OPT_ENOSYS] ? of_filter : ENOSYS_OFF;
}

int node_read_json(const struct parsed *p, struct node_facts *facts, struct input_options *wish)
{
	int status = node_native(p, facts);

	status = status ? status : option_output(p);
	status = status ? status : node_read(p, facts, wish);
	facts->enosys = node_json_enosys(p, facts->enosys);
	return status;
}
