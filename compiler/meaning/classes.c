/*
 * An order of values is a few equalities under masks: of the values below one, each has the bits above some
 * bit in common with it, and not that bit. A rule with several conditions becomes a rule for each
 * choice of an equality for each of them.
 */

#include "classes.h"

#include "narrow.h"

#include <string.h>

#define RULES_MAX 128 /* of one syscall, in place of those it has */

/* --- is it in a class? --- */

/* The rules of one number. */
struct group {
	const struct rule *last;
	size_t rules;
	bool plain;   /* one has no conditions, so that the others do not count */
	bool orders;  /* conditions that are no equalities */
	bool odd;     /* equalities that are not EQ, or with a value of more than 32 bits where there are 32 */
	bool several; /* conditions in a rule */
	bool large;   /* a value of more than 32 bits where there are 64 */
	bool upper;   /* a mask that cuts such a value */
	bool actions; /* more than one */
};

/* What is known of a name's rules. */
struct outside {
	const struct abi *abi;   /* on which they are in no class; NULL: they are in one on all */
	const struct rule *last; /* of them */
	bool lacking;            /* the ABI has no number for the name, and conditions on all its rules */
	bool own, behind;        /* there are rules of this name, and of names it is the multiplexer of */
};

static bool is_equality(const struct profile_cond *c)
{
	return c->op == OP_EQ || c->op == OP_MASKED_EQ;
}

/* Of that many bits of its argument, does it look at any? */
static bool counts(const struct profile_cond *c, unsigned bits)
{
	return c->op != OP_MASKED_EQ || (c->value & narrow_low(bits));
}

static bool is_plain(const struct rule *rule, unsigned bits)
{
	for (size_t i = 0; i < rule->conds; i++) {
		if (counts(&rule->cond[i], bits))
			return false;
	}
	return true;
}

/* `multiplexed`: the condition on argument 0 becomes an equality with the call's code. */
static void add_to_group(struct group *g, const struct rule *rule, unsigned bits, bool multiplexed)
{
	size_t conds = multiplexed;

	for (size_t i = 0; i < rule->conds; i++) {
		const struct profile_cond *c = &rule->cond[i];
		if ((multiplexed && c->index == 0) || !counts(c, bits))
			continue;
		conds++;
		g->orders |= !is_equality(c);
		bool large = (c->value | c->value_two) > UINT32_MAX;
		g->odd |= c->op == OP_MASKED_EQ || (bits == 32 && large);
		g->large |= bits == 64 && large;
		g->upper |= bits == 64 && c->op == OP_MASKED_EQ && c->value > UINT32_MAX && c->value != UINT64_MAX;
	}
	g->plain |= !conds;
	g->several |= conds > 1;
	g->actions |= g->rules && g->last->ret != rule->ret;
	g->last = rule;
	g->rules++;
}

/* Of equalities: can no call match both rules? `bits`: those of arguments that are looked at. */
static bool are_apart(const struct rule *a, const struct rule *b, uint64_t bits, bool multiplexed)
{
	for (size_t i = 0; i < a->conds; i++) {
		const struct profile_cond *c = &a->cond[i];
		for (size_t k = 0; k < b->conds; k++) {
			const struct profile_cond *d = &b->cond[k];
			bool ceq = c->op == OP_EQ, deq = d->op == OP_EQ;
			uint64_t both = bits & (ceq ? UINT64_MAX : c->value) & (deq ? UINT64_MAX : d->value);
			uint64_t differ = (ceq ? c->value : c->value_two) ^ (deq ? d->value : d->value_two);
			if (c->index == d->index && (c->index || !multiplexed) && (both & differ))
				return true;
		}
	}
	return false;
}

/* Does it matter which of two equalities of different actions goes first? */
static bool order_matters(const struct rule *rule, size_t rules, uint64_t bits, bool multiplexed)
{
	for (size_t i = 0; i < rules; i++) {
		for (size_t k = i + 1; k < rules; k++) {
			if (rule[i].ret != rule[k].ret && rule[i].syscall == rule[k].syscall &&
				!are_apart(&rule[i], &rule[k], bits, multiplexed))
				return true;
		}
	}
	return false;
}

/* The name by whose number the ABI has the syscall beside its own, if it has one. */
static bool find_multiplexer(const struct abi *abi, uint16_t id, uint16_t *name)
{
	uint32_t nr, code;

	if (!arch_multiplexer(abi, id, &nr, &code))
		return false;
	*name = arch_multiplexer_of(id);
	return true;
}

static void group_rule(const struct abi *abi, const struct rule *rule, struct group *group)
{
	uint32_t nr;
	uint16_t id;

	if (arch_nr(abi, rule->syscall, &nr))
		add_to_group(&group[rule->syscall], rule, abi->bits, false);
	if (find_multiplexer(abi, rule->syscall, &id))
		add_to_group(&group[id], rule, abi->bits, true);
}

