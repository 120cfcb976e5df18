/* In place of yaml.c where winnow is built without libyaml (make YAML=0). */

#include "yaml.h"

bool yaml_read(
	struct json *json, struct arena *arena, const struct source *source, struct diags *diags)
{
	(void)json;
	(void)arena;
	(void)source;
	return diag(diags, DIAG_NOT_A_PROFILE, NOWHERE, 1,
		"this is YAML, and this winnow was built without libyaml: it reads JSON");
}
