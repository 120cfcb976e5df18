/*
 * A SeccompProfile goes by its metadata.name, what is in a ConfigMap by its key, and each by what lint calls it; all with
 * their namespace and a '/' before it, too, as two of one name may be in two. Until it is known that the file is none by itself nobody looks for parts.
 */

#include "choice.h"

#include "parts.h"

#include <string.h>

#define WORK_ARENA  ((size_t)64 << 20)
#define NAMES_SHOWN 8

static bool find_parts(struct parts *parts, struct arena *arena, const struct source *source)
{
	struct arena work;

	arena_init_beside(&work, WORK_ARENA, arena);
	if (setjmp(work.out)) {
		arena_free(&work);
		return false;
	}
	parts_find(parts, arena, &work, source, &(struct input_options){.input = INPUT_ANY});
	arena_free(&work);
	return parts->count && parts->part[0].name;
}

/* One ConfigMap alone: what is said of its entries has their places. */
static bool is_one_object(const struct parts *parts, const struct source *source)
{
	return parts->part[0].len == source->len && !parts->part[0].item;
}

static bool is_called(const struct part *p, const char *name)
{
	size_t space = p->space ? strlen(p->space) : 0;

	if (space && strncmp(name, p->space, space) == 0 && name[space] == '/')
		name += space + 1;
	return (p->called && strcmp(p->called, name) == 0) || (p->entry && strcmp(p->entry, name) == 0) ||
		strcmp(p->name, name) == 0;
}

/* How many are called so, and the first of them. */
static size_t count_called(const struct parts *parts, const char *name, const struct part **first)
{
	size_t found = 0;

	for (size_t i = 0; name && i < parts->count; i++) {
		if (is_called(&parts->part[i], name) && !found++)
			*first = &parts->part[i];
	}
	return found;
}

static void refuse(
	const struct parts *parts, const struct source *source, const char *name, size_t found, struct diags *diags)
{
	if (name && found)
		diag(diags, DIAG_ENTRY, NOWHERE, 1, "%zu profiles of the file go by '%s'", found, name);
	else if (name)
		diag(diags, DIAG_ENTRY, NOWHERE, 1, "the file has no profile '%s'", name);
	else
		diag(diags, DIAG_ENTRY, NOWHERE, 1,
			"of the %zu parts of the file %zu are profiles: the option entry takes one, as in --entry NAME",
			parts->count + parts->others, parts->count);
	for (size_t i = 0; i < parts->count && i < NAMES_SHOWN && !source->hidden; i++)
		diag_note(diags, NOWHERE, 1, "%s%s%s%s", parts->part[i].name, parts->part[i].space ? ", namespace '" : "",
			parts->part[i].space ? parts->part[i].space : "", parts->part[i].space ? "'" : "");
}

/* Blank before it, nothing behind. */
static struct source alone(struct arena *arena, const struct source *whole, const struct part *p)
{
	size_t len = (size_t)p->start + p->len;
	char *bytes = arena_alloc(arena, len + 1, 1);

	for (size_t i = 0; i < p->start; i++)
		bytes[i] = whole->bytes[i] == '\n' ? '\n' : ' ';
	memcpy(bytes + p->start, whole->bytes + p->start, p->len);
	return (struct source){whole->name, bytes, len, whole->hidden};
}

enum choice choice_make(struct arena *arena, const struct source *source, const struct input_options *wish,
	struct diags *diags, struct source *chosen, struct input_options *own)
{
	const struct part *part = NULL;
	bool strict = diags->strict;
	struct parts parts;

	if (wish->item || !find_parts(&parts, arena, source) || is_one_object(&parts, source))
		return CHOICE_NONE;
	size_t found = count_called(&parts, wish->entry, &part);
	diags_init(diags, arena, diags->source); /* what was wrong with it as one profile */
	diags->strict = strict;
	if (found != 1) {
		refuse(&parts, source, wish->entry, found, diags);
		return CHOICE_REFUSED;
	}
	*chosen = alone(arena, source, part);
	*own = *wish;
	own->item = part->item;
	own->entry = part->entry;
	return CHOICE_TAKEN;
}
