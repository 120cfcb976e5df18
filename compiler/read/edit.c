/*
 * Container by container the changes become cuts: bytes of the source that go, and text in their place. Where
 * commas separate, an element goes with the comma and the space behind it, the last ones with those before
 * them; what is put in takes over what stands between the last two elements. In YAML's blocks elements
 * are whole lines.
 */

#include "edit.h"

#include <stdlib.h>
#include <string.h>

struct insertion {
	const char *value;
	size_t next; /* 1 + place; 0: it is the last of its queue */
};

/* Insertions at one place, as they were made: 1 + the place of the first, of the last; 0: none. */
struct queue {
	size_t first, last;
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

void edits_init(struct edits *e, struct arena *arena, const struct json *json, bool yaml)
{
	*e = (struct edits){.arena = arena, .json = json, .yaml = yaml,
		.removed = arena_alloc(arena, json->nodes, sizeof(*e->removed)),
		.instead = arena_alloc(arena, json->nodes, sizeof(const char *)),
		.parent = arena_alloc(arena, json->nodes, sizeof(*e->parent)),
		.behind = arena_alloc(arena, json->nodes, sizeof(*e->behind)),
		.last = arena_alloc(arena, json->nodes, sizeof(*e->last))};
	e->parent[0] = JSON_NONE;
	for (uint32_t i = 0; i < json->nodes; i++) {
		for (uint32_t k = json->node[i].child; k != JSON_NONE; k = json->node[k].next)
			e->parent[k] = i;
	}
}

void edits_remove(struct edits *e, uint32_t node)
{
	e->removed[node] = true;
}

void edits_replace(struct edits *e, uint32_t node, const char *value)
{
	e->instead[node] = value;
}

bool edits_removed(const struct edits *e, uint32_t node)
{
	while (node != JSON_NONE && !e->removed[node])
		node = e->parent[node];
	return node != JSON_NONE;
}

static void insert(struct edits *e, struct queue *q, const char *value)
{
	if (e->insertions == e->room) {
		size_t room = e->room ? 2 * e->room : 8;
		e->insertion = arena_grow(e->arena, e->insertion, e->room, room, sizeof(*e->insertion));
		e->room = room;
	}
	e->insertion[e->insertions++] = (struct insertion){value, 0};
	if (q->first)
		e->insertion[q->last - 1].next = e->insertions;
	else
		q->first = e->insertions;
	q->last = e->insertions;
}

void edits_append(struct edits *e, uint32_t array, const char *value)
{
	insert(e, &e->last[array], value);
}

void edits_insert(struct edits *e, uint32_t element, const char *value)
{
	insert(e, &e->behind[element], value);
}

/* --- places --- */

static bool is_container(const struct json_node *n)
{
	return n->type == JSON_ARRAY || n->type == JSON_OBJECT;
}

/* Is it written in lines, without brackets? */
static bool is_block(const struct edits *e, uint32_t node)
{
	const struct json_node *n = &e->json->node[node];
	char first = e->json->source->bytes[n->at];

	return e->yaml && is_container(n) && n->child != JSON_NONE && first != '[' && first != '{';
}

/* A block scalar, "|" or ">", ends where the next token starts; what counts is its last line that is not blank. */
static uint32_t scalar_end(const struct edits *e, const struct json_node *n)
{
	const char *bytes = e->json->source->bytes;
	uint32_t end = n->at + n->len;

	while (e->yaml && (bytes[n->at] == '|' || bytes[n->at] == '>') && end > n->at + 1 &&
		strchr(" \t\r\n", bytes[end - 1]))
		end--;
	return end;
}

/* The end of an element or of a member's value; a block's as of what is last in it. */
static uint32_t end_of(const struct edits *e, uint32_t node)
{
	const struct json_node *n = e->json->node;

	for (;;) {
		bool key = e->parent[node] != JSON_NONE && n[e->parent[node]].type == JSON_OBJECT;
		if (!key && !is_block(e, node))
			return scalar_end(e, &n[node]);
		node = n[node].child;
		while (!key && n[node].next != JSON_NONE)
			node = n[node].next;
	}
}

static void add_cut(struct cuts *c, uint32_t at, uint32_t end, const char *text)
{
	c->cut[c->count] = (struct cut){at, end, text, c->count};
	c->count++;
}

/* --- with commas --- */

/* What is between the last two elements; of one the comma and what stands before it. */
static const char *separator(const struct edits *e, const struct json_node *array)
{
	const struct json_node *node = e->json->node;
	const char *bytes = e->json->source->bytes;
	uint32_t before = JSON_NONE, last = JSON_NONE;
	struct buf b;

	for (uint32_t i = array->child; i != JSON_NONE; i = node[i].next) {
		before = last;
		last = i;
	}
	buf_init(&b, e->arena);
	if (before != JSON_NONE) {
		buf_add(&b, bytes + end_of(e, before), node[last].at - end_of(e, before));
	} else {
		buf_text(&b, ",");
		if (last != JSON_NONE && node[last].at > array->at + 1)
			buf_add(&b, bytes + array->at + 1, node[last].at - array->at - 1);
		else
			buf_text(&b, " ");
	}
	return memchr(b.bytes, '#', b.len) ? ", " : buf_string(&b);
}

/* Elements that go, in runs. */
static void cut_elements(const struct edits *e, const struct json_node *array, struct cuts *cuts)
{
	const struct json_node *node = e->json->node;
	uint32_t kept = 0, first = JSON_NONE, last = 0;

	for (uint32_t i = array->child; i != JSON_NONE; i = node[i].next) {
		if (e->removed[i]) {
			first = first == JSON_NONE ? node[i].at : first;
			last = end_of(e, i);
			continue;
		}
		if (first != JSON_NONE)
			add_cut(cuts, first, node[i].at, "");
		first = JSON_NONE;
		kept = end_of(e, i);
	}
	if (first != JSON_NONE)
		add_cut(cuts, kept ? kept : first, last, "");
}

/* An array at hand. */
struct filler {
	const struct edits *e;
	struct cuts *cuts;
	const char *separator; /* NULL: not asked for yet */
	const struct json_node *array;
	uint32_t first; /* element that stays; JSON_NONE: none does */
	uint32_t at;    /* behind the last one that stays so far, 0 if there is none */
	bool any;       /* something was put in where nothing stays */
};

static const char *between(struct filler *f)
{
	f->separator = f->separator ? f->separator : separator(f->e, f->array);
	return f->separator;
}

/* Behind what stays so far, before the first that stays, or alone. */
static void put_in(struct filler *f, const struct queue *q)
{
	const struct json_node *node = f->e->json->node;
	bool leads = !f->at && f->first != JSON_NONE, alone = f->first == JSON_NONE;
	uint32_t start = f->array->child == JSON_NONE ? f->array->at + 1 : node[f->array->child].at;
	uint32_t at = f->at ? f->at : leads ? node[f->first].at : start;

	for (size_t i = q->first; i; i = f->e->insertion[i - 1].next) {
		const char *value = f->e->insertion[i - 1].value;
		bool bare = leads || (alone && !f->any);
		add_cut(f->cuts, at, at, buf_print(f->e->arena, "%s%s%s", bare ? "" : between(f), value,
			leads ? between(f) : ""));
		f->any = true;
	}
}

static void cut_flow(const struct edits *e, uint32_t index, struct cuts *cuts)
{
	const struct json_node *node = e->json->node;
	struct filler f = {.e = e, .cuts = cuts, .array = &node[index], .first = node[index].child};

	while (f.first != JSON_NONE && e->removed[f.first])
		f.first = node[f.first].next;
	cut_elements(e, f.array, cuts);
	for (uint32_t i = f.array->child; i != JSON_NONE; i = node[i].next) {
		f.at = e->removed[i] ? f.at : end_of(e, i);
		put_in(&f, &e->behind[i]);
	}
	put_in(&f, &e->last[index]);
}

/* --- in lines --- */

/* Where the line begins; *indent: how far in the byte stands, or its dash if it is `dashed`, behind spaces alone. */
static uint32_t line_start(struct edits *e, uint32_t at, bool dashed, uint32_t *indent)
{
	const char *bytes = e->json->source->bytes;
	uint32_t start = at;

	while (dashed && start && bytes[start - 1] == ' ')
		start--;
	if (dashed && (!start || bytes[--start] != '-'))
		e->failed = true;
	at = start;
	while (start && bytes[start - 1] == ' ')
		start--;
	if (start && bytes[start - 1] != '\n')
		e->failed = true;
	*indent = at - start;
	return start;
}

static uint32_t line_end(const struct edits *e, uint32_t at)
{
	const struct source *source = e->json->source;
	const char *newline = memchr(source->bytes + at, '\n', source->len - at);

	return newline ? (uint32_t)(newline - source->bytes) + 1 : (uint32_t)source->len;
}

/* A member whose key stands behind a dash leaves the dash to the next. */
static void cut_member(struct edits *e, uint32_t key, struct cuts *cuts)
{
	const struct json_node *n = &e->json->node[key];
	const char *bytes = e->json->source->bytes;
	uint32_t start = n->at;

	while (start && bytes[start - 1] == ' ')
		start--;
	if (!start || bytes[start - 1] == '\n')
		add_cut(cuts, start, line_end(e, end_of(e, key)), "");
	else if (n->next != JSON_NONE)
		add_cut(cuts, n->at, e->json->node[n->next].at, "");
	else
		e->failed = true;
}

/* As lines from `end` on, where one begins or the text ends. */
static void put_lines(struct edits *e, const struct queue *q, uint32_t end, uint32_t indent, struct cuts *cuts)
{
	const struct source *source = e->json->source;
	bool crlf = end > 1 && source->bytes[end - 1] == '\n' && source->bytes[end - 2] == '\r';
	bool open = source->bytes[end - 1] != '\n';

	for (size_t i = q->first; i; i = e->insertion[i - 1].next)
		add_cut(cuts, end, end, buf_print(e->arena, "%s%*s- %s%s", open ? "\n" : "", (int)indent, "",
			e->insertion[i - 1].value, open ? "" : crlf ? "\r\n" : "\n"));
}

/* Nothing is left of the array: "KEY: []" */
static void leave_empty(struct edits *e, uint32_t index, struct cuts *cuts)
{
	const struct source *source = e->json->source;
	uint32_t key = e->parent[index];

	if (key == JSON_NONE || e->parent[key] == JSON_NONE || e->json->node[e->parent[key]].type != JSON_OBJECT) {
		e->failed = true;
		return;
	}
	uint32_t at = e->json->node[key].at + e->json->node[key].len;
	while (at < source->len && source->bytes[at] == ' ')
		at++;
	if (at == source->len || source->bytes[at] != ':')
		e->failed = true;
	else
		add_cut(cuts, at + 1, at + 1, " []");
}

static void cut_block(struct edits *e, uint32_t index, struct cuts *cuts)
{
	const struct json_node *node = e->json->node;
	bool stays = e->last[index].first, changed = stays;
	uint32_t indent = 0, end = 0;

	for (uint32_t i = node[index].child; i != JSON_NONE; i = node[i].next) {
		changed |= e->removed[i] || e->behind[i].first;
		stays |= !e->removed[i] || e->behind[i].first;
	}
	if (!changed)
		return;
	for (uint32_t i = node[index].child; i != JSON_NONE; i = node[i].next) {
		uint32_t start = line_start(e, node[i].at, true, &indent);
		end = line_end(e, end_of(e, i));
		if (e->removed[i])
			add_cut(cuts, start, end, "");
		put_lines(e, &e->behind[i], end, indent, cuts);
	}
	put_lines(e, &e->last[index], end, indent, cuts);
	if (!stays)
		leave_empty(e, index, cuts);
}

/* --- all --- */

static void cut_node(struct edits *e, uint32_t index, struct cuts *cuts)
{
	const struct json_node *node = e->json->node;

	if (edits_removed(e, index))
		return;
	if (e->instead[index])
		add_cut(cuts, node[index].at, end_of(e, index), e->instead[index]);
	if (!is_container(&node[index]))
		return;
	if (!is_block(e, index))
		cut_flow(e, index, cuts);
	else if (node[index].type == JSON_ARRAY)
		cut_block(e, index, cuts);
	for (uint32_t i = node[index].child; is_block(e, index) && node[index].type == JSON_OBJECT && i != JSON_NONE;
		i = node[i].next) {
		if (e->removed[i])
			cut_member(e, i, cuts);
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

bool edits_write(struct edits *e, struct buf *out)
{
	const struct source *source = e->json->source;
	struct cuts cuts = {.cut = arena_alloc(e->arena, 2 * e->json->nodes + e->insertions, sizeof(*cuts.cut))};
	uint32_t done = 0;

	for (uint32_t i = e->json->nodes; i-- > 0;)
		cut_node(e, i, &cuts); /* what is within goes first where two end together */
	qsort(cuts.cut, cuts.count, sizeof(*cuts.cut), by_place);
	for (size_t i = 0; i < cuts.count; i++) {
		const struct cut *c = &cuts.cut[i];
		if (c->at < done) {
			e->failed = true; /* cuts that meet: a layout that is not understood */
			continue;
		}
		buf_add(out, source->bytes + done, c->at - done);
		buf_text(out, c->text);
		done = c->end;
	}
	buf_add(out, source->bytes + done, source->len - done);
	return !e->failed;
}
