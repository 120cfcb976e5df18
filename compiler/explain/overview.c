/*
 * Every syscall an ABI has is looked up in the policy: those that one clause decides are gathered
 * by what it returns, the others get a row of a table that reads their clauses as sentences. The
 * groups stand in the order ALLOW first, KILL last; the default action's comes at its place and
 * says so. Nothing is read from the profile but its default action's name: this is what the filter
 * will do, not what the file seems to say.
 */

#include "overview.h"

#include "../kernel/caps.h"
#include "../base/utf8.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINE 80u /* columns of a paragraph */

struct row {
	const char *name;
	uint32_t nr;
	const struct range *range;
	uint32_t ret; /* if one clause decides */
};

struct view {
	struct buf *out;
	const struct question *q;
	const struct abi *abi;
	const struct row *row;
	size_t rows;
};

/* --- gathering --- */

static void gather(struct view *v)
{
	const struct domain *domain = policy_domain(v->q->policy, v->abi->audit);
	struct row *row = arena_alloc(v->q->arena, arch_syscall_count(), sizeof(*row));

	v->rows = 0;
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		struct row *one = &row[v->rows];
		if (!arch_nr(v->abi, (uint16_t)id, &one->nr))
			continue;
		one->name = arch_syscall_name((uint16_t)id);
		one->range = domain_find(domain, one->nr);
		one->ret = one->range->clause->ret;
		v->rows++;
	}
	v->row = row;
}

static bool is_plain(const struct row *row)
{
	return row->range->clauses == 1;
}

static size_t count_plain(const struct view *v, uint32_t ret)
{
	size_t count = 0;

	for (size_t i = 0; i < v->rows; i++)
		count += is_plain(&v->row[i]) && v->row[i].ret == ret;
	return count;
}

/* Orders actions as the kernel does, ALLOW highest: KILL_PROCESS is the largest number of all. */
static uint32_t mildness(uint32_t ret)
{
	return ret ^ 0x80000000u;
}

/* The mildest thing below `below` that becomes of some syscall unconditionally. */
static bool next_ret(const struct view *v, uint64_t below, uint32_t *ret)
{
	const struct row *mildest = NULL;

	for (size_t i = 0; i < v->rows; i++) {
		const struct row *row = &v->row[i];
		if (is_plain(row) && mildness(row->ret) < below &&
			(!mildest || mildness(row->ret) > mildness(mildest->ret)))
			mildest = row;
	}
	if (mildest)
		*ret = mildest->ret;
	return mildest != NULL;
}

/* --- printing --- */

/* "ALLOW, allowed" */
static void print_ret(struct view *v, uint32_t ret)
{
	action_print(v->out, ret);
	buf_text(v->out, ", ");
	words_action(v->out, ret, v->abi);
}

