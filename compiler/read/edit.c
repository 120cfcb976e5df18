/*
 * Array by array the changes become cuts: bytes of the source that go, and text in their place. An element goes
 * with the comma and the space behind it, the last ones with those before them. What is put in takes over
 * what stands between the last two elements.
 */

#include "edit.h"

#include <stdlib.h>
#include <string.h>

struct insertion {
	uint32_t array;
	const char *value;
};

struct cut {
	uint32_t at, end;
	const char *text; /* in place of at..end - 1 */
	size_t order;
};

struct cuts {
	struct cut *cut;
	size_t count;
};

void edits_init(struct edits *e, struct arena *arena, const struct json *json)
{
	*e = (struct edits){.arena = arena, .json = json,
		.removed = arena_alloc(arena, json->nodes, sizeof(*e->removed))};
}

void edits_remove(struct edits *e, uint32_t element)
{
	e->removed[element] = true;
}

void edits_append(struct edits *e, uint32_t array, const char *value)
{
	if (e->insertions == e->room) {
		size_t room = e->room ? 2 * e->room : 8;
		e->insertion = arena_grow(e->arena, e->insertion, e->room, room, sizeof(*e->insertion));
		e->room = room;
	}
	e->insertion[e->insertions++] = (struct insertion){array, value};
}

static uint32_t end_of(const struct json_node *n)
{
	return n->at + n->len;
}

static void add_cut(struct cuts *c, uint32_t at, uint32_t end, const char *text)
{
	c->cut[c->count] = (struct cut){at, end, text, c->count};
	c->count++;
}

/* What is between the last two elements; of one the comma and what stands before it. */
static const char *separator(const struct edits *e, const struct json_node *array)
{
	const struct json_node *node = e->json->node, *before = NULL, *last = NULL;
	const char *bytes = e->json->source->bytes;
	struct buf b;

	for (uint32_t i = array->child; i != JSON_NONE; i = node[i].next) {
		before = last;
		last = &node[i];
	}
	buf_init(&b, e->arena);
	if (before) {
		buf_add(&b, bytes + end_of(before), last->at - end_of(before));
	} else {
		buf_text(&b, ",");
		if (last && last->at > array->at + 1)
			buf_add(&b, bytes + array->at + 1, last->at - array->at - 1);
		else
			buf_text(&b, " ");
	}
	return buf_string(&b);
}

/* Elements that go, in runs; the end of the last that stays, 0 if none does. */
static uint32_t cut_elements(const struct edits *e, const struct json_node *array, struct cuts *cuts)
{
	const struct json_node *node = e->json->node;
	uint32_t kept = 0, first = JSON_NONE, last = 0;

	for (uint32_t i = array->child; i != JSON_NONE; i = node[i].next) {
		if (e->removed[i]) {
			first = first == JSON_NONE ? node[i].at : first;
			last = end_of(&node[i]);
			continue;
		}
		if (first != JSON_NONE)
			add_cut(cuts, first, node[i].at, "");
		first = JSON_NONE;
		kept = end_of(&node[i]);
	}
	if (first != JSON_NONE)
		add_cut(cuts, kept ? kept : first, last, "");
	return kept;
}

static void cut_array(const struct edits *e, uint32_t index, struct cuts *cuts)
{
	const struct json_node *array = &e->json->node[index];
	uint32_t kept = cut_elements(e, array, cuts), at = kept ? kept : array->at + 1;
	bool first = !kept;

	for (size_t i = 0; i < e->insertions; i++) {
		struct buf b;
		if (e->insertion[i].array != index)
			continue;
		buf_init(&b, e->arena);
		buf_text(&b, first ? "" : separator(e, array));
		buf_text(&b, e->insertion[i].value);
		add_cut(cuts, at, at, buf_string(&b));
		first = false;
	}
}

static int by_place(const void *pa, const void *pb)
{
	const struct cut *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if ((a->at == a->end) != (b->at == b->end))
		return a->at == a->end ? -1 : 1; /* what is put in, then what goes */
	return a->order < b->order ? -1 : a->order > b->order;
}

void edits_write(const struct edits *e, struct buf *out)
{
	const struct source *source = e->json->source;
	struct cuts cuts = {.cut = arena_alloc(e->arena, e->json->nodes + e->insertions, sizeof(*cuts.cut))};
	uint32_t done = 0;

	for (uint32_t i = 0; i < e->json->nodes; i++) {
		if (e->json->node[i].type == JSON_ARRAY)
			cut_array(e, i, &cuts);
	}
	qsort(cuts.cut, cuts.count, sizeof(*cuts.cut), by_place);
	for (size_t i = 0; i < cuts.count; i++) {
		const struct cut *c = &cuts.cut[i];
		if (c->at < done)
			continue; /* within what is gone */
		buf_add(out, source->bytes + done, c->at - done);
		buf_text(out, c->text);
		done = c->end;
	}
	buf_add(out, source->bytes + done, source->len - done);
}
