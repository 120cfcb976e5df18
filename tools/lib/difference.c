/*
 * What is left of a difference on an audit arch, then on a range of numbers, is taken apart into lines: a
 * named number each, the ranges between names together. Audit archs on which the number does not matter
 * have a line in all.
 */

#include "difference.h"

#include "call_json.h"

#include "../../backends/prove/hash.h"
#include "../../compiler/base/buf_json.h"
#include "../../compiler/explain/words.h"
#include "../../compiler/kernel/action.h"
#include "../../compiler/logic/combine.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/logic/region.h"

#include <stdio.h>
#include <string.h>

#define LINES_MAX  1000u /* an audit arch */
#define LEAVES_MAX 64u   /* rows a number */
#define LEAVES_READ 4u   /* lines a number, which people read */

struct report {
	struct bdd *bdd;
	const struct comparand *side; /* both */
	struct buf *out;
	uint32_t same; /* the leaf */
	uint32_t audit;
	const struct named *name; /* of the audit arch, in order */
	size_t names, at;
	size_t lines;            /* of the audit arch; those beyond LINES_MAX are counted only */
	const struct abi *shown; /* whose headline was printed last */
	uint32_t *mark;          /* by node: the walk that saw it last */
	uint32_t marks, walks;
	struct difference *list; /* NULL: lines are printed */
	bool mistaken;
};

/* --- leaves --- */

struct leaves {
	uint64_t leaf[LEAVES_MAX];
	unsigned count, most;
	bool more;
};

static void add_leaf(struct leaves *l, uint64_t leaf)
{
	for (unsigned i = 0; i < l->count; i++) {
		if (l->leaf[i] == leaf)
			return;
	}
	if (l->count < l->most)
		l->leaf[l->count++] = leaf;
	else
		l->more = true;
}

/* Room for a mark on each node; the store grows between walks. */
static void start_walk(struct report *r)
{
	uint32_t nodes = r->bdd->count;

	if (nodes > r->marks) {
		r->mark = arena_grow(
			r->out->arena, r->mark, r->marks, (size_t)2 * nodes, sizeof(*r->mark));
		r->marks = 2 * nodes;
	}
	r->walks++;
}

/* The different differences below a node. */
static void find_leaves(struct report *r, uint32_t node, struct leaves *l)
{
	const struct bdd *b = r->bdd;
	uint32_t stack[BDD_VARS + 2]; /* a level leaves one node behind at most */
	size_t depth = 0;

	*l = (struct leaves){.most = r->list ? LEAVES_MAX : LEAVES_READ};
	start_walk(r);
	assert(r->mark); /* a store has leaves at least */
	for (stack[depth++] = node; depth;) {
		uint32_t top = stack[--depth];
		if (r->mark[top] == r->walks || top == r->same)
			continue;
		r->mark[top] = r->walks;
		if (bdd_is_leaf(b, top)) {
			add_leaf(l, bdd_value(b, top));
		} else {
			stack[depth++] = b->node[top].hi;
			stack[depth++] = b->node[top].lo;
		}
	}
}

/* --- lines --- */

/* "ALLOW -> ERRNO(1)" */
static void change_print(struct buf *b, uint64_t leaf)
{
	action_print(b, diff_left(leaf));
	buf_text(b, " -> ");
	action_print(b, diff_right(leaf));
}

/* Both sides are asked about the call that stands for a line: none is shown on trust. */
static bool confirmed(struct report *r, const struct call *call, uint64_t leaf)
{
	bool ok = comparand_says(comparand_answer(&r->side[0], call), diff_left(leaf)) &&
		comparand_says(comparand_answer(&r->side[1], call), diff_right(leaf));

	r->mistaken = r->mistaken || !ok;
	return ok;
}

