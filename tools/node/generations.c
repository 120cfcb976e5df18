/*
 * To digest every byte of every generation would make a pass over what is unchanged dearer than all else that it does.
 * A file that is to have the digest of the one in force is compared with that instead, which costs next to nothing; of
 * the others a pass looks at the size, and who asks for the status at every byte.
 */

#include "generations.h"

#include "places.h"

#include "../../compiler/base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)64 << 20) /* bytes; more than winnow writes */

struct reading {
	struct arena *arena;
	const struct root *root;
	const char *name;
	const char *const *in_force;
	enum look look;
	struct exposures *exposures;
	struct buf wrong; /* of the generation, or of what is beside them */
};

static void tell(struct reading *in, const char *path, const char *what)
{
	buf_printf(&in->wrong, "%s %s\n", utf8_string(in->arena, root_path(in->root, in->arena, path)), what);
}

/* --- one generation --- */

/* 1 and up, without leading zeros; 0: it is none. */
static unsigned number_of(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	return text[0] >= '1' && text[0] <= '9' && !*end && number < UINT32_MAX ? (unsigned)number
										: 0;
}

static bool read_record(struct reading *in, struct generation *g)
{
	const char *path = place_in(in->arena, in->name, g->number, PLACE_STORED_RECORD), *why = "";
	struct source text;
	enum root_read got = root_read(in->root, in->arena, path, RECORD_MAX, &text);
	enum record_kind kind = got == ROOT_READ ? record_read(&g->record, in->arena, &text, in->name, &why)
						 : RECORD_NONE;

	g->complete = kind == RECORD_OK && g->record.generation == g->number;
	g->other = kind == RECORD_OTHER;
	g->stub = got == ROOT_ABSENT;
	if (got == ROOT_ABSENT)
		tell(in, path, "is not there: winnow did not come to its end, or somebody removed it");
	else if (got == ROOT_OTHER)
		tell(in, path, "is no plain file");
	else if (kind == RECORD_NONE)
		tell(in, path, buf_print(in->arena, "is no record: %s", why));
	else if (!g->complete && !g->other)
		tell(in, path, buf_print(in->arena, "is of generation %u", g->record.generation));
	return got != ROOT_FAILED;
}

/* The place whose file is to be there by that name; PLACES: none. */
static size_t place_of(const char *file)
{
	size_t p = 0;

	while (p < PLACES && strcmp(place_stored[p], file) != 0)
		p++;
	return p;
}

/* What a write leaves that was killed (root_write()). */
static bool is_temporary(const char *name)
{
	const char *tail = ".winnow";
	size_t len = strlen(name);

	return name[0] == '.' && len > strlen(tail) && strcmp(name + len - strlen(tail), tail) == 0;
}

/* False: told. */
static bool is_as_written(struct reading *in, const struct generation *g, size_t place, const char *path, bool *same)
{
	const struct record_file *wanted = &g->record.file[place];
	uint8_t digest[SHA256_SIZE];
	struct stat st;

	*same = true;
	if (in->in_force[place] && strcmp(in->in_force[place], wanted->sha256) == 0) {
		enum root_same bytes = root_same(
			in->root, path, place_path(in->arena, (enum place)place, in->name), FILE_MAX);
		*same = bytes == ROOT_SAME;
		return bytes != ROOT_UNREAD;
	}
	if (in->look == LOOK_OUTSIDE)
		return true;
	enum root_read got = root_digest(in->root, path, FILE_MAX, digest, &st);
	*same = got == ROOT_READ && strcmp(record_hex(in->arena, digest), wanted->sha256) == 0;
	return got != ROOT_FAILED;
}

/* A file that is to be there, and is. False: told. */
static bool read_file(struct reading *in, struct generation *g, size_t place, const struct stat *st, const char *path)
{
	const struct record_file *wanted = &g->record.file[place];
	bool same = S_ISREG(st->st_mode) && (uintmax_t)st->st_size == wanted->size;

	exposed_add(in->exposures, in->root, in->arena, path, wanted->sha256, st);
	if (same && !is_as_written(in, g, place, path, &same))
		return false;
	if (!same) {
		g->whole = false;
		tell(in, path, S_ISREG(st->st_mode) ? "is not what was written" : "is no plain file");
	}
	return true;
}

