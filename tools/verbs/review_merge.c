/*
 * Items that are alike but for the view become one piece of news of an ABI; news of several ABIs that are alike
 * become one line.
 */

#include "review_merge.h"

#include "../../compiler/base/utf8.h"
#include "../../compiler/kernel/action.h"
#include "../../compiler/kernel/caps.h"

#include <stdlib.h>
#include <string.h>

enum kind { OPENED, CLOSED, CHANGED, KINDS };

/* For the ABI, or for it on one node, with these sets of capabilities. */
struct news {
	const struct review_item *item;
	const char *whom, *caps; /* caps: "" for all that were looked at */
	enum kind kind;
};

struct merger {
	struct arena *arena;
	struct review *r;
	struct news *news;
	size_t count, room;
};

enum answer { PASSES, IS_REFUSED, IS_ASKED_ABOUT };

/* A tracer's or a listener's answer nobody knows. */
static enum answer answer_of(uint32_t ret)
{
	enum action action;

	if (!action_of(ret, &action))
		return IS_REFUSED;
	if (action == ACTION_TRACE || action == ACTION_NOTIFY)
		return IS_ASKED_ABOUT;
	return action == ACTION_ALLOW || action == ACTION_LOG ? PASSES : IS_REFUSED;
}

static enum kind kind_of(const struct review_item *i)
{
	enum answer before = answer_of(i->verdict[0]), after = answer_of(i->verdict[1]);

