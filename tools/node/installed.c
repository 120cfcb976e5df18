/*
 * Files are told from those of others by what records say, never by their name alone: a file is
 * winnow's if the record in force has its place, or if it has the digest that some generation's
 * record gives it. The latter is what a first install leaves that was killed before its record.
 */

#include "installed.h"

#include "sources.h"

#include "../cli/message.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)64 << 20) /* bytes; more than winnow writes */

static bool read_file(
	struct installed_file *f, struct arena *arena, const struct root *root, const char *path)
{
	uint8_t digest[SHA256_SIZE];

	switch (root_digest(root, path, FILE_MAX, digest)) {
	case ROOT_READ:
		*f = (struct installed_file){FILE_THERE, record_hex(arena, digest)};
		return true;
	case ROOT_ABSENT:
		*f = (struct installed_file){FILE_ABSENT, NULL};
		return true;
	case ROOT_OTHER:
		*f = (struct installed_file){FILE_OTHER, NULL};
		return true;
	case ROOT_FAILED:
		return false;
	}
	unreachable();
}

static bool read_record(struct installed *i, struct arena *arena, const struct root *root)
{
	enum record_kind kind;
	struct source text;
	const char *why;

	switch (root_read(root, arena, place_record(arena, i->name), RECORD_MAX, &text)) {
	case ROOT_READ:
		i->record_file = FILE_THERE;
		kind = record_read(&i->record, arena, &text, i->name, &why);
		i->has_record = kind == RECORD_OK;
		i->other = kind == RECORD_OTHER;
		i->broken = i->has_record ? NULL : why;
		return true;
	case ROOT_ABSENT:
		i->record_file = FILE_ABSENT;
		return true;
	case ROOT_OTHER:
		i->record_file = FILE_OTHER;
		i->broken = "not a file of winnow's";
		return true;
	case ROOT_FAILED:
		return false;
	}
	unreachable();
}

/* --- generations --- */

/* 1 and up, without leading zeros; 0: it is none. */
static unsigned number_of(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	return text[0] >= '1' && text[0] <= '9' && !*end && number < UINT32_MAX ? (unsigned)number
										: 0;
}

static int by_number(const void *a, const void *b)
{
	const struct generation *g = a, *h = b;

	return (g->number > h->number) - (g->number < h->number);
}

static bool read_generation(
	struct generation *g, struct arena *arena, const struct root *root, const char *name)
{
	const char *path = place_in(arena, name, g->number, PLACE_STORED_RECORD), *why;
	struct source text;
	enum root_read got = root_read(root, arena, path, RECORD_MAX, &text);

	enum record_kind kind = got == ROOT_READ ? record_read(&g->record, arena, &text, name, &why)
						 : RECORD_NONE;

	g->complete = kind == RECORD_OK && g->record.generation == g->number;
	g->other = kind == RECORD_OTHER;
	return got != ROOT_FAILED;
}

static bool read_generations(struct installed *i, struct arena *arena, const struct root *root)
{
	struct root_names names;

	if (!root_list(root, arena, place_history(arena, i->name), &names))
		return false;
	i->generation = arena_alloc(arena, names.count, sizeof(*i->generation));
	for (size_t n = 0; n < names.count; n++) {
		struct generation *g = &i->generation[i->generations];
		g->number = number_of(names.name[n]);
		if (!g->number)
			continue;
		if (!read_generation(g, arena, root, i->name))
			return false;
		i->generations++;
	}
	if (i->generations)
		qsort(i->generation, i->generations, sizeof(*i->generation), by_number);
	return true;
}

const struct generation *installed_newest(const struct installed *i)
{
	for (size_t n = i->generations; n-- > 0;) {
		if (i->generation[n].complete)
			return &i->generation[n];
	}
	return NULL;
}

const struct generation *installed_generation(const struct installed *i, unsigned number)
{
	for (size_t n = 0; n < i->generations; n++) {
		if (i->generation[n].number == number && i->generation[n].complete)
			return &i->generation[n];
	}
	return NULL;
}

bool installed_keeps(const struct installed *i, const struct generation *g, unsigned keep)
{
	unsigned in_force = i->has_record ? i->record.generation : 0;
	unsigned newer = installed_generation(i, in_force) ? 1 : 0; /* those before it in line */

	if (g->number == in_force || g->other)
		return true;
	for (size_t n = 0; n < i->generations; n++) {
		const struct generation *other = &i->generation[n];
		newer += other->complete && other->number > g->number && other->number != in_force;
	}
	return g->complete && newer < keep;
}