/* What is in its folder. False: told. */
static bool read_entry(struct reading *in, struct generation *g, const struct root_entry *entry, bool there[static PLACES])
{
	const char *path = place_in(in->arena, in->name, g->number, entry->name);
	size_t place = place_of(entry->name);

	if (strcmp(entry->name, PLACE_STORED_RECORD) == 0) {
		exposed_add(in->exposures, in->root, in->arena, path, NULL, &entry->st);
		return true;
	}
	if (place == PLACES) {
		g->strange = g->strange || !is_temporary(entry->name);
		if (!is_temporary(entry->name))
			tell(in, path, "is not winnow's");
		return true;
	}
	if (!g->complete)
		return true;
	there[place] = true;
	if (g->record.file[place].sha256)
		return read_file(in, g, place, &entry->st, path);
	tell(in, path, "is none of its files");
	return true;
}

static bool read_generation(struct reading *in, struct generation *g)
{
	bool there[PLACES] = {false};
	struct root_entries entries;

	buf_init(&in->wrong, in->arena);
	if (!read_record(in, g) ||
		!root_look_in(in->root, in->arena, place_generation(in->arena, in->name, g->number), &entries))
		return false;
	g->whole = g->complete;
	for (size_t i = 0; i < entries.count && !g->other; i++) {
		if (!read_entry(in, g, &entries.entry[i], there))
			return false;
	}
	for (size_t p = 0; p < PLACES && g->complete; p++) {
		if (!g->record.file[p].sha256 || there[p])
			continue;
		g->whole = false;
		tell(in, place_in(in->arena, in->name, g->number, place_stored[p]), "is not there");
	}
	g->wrong = buf_string(&in->wrong);
	return true;
}

/* --- all of them --- */

static int by_number(const void *a, const void *b)
{
	const struct generation *g = a, *h = b;

	return (g->number > h->number) - (g->number < h->number);
}

/* A link is not told here: whether it may be followed is for who opens it. */
static bool may_be_folder(const struct stat *st)
{
	return S_ISDIR(st->st_mode) || S_ISLNK(st->st_mode);
}

static bool read_all(struct reading *in, struct generations *gs, const struct root_entries *entries)
{
	gs->one = arena_alloc(in->arena, entries->count, sizeof(*gs->one));
	for (size_t i = 0; i < entries->count; i++) {
		const struct root_entry *entry = &entries->entry[i];
		struct generation *g = &gs->one[gs->count];
		g->number = may_be_folder(&entry->st) ? number_of(entry->name) : 0;
		if (!g->number)
			continue;
		exposed_add(in->exposures, in->root, in->arena, place_generation(in->arena, in->name, g->number), NULL,
			&entry->st);
		if (!read_generation(in, g))
			return false;
		gs->count++;
	}
	if (gs->count)
		qsort(gs->one, gs->count, sizeof(*gs->one), by_number);
	return true;
}

bool generations_read(struct generations *gs, struct exposures *exposures, struct arena *arena, const struct root *root,
	const char *name, const char *const in_force[static PLACES], enum look look)
{
	struct reading in = {arena, root, name, in_force, look, exposures, {0}};
	const char *history = place_history(arena, name);
	struct root_entries entries = {0};
	struct stat st;
	enum root_read got = root_look(root, history, &st);

	*gs = (struct generations){.strays = ""};
	if (got != ROOT_READ)
		return got == ROOT_ABSENT;
	if (may_be_folder(&st) && (!root_look_in(root, arena, history, &entries) || !read_all(&in, gs, &entries)))
		return false;
	buf_init(&in.wrong, arena);
	if (!may_be_folder(&st))
		tell(&in, history, "is not winnow's");
	for (size_t i = 0; i < entries.count; i++) {
		const struct root_entry *entry = &entries.entry[i];
		if (!may_be_folder(&entry->st) || !number_of(entry->name))
			tell(&in, buf_print(arena, "%s/%s", history, entry->name), "is not winnow's");
	}
	gs->strays = buf_string(&in.wrong);
	return true;
}

const char *generations_joined(struct arena *arena, const char *lines)
{
	struct buf b;

	buf_init(&b, arena);
	for (; *lines; lines++) {
		if (*lines != '\n')
			buf_add(&b, lines, 1);
		else if (lines[1])
			buf_text(&b, "; ");
	}
	return buf_string(&b);
}
