/* Versions stand in annotations, each under a key of the program's own (dialect.h announces). */

#include "features.h"

#include "feature_lists.h"

#include "../../compiler/read/json.h"

#include <string.h>

#define LIBSECCOMP_KEY "io.github.seccomp.libseccomp.version"

static const char *word(const struct json *j, struct arena *arena, uint32_t object, const char *key)
{
	uint32_t node = json_look_up(j, arena, object, key);

	return node != JSON_NONE && j->node[node].type == JSON_STRING ? json_text(j, arena, node).s : NULL;
}

static bool fail(const char **why, const char *text)
{
	*why = text;
	return false;
}

/* "1.1.5+ds1" of runc is what dialect_find() takes as runc@1.1.5+ds1. */
static bool find_row(struct arena *arena, const struct json *j, uint32_t annotations,
	struct features *f, const char **why)
{
	char known[64];

	for (size_t i = 0; i < dialect_count; i++) {
		const struct dialect *d = &dialects[i];
		const char *version = d->announces ? word(j, arena, annotations, d->announces) : NULL;
		if (!version)
			continue;
		f->name = buf_print(arena, "%s@%s", d->name, version);
		f->row = dialect_find(f->name, strlen(f->name));
		dialect_list_versions(known, sizeof(known), d->name, strlen(d->name));
		return f->row ||
			fail(why, buf_print(arena, "of %s these versions are known, and not %s: %s", d->name,
					  version, known));
	}
	return fail(why, "no annotation says which runtime it is of");
}

bool features_read(struct arena *arena, const struct source *source, struct features *f, const char **why)
{
	struct diags diags;
	struct json j;
	struct buf differs;

	*f = (struct features){0};
	diags_init(&diags, arena, source);
	if (!json_read(&j, arena, source, &diags))
		return fail(why, "it is not JSON");
	uint32_t seccomp = json_look_up(&j, arena, json_look_up(&j, arena, 0, "linux"), "seccomp");
	uint32_t enabled = json_look_up(&j, arena, seccomp, "enabled");
	uint32_t annotations = json_look_up(&j, arena, 0, "annotations");
	if (seccomp == JSON_NONE || annotations == JSON_NONE)
		return fail(why, "it is not what 'runc features' or 'crun features' prints");
	if (enabled == JSON_NONE || j.node[enabled].type != JSON_TRUE)
		return fail(why, "the runtime was built without seccomp");
	const char *version = word(&j, arena, annotations, LIBSECCOMP_KEY);
	if (version && !(f->libseccomp = libseccomp_find(version)))
		return fail(why, buf_print(arena, "libseccomp %s is not known here", version));
	if (!find_row(arena, &j, annotations, f, why))
		return false;
	buf_init(&differs, arena);
	feature_lists_hold(&differs, &j, seccomp, f->row);
	f->differs = differs.len ? buf_string(&differs) : NULL;
	return true;
}