/* What is told as being more; of a list it is that it is not complete. */
static void more(struct report *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void more(struct report *r, const char *fmt, ...)
{
	va_list args;

	if (r->list) {
		r->list->complete = false;
		return;
	}
	va_start(args, fmt);
	buf_vprintf(r->out, fmt, args);
	va_end(args);
}

static void add_row(struct report *r, struct difference_row row)
{
	struct difference *l = r->list;

	if (l->rows == l->room) {
		l->row = arena_grow(r->out->arena, l->row, l->room, 2 * l->room + 16, sizeof(*l->row));
		l->room = 2 * l->room + 16;
	}
	row.calls = arena_text(r->out->arena, row.calls, strlen(row.calls));
	l->row[l->rows++] = row;
}

/* Which calls have the leaf, for those who compare with rows of another store. */
static void add_region(struct report *r, uint32_t rest, uint64_t leaf, struct difference_row *row)
{
	struct bdd *b = r->bdd;
	uint32_t where = bdd_ite(
		b, combine_is(b, rest, leaf), bdd_leaf(b, action_ret(ACTION_ALLOW, 0)), bdd_leaf(b, action_ret(ACTION_KILL_PROCESS, 0)));

	row->inexact = true;
	row->hashed = hash_function(b, where, row->region);
}

static void add_leaf_row(struct report *r, uint32_t rest, uint64_t leaf, const struct call *call,
	const struct abi *abi, const char *label)
{
	struct difference_row row = {.abi = abi, .calls = label, .verdict = {diff_left(leaf), diff_right(leaf)}, .call = *call};
	struct buf where;

	buf_init(&where, r->out->arena);
	if (!bdd_is_leaf(r->bdd, rest)) {
		if (!region_print(&where, r->bdd, rest, leaf, abi))
			add_region(r, rest, leaf, &row);
		row.where = buf_string(&where);
	}
	add_row(r, row);
}

static void add_elsewhere_row(
	struct report *r, uint32_t rest, uint64_t leaf, const struct call *call, const char *calls)
{
	struct difference_row row = {.calls = calls, .verdict = {diff_left(leaf), diff_right(leaf)}, .call = *call};

	if (!bdd_is_leaf(r->bdd, rest)) {
		r->list->complete = false; /* one of several */
		row.where = "some";
		add_region(r, rest, leaf, &row);
	}
	add_row(r, row);
}

static void leaf_line(struct report *r, uint32_t rest, uint64_t leaf, struct call call,
	const struct abi *abi, const char *label)
{
	struct bdd *b = r->bdd;
	struct buf *out = r->out;

	uint32_t only = diff_only(b, rest, leaf);
	diff_call(b, only, &call);
	confirmed(r, &call, leaf);
	if (r->list) {
		add_leaf_row(r, rest, leaf, &call, abi, label);
		return;
	}
	buf_printf(out, "  %s", label);
	buf_pad(out, 26);
	change_print(out, leaf);
	if (!bdd_is_leaf(b, rest)) {
		buf_text(out, "  ");
		region_print(out, b, rest, leaf, abi);
		buf_text(out, ", as in ");
		call_print(out, &call, 1);
	}
	buf_text(out, "\n");
}

static void headline(struct report *r, const struct abi *abi)
{
	if (r->shown == abi || r->list)
		return;
	r->shown = abi;
	buf_printf(r->out, "%s\n", abi->name);
}

static void number_lines(
	struct report *r, uint32_t rest, uint32_t first, uint32_t last, const char *name)
{
	const struct abi *abi = arch_of_call(r->audit, first);
	struct leaves leaves;
	char label[64];

	if (r->lines++ >= LINES_MAX)
		return;
	if (abi)
		headline(r, abi);
	const struct abi *foreign = abi ? arch_foreign(abi, first) : NULL;
	if (foreign && first == last)
		name = words_number(r->out->arena, abi, first);
	if (name)
		snprintf(label, sizeof(label), "%s", name);
	else if (first == last)
		snprintf(label, sizeof(label), "%u", first);
	else
		snprintf(label, sizeof(label), "%s%s%u..%u", foreign ? foreign->name : "",
			foreign ? ":" : "", first, last);
	find_leaves(r, rest, &leaves);
	for (unsigned i = 0; i < leaves.count; i++)
		leaf_line(r, rest, leaves.leaf[i], (struct call){.arch = r->audit, .nr = first},
			abi, label);
	if (leaves.more)
		more(r, "  %s  and more verdicts\n", label);
}

/* Where the numbers first..last are cut, so that none is of another ABI's table than the first. */
static uint32_t end_of_table(const struct abi *abi, uint32_t first, uint32_t last)
{
	const struct abi *foreign = arch_foreign(abi, first);

	if (foreign && foreign->table_last < last)
		return foreign->table_last;
	for (size_t i = 0; !foreign && i < arch_abi_count; i++) {
		const struct abi *other = &arch_abis[i];
		if (arch_reaches(abi, other) && first < other->table_first &&
			other->table_first <= last)
			last = other->table_first - 1;
	}
	return last;
}

/* Numbers without a name, cut where one ABI's end and another's begin. */
static void unnamed(struct report *r, uint32_t rest, uint32_t first, uint32_t last)
{
	for (uint64_t at = first; at <= last;) {
		const struct abi *abi = arch_of_call(r->audit, (uint32_t)at);
		uint32_t end = last;
		if (abi && abi->nr_last < end && at <= abi->nr_last)
			end = abi->nr_last;
		for (size_t i = 0; i < arch_abi_count; i++) {
			const struct abi *other = &arch_abis[i];
			if (other->audit == r->audit && other->nr_first > at &&
				other->nr_first <= end)
				end = other->nr_first - 1;
		}
		if (abi)
			end = end_of_table(abi, (uint32_t)at, end);
		number_lines(r, rest, (uint32_t)at, end, NULL);
		at = (uint64_t)end + 1;
	}
}

/* A span of numbers: a line for each name in it and for each gap between them. */
static bool number_span(void *data, const struct span *span)
{
	struct report *r = data;
	uint64_t at = span->first;

	while (r->at < r->names && r->name[r->at].nr < span->first)
		r->at++;
	for (; r->at < r->names && r->name[r->at].nr <= span->last; r->at++) {
		uint32_t nr = r->name[r->at].nr;
		if (nr > at)
			unnamed(r, span->rest, (uint32_t)at, nr - 1);
		number_lines(r, span->rest, nr, nr, r->name[r->at].name);
		at = (uint64_t)nr + 1;
	}
	if (at <= span->last)
		unnamed(r, span->rest, (uint32_t)at, span->last);
	return r->lines < 100 * LINES_MAX;
}

/* --- audit archs --- */

static bool seen_before(size_t abi)
{
	for (size_t i = 0; i < abi; i++) {
		if (arch_abis[i].audit == arch_abis[abi].audit)
			return true;
	}
	return false;
}

static void audit_report(struct report *r, uint32_t audit, uint32_t rest)
{
	struct named *names;

	r->audit = audit;
	r->names = diff_names(r->out->arena, audit, &names);
	r->name = names;
	r->at = r->lines = 0;
	r->shown = NULL;
	if (!diff_spans(r->bdd, rest, WORD_NR, number_span, r))
		more(r, "  and many more\n");
	else if (r->lines > LINES_MAX)
		more(r, "  and %zu more\n", r->lines - LINES_MAX);
}

/* Elsewhere every call answers the same on each side, mostly; `from` takes part in the differences.
 */
static void elsewhere_line(struct report *r, uint32_t rest, const char *where, uint32_t audit)
{
	struct leaves leaves;
	struct call call = {.arch = audit};

	find_leaves(r, rest, &leaves);
	if (!bdd_is_leaf(r->bdd, rest)) {
		uint64_t leaf = diff_call(r->bdd, rest, &call);
		confirmed(r, &call, leaf);
		if (r->list) {
			add_elsewhere_row(r, rest, leaf, &call, where);
			return;
		}
		buf_printf(r->out, "%s\n  some calls", where);
		buf_pad(r->out, 26);
		change_print(r->out, leaf);
		buf_text(r->out, ", as in ");
		call_print(r->out, &call, 0);
		buf_text(r->out, "\n");
		return;
	}
	confirmed(r, &call, leaves.leaf[0]);
	if (r->list) {
		add_elsewhere_row(r, rest, leaves.leaf[0], &call, where);
		return;
	}
	buf_printf(r->out, "%s\n  every call", where);
	buf_pad(r->out, 26);
	change_print(r->out, leaves.leaf[0]);
	buf_text(r->out, "\n");
}

static bool is_known(uint32_t audit)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (arch_abis[i].audit == audit)
			return true;
	}
	return false;
}

