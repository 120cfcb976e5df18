/*
 * All findings are sorted by place, diagnostic and reading; those of one place and diagnostic are a
 * group. In a group what is said alike, in text and notes, is kept once, and knows who says it where:
 * by the ABIs on which the same readers do, of which there may be several. At a place one reading says one
 * thing, which diag() keeps for each list of findings, this for several of the same. Without a place only equal
 * texts are one. Texts equal but for who does it are one, which names all who do, and as severe as for any of
 * them. Order within a group is that of the readings, so the result does not depend on a sort.
 */

#include "findings.h"

#include <stdlib.h>
#include <string.h>

struct item {
	const struct diag *diag;
	const struct reading *by;
	size_t order;
};

struct joiner {
	struct findings *out;
	const struct weights *weights;
	uint32_t *readers, *nodes;
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
			item[n] = (struct item){d, &reading[i], n};
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

static void keep(struct joiner *j, const struct diag *from, uint32_t readers, uint32_t nodes)
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
	j->readers[j->kept] = readers;
	j->nodes[j->kept++] = nodes;
}

static bool same_notes(const struct diag *a, const struct diag *b)
{
	for (a = a->note, b = b->note; a && b; a = a->note, b = b->note) {
		if (a->at != b->at || a->len != b->len || strcmp(a->text, b->text) != 0)
			return false;
	}
	return !a && !b;
}

/* Equal, or equal but for who does it. */
static bool are_alike(const struct diag *a, const struct diag *b)
{
	if (!same_notes(a, b))
		return false;
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

/* Who says something, by ABI. */
struct sayers {
	uint32_t on[FINDINGS_NODES]; /* bits of readers */
	bool everyone;
};

static struct sayers who_says(const struct item *item, size_t items)
{
	struct sayers who = {.everyone = false};

	for (size_t i = 0; i < items; i++) {
		if (!item[i].diag || !are_alike(item->diag, item[i].diag))
			continue;
		who.on[item[i].by->node] |= item[i].by->reader;
		who.everyone |= item[i].by->reader == 0;
	}
	return who;
}

/* What is said like the first of them, on all ABIs where those say it who do there; it is said then. */
static void join_alike(struct joiner *j, struct item *item, size_t items)
{
	const struct diag *first = item->diag;
	const struct sayers who = who_says(item, items);
	uint32_t readers = who.everyone ? 0 : who.on[item->by->node], nodes = 0;
	enum severity worst = first->severity;
	struct doers doers = {{NULL}, 0};

	for (size_t i = 0; i < items; i++) {
		const struct diag *d = item[i].diag;
		uint32_t node = item[i].by->node;
		if (!d || !are_alike(first, d) || (!who.everyone && who.on[node] != readers))
			continue;
		nodes |= who.everyone ? 0 : (uint32_t)1 << node;
		worst = d->severity > worst ? d->severity : worst;
		if (d->by.who)
			add_doer(&doers, d->by.who);
		item[i].diag = NULL;
	}
	struct diag all = tell_of_all(j, first, &doers);
	all.severity = worst;
	keep(j, &all, readers, nodes);
}

/* Further ones of the same reader and ABI at a place. */
static void drop_further(struct item *item, size_t items)
{
	for (size_t i = 1; i < items; i++) {
		for (size_t k = 0; k < i && item[i].diag; k++) {
			if (item[k].diag && item[k].by->reader == item[i].by->reader &&
				item[k].by->node == item[i].by->node)
				item[i].diag = NULL;
		}
	}
}

/* The items of one place and diagnostic. */
static void join_group(struct joiner *j, struct item *item, size_t items)
{
	if (item->diag->at != NOWHERE)
		drop_further(item, items);
	for (size_t i = 0; i < items; i++) {
		if (item[i].diag) /* not said by an earlier one */
			join_alike(j, &item[i], items - i);
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
	j.nodes = arena_alloc(arena, items, sizeof(*j.nodes));
	diags_init(&out->diags, arena, source);
	for (size_t i = 0, n; i < items; i += n) {
		const struct diag *first = item[i].diag;
		for (n = 1; i + n < items && same_group(item[i + n].diag, first);)
			n++;
		join_group(&j, &item[i], n);
	}
	out->readers = j.readers;
	out->nodes = j.nodes;
}
