/*
 * Rules with equal conditions and action share an entry of "syscalls", names sorted. Entries
 * without conditions come first, unless an earlier rule has none on 32 bits; behind them, order matters among the rules of one syscall and
 * among those that share a multiplexer (merge.h, P and X), so a conditional rule joins an entry
 * only if none of the entries behind it is about a relative.
 */

#include "flatten.h"

#include "../kernel/action.h"
#include "../base/buf_json.h"
#include "../meaning/enosys.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	uint32_t ret;
	const struct profile_cond *cond;
	size_t conds;
	uint16_t *syscall;
	size_t syscalls, room;
};

struct flattener {
	struct arena *arena;
	const struct ruleset *set;
	struct entry *entry;
	size_t entries;
	bool *done; /* by syscall: its rule without conditions is there */
	bool terse;
};

/* --- entries --- */

/* Conditions that do not hold at some width: a masked comparison of no bits is none. */
static bool counts(const struct profile_cond *c)
{
	return c->op != OP_MASKED_EQ || c->value;
}

static size_t count_conds(const struct rule *rule)
{
	size_t count = 0;

	for (size_t i = 0; i < rule->conds; i++)
		count += counts(&rule->cond[i]);
	return count;
}

/* Has it no conditions left where arguments have 32 bits? */
static bool is_plain_if_narrow(const struct rule *rule)
{
	for (size_t i = 0; i < rule->conds; i++) {
		if (rule->cond[i].op != OP_MASKED_EQ || (uint32_t)rule->cond[i].value)
			return false;
	}
	return true;
}

static const struct profile_cond *next_cond(const struct profile_cond *c)
{
	while (!counts(c))
		c++;
	return c;
}

static bool same_cond(const struct profile_cond *a, const struct profile_cond *b)
{
	uint64_t two_a = a->op == OP_MASKED_EQ ? a->value_two & a->value : 0;
	uint64_t two_b = b->op == OP_MASKED_EQ ? b->value_two & b->value : 0;

	return a->index == b->index && a->op == b->op && a->value == b->value && two_a == two_b;
}

static bool same_conds(const struct entry *e, const struct rule *rule, size_t conds)
{
	const struct profile_cond *a = e->cond, *b = rule->cond;

	if (e->conds != conds)
		return false;
	for (size_t i = 0; i < conds; i++, a++, b++) {
		a = next_cond(a);
		b = next_cond(b);
		if (!same_cond(a, b))
			return false;
	}
	return true;
}

static bool names_syscall(const struct entry *e, uint16_t id)
{
	for (size_t i = 0; i < e->syscalls; i++) {
		if (e->syscall[i] == id)
			return true;
	}
	return false;
}

/* Can rules of the two meet on one number of some ABI of the set? */
static bool related(const struct flattener *f, uint16_t a, uint16_t b)
{
	uint32_t nr_a, nr_b, code;

	if (a == b)
		return true;
	for (size_t i = 0; i < f->set->abis; i++) {
		const struct abi *abi = f->set->abi[i];
		bool mux_a = arch_multiplexer(abi, a, &nr_a, &code);
		bool mux_b = arch_multiplexer(abi, b, &nr_b, &code);
		if (!mux_a && !mux_b)
			continue;
		if ((mux_a || arch_nr(abi, a, &nr_a)) && (mux_b || arch_nr(abi, b, &nr_b)) &&
			nr_a == nr_b)
			return true;
	}
	return false;
}

/* Has any ABI of the set a way to make the call? */
static bool is_callable(const struct flattener *f, uint16_t id)
{
	uint32_t nr, code;

	for (size_t i = 0; i < f->set->abis; i++) {
		if (arch_nr(f->set->abi[i], id, &nr) ||
			arch_multiplexer(f->set->abi[i], id, &nr, &code))
			return true;
	}
	return false;
}

static bool is_about_relative(const struct flattener *f, const struct entry *e, uint16_t id)
{
	for (size_t i = 0; i < e->syscalls; i++) {
		if (related(f, e->syscall[i], id))
			return true;
	}
	return false;
}

static void add_name(struct flattener *f, struct entry *e, uint16_t id)
{
	if (names_syscall(e, id))
		return;
	if (e->syscalls == e->room) {
		size_t room = e->room ? e->room * 2 : 8;
		e->syscall = arena_grow(f->arena, e->syscall, e->room, room, sizeof(*e->syscall));
		e->room = room;
	}
	e->syscall[e->syscalls++] = id;
}

/* The entry the rule can join from `first` on, or a new one; `ordered`: behind all its relatives. */
static struct entry *find_entry(
	struct flattener *f, size_t first, const struct rule *rule, size_t conds, bool ordered)
{
	for (size_t i = f->entries; i-- > first;) {
		struct entry *e = &f->entry[i];
		if (e->ret == rule->ret && same_conds(e, rule, conds))
			return e;
		if (ordered && is_about_relative(f, e, rule->syscall))
			break;
	}
	struct entry *e = &f->entry[f->entries++];
	*e = (struct entry){.ret = rule->ret, .cond = rule->cond, .conds = conds};
	return e;
}

