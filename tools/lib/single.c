/* The notation is told by content, then the format; what is of another kind altogether is named. */

#include "single.h"

#include "choice.h"
#include "file_references.h"

#include "../../compiler/profile/foreign.h"
#include "../../compiler/profile/profile_read.h"
#include "../../compiler/read/document.h"

/* No runtime reads those. */
static void check_notation(const struct document *d, const struct profile *p, struct diags *diags)
{
	if (d->yaml && !d->config_map && p->format != FORMAT_SECCOMP_PROFILE)
		diag(diags, DIAG_YAML_PROFILE, d->json.node[0].at, 1,
			"a profile in YAML: runtimes read profiles as JSON alone");
}

static const char *describe(
	struct arena *arena, const struct source *source, const struct document *d, const struct profile *p)
{
	struct buf b;

	buf_init(&b, arena);
	buf_printf(&b, "%s, %s", input_describe(p), d->yaml ? "YAML" : "JSON");
	if (d->config_map)
		buf_printf(&b, ", entry '%s' of a ConfigMap", source->hidden ? "..." : d->entry);
	return buf_string(&b);
}

static const char *in_words(struct arena *arena, const struct foreign *foreign)
{
	return foreign ? buf_print(arena, "this is %s: %s", foreign->what, foreign->hint) : NULL;
}

const char *single_own(struct arena *arena, const struct source *source)
{
	return in_words(arena, foreign_own(source));
}

const char *single_other(struct arena *arena, const struct source *source)
{
	return in_words(arena, foreign_find(source));
}

/* In place of what is wrong with it as JSON. */
static void say_foreign(
	struct arena *arena, const struct source *source, const struct input_options *wish, struct diags *diags)
{
	const struct foreign *foreign = foreign_find(source);
	const char *own = single_own(arena, source);
	bool strict = diags->strict;

	if (!foreign)
		return;
	diags_init(diags, arena, diags->source);
	diags->strict = strict;
	if (own) {
		diag(diags, DIAG_NOT_A_PROFILE, NOWHERE, 1, "%s", own);
		return;
	}
	diag(diags, DIAG_NOT_A_PROFILE, NOWHERE, 1,
		"this is %s, and winnow reads JSON profiles (Docker, OCI, podman), config.json, SeccompProfiles "
		"and ConfigMaps: %s",
		foreign->what, foreign->hint);
	references_note(arena, source, wish, diags);
}

static const struct profile *read_input(struct arena *arena, const struct source *source,
	const struct input_options *wish, struct diags *diags, const char **recognised)
{
	struct document document;

	if (!document_read(&document, arena, source, wish->item, wish->input == INPUT_CONFIG_MAP, wish->entry,
		    diags))
		return NULL;
	const struct profile *profile = profile_read_as(
		arena, &document.json, wish->input, wish->base_known || wish->base_dir, diags);
	if (!profile)
		return NULL;
	check_notation(&document, profile, diags);
	if (recognised)
		*recognised = describe(arena, source, &document, profile);
	return profile;
}

const struct profile *single_read(struct arena *arena, const struct source *source, const struct input_options *wish,
	struct diags *diags, const char **recognised)
{
	const struct profile *profile = read_input(arena, source, wish, diags, recognised);
	struct source chosen;
	struct input_options own;

	if (profile)
		return profile;
	switch (choice_make(arena, source, wish, diags, &chosen, &own)) {
	case CHOICE_TAKEN:
		return read_input(arena, &chosen, &own, diags, recognised);
	case CHOICE_REFUSED:
		return NULL;
	case CHOICE_NONE:
		break;
	}
	say_foreign(arena, source, wish, diags);
	return NULL;
}