	if (before == after || before == IS_ASKED_ABOUT || after == IS_ASKED_ABOUT)
		return CHANGED;
	return after == PASSES ? OPENED : CLOSED;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* What is told of both, but for the ABI. */
static int compare_told(const struct review_item *a, const struct review_item *b)
{
	int order = compare_numbers(kind_of(a), kind_of(b));

	order = order ? order : strcmp(a->calls, b->calls);
	order = order ? order : strcmp(a->where, b->where);
	order = order ? order : memcmp(a->region, b->region, sizeof(a->region));
	order = order ? order : compare_numbers(a->alone, b->alone);
	for (unsigned i = 0; i < 2 && !order; i++) {
		order = compare_numbers(a->verdict[i], b->verdict[i]);
		order = order ? order : strcmp(a->rule[i], b->rule[i]);
	}
	return order;
}

static size_t abi_index(const struct abi *abi)
{
	return abi ? (size_t)(abi - arch_abis) : arch_abi_count;
}

static int by_news(const void *left, const void *right)
{
	const struct review_item *a = left, *b = right;
	int order = compare_told(a, b);

	order = order ? order : compare_numbers(abi_index(a->abi), abi_index(b->abi));
	return order ? order : compare_numbers(a->view, b->view);
}

static int by_line(const void *left, const void *right)
{
	const struct news *a = left, *b = right;
	int order = compare_told(a->item, b->item);

	order = order ? order : strcmp(a->caps, b->caps);
	order = order ? order : compare_numbers(abi_index(a->item->abi), abi_index(b->item->abi));
	return order ? order : strcmp(a->whom, b->whom);
}

/* --- items to news --- */

static void add_news(struct merger *m, const struct review_item *item, const char *whom, const char *caps)
{
	if (m->count == m->room) {
		m->news = arena_grow(m->arena, m->news, m->room, 2 * m->room + 64, sizeof(*m->news));
		m->room = 2 * m->room + 64;
	}
	m->news[m->count++] = (struct news){item, whom, caps, kind_of(item)};
}

/* "; with none, CAP_BPF", "; not with all"; "" for all of them. */
static const char *name_sets(struct merger *m, const bool *in)
{
	size_t count = 0, told = 0;
	struct buf b;

	for (size_t i = 0; i < m->r->sets; i++)
		count += in[i];
	if (count == m->r->sets)
		return "";
	bool most = count > m->r->sets - count;
	buf_init(&b, m->arena);
	buf_text(&b, most ? "; not with " : "; with ");
	for (size_t i = 0; i < m->r->sets; i++) {
		if (in[i] != most)
			buf_printf(&b, "%s%s", told++ ? ", " : "", m->r->caps[i]);
	}
	return buf_string(&b);
}

/* Is it so with the same sets on every node that has the ABI? */
static bool is_uniform(const struct merger *m, const struct abi *abi, const bool *in)
{
	const struct review *r = m->r;
	const bool *first = NULL;

	for (size_t n = 0; n < r->nodes; n++) {
		if (abi && !(r->view[n * r->sets].covers >> abi_index(abi) & 1))
			continue;
		if (first && memcmp(first, in + n * r->sets, r->sets * sizeof(*in)) != 0)
			return false;
		first = in + n * r->sets;
	}
	return true;
}

/* in: by view. */
static void tell(struct merger *m, const struct review_item *item, const bool *in)
{
	const struct review *r = m->r;
	const char *name = item->abi ? item->abi->name : item->calls;
	bool uniform = is_uniform(m, item->abi, in), told = false;

	for (size_t n = 0; n < r->nodes; n++) {
		const bool *sets = in + n * r->sets;
		if ((uniform && told) || !memchr(sets, 1, r->sets))
			continue;
		told = true;
		add_news(m, item, uniform ? name : buf_print(m->arena, "%s on %s", name, r->node[n]),
			name_sets(m, sets));
	}
}

static void find_news(struct merger *m)
{
	struct review *r = m->r;
	const size_t views = r->nodes * r->sets;
	bool *in = arena_alloc(m->arena, views, sizeof(*in));

	for (size_t i = 0, end; i < r->items; i = end) {
		const struct review_item *first = &r->item[i];
		memset(in, 0, views * sizeof(*in));
		for (end = i; end < r->items && r->item[end].abi == first->abi &&
			compare_told(&r->item[end], first) == 0; end++)
			in[r->item[end].view] = true;
		tell(m, first, in);
	}
}

/* --- news to lines --- */

/* From outside: nothing in it ends a line, or a span of code. */
static void print_outside(struct buf *b, const char *text)
{
	struct buf shown;

	buf_init(&shown, b->arena);
	utf8_print(&shown, text, strlen(text));
	for (size_t i = 0; i < shown.len; i++)
		buf_printf(b, "%c", shown.bytes[i] == '`' ? '\'' : shown.bytes[i]);
}

static bool one_line(const struct news *a, const struct news *b)
{
	return compare_told(a->item, b->item) == 0 && strcmp(a->caps, b->caps) == 0;
}

static size_t line_end(const struct merger *m, size_t at)
{
	size_t end = at;

	while (end < m->count && one_line(&m->news[at], &m->news[end]))
		end++;
	return end;
}

/* Of the ABIs that are looked at those that have such a call: a bit each. A number is one on all. */
static uint32_t find_havers(const struct merger *m, const char *calls)
{
	const struct review *r = m->r;
	uint32_t covers = 0, nr;
	uint16_t id;

	for (size_t i = 0; i < r->nodes * r->sets; i++)
		covers |= r->view[i].covers;
	if (!arch_syscall_find(calls, strlen(calls), &id))
		return covers;
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (!arch_nr(&arch_abis[i], id, &nr))
			covers &= ~((uint32_t)1 << i);
	}
	return covers;
}

/* Is the line about all of them, on all nodes? */
static bool is_everywhere(const struct merger *m, size_t at, size_t end)
{
	uint32_t rest = find_havers(m, m->news[at].item->calls);

	for (size_t i = at; i < end; i++) {
		const struct abi *abi = m->news[i].item->abi;
		if (!abi || strcmp(m->news[i].whom, abi->name) != 0)
			return false;
		rest &= ~((uint32_t)1 << abi_index(abi));
	}
	return !rest && end - at > 1;
}

static void print_whom(struct merger *m, struct buf *b, size_t at, size_t end)
{
	if (is_everywhere(m, at, end)) {
		buf_text(b, "all ABIs that have it");
		return;
	}
	for (size_t i = at; i < end; i++)
		buf_printf(b, "%s%s", i > at ? ", " : "", m->news[i].whom);
}

