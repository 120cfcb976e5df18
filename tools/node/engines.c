/*
 * The installed JSON is read again as each engine reads it, and compiled, and the semantic hashes are compared. Of the
 * runtimes only what they add is asked: conditions and names of others are not in that JSON any more. It is done
 * only once a filter was met that no record knows.
 */

#include "engines.h"

#include "../cli/base_files.h"
#include "../cli/options.h"
#include "../lib/build.h"

#include "../../compiler/meaning/select_rules.h"
#include "../../compiler/profile/libseccomp.h"

#include <string.h>

#define READINGS 512 /* of 10 to 30 ms each for a profile as large as Docker's */

/* Newest first, and none that lacks a name before those. */
static const char *const versions[] = {NULL, "2.6", "2.5"};

/* In force first: [phase / countof(versions)], then by libseccomp. */
#define PHASES (2 * countof(versions))

void engines_init(struct engines *e, const struct root *root, const struct status *status)
{
	*e = (struct engines){.root = root, .status = status, .left = READINGS};
}

static bool adds_alike(const struct dialect *a, const struct dialect *b)
{
	return a->enosys == b->enosys && a->stub_listed == b->stub_listed &&
		a->refuses_foreign == b->refuses_foreign;
}

/* The rows of engines, one of those that add the same: others hand to them. */
static size_t list_engines(const struct dialect **engine, size_t most)
{
	size_t found = 0;

	for (size_t i = 0; i < dialect_count + dialect_version_count && found < most; i++) {
		const struct dialect *d =
			i < dialect_count ? &dialects[i] : &dialect_versions[i - dialect_count];
		bool seen = i < dialect_count && !d->announces;
		for (size_t k = 0; k < found; k++)
			seen = seen || adds_alike(engine[k], d);
		if (!seen)
			engine[found++] = d;
	}
	return found;
}

/* In an arena of its own, whose end is no end of the others. "": unknown. */
static const char *meaning_of(struct arena *arena, const struct source *json, const struct node_facts *facts)
{
	const struct input_options wish = {.input = INPUT_OCI, .base_files = &cli_base_files};
	const char *volatile meaning = ""; /* survives the jump */
	struct mistake mistake = {0};
	struct filter filter;
	struct arena own;
	struct diags quiet;

	arena_init(&own, PROFILE_ARENA);
	if (!setjmp(own.out)) {
		diags_init(&quiet, &own, json);
		const struct profile *profile = build_input(&own, json, &wish, &quiet, NULL);
		if (profile && build_filter(&own, profile, facts, 1, NULL, &quiet, &filter, &mistake) == BUILD_DONE &&
			filter.proven.hashed)
			meaning = record_hex(arena, filter.proven.meaning);
	}
	arena_free(&own);
	return meaning;
}

static void add(struct engines *e, struct arena *arena, const struct engine_filter *new)
{
	if (e->count == e->room) {
		e->filter = arena_grow(arena, e->filter, e->room, 2 * e->room + 8, sizeof(*e->filter));
		e->room = 2 * e->room + 8;
	}
	e->filter[e->count++] = *new;
}

/* As each engine reads it; `json` is what winnow installed, or nothing is said. */
static void read_json(struct engines *e, struct arena *arena, const struct record *record, bool in_force,
	const char *libseccomp)
{
	enum place place = record->file[PLACE_JSON].sha256 ? PLACE_JSON : PLACE_DOCKER;
	struct engine_filter new = {.profile = record->profile, .generation = record->generation,
		.in_force = in_force, .libseccomp = libseccomp};
	const struct dialect *engine[8];
	const char *sha256 = record->file[place].sha256;
	const char *path = in_force
		? place_path(arena, place, record->profile)
		: place_in(arena, record->profile, record->generation, place_stored[place]);
	size_t engines = list_engines(engine, countof(engine));
	struct node_facts facts = {.native = arch_find(record->fact[FACT_ARCH], strlen(record->fact[FACT_ARCH]))};
	struct source json;

	if (!facts.native || !sha256 || root_read(e->root, arena, path, SOURCE_MAX, &json) != ROOT_READ ||
		strcmp(record_digest(arena, json.bytes, json.len), sha256) != 0)
		return;
	facts.libseccomp = libseccomp ? libseccomp_find(libseccomp) : NULL;
	for (size_t i = 0; i < engines && e->left; i++, e->left--) {
		facts.dialect = engine[i];
		facts.enosys = engine[i]->enosys;
		new.engine = engine[i]->says;
		new.meaning = meaning_of(arena, &json, &facts);
		add(e, arena, &new);
	}
}

static void read_installed(
	struct engines *e, struct arena *arena, const struct installed *i, bool in_force, const char *libseccomp)
{
	if (in_force && i->has_record)
		read_json(e, arena, &i->record, true, libseccomp);
	for (size_t n = 0; n < i->kept.count && !in_force; n++) {
		const struct generation *g = &i->kept.one[n];
		if (g->complete && !(i->has_record && g->number == i->record.generation))
			read_json(e, arena, &g->record, false, libseccomp);
	}
}

const struct engine_filter *engines_find(struct engines *e, struct arena *arena, const char *meaning)
{
	size_t asked = 0;

	for (;;) {
		for (; asked < e->count; asked++) {
			if (strcmp(e->filter[asked].meaning, meaning) == 0)
				return &e->filter[asked];
		}
		if (e->phase == PHASES || !e->left)
			return NULL;
		const char *libseccomp = versions[e->phase % countof(versions)];
		bool in_force = e->phase < countof(versions);
		for (size_t i = 0; i < e->status->count; i++)
			read_installed(e, arena, &e->status->line[i].installed, in_force, libseccomp);
		e->phase++;
	}
}