static void print_names(struct view *v, uint32_t ret)
{
	size_t column = 0;

	for (size_t i = 0; i < v->rows; i++) {
		const struct row *row = &v->row[i];
		size_t len = strlen(row->name);
		if (!is_plain(row) || row->ret != ret)
			continue;
		if (column && column + 1 + len > LINE) {
			buf_text(v->out, "\n");
			column = 0;
		}
		buf_printf(v->out, "%s%s", column ? " " : "", row->name);
		column += len + (column != 0);
	}
	buf_text(v->out, "\n");
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void print_groups(struct view *v)
{
	uint64_t below = UINT64_MAX;

	for (uint32_t ret = 0; next_ret(v, below, &ret); below = mildness(ret)) {
		size_t count = count_plain(v, ret);
		buf_text(v->out, "\n### ");
		print_ret(v, ret);
		buf_printf(v->out, ": %zu syscall%s%s\n\n", count, plural(count),
			ret == v->q->set->default_ret ? " (the default)" : "");
		print_names(v, ret);
	}
}

/* The syscall that a multiplexer's code stands for, NULL if the condition is another. */
static const char *selected(const struct view *v, uint32_t nr, const struct cond *c)
{
	for (size_t id = 0; id < arch_syscall_count() && !c->arg && c->op == COND_EQ; id++) {
		uint32_t mux, code;
		if (arch_multiplexer(v->abi, (uint16_t)id, &mux, &code) && mux == nr &&
			code == c->value)
			return arch_syscall_name((uint16_t)id);
	}
	return NULL;
}

static void print_clause(struct view *v, const struct row *row, const struct clause *clause)
{
	for (size_t i = 0; i < clause->conds; i++) {
		const char *name = selected(v, row->nr, &clause->cond[i]);
		buf_text(v->out, i ? " and " : "if ");
		words_cond(v->out, &clause->cond[i], v->abi);
		if (name)
			buf_printf(v->out, " (%s)", name);
	}
	buf_text(v->out, clause->conds ? ": " : "else ");
	words_action(v->out, clause->ret, v->abi);
}

/* Clauses in a row of one outcome are one sentence a line; the first that holds decides. */
static void print_conditional(struct view *v)
{
	size_t count = 0;

	for (size_t i = 0; i < v->rows; i++)
		count += !is_plain(&v->row[i]);
	if (!count)
		return;
	buf_printf(v->out,
		"\n### Depending on arguments: %zu syscall%s\n\n"
		"| syscall | the first that holds decides |\n|---|---|\n",
		count, plural(count));
	for (size_t i = 0; i < v->rows; i++) {
		const struct row *row = &v->row[i];
		for (size_t k = 0; k < row->range->clauses && !is_plain(row); k++) {
			buf_printf(v->out, "| %s | ", k ? "" : row->name);
			print_clause(v, row, &row->range->clause[k]);
			buf_text(v->out, " |\n");
		}
	}
}

/* --- numbers without a name --- */

struct spans {
	struct arena *arena;
	const struct domain *domain;
	struct unnamed *span;
	size_t count, room;
};

/* Numbers first..last - 1, by what becomes of them. */
static void add_gap(struct spans *s, uint64_t first, uint64_t end)
{
	for (bool begins = true; first < end; begins = false) {
		const struct range *range = domain_find(s->domain, (uint32_t)first);
		const uint32_t last = range->last < end - 1 ? range->last : (uint32_t)(end - 1);
		const uint32_t ret = range->clause[range->clauses - 1].ret;
		if (!begins && s->span[s->count - 1].ret == ret) {
			s->span[s->count - 1].last = last;
		} else {
			if (s->count == s->room) {
				s->span = arena_grow(s->arena, s->span, s->room, 2 * s->room + 16, sizeof(*s->span));
				s->room = 2 * s->room + 16;
			}
			s->span[s->count++] = (struct unnamed){(uint32_t)first, last, ret};
		}
		first = (uint64_t)last + 1;
	}
}

static int by_value(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

size_t overview_unnamed(
	struct arena *arena, const struct policy *policy, const struct abi *abi, struct unnamed **unnamed)
{
	struct spans s = {.arena = arena, .domain = policy_domain(policy, abi->audit)};
	uint32_t *named = arena_alloc(arena, arch_syscall_count(), sizeof(*named));
	uint64_t at = abi->nr_first, end = (uint64_t)abi->nr_last + (abi->nr_last != UINT32_MAX); /* -1 is no call */
	size_t count = 0;

	for (size_t id = 0; id < arch_syscall_count(); id++)
		count += arch_nr(abi, (uint16_t)id, &named[count]);
	qsort(named, count, sizeof(*named), by_value);
	for (size_t i = 0; i < count; i++) {
		add_gap(&s, at, named[i]);
		at = (uint64_t)named[i] + 1;
	}
	add_gap(&s, at, end);
	*unnamed = s.span;
	return s.count;
}

#define UNNAMED_MAX 6u /* lines */

/* What becomes of numbers that no table has; those with names between them count for nothing. */
static void print_unnamed(struct view *v)
{
	struct unnamed *span;
	size_t spans = overview_unnamed(v->q->arena, v->q->policy, v->abi, &span), count = 0;

	for (size_t i = 0; i < spans; i++) {
		if (count && span[count - 1].ret == span[i].ret)
			span[count - 1].last = span[i].last;
		else
			span[count++] = span[i];
	}
	if (!count)
		return;
	buf_text(v->out, count > 1 ? "\nNumbers without a name, of\n\n" : "\nNumbers without a name: ");
	for (size_t i = 0; i < count && i < UNNAMED_MAX; i++) {
		if (count > 1)
			buf_printf(v->out, "- %" PRIu32 "..%" PRIu32 ": ", span[i].first, span[i].last);
		print_ret(v, span[i].ret);
		buf_text(v->out, ".\n");
	}
	if (count > UNNAMED_MAX)
		buf_printf(v->out, "- and %zu more.\n", count - UNNAMED_MAX);
}

/* --- the whole of an ABI --- */

static void print_abi(struct view *v)
{
	gather(v);
	buf_printf(v->out, "\n## %s: %zu syscalls\n", v->abi->name, v->rows);
	print_groups(v);
	print_conditional(v);
	print_unnamed(v);
}

/* --- the whole --- */

/* What the conditions of the rules were decided for. */
static void print_node(struct view *v)
{
	const struct node_facts *node = v->q->node;
	const struct kernel_version k = node_kernel(node);

	buf_printf(v->out,
		"\n- Read as: %s.\n- Kernel: %u.%u%s.\n- Capabilities: ", node_dialect(node)->says,
		k.major, k.minor, node->kernel.present ? "" : ", that of the syscall tables");
	caps_print(v->out, node->caps, ", ");
	buf_text(v->out, ".\n");
}

static void print_head(struct view *v)
{
	const struct question *q = v->q;

	buf_text(v->out, "# ");
	utf8_print(v->out, q->source->name, strlen(q->source->name));
	buf_printf(v->out, " on %s\n", q->node->native->name);
	print_node(v);
	buf_text(v->out, "- Default action: ");
	print_ret(v, q->set->default_ret);
	buf_text(v->out, ".\n- ABIs covered:");
	for (size_t i = 0; i < q->policy->abis; i++)
		buf_printf(v->out, "%s %s", i ? "," : "", q->policy->abi[i]->name);
	buf_text(v->out, ".\n- Calls of any other ABI: ");
	print_ret(v, q->policy->elsewhere.ret);
	buf_text(v->out, ".\n");
}

void overview_print(struct buf *out, const struct question *q)
{
	struct view v = {.out = out, .q = q, .abi = q->node->native};
	bool any = false;

	print_head(&v);
	for (size_t i = 0; i < q->policy->abis; i++) {
		v.abi = q->policy->abi[i];
		if (q->abi && q->abi != v.abi)
			continue;
		print_abi(&v);
		any = true;
	}
	if (!any)
		buf_printf(out, "\nThe filter does not cover %s.\n", q->abi->name);
}
