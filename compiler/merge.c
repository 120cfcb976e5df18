/*
 * Rules in file order in, clauses out. A rule survives unless it is dead (U, or an earlier rule
 * begins it); survivors keep their order when they all have one action and are put into order P
 * otherwise. The rules seen so far and all their beginnings live in one hash table, so that X and the
 * dead rules cost a few look-ups each, however many rules a syscall has.
 */

#include "merge.h"

#include "order.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX 4000000u /* pairs of rules compared for overlaps on one number */

/* A run of conditions: a whole rule's, or the beginning of longer ones. */
struct part {
	const struct cond *cond;
	size_t conds; /* 0: the slot is free */
	const struct merge_rule *ends; /* the rule that is this part */
	const struct longer *longer;   /* rules that go on from here */
};

struct longer {
	const struct merge_rule *rule;
	const struct longer *next;
};

struct parts {
	struct arena *arena;
	struct part *slot;
	size_t mask;
};

static bool same_cond(const struct cond *a, const struct cond *b)
{
	return a->arg == b->arg && a->op == b->op && a->mask == b->mask && a->value == b->value;
}

static bool same_conds(const struct cond *a, const struct cond *b, size_t conds)
{
	for (size_t i = 0; i < conds; i++) {
		if (!same_cond(&a[i], &b[i]))
			return false;
	}
	return true;
}

static uint64_t mix(uint64_t hash, uint64_t more)
{
	hash = (hash ^ more) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

/* The slot of a part: its own, or the free one where it belongs. */
static struct part *find_part(const struct parts *p, const struct cond *cond, size_t conds)
{
	uint64_t hash = conds;

	for (size_t i = 0; i < conds; i++) {
		hash = mix(hash, cond[i].arg * 8u + (unsigned)cond[i].op);
		hash = mix(hash, cond[i].mask);
		hash = mix(hash, cond[i].value);
	}
	for (size_t i = (size_t)hash & p->mask;; i = (i + 1) & p->mask) {
		struct part *slot = &p->slot[i];
		if (!slot->conds || (slot->conds == conds && same_conds(slot->cond, cond, conds)))
			return slot;
	}
}

/* The rule's first conds conditions, entered if they were not. */
static struct part *enter_part(struct parts *p, const struct merge_rule *rule, size_t conds)
{
	struct part *part = find_part(p, rule->cond, conds);

	part->cond = rule->cond;
	part->conds = conds;
	return part;
}

/* Is a rule entered so far a part of this one, but not its beginning? */
static bool holds_another(const struct parts *p, const struct merge_rule *rule)
{
	for (size_t first = 1; first < rule->conds; first++) {
		for (size_t n = 1; n <= rule->conds - first; n++) {
			if (find_part(p, rule->cond + first, n)->ends)
				return true;
		}
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

static bool refuse(struct diags *diags, const struct merge_rule *rule, const struct merge_rule *earlier,
	struct merge_name name)
{
	bool same = rule->conds == earlier->conds;

	diag(diags, DIAG_CONFLICT, rule->at, rule->len,
		"%sthis rule for %s %s an earlier one and has another action: libseccomp refuses to "
		"load that",
		rule->alternative ? "an alternative of " : "", told(diags, rule, name),
		same ? "has the same conditions as" : "has only the first conditions of");
	diag_note(diags, earlier->at, earlier->len, "the earlier rule");
	return false;
}

/* X of one rule. False if it is refused; *dead if an earlier rule leaves it nothing. */
static bool enter(struct parts *p, const struct merge_rule *rule, bool *dead, struct merge_name name,
	struct diags *diags)
{
	*dead = false;
	for (size_t n = 1; n < rule->conds; n++) {
		if (find_part(p, rule->cond, n)->ends) {
			*dead = true;
			return true;
		}
	}
	if (holds_another(p, rule))
		return true;
	struct part *own = enter_part(p, rule, rule->conds);
	if (own->ends) {
		*dead = true;
		return own->ends->ret == rule->ret || refuse(diags, rule, own->ends, name);
	}
	for (const struct longer *l = own->longer; l; l = l->next) {
		if (l->rule->ret != rule->ret && !holds_another(p, l->rule))
			return refuse(diags, rule, l->rule, name);
	}
	own->ends = rule;
	for (size_t n = 1; n < rule->conds; n++) {
		struct part *begin = enter_part(p, rule, n);
		struct longer *longer = arena_alloc(p->arena, 1, sizeof(*longer));
		*longer = (struct longer){rule, begin->longer};
		begin->longer = longer;
	}
	return true;
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

/* X over the rules before the first plain one; survivors in file order. */
static bool collect(struct arena *arena, const struct merge_rule *rule, size_t rules,
	const struct merge_rule **alive, size_t *count, struct merge_name name, struct diags *diags)
{
	struct parts p = {.arena = arena, .mask = 3};
	size_t parts = 0;
	bool ok = true, dead;

	*count = 0;
	for (size_t i = 0; i < rules && rule[i].conds; i++)
		parts += rule[i].conds;
	if (!parts)
		return true;
	while (p.mask + 1 < parts * 2)
		p.mask = p.mask * 2 + 1;
	p.slot = arena_alloc(arena, p.mask + 1, sizeof(*p.slot));
	for (size_t i = 0; i < rules && rule[i].conds; i++) {
		if (!enter(&p, &rule[i], &dead, name, diags))
			ok = false;
		else if (!dead)
			alive[(*count)++] = &rule[i];
	}
	return ok;
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

static bool one_action(const struct merge_rule *rule, size_t rules)
{
	for (size_t i = 1; i < rules; i++) {
		if (rule[i].ret != rule[0].ret)
			return false;
	}
	return true;
}

bool merge(struct arena *arena, const struct merge_rule *rule, size_t rules,
	const struct clause *otherwise, struct merge_name name, struct diags *diags,
	const struct clause **clause, size_t *clauses)
{
	const struct merge_rule *plain = find_plain(rule, rules);
	const struct merge_rule **alive = arena_raw(arena, rules, sizeof(const struct merge_rule *));
	size_t count;

	if (!collect(arena, rule, rules, alive, &count, name, diags))
		return false;
	struct clause *list = arena_raw(arena, count + 1, sizeof(*list));
	*clause = list;
	*clauses = 1;
	if (plain) {
		if (!name.absent)
			report_shadowed(rule, rules, plain, name, diags);
		*list = (struct clause){.ret = plain->ret, .at = plain->at};
		return true;
	}
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