bool installed_load(struct arena *arena, const struct root *root, const struct generation *g,
	struct source file[static PLACES])
{
	for (size_t i = 0; i < PLACES; i++) {
		const char *path = place_in(arena, g->record.profile, g->number, place_stored[i]);
		if (!g->record.file[i].sha256)
			continue;
		enum root_read got = root_read(root, arena, path, FILE_MAX, &file[i]);
		if (got == ROOT_FAILED)
			return false;
		if (got != ROOT_READ ||
			strcmp(record_digest(arena, file[i].bytes, file[i].len),
				g->record.file[i].sha256) != 0) {
			message("%s: not what was written for generation %u",
				root_path(root, arena, path), g->number);
			return false;
		}
	}
	return true;
}

/* --- all of it --- */

bool installed_read(
	struct installed *i, struct arena *arena, const struct root *root, const char *name)
{
	*i = (struct installed){.name = name};
	if (!read_record(i, arena, root) || !read_generations(i, arena, root))
		return false;
	for (size_t p = 0; p < PLACES; p++) {
		const char *path = place_path(arena, (enum place)p, name);
		if (!read_file(&i->file[p], arena, root, path))
			return false;
	}
	return true;
}

static void add(struct root_names *names, struct arena *arena, const char *name, size_t len)
{
	if (!sources_name_ok(name, len))
		return;
	for (size_t i = 0; i < names->count; i++) {
		if (strlen(names->name[i]) == len && memcmp(names->name[i], name, len) == 0)
			return;
	}
	names->name[names->count++] = arena_text(arena, name, len);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool installed_names(struct root_names *names, struct arena *arena, const struct root *root)
{
	struct root_names home, kept;

	if (!root_list(root, arena, PLACES_HOME, &home) ||
		!root_list(root, arena, place_generations(), &kept))
		return false;
	*names = (struct root_names){0};
	names->name = arena_alloc(arena, home.count + kept.count, sizeof(*names->name));
	for (size_t i = 0; i < home.count; i++) {
		size_t len = strlen(home.name[i]), tail = strlen(".json");
		if (len > tail && strcmp(home.name[i] + len - tail, ".json") == 0)
			add(names, arena, home.name[i], len - tail);
	}
	for (size_t i = 0; i < kept.count; i++)
		add(names, arena, kept.name[i], strlen(kept.name[i]));
	if (names->count)
		qsort(names->name, names->count, sizeof(*names->name), by_name);
	return true;
}

/* --- agreement --- */

static bool known_digest(const struct installed *i, enum place place)
{
	const struct installed_file *f = &i->file[place];

	for (size_t n = 0; n < i->generations && f->state == FILE_THERE; n++) {
		const char *sha256 = i->generation[n].record.file[place].sha256;
		if (i->generation[n].complete && sha256 && strcmp(sha256, f->sha256) == 0)
			return true;
	}
	return false;
}

bool installed_owns(const struct installed *i, enum place place)
{
	return i->file[place].state == FILE_ABSENT ||
		(i->has_record && i->record.file[place].sha256 &&
			i->file[place].state == FILE_THERE) ||
		known_digest(i, place);
}

enum standing installed_file_standing(const struct installed *i, enum place place)
{
	const struct installed_file *f = &i->file[place];
	const char *wanted = i->has_record ? i->record.file[place].sha256 : NULL;

	if (!wanted)
		return known_digest(i, place) ? STANDING_UNFINISHED : STANDING_OK;
	if (f->state == FILE_ABSENT)
		return STANDING_MISSING;
	if (f->state == FILE_THERE && strcmp(f->sha256, wanted) == 0)
		return STANDING_OK;
	return known_digest(i, place) ? STANDING_UNFINISHED : STANDING_DRIFT;
}

bool installed_is_others(const struct installed *i)
{
	bool other = i->other;

	for (size_t n = 0; n < i->generations; n++)
		other = other || i->generation[n].other;
	return other;
}

bool installed_is_ours(const struct installed *i)
{
	return i->has_record || i->generations > 0;
}

enum standing installed_standing(const struct installed *i)
{
	enum standing worst = STANDING_OK;

	if (i->broken)
		return STANDING_DRIFT;
	if (!i->has_record)
		return installed_newest(i) ? STANDING_UNFINISHED : STANDING_MISSING;
	for (size_t p = 0; p < PLACES; p++) {
		enum standing one = installed_file_standing(i, (enum place)p);
		if (one > worst)
			worst = one;
	}
	return worst;
}