/* The name's rules on an ABI, or those behind it. Can no call match two that have different actions? */
static bool all_apart(struct arena *arena, const struct ruleset *set, const struct abi *abi, uint16_t id,
	const struct outside *o, size_t count)
{
	struct rule *rule = arena_alloc(arena, count, sizeof(*rule));
	size_t rules = 0;
	uint16_t name;

	if (count > RULES_MAX || (o->own && o->behind))
		return false;
	for (size_t i = 0; i < set->rules; i++) {
		uint16_t syscall = set->rule[i].syscall;
		if (o->behind ? find_multiplexer(abi, syscall, &name) && name == id : syscall == id)
			rule[rules++] = set->rule[i];
	}
	return !order_matters(rule, rules, narrow_low(abi->bits), o->behind);
}

static bool has_both_widths(const struct ruleset *set)
{
	bool has[2] = {false, false};

	for (size_t i = 0; i < set->abis; i++)
		has[set->abi[i]->bits == 64] = true;
	return has[0] && has[1];
}

/* Is it in one whatever its rules' order, then in one where that is known? */
static bool is_in_class(struct arena *arena, const struct ruleset *set, const struct abi *abi, uint16_t id,
	const struct outside *o, const struct group *g, bool crowded)
{
	if (g->rules < 2 || g->plain)
		return true;
	if (g->several && (crowded || g->upper || has_both_widths(set)))
		return false;
	if (!g->actions)
		return !g->orders || (!g->several && !g->large);
	if (!g->orders)
		return !g->odd || all_apart(arena, set, abi, id, o, g->rules);
	return !g->several && abi->bits == 32;
}

/* Have two names rules with conditions? */
static bool is_crowded(const struct group *group, size_t names)
{
	const struct rule *first = NULL;

	for (size_t i = 0; i < names; i++) {
		if (!group[i].rules || group[i].plain)
			continue;
		if (first && first->syscall != group[i].last->syscall)
			return true;
		first = group[i].last;
	}
	return false;
}

/* Names the ABI lacks where all its rules have conditions. */
static void find_lacking(const struct ruleset *set, const struct abi *abi, struct outside *outside)
{
	uint32_t nr;

	for (size_t i = 0; i < set->rules; i++) {
		if (is_plain(&set->rule[i], abi->bits) && arch_nr(abi, set->rule[i].syscall, &nr))
			return;
	}
	for (size_t i = 0; i < set->rules; i++) {
		const struct rule *rule = &set->rule[i];
		struct outside *o = &outside[rule->syscall];
		if (arch_nr(abi, rule->syscall, &nr))
			continue;
		o->abi = abi;
		o->last = rule;
		o->lacking = true;
	}
}

/* By name; `part`: of rules that others will stand beside. */
static const struct outside *find_outside(struct arena *arena, const struct ruleset *set, bool part)
{
	size_t names = arch_syscall_count();
	struct outside *outside = arena_alloc(arena, names, sizeof(*outside));
	struct group *group = arena_alloc(arena, names, sizeof(*group));

	for (size_t a = 0; a < set->abis; a++) {
		memset(group, 0, names * sizeof(*group));
		for (size_t i = 0; i < set->rules; i++) {
			uint16_t name, id = set->rule[i].syscall;
			group_rule(set->abi[a], &set->rule[i], group);
			outside[id].own = true;
			if (find_multiplexer(set->abi[a], id, &name))
				outside[name].behind = true;
		}
		bool crowded = part || is_crowded(group, names);
		for (size_t i = 0; i < names; i++) {
			uint16_t id = (uint16_t)i;
			struct outside *o = &outside[id];
			if (!o->abi && !is_in_class(arena, set, set->abi[a], id, o, &group[id], crowded)) {
				o->abi = set->abi[a];
				o->last = group[id].last;
			}
		}
	}
	for (size_t a = 0; a < set->abis && !part; a++)
		find_lacking(set, set->abi[a], outside);
	return outside;
}

bool classes_hold(struct arena *arena, const struct ruleset *set, bool part)
{
	const struct outside *outside = find_outside(arena, set, part);

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (outside[id].abi)
			return false;
	}
	return true;
}

