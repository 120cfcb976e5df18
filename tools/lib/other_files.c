#include "other_files.h"

#include "../../compiler/base/suggest.h"
#include "../../compiler/read/document.h"

#include <string.h>

/* Both keys are there, the second one if it is given. */
static const struct {
	const char *keys[2], *what;
} known[] = {
	{{"jobs", "on"}, "a workflow of GitHub Actions"},
	{{"services", NULL}, "a compose file"},
	{{"lockfileVersion", NULL}, "a package-lock.json of npm"},
	{{"compilerOptions", NULL}, "a tsconfig.json"},
	{{"dependencies", NULL}, "a package.json of npm"},
	{{"devDependencies", NULL}, "a package.json of npm"},
	{{"scripts", "name"}, "a package.json of npm"},
	{{"version", "name"}, "a package.json of npm"},
	{{"stages", NULL}, "a pipeline of GitLab"},
	{{"openapi", "paths"}, "an OpenAPI description"},
	{{"$schema", "properties"}, "a JSON schema"},
};

static bool is_of_profile(const struct text *key)
{
	static const char *const keys[] = {"defaultAction", "defaultErrnoRet", "syscalls", "architectures", "archMap", "linux",
		"spec", "kind", "listenerPath"};
	struct suggestion near = suggest_start(key->s, strlen(key->s));

	for (size_t i = 0; i < countof(keys); i++)
		suggest_offer(&near, keys[i]);
	return near.best != NULL;
}

static bool has(const struct json *json, struct arena *arena, const char *key)
{
	return !key || json_look_up(json, arena, 0, key) != JSON_NONE;
}

const char *other_file(struct arena *arena, const struct source *source)
{
	struct document *document = arena_alloc(arena, 1, sizeof(*document));
	const struct json *json = &document->json;
	struct diags unsaid;

	diags_init(&unsaid, arena, source);
	if (!document_outer(document, arena, source, &unsaid) || json->node[0].type != JSON_OBJECT)
		return NULL;
	for (uint32_t n = json->node[0].child; n != JSON_NONE; n = json->node[n].next) {
		struct text key = json_text(json, arena, n);
		if (is_of_profile(&key))
			return NULL;
	}
	for (size_t i = 0; i < countof(known); i++) {
		if (has(json, arena, known[i].keys[0]) && has(json, arena, known[i].keys[1]))
			return known[i].what;
	}
	return NULL;
}
