/*
 * All findings are sorted by place, diagnostic and reading; those of one place and diagnostic are a
 * group. In a group a text is kept once, and at a place each reader says one thing: diag() keeps
 * that for one reading, this for the ABIs one reader looked at. Without a place only equal texts
 * are one. Texts equal but for who does it are one, which names all who do, and as severe as for any of them. Order within a group is that of the readings, so the result does not depend on a sort.
 */

#include "findings.h"

#include <stdlib.h>
#include <string.h>

struct item {
	const struct diag *diag;
	uint32_t reader;
	size_t order;
};

struct joiner {
	struct findings *out;
	const struct weights *weights;
	uint32_t *readers;
	size_t kept;
};

static int by_place(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	uint32_t at = a->diag->at + 1, bt = b->diag->at + 1; /* NOWHERE becomes 0, the first */

	if (at != bt)
		return at < bt ? -1 : 1;
	if (a->diag->id != b->diag->id)
		return a->diag->id < b->diag->id ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static struct item *gather(
	struct arena *arena, const struct reading *reading, size_t readings, size_t *items)
{
	size_t count = 0, n = 0;

	for (size_t i = 0; i < readings; i++) {
		for (const struct diag *d = reading[i].diags->first; d; d = d->next)
			count++;
	}
	struct item *item = arena_alloc(arena, count, sizeof(*item));
	for (size_t i = 0; i < readings; i++) {
		for (const struct diag *d = reading[i].diags->first; d; d = d->next, n++)
			item[n] = (struct item){d, reading[i].reader, n};
	}
	qsort(item, count, sizeof(*item), by_place);
	*items = count;
	return item;
}

/* Counted like diag() does; false: there are enough of its severity. */
static bool admit(struct diags *d, const struct diag *diag)
{
	int status = diag_kinds[diag->id].exit;

	if (diag->severity == SEVERITY_ERROR && (d->exit == 0 || status < d->exit))
		d->exit = status;
	if (d->count[diag->severity]++ < DIAG_MAX)
		return true;
	d->unshown++;
	return false;
}

/* All of it, notes too: the readings may be gone before the findings are. */
static struct diag *copy_diag(struct arena *arena, const struct diag *from)
{
	struct diag *copy = arena_alloc(arena, 1, sizeof(*copy)), **note = &copy->note;

	*copy = *from;
	copy->text = arena_text(arena, from->text, strlen(from->text));
	copy->was = from->was ? arena_text(arena, from->was, from->len) : NULL;
	copy->by = (struct diag_doer){0}; /* the text is complete */
	copy->rest = NULL;
	copy->next = NULL;
	for (const struct diag *n = from->note; n; n = n->note) {
		struct diag *one = arena_alloc(arena, 1, sizeof(*one));
		*one = *n;
		one->text = arena_text(arena, n->text, strlen(n->text));
		*note = one;
		note = &one->note;
	}
	*note = NULL;
	return copy;
}

static bool is_dropped(const struct joiner *j, const struct diag *d)
{
	return d->severity != SEVERITY_ERROR && j->weights->dropped[d->id];
}

static void keep(struct joiner *j, const struct diag *from, uint32_t reader)
{
	struct diags *d = &j->out->diags;
	if (is_dropped(j, from))
		return;
	struct diag *copy = copy_diag(d->arena, from);
	if (copy->severity == SEVERITY_WARNING && j->weights->raised[copy->id])
		copy->severity = SEVERITY_ERROR;
	if (!admit(d, copy))
		return;
	d->last = *d->tail = copy;
	d->tail = &copy->next;
	j->readers[j->kept++] = reader;
}

/* Equal, or equal but for who does it. */
static bool are_alike(const struct diag *a, const struct diag *b)
{
	if (!a->by.who || !b->by.who)
		return strcmp(a->text, b->text) == 0;
	return strcmp(a->by.verb, b->by.verb) == 0 && strcmp(a->rest, b->rest) == 0;
}

/* Those who do it, each once. */
struct doers {
	const char *who[32]; /* readers are bits */
	size_t count;
};

static void add_doer(struct doers *doers, const char *who)
{
	for (size_t i = 0; i < doers->count; i++) {
		if (strcmp(doers->who[i], who) == 0)
			return;
	}
	if (doers->count < countof(doers->who))
		doers->who[doers->count++] = who;
}

/* The first of some that are alike, as said of all who do it. */
static struct diag tell_of_all(struct joiner *j, const struct diag *first, const struct doers *doers)
{
	struct diag all = *first;

	if (doers->count > 1)
		all.text = diag_joined(
			j->out->diags.arena, doers->who, doers->count, first->by, first->rest);
	return all;
}

/* The items of one place and diagnostic. */
static void join_group(struct joiner *j, struct item *item, size_t items)
{
	bool placed = item->diag->at != NOWHERE;

	for (size_t i = 0; i < items; i++) {
		const struct diag *first = item[i].diag;
		if (!first)
			continue; /* said by an earlier one */
		uint32_t readers = item[i].reader;
		enum severity worst = first->severity;
		struct doers doers = {{first->by.who}, first->by.who != NULL};
		for (size_t k = i + 1; k < items; k++) {
			if (!item[k].diag)
				continue;
			bool alike = are_alike(first, item[k].diag);
			if (alike)
				readers |= item[k].reader;
			if (alike && item[k].diag->severity > worst)
				worst = item[k].diag->severity;
			if (alike && first->by.who)
				add_doer(&doers, item[k].diag->by.who);
			if (alike || (placed && item[k].reader == item[i].reader))
				item[k].diag = NULL;
		}
		struct diag all = tell_of_all(j, first, &doers);
		all.severity = worst;
		keep(j, &all, readers);
	}
}

static bool same_group(const struct diag *a, const struct diag *b)
{
	return a->at == b->at && a->id == b->id;
}

void findings_join(struct findings *out, struct arena *arena, const struct source *source,
	const struct reading *reading, size_t readings, const struct weights *weights)
{
	size_t items;
	struct item *item = gather(arena, reading, readings, &items);
	struct joiner j = {.out = out, .weights = weights};

	j.readers = arena_alloc(arena, items, sizeof(*j.readers));
	diags_init(&out->diags, arena, source);
	for (size_t i = 0, n; i < items; i += n) {
		const struct diag *first = item[i].diag;
		for (n = 1; i + n < items && same_group(item[i + n].diag, first);)
			n++;
		join_group(&j, &item[i], n);
	}
	out->readers = j.readers;
}
