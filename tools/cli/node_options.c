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

struct telling {
	const struct parsed *parsed;
	struct node_facts *facts;
	struct arena arena;
};

/* The rows found are none of the arena's. */
static int tell_features(void *context)
{
	struct telling *t = context;
	const char *path = t->parsed->value[OPT_RUNTIME_FEATURES], *why = NULL;
	struct features told;
	struct source source;

	if (!files_operand(&t->arena, t->parsed, path, 1u << 20, &source))
		return EXIT_INPUT;
	if (!features_read(&t->arena, &source, &told, &why)) {
		message("%s: %s", path, why);
		return EXIT_INPUT;
	}
	t->facts->dialect = told.row;
	t->facts->libseccomp = told.libseccomp;
	t->facts->enosys = told.row->enosys;
	tell_stand_in(t->parsed, told.name);
	if (told.differs)
		message("%s: that %s is not as its version was seen: %s; it is read as that", path, told.row->says,
			told.differs);
	return EXIT_DONE;
}

static int read_features(const struct parsed *p, struct node_facts *facts)
{
	struct telling t = {.parsed = p, .facts = facts};

	if (p->value[OPT_RUNTIME] || p->value[OPT_LIBSECCOMP])
		return usage(p->verb, "--runtime-features says both, --runtime and --libseccomp");
	return in_arena(&t.arena, (size_t)64 << 20, p->value[OPT_RUNTIME_FEATURES], tell_features, &t);
}

const enum option_id fact_option[FACTS] = {
#define FACT_OPTION(id, option, ...) [FACT_##id] = OPT_##option,
	COMPILE_FACTS(FACT_OPTION)
#undef FACT_OPTION
};

static int read_fact(const struct parsed *p, enum fact_id id, struct node_facts *facts, struct input_options *wish)
{
	const struct fact *f = &compile_facts[id];
	const char *text = f->is_a ? p->value[fact_option[id]] : NULL;

	if (!text)
		return EXIT_DONE;
	if (id == FACT_CAPS)
		return node_read_caps(p->verb, text, &facts->caps);
	if (id == FACT_KERNEL)
		return node_read_kernel(p->verb, text, &facts->kernel);
	bool known = fact_read(id, text, facts, wish);
	if (id == FACT_RUNTIME && !known)
		return unknown_runtime(p->verb, text);
	if (!known)
		return usage(p->verb, "unknown --%s '%s'; one of %s", option_name(fact_option[id]), text, f->one_of);
	if (id == FACT_RUNTIME)
		tell_stand_in(p, text);
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
	int status = EXIT_DONE;

	for (enum fact_id id = 0; id < FACTS && !status; id++) {
		if (id == FACT_LIBSECCOMP && p->value[OPT_RUNTIME_FEATURES]) /* which says it, too */
			status = read_features(p, facts);
		status = status ? status : read_fact(p, id, facts, wish);
	}
	facts->without_key = p->value[OPT_NO_CACHE_KEY] != NULL;
	wish->base_dir = p->value[OPT_BASE_DIR];
	wish->base_follow = p->value[OPT_FOLLOW];
	wish->base_files = &cli_base_files;
	return status;
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
