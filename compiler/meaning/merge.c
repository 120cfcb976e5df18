/*
 * Rules in file order in, clauses out. A rule survives unless it is dead (U, or an earlier rule is the
 * same or begins it); survivors keep their order when they all have one action and are put into order
 * P otherwise. The rules seen so far live in one hash table, so that the dead ones cost a few look-ups
 * each, however many rules a syscall has.
 */

#include "merge.h"

#include "order.h"
#include "refusal.h"

#include "../base/slots.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX 4000000u /* pairs of rules compared for overlaps on one number */

/* The rules of a number by their conditions, and how many of one's are looked for. */
struct parts {
	const struct merge_rule *rule;
	struct slots slots;
	size_t conds;
};

static bool same_cond(const struct cond *a, const struct cond *b)
{
	return a->arg == b->arg && a->op == b->op && a->mask == b->mask && a->value == b->value;
}

/* Are the first conditions of both the same? */
static bool same_conds(const struct merge_rule *a, const struct merge_rule *b, size_t conds)
{
	for (size_t i = 0; i < conds; i++) {
		if (!same_cond(&a->cond[i], &b->cond[i]) ||
			order_is_masked(a, &a->cond[i]) != order_is_masked(b, &b->cond[i]))
			return false;
	}
	return true;
}

static bool same_part(const void *of, uint32_t index, const void *wanted)
{
	const struct parts *p = of;

	return p->rule[index].conds == p->conds && same_conds(&p->rule[index], wanted, p->conds);
}

/* The place of a rule that is the first conditions of this one, or the free one where it belongs. */
static uint32_t *find_part(struct parts *p, const struct merge_rule *rule, size_t conds)
{
	uint64_t hash = conds;

	for (size_t i = 0; i < conds; i++) {
		const struct cond *c = &rule->cond[i];
		hash = hash_mix(hash, c->arg * 8u + (unsigned)c->op);
		hash = hash_mix(hash, c->mask);
		hash = hash_mix(hash, c->value);
	}
	p->conds = conds;
	return slots_find(&p->slots, (uint32_t)hash, same_part, p, rule);
}

/* Enters a rule. True: it never decides, an earlier one is the same or begins it. */
static bool is_dead(struct parts *p, const struct merge_rule *rule)
{
	for (size_t n = 1; n <= rule->conds; n++) {
		uint32_t *slot = find_part(p, rule, n);
		if (*slot)
			return true;
		if (n == rule->conds)
			*slot = (uint32_t)(rule - p->rule) + 1;
	}
	return false;
}

/* The call as the rule has it, ABI and all: "'send' (on x86, through socketcall)". */
static const char *told(struct diags *diags, const struct merge_rule *rule, struct merge_name name)
{
	struct buf b;

	buf_init(&b, diags->arena);
	buf_printf(&b, "'%s' (on %s", rule->via ? rule->via : name.syscall, name.abi->name);
	if (rule->via)
		buf_printf(&b, ", through %s", name.syscall);
	buf_text(&b, ")");
	return buf_string(&b);
}

static void refuse(struct diags *diags, const struct merge_rule *rule, const struct merge_rule *earlier,
	struct merge_name name)
{
	bool begins = rule->conds <= earlier->conds && same_conds(rule, earlier, rule->conds);
	const char *how = !begins ? "shares a test with"
		: rule->conds == earlier->conds ? "has the same conditions as"
						: "has only the first conditions of";

	diag(diags, DIAG_CONFLICT, rule->at, rule->len,
		"%sthis rule for %s %s an earlier one and has another action: libseccomp refuses to "
		"load that",
		rule->alternative ? "an alternative of " : "", told(diags, rule, name), how);
	diag_note(diags, earlier->at, earlier->len, "the earlier rule");
	if (rule->via)
		diag_note(diags, NOWHERE, 1,
			"argument 0 of %s is the call's code, whatever rules want of their own",
			name.syscall);
}

