/*
 * An order of values is a few equalities under masks: of the values below one, each has the bits above some
 * bit in common with it, and not that bit. A rule with several conditions becomes a rule for each
 * choice of an equality for each of them.
 */

#include "classes.h"

#include <string.h>

#define RULES_MAX 128 /* of one syscall, in place of those it has */

/* --- is it in a class? --- */

/* The rules of one number. */
struct group {
	const struct rule *last;
	size_t rules;
	bool plain;   /* one has no conditions, so that the others do not count */
	bool orders;  /* conditions that are no equalities */
	bool several; /* conditions in a rule, or a value of more than 32 bits where there are 64 */
};

static bool is_equality(const struct profile_cond *c)
{
	return c->op == OP_EQ || c->op == OP_MASKED_EQ;
}

/* `multiplexed`: the condition on argument 0 becomes an equality with the call's code. */
static void add_to_group(struct group *g, const struct rule *rule, unsigned bits, bool multiplexed)
{
	size_t conds = multiplexed;

	for (size_t i = 0; i < rule->conds; i++) {
		const struct profile_cond *c = &rule->cond[i];
		if (multiplexed && c->index == 0)
			continue;
		conds++;
		g->orders |= !is_equality(c);
		g->several |= bits == 64 && (c->value | c->value_two) > UINT32_MAX;
	}
	g->plain |= !conds;
	g->several |= conds > 1;
	g->last = rule;
	g->rules++;
}

static bool is_in_class(const struct group *g)
{
	return g->rules < 2 || g->plain || !g->orders || !g->several;
}

static void group_rule(const struct abi *abi, const struct rule *rule, struct group *group)
{
	uint32_t nr, code;
	uint16_t id;

	if (arch_nr(abi, rule->syscall, &nr))
		add_to_group(&group[rule->syscall], rule, abi->bits, false);
	if (!arch_multiplexer(abi, rule->syscall, &nr, &code))
		return;
	const char *name = arch_multiplexer_name(rule->syscall);
	if (arch_syscall_find(name, strlen(name), &id))
		add_to_group(&group[id], rule, abi->bits, true);
}

void classes_check(struct arena *arena, const struct ruleset *set, struct diags *diags)
{
	size_t names = arch_syscall_count();
	bool *told = arena_alloc(arena, names, sizeof(*told));
	struct group *group = arena_alloc(arena, names, sizeof(*group));

	for (size_t a = 0; a < set->abis; a++) {
		memset(group, 0, names * sizeof(*group));
		for (size_t i = 0; i < set->rules; i++)
			group_rule(set->abi[a], &set->rule[i], group);
		for (size_t id = 0; id < names; id++) {
			if (told[id] || is_in_class(&group[id]))
				continue;
			told[id] = true;
			diag(diags, DIAG_LIBSECCOMP_CLASS, group[id].last->at, group[id].last->len,
				"the rules for '%s' (on %s) are of no class that libseccomp is known to compile right",
				arch_syscall_name((uint16_t)id), set->abi[a]->name);
			diag_note(diags, NOWHERE, 1,
				"the runtime's filter may not be what the profile says: resolve the profile, or verify "
				"what is loaded");
		}
	}
}

/* --- equalities --- */

struct settler {
	struct arena *arena;
	const struct ruleset *set;
	unsigned bits; /* the most an ABI of the set has */
	bool mixed;    /* others have 32 */
	struct rule *rule;
	size_t rules;
};

/* Equalities, at least one of which holds where a condition does. */
struct equalities {
	struct profile_cond cond[65];
	size_t count;
	bool ok; /* false: there are none for this set */
};

static void add_equality(
	const struct settler *s, struct equalities *e, const struct profile_cond *from, uint64_t mask, uint64_t value)
{
	struct profile_cond *c = &e->cond[e->count];

	if (s->mixed && !(uint32_t)mask) { /* on 32 bits it would hold always */
		e->ok = false;
		return;
	}
	*c = *from;
	c->op = OP_MASKED_EQ;
	c->value = mask;
	c->value_two = value & mask;
	e->count++;
}

/* All that agree with `value` above some bit and have that bit set, or not set, where it is otherwise. */
static void add_side(const struct settler *s, struct equalities *e, const struct profile_cond *from,
	uint64_t value, bool set)
{
	uint64_t all = s->bits == 32 ? UINT32_MAX : UINT64_MAX;

	for (unsigned i = 0; i < s->bits; i++) {
		uint64_t bit = (uint64_t)1 << i;
		if (!(value & bit) == set)
			add_equality(s, e, from, all & ~(bit - 1), value ^ bit);
	}
}

static void add_unequal(
	const struct settler *s, struct equalities *e, const struct profile_cond *from, uint64_t value)
{
	for (unsigned i = 0; i < s->bits; i++)
		add_equality(s, e, from, (uint64_t)1 << i, ~value);
}

