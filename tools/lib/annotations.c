#include "annotations.h"

#include "parts.h"

#include "../../compiler/base/suggest.h"
#include "../../compiler/read/document.h"

#include <string.h>

static void tell(const struct text *key, size_t start, struct diags *diags)
{
	struct suggestion near = suggest_start(key->s, strlen(key->s));
	uint32_t at = (uint32_t)(start + key->at);

	suggest_offer(&near, OWN_OPTIONS_KEY);
	diag(diags, DIAG_UNKNOWN_ANNOTATION, at, key->at_len, "the annotation '%s' is not read: nothing is called so", key->s);
	if (near.best)
		diag_note(diags, at, key->at_len, "did you mean '%s'?", near.best);
}

void annotations_tell(struct arena *arena, const struct json *json, uint32_t object, size_t start, struct diags *diags)
{
	uint32_t annotations = parts_annotations(arena, json, object);

	if (annotations == JSON_NONE || json->node[annotations].type != JSON_OBJECT)
		return;
	for (uint32_t n = json->node[annotations].child; n != JSON_NONE; n = json->node[n].next) {
		struct text key = json_text(json, arena, n);
		if (strncmp(key.s, ANNOTATION_PREFIX, strlen(ANNOTATION_PREFIX)) == 0 && strcmp(key.s, OWN_OPTIONS_KEY) != 0)
			tell(&key, start, diags);
	}
}

void annotations_tell_of(struct arena *arena, const struct source *source, struct diags *diags)
{
	struct document *document = arena_alloc(arena, 1, sizeof(*document));
	struct diags unsaid; /* who reads the profile says it */

	diags_init(&unsaid, arena, source);
	if (parts_speaks_of(source, ANNOTATION_PREFIX) && document_outer(document, arena, source, &unsaid))
		annotations_tell(arena, &document->json, 0, 0, diags);
}