/* U: the first rule without conditions, or NULL. */
static const struct merge_rule *find_plain(const struct merge_rule *rule, size_t rules)
{
	for (size_t i = 0; i < rules; i++) {
		if (!rule[i].conds)
			return &rule[i];
	}
	return NULL;
}

static void report_shadowed(const struct merge_rule *rule, size_t rules, const struct merge_rule *plain,
	struct merge_name name, struct diags *diags)
{
	for (size_t i = 0; i < rules; i++) {
		if (rule[i].ret == plain->ret || rule[i].has_own)
			continue; /* with a number of its own, the author's rule may decide there */
		diag(diags, DIAG_SHADOWED, rule[i].at, rule[i].len,
			"this rule for %s never decides: a rule without conditions does",
			told(diags, &rule[i], name));
		diag_note(diags, plain->at, plain->len, "the rule that decides");
	}
}

static bool one_action(const struct merge_rule *rule, size_t rules)
{
	for (size_t i = 1; i < rules; i++) {
		if (rule[i].ret != rule[0].ret)
			return false;
	}
	return true;
}

/* X over rules that all have conditions. */
static bool loads(struct arena *arena, const struct merge_rule *rule, size_t rules, struct merge_name name,
	struct diags *diags)
{
	const struct merge_rule *earlier, *later;

	if (rules < 2 || one_action(rule, rules))
		return true;
	switch (refusal_find(arena, rule, rules, name.abi->bits, &earlier, &later)) {
	case REFUSAL_NONE:
		return true;
	case REFUSAL_UNKNOWN:
		diag(diags, DIAG_OVERLAP, rule[rules - 1].at, rule[rules - 1].len,
			"too many rules for '%s': whether libseccomp refuses some of them was not looked for",
			name.syscall);
		return true;
	case REFUSAL_FOUND:
		refuse(diags, later, earlier, name);
		return false;
	}
	unreachable();
}

/* The rules of a number, all with conditions, that decide something, in file order. */
static size_t find_alive(struct arena *arena, const struct merge_rule *rule, size_t rules,
	const struct merge_rule **alive)
{
	struct parts p = {.rule = rule};
	size_t count = 0;
	uint32_t room = 2;

	while (room < rules)
		room *= 2;
	p.slots = slots_make(arena, room);
	for (size_t i = 0; i < rules; i++) {
		if (!is_dead(&p, &rule[i]))
			alive[count++] = &rule[i];
	}
	return count;
}

/* --- overlaps --- */

/* The least x >= from with (x & mask) == value; false if there is none. */
static bool least_in_cube(uint64_t from, uint64_t mask, uint64_t value, uint64_t *x)
{
	if ((from & mask) == value) {
		*x = from;
		return true;
	}
	/* x agrees with `from` above some bit, has it set where from has not, and is least below */
	for (unsigned bit = 0; bit < 64; bit++) {
		uint64_t one = (uint64_t)1 << bit, below = one - 1, above = ~(below | one);
		bool free = !(from & one) && (!(mask & one) || (value & one));
		if (free && (from & mask & above) == (value & above)) {
			*x = (from & above) | one | (value & below);
			return true;
		}
	}
	return false;
}

/* The values a condition other than EQ under a partial mask takes: up to two closed intervals. */
static unsigned intervals(const struct cond *c, uint64_t lo[2], uint64_t hi[2])
{
	unsigned n = 0;
	uint64_t v = c->value, max = c->mask;

	if ((c->op == COND_LT || c->op == COND_NE) && v > 0) {
		lo[n] = 0;
		hi[n++] = v - 1;
	}
	if ((c->op == COND_GT || c->op == COND_NE) && v < max) {
		lo[n] = v + 1;
		hi[n++] = max;
	}
	if (c->op == COND_LE || c->op == COND_EQ || c->op == COND_GE) {
		lo[n] = c->op == COND_LE ? 0 : v;
		hi[n++] = c->op == COND_GE ? max : v;
	}
	return n;
}