static void find_equalities(const struct settler *s, const struct profile_cond *c, struct equalities *e)
{
	uint64_t all = s->bits == 32 ? UINT32_MAX : UINT64_MAX, value = c->value & all;

	*e = (struct equalities){.ok = !s->mixed || c->op == OP_EQ || c->op == OP_MASKED_EQ || value <= UINT32_MAX};
	switch (c->op) {
	case OP_EQ:
	case OP_MASKED_EQ:
		e->cond[e->count++] = *c;
		return;
	case OP_LT:
		add_side(s, e, c, value, false);
		return;
	case OP_LE:
		add_side(s, e, c, value, false);
		add_equality(s, e, c, all, value);
		return;
	case OP_GT:
		add_side(s, e, c, value, true);
		return;
	case OP_GE:
		add_side(s, e, c, value, true);
		add_equality(s, e, c, all, value);
		return;
	case OP_NE:
		add_unequal(s, e, c, value);
		return;
	case PROFILE_OPS:
		break;
	}
	unreachable();
}

/* A rule for each choice of equalities. False: there are none, or too many. */
static bool spread(struct settler *s, const struct rule *rule, size_t first)
{
	struct equalities *e = arena_alloc(s->arena, rule->conds, sizeof(*e));
	size_t choices = 1;

	for (size_t i = 0; i < rule->conds; i++) {
		find_equalities(s, &rule->cond[i], &e[i]);
		if (!e[i].ok || !e[i].count)
			return false;
		choices *= e[i].count;
		if (choices > RULES_MAX || s->rules - first + choices > RULES_MAX)
			return false;
	}
	for (size_t n = 0; n < choices; n++) {
		struct profile_cond *cond = arena_alloc(s->arena, rule->conds, sizeof(*cond));
		struct rule *to = &s->rule[s->rules++];
		*to = *rule;
		to->cond = cond;
		for (size_t i = 0, rest = n; i < rule->conds; rest /= e[i].count, i++)
			cond[i] = e[i].cond[rest % e[i].count];
	}
	return true;
}

/* --- a syscall --- */

/* Are the rules of the syscall in no class, and could they be? They have conditions, and one action. */
static bool needs_settling(const struct settler *s, uint16_t id)
{
	struct group direct = {.rules = 0}, behind = {.rules = 0};
	uint32_t first = 0, nr, code;
	bool multiplexed = false;

	for (size_t i = 0; i < s->set->abis; i++)
		multiplexed |= arch_multiplexer(s->set->abi[i], id, &nr, &code);
	for (size_t i = 0; i < s->set->rules; i++) {
		const struct rule *rule = &s->set->rule[i];
		if (rule->syscall != id)
			continue;
		first = direct.rules ? first : rule->ret;
		if (rule->ret != first)
			return false;
		add_to_group(&direct, rule, s->bits, false);
		add_to_group(&behind, rule, s->bits, true);
	}
	return !direct.plain && !(is_in_class(&direct) && (!multiplexed || is_in_class(&behind)));
}

/* The syscall's rules, all where its first one was; as they are if they cannot be had as equalities. */
static void settle(struct settler *s, uint16_t id)
{
	size_t first = s->rules;
	bool ok = true;

	for (size_t i = 0; i < s->set->rules && ok; i++) {
		if (s->set->rule[i].syscall == id)
			ok = spread(s, &s->set->rule[i], first);
	}
	if (ok)
		return;
	s->rules = first;
	for (size_t i = 0; i < s->set->rules; i++) {
		if (s->set->rule[i].syscall == id)
			s->rule[s->rules++] = s->set->rule[i];
	}
}

const struct ruleset *classes_settle(struct arena *arena, const struct ruleset *set)
{
	struct settler s = {.arena = arena, .set = set, .bits = 32};
	struct ruleset *out = arena_alloc(arena, 1, sizeof(*out));
	bool *seen = arena_alloc(arena, arch_syscall_count(), sizeof(*seen));
	bool *needs = arena_alloc(arena, arch_syscall_count(), sizeof(*needs));
	size_t needy = 0, narrow = 0;

	for (size_t i = 0; i < set->abis; i++) {
		narrow += set->abi[i]->bits == 32;
		s.bits = set->abi[i]->bits == 64 ? 64 : s.bits;
	}
	s.mixed = s.bits == 64 && narrow;
	for (size_t i = 0; i < set->rules; i++) {
		uint16_t id = set->rule[i].syscall;
		if (set->rule[i].conds && !seen[id]) {
			seen[id] = true;
			needs[id] = needs_settling(&s, id);
			needy += needs[id];
		}
	}
	if (!needy)
		return set;
	s.rule = arena_alloc(arena, set->rules + needy * 2 * RULES_MAX, sizeof(*s.rule));
	for (size_t i = 0; i < set->rules; i++) {
		uint16_t id = set->rule[i].syscall;
		if (!needs[id])
			s.rule[s.rules++] = set->rule[i];
		else if (seen[id])
			settle(&s, id);
		seen[id] &= !needs[id]; /* the others of it are there then */
	}
	*out = *set;
	out->rule = s.rule;
	out->rules = s.rules;
	return out;
}