/* Rules without conditions: the first of a syscall decides, the others say nothing. */
static void add_unconditional(struct flattener *f)
{
	bool *late = arena_alloc(f->arena, arch_syscall_count(), sizeof(*late));

	for (size_t i = 0; i < f->set->rules; i++) {
		const struct rule *rule = &f->set->rule[i];
		uint16_t id = rule->syscall;
		late[id] |= count_conds(rule) && is_plain_if_narrow(rule);
		if (count_conds(rule) || late[id] || f->done[id] || !is_callable(f, id))
			continue;
		f->done[id] = true;
		add_name(f, find_entry(f, 0, rule, 0, false), id);
	}
}

static void add_conditional(struct flattener *f)
{
	size_t first = f->entries;

	for (size_t i = 0; i < f->set->rules; i++) {
		const struct rule *rule = &f->set->rule[i];
		size_t conds = count_conds(rule);
		if ((!conds && f->done[rule->syscall]) || !is_callable(f, rule->syscall))
			continue;
		f->done[rule->syscall] |= !conds;
		add_name(f, find_entry(f, first, rule, conds, true), rule->syscall);
	}
}

/* --- runc's stub --- */

static bool is_emitted(const struct flattener *f, uint16_t id)
{
	for (size_t i = 0; i < f->entries; i++) {
		if (names_syscall(&f->entry[i], id))
			return true;
	}
	return false;
}

/* On each ABI the name with the largest number, unless some entry has it. */
static void add_highest(struct flattener *f)
{
	struct entry keeper = {.ret = f->set->default_ret};
	uint32_t largest;
	uint16_t highest;

	for (size_t a = 0; a < f->set->abis; a++) {
		if (enosys_highest(f->set, f->set->abi[a], &highest, &largest) && !is_emitted(f, highest))
			add_name(f, &keeper, highest);
	}
	if (keeper.syscalls)
		f->entry[f->entries++] = keeper;
}

/* --- ENOSYS by name --- */

const struct ruleset *flatten_enosys(
	struct arena *arena, const struct ruleset *set, struct diags *diags)
{
	size_t names = arch_syscall_count();
	struct ruleset *more = arena_alloc(arena, 1, sizeof(*more));
	struct rule *rule = arena_alloc(arena, set->rules + names, sizeof(*rule));
	bool stub = set->enosys == ENOSYS_RUNC, *is_newer = arena_alloc(arena, set->abis * names, sizeof(*is_newer));
	uint32_t nr;

	*more = *set;
	memcpy(rule, set->rule, set->rules * sizeof(*rule));
	for (size_t a = 0; a < set->abis; a++)
		enosys_newer(set, set->abi[a], is_newer + a * names);
	for (size_t id = 0; id < names; id++) {
		size_t newer = 0, there = 0;
		for (size_t a = 0; a < set->abis; a++) {
			there += arch_nr(set->abi[a], (uint16_t)id, &nr);
			newer += is_newer[a * names + id];
		}
		struct rule missing = {.syscall = (uint16_t)id,
			.ret = action_ret(ACTION_ERRNO, set->abi[0]->enosys),
			.at = NOWHERE};
		if (newer && newer == there && missing.ret != set->default_ret)
			rule[more->rules++] = missing;
		else if (newer && newer != there)
			diag(diags, DIAG_ENOSYS_UNSAID, NOWHERE, 1,
				"%s%s%s on some of the profile's ABIs only: JSON cannot say so, it keeps the default "
				"action",
				stub ? "runc's stub answers ENOSYS to " : "", arch_syscall_name((uint16_t)id),
				stub ? "" : " is newer than the profile");
	}
	more->rule = rule;
	more->enosys = ENOSYS_OFF;
	return more;
}

/* --- JSON --- */

#define EPERM_EVERYWHERE 1 /* what ERRNO and TRACE carry if nothing is said (runc, crun) */

/* "KEY": "ACTION" and, for ERRNO and TRACE, the errno beside it. */
static void write_action(struct buf *b, uint32_t ret, bool terse, const char *key, const char *errno_key)
{
	enum action action = ACTION_ALLOW;
	bool known = action_of(ret, &action);

	assert(known);
	(void)known;
	buf_printf(b, "\"%s\": \"%s\"", key, action_oci_name(action));
	bool carries = action == ACTION_ERRNO || action == ACTION_TRACE;
	if (carries && !(terse && RET_DATA(ret) == EPERM_EVERYWHERE))
		buf_printf(b, ", \"%s\": %u", errno_key, RET_DATA(ret));
}

#define NAMES_COLUMN 100u

