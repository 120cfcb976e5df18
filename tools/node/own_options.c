/*
 * A source has profiles of containers with other capabilities, or for other runtimes, and one --caps for all decides the
 * conditions of most of them wrongly. A baseline is decided by the node's options alone: who may change profiles may
 * change these files, and is not to choose what the baseline says.
 */

#include "own_options.h"

#include "../lib/annotations.h"
#include "../lib/parts.h"
#include "../lib/profile_options.h"

#include "../../compiler/base/utf8.h"
#include "../../compiler/kernel/caps.h"

#include <stdlib.h>

static bool refuse(struct diags *diags, const struct option_place *place, const char *why)
{
	return diag(diags, DIAG_OWN_OPTIONS, place->at, place->len, "%s", why);
}

/* Does it go with the node's other options? */
static bool goes_with(
	const struct node_wish *node, struct arena *arena, const struct profile_options *own, struct diags *diags)
{
	if (own->caps_at.given && node->baseline)
		return refuse(diags, &own->caps_at,
			"not with --baseline: its conditions are decided by the node's own --caps");
	if (own->runtime_at.given && node->baseline)
		return refuse(diags, &own->runtime_at,
			"not with --baseline: it is read as the node's own --runtime reads it");
	if (own->runtime_at.given && node->place[PLACE_BASE_SPEC] && !own->dialect->takes_base_spec)
		return refuse(diags, &own->runtime_at,
			buf_print(arena, "%s reads no base spec, and --layout asks for them", own->dialect->says));
	return true;
}

/* A runtime brings its ENOSYS unless there is a word about it. */
bool own_options_read(
	struct node_wish *node, struct arena *arena, const struct source *source, struct diags *diags)
{
	struct profile_options own;

	if (!profile_options_read(&own, arena, source, diags) || !goes_with(node, arena, &own, diags))
		return false;
	if (own.caps_at.given)
		node->facts.caps = own.caps;
	if (own.enosys_at.given) {
		node->facts.enosys = node->json_enosys = own.enosys;
		node->enosys_asked = true;
	}
	if (own.runtime_at.given) {
		node->facts.dialect = own.dialect;
		node->facts.enosys = node->enosys_asked ? node->facts.enosys : own.dialect->enosys;
	}
	return true;
}

/* --- annotations --- */

bool own_options_annotated(struct arena *arena, struct profile_source *source, struct diags *diags)
{
	struct source options;
	uint32_t value;

	annotations_tell_of(arena, &source->text, diags);
	if (!profile_options_annotated(arena, &source->text, &options, diags))
		return false;
	if (options.name && source->options.len) {
		const struct json *json = parts_own_options(arena, &source->text, &value);
		return diag(diags, DIAG_OWN_OPTIONS, json->node[value].at, json->node[value].len,
			OWN_OPTIONS_KEY ": there is a file of options, too: one of both is wanted");
	}
	if (options.name)
		source->options = options;
	return true;
}

void own_options_print(struct buf *b, const struct record *record)
{
	uint64_t caps = strtoull(record->fact[FACT_CAPS], NULL, 0);

	if (!record->options)
		return;
	buf_printf(b, ", own options: caps %s", caps & CAPS_ALL ? "" : "none");
	caps_list(b, caps, ",");
	buf_printf(b, ", runtime %s, enosys %s",
		utf8_string(b->arena, record->fact[FACT_RUNTIME]), utf8_string(b->arena, record->fact[FACT_ENOSYS]));
}