void classes_check(struct arena *arena, const struct ruleset *set, struct diags *diags)
{
	const struct outside *outside = find_outside(arena, set, false);

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		const struct outside *o = &outside[id];
		const char *name = arch_syscall_name((uint16_t)id);
		if (!o->abi)
			continue;
		if (o->lacking)
			diag(diags, DIAG_LIBSECCOMP_CLASS, o->last->at, o->last->len,
				"%s lacks '%s', and its rules all have conditions: such a filter is of no class that "
				"libseccomp is known to compile right",
				o->abi->name, name);
		else
			diag(diags, DIAG_LIBSECCOMP_CLASS, o->last->at, o->last->len,
				"the rules for '%s' (on %s) are of no class that libseccomp is known to compile right",
				name, o->abi->name);
		diag_note(diags, NOWHERE, 1,
			"the runtime's filter may not be what the profile says: resolve the profile, or verify "
			"what is loaded");
	}
}

/* --- equalities --- */

struct settler {
	struct arena *arena;
	const struct ruleset *set;
	struct rule *rule;
	size_t rules;
	/* of the syscall at hand */
	unsigned bits;    /* the most an ABI that has it compares */
	bool mixed;       /* others compare 32 */
	bool multiplexed; /* on some ABI, where its argument 0 is not looked at */
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
		e->cond[e->count] = *c;
		e->cond[e->count++].value = value;
		return;
	case OP_MASKED_EQ:
		e->cond[e->count] = *c;
		if (value)
			e->cond[e->count].value = value;
		e->cond[e->count++].value_two &= c->value & all;
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

/* What may be done for the rules of a name. */
enum need { NEED_NOTHING, NEED_EQUALITIES, NEED_REMOVAL };

static enum need need_of(const struct ruleset *set, uint16_t id, const struct outside *outside)
{
	const struct outside *o = &outside[id];
	bool wanted = o->abi && !o->lacking, there = false, mingled = o->own && o->behind;
	uint16_t name;
	uint32_t nr;

	for (size_t i = 0; i < set->abis; i++) {
		there |= arch_nr(set->abi[i], id, &nr);
		if (!find_multiplexer(set->abi[i], id, &name))
			continue;
		there = true;
		wanted |= outside[name].abi && !outside[name].lacking;
		mingled |= outside[name].own;
	}
	if (o->lacking && !there)
		return NEED_REMOVAL;
	return wanted && !mingled ? NEED_EQUALITIES : NEED_NOTHING;
}

/* How wide the ABIs compare that have the syscall. */
static void find_width(struct settler *s, uint16_t id)
{
	size_t narrow = 0;
	uint16_t name;
	uint32_t nr;

	s->bits = 32;
	s->multiplexed = false;
	for (size_t i = 0; i < s->set->abis; i++) {
		const struct abi *abi = s->set->abi[i];
		bool multiplexed = find_multiplexer(abi, id, &name);
		s->multiplexed |= multiplexed;
		if (!multiplexed && !arch_nr(abi, id, &nr))
			continue;
		narrow += abi->bits == 32;
		s->bits = abi->bits == 64 ? 64 : s->bits;
	}
	s->mixed = s->bits == 64 && narrow;
}

/* The syscall's rules, all where its first one was; as they are if they cannot be had as equalities. */
static void settle(struct settler *s, uint16_t id)
{
	size_t first = s->rules;
	bool ok = true;

	find_width(s, id);
	for (size_t i = 0; i < s->set->rules && ok; i++) {
		if (s->set->rule[i].syscall == id)
			ok = spread(s, &s->set->rule[i], first);
	}
	if (ok && !order_matters(s->rule + first, s->rules - first, narrow_low(s->mixed ? 32 : s->bits), s->multiplexed))
		return;
	s->rules = first;
	for (size_t i = 0; i < s->set->rules; i++) {
		if (s->set->rule[i].syscall == id)
			s->rule[s->rules++] = s->set->rule[i];
	}
}

const struct ruleset *classes_settle(struct arena *arena, const struct ruleset *set, bool part)
{
	const struct outside *outside = find_outside(arena, set, part);
	struct settler s = {.arena = arena, .set = set};
	struct ruleset *out = arena_alloc(arena, 1, sizeof(*out));
	bool *seen = arena_alloc(arena, arch_syscall_count(), sizeof(*seen));
	size_t needy = 0;

	for (size_t i = 0; i < set->rules; i++)
		needy += need_of(set, set->rule[i].syscall, outside) != NEED_NOTHING;
	if (!needy)
		return set;
	s.rule = arena_alloc(arena, set->rules + needy * 2 * RULES_MAX, sizeof(*s.rule));
	for (size_t i = 0; i < set->rules; i++) {
		uint16_t id = set->rule[i].syscall;
		enum need need = need_of(set, id, outside);
		if (need == NEED_NOTHING)
			s.rule[s.rules++] = set->rule[i];
		else if (need == NEED_EQUALITIES && !seen[id])
			settle(&s, id);
		seen[id] = true; /* the others of it are there then */
	}
	*out = *set;
	out->rule = s.rule;
	out->rules = s.rules;
	return out;
}