/* Names in lines of NAMES_COLUMN at most. */
static void write_names(struct buf *b, const struct entry *e)
{
	size_t column = 0;

	buf_text(b, "\t\t\t\"names\": [\n\t\t\t\t");
	for (size_t i = 0; i < e->syscalls; i++) {
		const char *name = arch_syscall_name(e->syscall[i]);
		size_t wide = strlen(name) + strlen("\"\", ");
		if (i)
			buf_text(b, column + wide > NAMES_COLUMN - 32 ? ",\n\t\t\t\t" : ", ");
		column = i && column + wide > NAMES_COLUMN - 32 ? wide : column + wide;
		buf_printf(b, "\"%s\"", name);
	}
	buf_text(b, "\n\t\t\t]");
}

static void write_conds(struct buf *b, const struct entry *e)
{
	const struct profile_cond *c = e->cond;

	buf_text(b, ",\n\t\t\t\"args\": [\n");
	for (size_t i = 0; i < e->conds; i++, c++) {
		c = next_cond(c);
		buf_printf(b, "\t\t\t\t{\"index\": %u, \"value\": %" PRIu64, c->index, c->value);
		if (c->op == OP_MASKED_EQ)
			buf_printf(b, ", \"valueTwo\": %" PRIu64, c->value_two & c->value);
		buf_printf(b, ", \"op\": \"%s\"}%s\n", profile_op_name(c->op), i + 1 < e->conds ? "," : "");
	}
	buf_text(b, "\t\t\t]");
}

static void write_entry(struct buf *b, const struct entry *e, bool terse)
{
	buf_text(b, "\t\t{\n");
	write_names(b, e);
	buf_text(b, ",\n\t\t\t");
	write_action(b, e->ret, terse, "action", "errnoRet");
	if (e->conds)
		write_conds(b, e);
	buf_text(b, "\n\t\t}");
}

/* The node's own is in the filter, listed or not, but a runtime may ask the list whether it has a stub. */
static void write_architectures(struct buf *b, const struct ruleset *set, bool terse)
{
	size_t first = !set->stub_listed && (terse || set->nameless_native || set->bare_native);

	if (first == set->abis)
		return;
	buf_text(b, ",\n\t\"architectures\": [");
	for (size_t i = first; i < set->abis; i++)
		buf_printf(b, "%s\"%s\"", i > first ? ", " : "", set->abi[i]->oci);
	buf_text(b, "]");
}

static void write_head(struct buf *b, const struct flattener *f, const struct profile *p)
{
	buf_text(b, "{\n\t");
	write_action(b, f->set->default_ret, f->terse, "defaultAction", "defaultErrnoRet");
	write_architectures(b, f->set, f->terse);
	if (p->flags.present) {
		buf_text(b, ",\n\t\"flags\": [");
		for (size_t i = 0; i < p->flags.count; i++) {
			buf_text(b, i ? ", " : "");
			buf_json(b, p->flags.text[i].s, p->flags.text[i].len);
		}
		buf_text(b, "]");
	}
	const struct text *listener[2] = {&p->listener_path, &p->listener_metadata};
	static const char *const key[2] = {"listenerPath", "listenerMetadata"};
	for (size_t i = 0; i < countof(key); i++) {
		if (!listener[i]->len)
			continue;
		buf_printf(b, ",\n\t\"%s\": ", key[i]);
		buf_json(b, listener[i]->s, listener[i]->len);
	}
}

/* Ids are in strcmp order. */
static int by_name(const void *left, const void *right)
{
	const uint16_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void write_key(struct buf *b, uint32_t default_ret, const char *key)
{
	buf_printf(b, "\t\t{\n\t\t\t\"names\": [\n\t\t\t\t\"%s\"\n\t\t\t],\n\t\t\t", key);
	write_action(b, default_ret, false, "action", "errnoRet");
	buf_text(b, "\n\t\t}");
}

void flatten(struct buf *b, const struct ruleset *set, const struct profile *p, unsigned how,
	const char *key)
{
	struct flattener f = {.arena = b->arena, .set = set, .terse = how & FLATTEN_TERSE};

	f.entry = arena_alloc(b->arena, set->rules + 1, sizeof(*f.entry));
	f.done = arena_alloc(b->arena, arch_syscall_count(), sizeof(*f.done));
	add_unconditional(&f);
	add_conditional(&f);
	if (how & FLATTEN_KEEPS_STUB)
		add_highest(&f);
	write_head(b, &f, p);
	if (f.entries || !f.terse)
		buf_text(b, ",\n\t\"syscalls\": [");
	for (size_t i = 0; i < f.entries; i++) {
		struct entry *e = &f.entry[i];
		if (e->syscalls)
			qsort(e->syscall, e->syscalls, sizeof(*e->syscall), by_name);
		buf_text(b, i ? ",\n" : "\n");
		write_entry(b, e, f.terse);
	}
	if (key) {
		buf_text(b, f.entries ? ",\n" : "\n");
		write_key(b, set->default_ret, key);
	}
	if (f.entries || key || !f.terse)
		buf_text(b, f.entries || key ? "\n\t]" : "]");
	buf_text(b, "\n}\n");
}