bool merge_meet(const struct cond *a, const struct cond *b)
{
	uint64_t alo[2], ahi[2], blo[2], bhi[2], x;

	if (a->op == COND_EQ && b->op == COND_EQ)
		return ((a->value ^ b->value) & a->mask & b->mask) == 0;
	if (a->op == COND_EQ)
		return merge_meet(b, a);
	unsigned an = intervals(a, alo, ahi);
	if (b->op == COND_EQ) {
		for (unsigned i = 0; i < an; i++) {
			if (least_in_cube(alo[i], b->mask, b->value, &x) && x <= ahi[i])
				return true;
		}
		return false;
	}
	unsigned bn = intervals(b, blo, bhi);
	for (unsigned i = 0; i < an; i++) {
		for (unsigned k = 0; k < bn; k++) {
			if (alo[i] <= bhi[k] && blo[k] <= ahi[i])
				return true;
		}
	}
	return false;
}

static bool rules_meet(const struct merge_rule *a, const struct merge_rule *b)
{
	size_t i = 0, k = 0;

	while (i < a->conds && k < b->conds) {
		if (a->cond[i].arg < b->cond[k].arg)
			i++;
		else if (a->cond[i].arg > b->cond[k].arg)
			k++;
		else if (!merge_meet(&a->cond[i++], &b->cond[k++]))
			return false;
	}
	return true;
}

/* Each rule that can meet an earlier one of another action is named once, with the first such. */
static void report_overlaps(const struct merge_rule *rule, size_t rules, struct merge_name name,
	struct diags *diags)
{
	size_t pairs = 0;

	for (size_t i = 1; i < rules; i++) {
		for (size_t k = 0; k < i; k++) {
			if (++pairs > PAIRS_MAX) {
				diag(diags, DIAG_OVERLAP, rule[i].at, rule[i].len,
					"too many rules for %s: overlaps from here on were not "
					"looked for",
					told(diags, &rule[i], name));
				return;
			}
			if (rule[k].ret == rule[i].ret || !rules_meet(&rule[k], &rule[i]))
				continue;
			diag(diags, DIAG_OVERLAP, rule[i].at, rule[i].len,
				"a call of %s can match this rule and an earlier one with another "
				"action; libseccomp's order decides, not the file's",
				told(diags, &rule[i], name));
			diag_note(diags, rule[k].at, rule[k].len, "the earlier rule");
			break;
		}
	}
}

bool merge(struct arena *arena, const struct merge_rule *rule, size_t rules,
	const struct clause *otherwise, struct merge_name name, struct diags *diags,
	const struct clause **clause, size_t *clauses)
{
	const struct merge_rule *plain = find_plain(rule, rules);
	size_t conditional = plain ? (size_t)(plain - rule) : rules;

	if (!name.loads && !loads(arena, rule, conditional, name, diags))
		return false;
	*clauses = 1;
	if (plain) {
		if (!name.absent)
			report_shadowed(rule, rules, plain, name, diags);
		struct clause *list = arena_alloc(arena, 1, sizeof(*list));
		*clause = list;
		*list = (struct clause){.ret = plain->ret, .at = plain->at};
		return true;
	}
	const struct merge_rule **alive = arena_raw(arena, rules, sizeof(const struct merge_rule *));
	size_t count = find_alive(arena, rule, rules, alive);
	struct clause *list = arena_raw(arena, count + 1, sizeof(*list));
	*clause = list;
	if (!one_action(rule, rules)) {
		if (!name.absent)
			report_overlaps(rule, rules, name, diags);
		order_rules(arena, alive, count, name.abi->bits);
	}
	for (size_t i = 0; i < count; i++)
		list[i] = (struct clause){.ret = alive[i]->ret, .at = alive[i]->at,
			.cond = alive[i]->cond, .conds = alive[i]->conds, .via = alive[i]->via};
	list[count] = *otherwise;
	*clauses = count + 1;
	return true;
}
