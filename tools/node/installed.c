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
#include <sys/stat.h>

#define FILE_MAX ((size_t)64 << 20) /* bytes; more than winnow writes */

static bool read_file(struct installed_file *f, struct arena *arena, const struct root *root, const char *path,
	struct stat *st)
{
	uint8_t digest[SHA256_SIZE];

	switch (root_digest(root, path, FILE_MAX, digest, st)) {
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

const struct generation *installed_newest(const struct installed *i)
{
	for (size_t n = i->kept.count; n-- > 0;) {
		if (i->kept.one[n].complete)
			return &i->kept.one[n];
	}
	return NULL;
}

const struct generation *installed_kept(const struct installed *i, unsigned number)
{
	for (size_t n = 0; n < i->kept.count; n++) {
		if (i->kept.one[n].number == number)
			return &i->kept.one[n];
	}
	return NULL;
}

const struct generation *installed_generation(const struct installed *i, unsigned number)
{
	const struct generation *g = installed_kept(i, number);

	return g && g->whole ? g : NULL;
}

bool installed_has_stubs(const struct installed *i)
{
	bool any = false;

	for (size_t n = 0; n < i->kept.count; n++)
		any = any || (i->kept.one[n].stub && !i->kept.one[n].strange);
	return any;
}

bool installed_keeps(const struct installed *i, const struct generation *g, unsigned keep)
{
	unsigned in_force = i->has_record ? i->record.generation : 0;
	unsigned newer = installed_generation(i, in_force) ? 1 : 0; /* those before it in line */

	if (g->number == in_force || g->other)
		return true;
	for (size_t n = 0; n < i->kept.count; n++) {
		const struct generation *other = &i->kept.one[n];
		newer += other->whole && other->number > g->number && other->number != in_force;
	}
	return g->whole && newer < keep;
}

/* The file, if it has that digest. False: told, as is why it cannot be read. */
static bool load(struct arena *arena, const struct root *root, const char *path, const char *sha256, struct source *file)
{
	switch (root_read(root, arena, path, FILE_MAX, file)) {
	case ROOT_READ:
		if (strcmp(record_digest(arena, file->bytes, file->len), sha256) == 0)
			return true;
		break;
	case ROOT_FAILED:
		return false;
	case ROOT_ABSENT:
	case ROOT_OTHER:
		break;
	}
	*file = (struct source){0};
	return false;
}

static const char *stored(struct arena *arena, const char *name, unsigned number, size_t place)
{
	return place_in(arena, name, number, place_stored[place]);
}

static bool tell_lost(struct arena *arena, const struct root *root, const char *path, unsigned number)
{
	message("%s: not what was written for generation %u", root_path(root, arena, path), number);
	return false;
}

bool installed_load(struct arena *arena, const struct root *root, const struct generation *g,
	struct source file[static PLACES])
{
	for (size_t i = 0; i < PLACES; i++) {
		const char *path = stored(arena, g->record.profile, g->number, i), *sha256 = g->record.file[i].sha256;
		if (sha256 && !load(arena, root, path, sha256, &file[i]))
			return tell_lost(arena, root, path, g->number);
	}
	return true;
}

bool installed_gather(struct arena *arena, const struct root *root, const struct installed *in,
	struct source file[static PLACES])
{
	const unsigned number = in->record.generation;

	for (size_t i = 0; i < PLACES; i++) {
		const char *path = stored(arena, in->name, number, i), *sha256 = in->record.file[i].sha256;
		if (sha256 && !load(arena, root, path, sha256, &file[i]) &&
			!load(arena, root, place_path(arena, (enum place)i, in->name), sha256, &file[i]))
			return tell_lost(arena, root, path, number);
	}
	return true;
}

/* --- all of it --- */

/* The record in force may be written by nobody else, nor may a file that it has. False: told. */
static bool look_at(struct installed *i, struct arena *arena, const struct root *root, const struct stat st[static PLACES])
{
	const char *path = place_record(arena, i->name);
	struct stat record;

	if (!i->has_record)
		return true;
	enum root_read got = root_look(root, path, &record);
	if (got == ROOT_READ)
		exposed_add(&i->exposures, root, arena, path, NULL, &record);
	for (size_t p = 0; p < PLACES; p++) {
		if (i->record.file[p].sha256 && i->file[p].state == FILE_THERE)
			exposed_add(&i->exposures, root, arena, place_path(arena, (enum place)p, i->name),
				i->record.file[p].sha256, &st[p]);
	}
	return got != ROOT_FAILED;
}

bool installed_read(struct installed *i, struct arena *arena, const struct root *root, const char *name, enum look look)
{
	const char *in_force[PLACES] = {NULL};
	struct stat st[PLACES];

	*i = (struct installed){.name = name};
	if (!read_record(i, arena, root))
		return false;
	for (size_t p = 0; p < PLACES; p++) {
		const char *path = place_path(arena, (enum place)p, name);
		if (!read_file(&i->file[p], arena, root, path, &st[p]))
			return false;
		in_force[p] = i->file[p].sha256;
	}
	return look_at(i, arena, root, st) &&
		generations_read(&i->kept, &i->exposures, arena, root, name, in_force, look);
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

	for (size_t n = 0; n < i->kept.count && f->state == FILE_THERE; n++) {
		const char *sha256 = i->kept.one[n].record.file[place].sha256;
		if (i->kept.one[n].complete && sha256 && strcmp(sha256, f->sha256) == 0)
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

	for (size_t n = 0; n < i->kept.count; n++)
		other = other || i->kept.one[n].other;
	return other;
}

bool installed_is_ours(const struct installed *i)
{
	return i->has_record || i->kept.count > 0;
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