#define OTHERS_MAX 16u

/* What unknown audit archs come to, each different thing once. */
struct others {
	struct report *r;
	uint32_t rest[OTHERS_MAX], audit[OTHERS_MAX];
	size_t count;
};

static bool other_span(void *data, const struct span *span)
{
	struct others *o = data;
	uint32_t audit = span->first;

	while (is_known(audit) && audit < span->last)
		audit++;
	if (is_known(audit))
		return true;
	for (size_t i = 0; i < o->count; i++) {
		if (o->rest[i] == span->rest)
			return true;
	}
	if (o->count == OTHERS_MAX)
		return false;
	o->audit[o->count] = audit;
	o->rest[o->count++] = span->rest;
	return true;
}

static void report_others(struct report *r, uint32_t difference)
{
	struct others o = {.r = r};
	char where[80];
	bool all = diff_spans(r->bdd, difference, WORD_ARCH, other_span, &o);

	for (size_t i = 0; i < o.count; i++) {
		snprintf(where, sizeof(where), "other audit archs, such as 0x%08x", o.audit[i]);
		elsewhere_line(r, o.rest[i], where, o.audit[i]);
	}
	if (!all)
		more(r, "and other audit archs in more ways\n");
}

static void report_all(struct report *r, uint32_t difference)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		uint32_t rest = seen_before(i)
			? r->same
			: meaning_given(r->bdd, difference, WORD_ARCH, abi->audit);
		if (rest == r->same)
			continue;
		if (bdd_is_leaf(r->bdd, rest))
			elsewhere_line(r, rest, abi->name, abi->audit);
		else
			audit_report(r, abi->audit, rest);
	}
	report_others(r, difference);
}