/* The line's ABIs, and behind them the sets of capabilities if it is not so for all. */
static void print_line(struct merger *m, struct buf *b, size_t at, size_t end)
{
	const struct review_item *item = m->news[at].item;

	buf_printf(b, item->abi ? "| `%s`" : "| every call", item->calls);
	buf_printf(b, "%s%s | ", *item->where ? " " : "", item->where);
	print_whom(m, b, at, end);
	buf_text(b, m->news[at].caps);
	for (unsigned side = 0; side < 2; side++) {
		buf_text(b, " | ");
		action_print(b, item->verdict[side]);
		buf_printf(b, " | %s", item->rule[side]);
	}
	buf_text(b, " |\n");
}

static size_t count_lines(const struct merger *m, enum kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < m->count; i = line_end(m, i))
		count += m->news[i].kind == kind;
	return count;
}

static const struct {
	const char *title, *about;
} kinds[KINDS] = {
	[OPENED] = {"opened", "Refused before, and pass now."},
	[CLOSED] = {"closed", "Passed before, and are refused now."},
	[CHANGED] = {"changed", "Answered otherwise, and neither opened nor closed: refused in another way, say, or a tracer or a\nlistener decides (TRACE, NOTIFY)."},
};

static void print_kind(struct merger *m, struct buf *b, enum kind kind)
{
	if (!count_lines(m, kind))
		return;
	buf_printf(b, "\n### %c%s\n\n%s\n\n| call | on | before | its rule | after | its rule |\n|---|---|---|---|---|---|\n",
		kinds[kind].title[0] - 'a' + 'A', kinds[kind].title + 1, kinds[kind].about);
	for (size_t i = 0, end; i < m->count; i = end) {
		end = line_end(m, i);
		if (m->news[i].kind == kind)
			print_line(m, b, i, end);
	}
}

static void print_list(struct buf *b, const char *before, const char *const *word, size_t words)
{
	buf_text(b, before);
	for (size_t i = 0; i < words; i++)
		buf_printf(b, "%s%s", i ? ", " : "", word[i]);
}

/* What profiles were read for. Filters are read for nothing. */
static void print_taken(const struct review *r, struct buf *b)
{
	const struct kernel_version k = node_kernel(r->taken);

	if (r->sets > 1) {
		print_list(b, "; for containers with the capabilities: ", r->caps, r->sets);
	} else {
		buf_text(b, "; capabilities: ");
		caps_print(b, r->taken->caps, ", ");
	}
	buf_printf(b, "; read as %s; kernel %u.%u%s.\n\n", node_dialect(r->taken)->says,
		k.major, k.minor, r->taken->kernel.present ? "" : ", that of the syscall tables");
}

static void print_nodes(const struct review *r, struct buf *b)
{
	if (r->named) {
		print_list(b, "On ", r->node, r->nodes);
	} else {
		for (size_t i = 0; i < r->takens; i++)
			buf_printf(b, "%s%s", i ? ", " : "On ", r->taken[i].native->name);
	}
	if (r->takens)
		print_taken(r, b);
	else
		buf_text(b, r->named ? ".\n\n" : "Two filters, as they are on any node.\n\n");
}

static void print_head(struct merger *m, struct buf *b)
{
	const struct review *r = m->r;

	buf_text(b, "## `");
	print_outside(b, r->name[0]);
	buf_text(b, "` → `");
	print_outside(b, r->name[1]);
	buf_text(b, "`\n\n");
	print_nodes(r, b);
	buf_text(b, r->complete ? "**" : "**at least ");
	for (unsigned k = 0; k < KINDS; k++)
		buf_printf(b, "%s%zu %s", k ? ", " : "", count_lines(m, (enum kind)k), kinds[k].title);
	buf_printf(b, "**%s\n", r->complete ? "" : "; not all is shown, or not all was decided");
	if (!m->count && r->complete)
		buf_text(b, "\nEvery call is answered alike: compared for all arguments.\n");
}

void review_print(struct buf *b, struct review *r)
{
	struct merger m = {.arena = b->arena, .r = r};

	if (r->items)
		qsort(r->item, r->items, sizeof(*r->item), by_news);
	find_news(&m);
	if (m.count)
		qsort(m.news, m.count, sizeof(*m.news), by_line);
	print_head(&m, b);
	for (unsigned k = 0; k < KINDS; k++)
		print_kind(&m, b, (enum kind)k);
}