bool difference_print(struct buf *out, struct bdd *b, const struct comparand side[2], uint32_t difference)
{
	struct report r = {.bdd = b, .side = side, .out = out, .same = bdd_leaf(b, DIFF_SAME)};

	if (!b->full && difference != r.same)
		report_all(&r, difference);
	return !r.mistaken;
}

bool difference_list(
	struct arena *arena, struct bdd *b, const struct comparand side[2], uint32_t difference, struct difference *list)
{
	struct buf none;
	struct report r = {.bdd = b, .side = side, .out = &none, .same = bdd_leaf(b, DIFF_SAME), .list = list};

	buf_init(&none, arena);
	*list = (struct difference){.complete = true};
	if (!b->full && difference != r.same)
		report_all(&r, difference);
	return !r.mistaken;
}

static void json_row(struct buf *out, const struct difference_row *row)
{
	buf_printf(out, row->abi ? "\n {\"abi\": \"%s\"" : "\n {\"abi\": %s", row->abi ? row->abi->name : "null");
	buf_text(out, ", \"calls\": ");
	buf_json(out, row->calls, strlen(row->calls));
	buf_text(out, ", \"where\": ");
	if (row->where)
		buf_json(out, row->where, strlen(row->where));
	else
		buf_text(out, "null");
	buf_text(out, ", \"verdicts\": [");
	verdict_json(out, row->verdict[0]);
	buf_text(out, ", ");
	verdict_json(out, row->verdict[1]);
	buf_text(out, "], \"call\": ");
	call_json(out, &row->call);
	buf_text(out, "}");
}

bool difference_json(
	struct buf *out, struct bdd *b, const struct comparand side[2], uint32_t difference, bool *complete)
{
	struct difference list;
	bool right = difference_list(out->arena, b, side, difference, &list);

	buf_text(out, "[");
	for (size_t i = 0; i < list.rows; i++) {
		buf_text(out, i ? "," : "");
		json_row(out, &list.row[i]);
	}
	buf_text(out, "]");
	*complete = list.complete;
	return right;
}
