/*
 * Syscall by syscall: what is wanted of its number on each ABI; one answer there and everywhere is a rule without
 * conditions, or none. Else rules are tried: those of the hints, and such as are made of the function on an
 * ABI, of what is the stricter on all of them where no function serves all.
 *
 * A name that is multiplexed answers for a code of the multiplexer as well. What is wanted there is asked of
 * its rules, too, unless the multiplexer has one answer for everything; what names leave open is left
 * to rules for the multiplexer itself, which are looked for last, with those of the names in place.
 */

#include "restate.h"

#include "../logic/meaning.h"
#include "../logic/stack.h"
#include "../logic/verdict.h"
#include "candidates.h"

#include <stdlib.h>
#include <string.h>

#define SIZE_LEAST 2 /* one rule of one condition: nothing that needs conditions is shorter */

static const char *const doors[] = {"ipc", "socketcall"}; /* multiplexers */

struct restater {
	struct reader reader;
	const struct restate *wish;
	uint32_t *on_abi; /* the meaning by ABI of the node, a function of number and arguments */
	struct candidate *found; /* by syscall */
	bool *lost;
	bool *last; /* a multiplexer's rules come behind those of names */
	struct wanted *wanted; /* room for those of one syscall */
	size_t count;
	const struct candidate *door; /* rules of a multiplexer that decide alone: codes are not asked for */
};

/* --- what is wanted --- */

static uint32_t function_of(struct restater *r, size_t abi, uint32_t nr)
{
	return meaning_given(r->reader.bdd, r->on_abi[abi], WORD_NR, nr);
}

/* Has the multiplexer's number one answer that a rule without conditions gives on all its ABIs? */
static bool door_decides(struct restater *r, uint16_t id, uint32_t *answer)
{
	const struct ruleset *node = &r->reader.node;
	uint32_t nr, ret, first = 0;
	bool any = false;

	for (size_t a = 0; a < node->abis; a++) {
		if (!arch_nr(node->abi[a], id, &nr))
			continue;
		if (!candidate_is_constant(r->reader.bdd, function_of(r, a, nr), &ret) || (any && ret != first))
			return false;
		first = ret;
		any = true;
	}
	*answer = first;
	return any && first != node->default_ret;
}

/* Rules for the multiplexer of a name, if those decide it; they go before all others. */
static const struct rule *door_rule(struct restater *r, uint16_t id, size_t *rules)
{
	struct rule *rule = arena_alloc(r->reader.bdd->arena, 1, sizeof(*rule));
	uint32_t nr, code, ret;

	*rules = 0;
	if (r->door) {
		*rules = r->door->rules;
		return r->door->rule;
	}
	for (size_t a = 0; a < r->reader.node.abis && !*rules; a++) {
		if (!arch_multiplexer(r->reader.node.abi[a], id, &nr, &code))
			continue;
		if (!door_decides(r, arch_multiplexer_of(id), &ret))
			break;
		*rule = (struct rule){.syscall = arch_multiplexer_of(id), .ret = ret, .at = NOWHERE, .len = 1};
		*rules = 1;
	}
	return rule;
}

static void add_wanted(struct restater *r, size_t a, uint32_t nr, bool coded, uint32_t code)
{
	r->wanted[r->count++] = (struct wanted){.abi = r->reader.node.abi[a], .nr = nr,
		.function = function_of(r, a, nr), .coded = coded, .code = code};
}

/* The syscall's numbers, and behind them those of its multiplexers. Returns how many it has of its own. */
static size_t find_wanted(struct restater *r, uint16_t id)
{
	const struct ruleset *node = &r->reader.node;
	uint32_t nr, code, ret;
	size_t own;

	r->count = 0;
	for (size_t a = 0; a < node->abis; a++) {
		if (arch_nr(node->abi[a], id, &nr))
			add_wanted(r, a, nr, false, 0);
	}
	own = r->count;
	for (size_t a = 0; a < node->abis && !r->door; a++) {
		if (arch_multiplexer(node->abi[a], id, &nr, &code) &&
			!door_decides(r, arch_multiplexer_of(id), &ret))
			add_wanted(r, a, nr, true, code);
	}
	return own;
}

/* What a number, or a code of it, answers, with the code no more in question. */
static uint32_t decision(const struct bdd *b, const struct wanted *w)
{
	if (!w->coded)
		return w->function;
	return meaning_given(b, meaning_given(b, w->function, WORD_HI(0), 0), WORD_LO(0), w->code);
}

static bool all_one(const struct restater *r, uint32_t *ret)
{
	for (size_t i = 0; i < r->count; i++) {
		uint32_t other;
		if (!candidate_is_constant(r->reader.bdd, decision(r->reader.bdd, &r->wanted[i]), &other) ||
			(i && other != *ret))
			return false;
		*ret = other;
	}
	return true;
}

/* --- one syscall --- */

static bool seen_before(const struct restater *r, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (decision(r->reader.bdd, &r->wanted[i]) == decision(r->reader.bdd, &r->wanted[at]) &&
			r->wanted[i].abi->bits == r->wanted[at].abi->bits)
			return true;
	}
	return false;
}

static void try_functions(struct restater *r, struct goal *g)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct wanted *w = &r->wanted[i];
		if (!seen_before(r, i))
			candidate_function(&r->reader, g, decision(r->reader.bdd, w), w->abi->bits);
	}
}

/* Rules that are stricter where functions differ; one without conditions always is. */
static void try_stricter(struct restater *r, struct goal *g)
{
	struct bdd *b = r->reader.bdd;
	uint32_t all = decision(b, &r->wanted[0]);
	unsigned bits = 32;

	for (size_t i = 0; i < r->count; i++) {
		all = stack_function(b, STACK_STRICTEST, all, decision(b, &r->wanted[i]));
		bits = r->wanted[i].abi->bits == 64 ? 64 : bits;
	}
	candidate_function(&r->reader, g, all, bits);
	candidate_constant(&r->reader, g, candidate_strictest(b, all));
}

static void find_rules(struct restater *r, struct goal *g)
{
	const struct restate *wish = r->wish;
	bool keeps = wish->otherwise == RESTATE_HINT;

	if (keeps && candidate_as_it_is(&r->reader, g, wish->hint[0]))
		return;
	for (size_t i = 0; i < wish->hints; i++)
		candidate_hint(&r->reader, g, wish->hint[i]);
	if (candidate_is_good(g) && g->best.size <= SIZE_LEAST)
		return;
	try_functions(r, g);
	candidate_reduce(&r->reader, g);
	if (g->best.fit != FIT_EXACT && wish->otherwise == RESTATE_STRICTER)
		try_stricter(r, g);
	if (g->best.fit != FIT_EXACT && keeps) {
		g->tried = false;
		candidate_as_it_is(&r->reader, g, wish->hint[0]);
	}
}

/* Is no argument looked at on any ABI, though they differ? */
static bool all_constant(const struct restater *r)
{
	for (size_t i = 0; i < r->count; i++) {
		if (!bdd_is_leaf(r->reader.bdd, decision(r->reader.bdd, &r->wanted[i])))
			return false;
	}
	return true;
}

static bool has_conditions(const struct ruleset *hint, uint16_t id)
{
	for (size_t i = 0; i < hint->rules; i++) {
		if (hint->rule[i].syscall == id && hint->rule[i].conds)
			return true;
	}
	return false;
}

/*
 * One answer for all, where each ABI has another. No conditions will help but those of a hint that one ABI has and
 * another has not: a mask of upper bits alone is none where arguments have 32.
 */
static void find_answer(struct restater *r, struct goal *g)
{
	for (size_t i = 0; i < r->wish->hints; i++) {
		if (has_conditions(r->wish->hint[i], g->syscall))
			candidate_hint(&r->reader, g, r->wish->hint[i]);
	}
	if (g->tried && g->best.fit == FIT_EXACT)
		return;

	struct bdd *b = r->reader.bdd;
	uint32_t all = decision(b, &r->wanted[0]);

	for (size_t i = 1; i < r->count && r->wish->otherwise == RESTATE_STRICTER; i++)
		all = stack_function(b, STACK_STRICTEST, all, decision(b, &r->wanted[i]));
	candidate_constant(&r->reader, g, (uint32_t)bdd_value(b, all));
}

/* A name's rules, from what its numbers are to answer. */
static void restate_name(struct restater *r, uint16_t id)
{
	struct goal g = {.syscall = id};
	size_t own = find_wanted(r, id);
	uint32_t ret = r->reader.node.default_ret;

	r->found[id] = (struct candidate){.fit = FIT_EXACT};
	r->lost[id] = false;
	if (!r->count)
		return;
	g.wanted = r->wanted;
	g.count = r->count;
	g.given = door_rule(r, id, &g.givens);
	if (all_one(r, &ret))
		candidate_constant(&r->reader, &g, ret);
	else if (all_constant(r) && r->wish->otherwise != RESTATE_HINT)
		find_answer(r, &g);
	else
		find_rules(r, &g);
	r->found[id] = g.best;
	r->lost[id] = own && g.best.fit != FIT_EXACT;
}

/* --- multiplexers --- */

/* Is the name the multiplexer's own, or one of those it is for, on some ABI? */
static bool stands_behind(const struct ruleset *node, uint16_t id, const char *door)
{
	uint32_t nr, code;

	for (size_t a = 0; a < node->abis; a++) {
		if (arch_multiplexer(node->abi[a], id, &nr, &code))
			return strcmp(arch_syscall_name(arch_multiplexer_of(id)), door) == 0;
	}
	return false;
}

/* The rules of all names that the multiplexer is for. */
static struct rule *rules_behind(struct restater *r, const char *door, size_t *count)
{
	size_t most = 0;
	struct rule *rule;

	*count = 0;
	for (size_t id = 0; id < arch_syscall_count(); id++)
		most += r->found[id].rules;
	rule = arena_raw(r->reader.bdd->arena, most, sizeof(*rule));
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		const struct candidate *c = &r->found[id];
		if (!c->rules || !stands_behind(&r->reader.node, (uint16_t)id, door))
			continue;
		memcpy(rule + *count, c->rule, c->rules * sizeof(*rule));
		*count += c->rules;
	}
	return rule;
}

/* The multiplexer's goal, the rules of names in place. */
static void aim(struct restater *r, struct goal *g, const char *door)
{
	const struct rule *rule = rules_behind(r, door, &g->givens);

	find_wanted(r, g->syscall);
	g->count = r->count;
	g->given = rule;
	g->leads = true;
	g->tried = false;
}

static void find_door(struct restater *r, struct goal *g, const char *door, bool leads)
{
	uint32_t ret = r->reader.node.default_ret;

	aim(r, g, door);
	g->leads = leads;
	candidate_try(&r->reader, g, NULL, 0);
	if (all_one(r, &ret))
		candidate_constant(&r->reader, g, ret);
	if (g->best.fit != FIT_EXACT)
		find_rules(r, g);
}

/* What to do with each name behind the multiplexer. */
static void for_names(struct restater *r, const char *door, void (*visit)(struct restater *, uint16_t id))
{
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (stands_behind(&r->reader.node, (uint16_t)id, door))
			visit(r, (uint16_t)id);
	}
}

/* One answer for the name, as strict as any of it and of the default. */
static void close_name(struct restater *r, uint16_t id)
{
	struct bdd *b = r->reader.bdd;
	uint32_t all = bdd_leaf(b, r->reader.node.default_ret);
	struct goal g = {.syscall = id, .wanted = r->wanted};

	find_wanted(r, id);
	for (size_t i = 0; i < r->count; i++)
		all = stack_function(b, STACK_STRICTEST, all, decision(b, &r->wanted[i]));
	g.count = r->count;
	candidate_constant(&r->reader, &g, candidate_strictest(b, all));
	r->lost[id] |= g.best.fit != FIT_EXACT;
	r->found[id] = g.best;
}

static void hint_name(struct restater *r, uint16_t id)
{
	struct goal g = {.syscall = id, .wanted = r->wanted};

	find_wanted(r, id);
	g.count = r->count;
	candidate_as_it_is(&r->reader, &g, r->wish->hint[0]);
	r->lost[id] |= g.best.fit != FIT_EXACT;
	r->found[id] = g.best;
}

static bool any_lost(const struct restater *r, const char *door)
{
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (r->lost[id] && stands_behind(&r->reader.node, (uint16_t)id, door))
			return true;
	}
	return false;
}

/*
 * Rules of the multiplexer, a code each, that need no help from those of names. They go before them, so that
 * libseccomp drops what names want of a code besides; these are to answer right for their own numbers only.
 */
static bool find_apart(struct restater *r, struct goal *g, const char *door)
{
	size_t names = arch_syscall_count();
	struct candidate *found = arena_raw(r->reader.bdd->arena, names, sizeof(*found));
	bool *lost = arena_raw(r->reader.bdd->arena, names, sizeof(*lost));
	struct goal alone = {.syscall = g->syscall, .wanted = r->wanted, .count = g->count};

	memcpy(found, r->found, names * sizeof(*found));
	memcpy(lost, r->lost, names * sizeof(*lost));
	find_wanted(r, g->syscall);
	for (size_t i = 0; i < r->count && alone.best.fit != FIT_EXACT; i++)
		candidate_codes(&r->reader, &alone, r->wanted[i].function, r->wanted[i].abi->bits);
	r->door = &alone.best;
	if (alone.best.fit == FIT_EXACT)
		for_names(r, door, restate_name);
	r->door = NULL;
	if (alone.best.fit == FIT_EXACT && !any_lost(r, door)) {
		const struct candidate own = alone.best;
		aim(r, &alone, door);
		candidate_try(&r->reader, &alone, own.rule, own.rules);
		if (alone.best.fit == FIT_EXACT) {
			*g = alone;
			return true;
		}
	}
	memcpy(r->found, found, names * sizeof(*found));
	memcpy(r->lost, lost, names * sizeof(*lost));
	return false;
}

/* The first hint's rules for names and multiplexer, which may decide together only. */
static bool find_taken(struct restater *r, struct goal *g, const char *door)
{
	static const struct candidate none;
	size_t names = arch_syscall_count();
	struct candidate *found = arena_raw(r->reader.bdd->arena, names, sizeof(*found));
	bool *lost = arena_raw(r->reader.bdd->arena, names, sizeof(*lost));
	struct goal taken = *g;

	if (!r->wish->hints)
		return false;
	memcpy(found, r->found, names * sizeof(*found));
	memcpy(lost, r->lost, names * sizeof(*lost));
	r->door = &none;
	for (size_t id = 0; id < names; id++) {
		if (stands_behind(&r->reader.node, (uint16_t)id, door)) {
			r->lost[id] = false;
			hint_name(r, (uint16_t)id);
		}
	}
	r->door = NULL;
	aim(r, &taken, door);
	taken.leads = false;
	if (candidate_as_it_is(&r->reader, &taken, r->wish->hint[0]) && !any_lost(r, door)) {
		*g = taken;
		return true;
	}
	memcpy(r->found, found, names * sizeof(*found));
	memcpy(r->lost, lost, names * sizeof(*lost));
	return false;
}

/* Rules for names and multiplexer that are exact; else as is wished for where there are none. */
static void find_together(struct restater *r, struct goal *g, const char *door)
{
	enum restate_else otherwise = r->wish->otherwise;

	find_door(r, g, door, true);
	if (g->best.fit == FIT_EXACT && !any_lost(r, door))
		return;
	struct goal behind = *g;
	find_door(r, &behind, door, false);
	if (behind.best.fit == FIT_EXACT && !any_lost(r, door)) {
		*g = behind;
		return;
	}
	if (find_apart(r, g, door) || find_taken(r, g, door) || g->best.fit == FIT_EXACT || otherwise == RESTATE_LEAVE ||
		(g->best.fit == FIT_STRICTER && otherwise == RESTATE_STRICTER))
		return;
	for_names(r, door, otherwise == RESTATE_STRICTER ? close_name : hint_name);
	find_door(r, g, door, true);
}

static void restate_door(struct restater *r, const char *door)
{
	struct goal g = {.wanted = r->wanted};
	uint32_t ret;

	if (!arch_syscall_find(door, strlen(door), &g.syscall))
		unreachable();
	find_wanted(r, g.syscall);
	g.count = r->count;
	if (!r->count)
		return;
	if (door_decides(r, g.syscall, &ret))
		candidate_constant(&r->reader, &g, ret);
	else
		find_together(r, &g, door);
	r->found[g.syscall] = g.best;
	r->lost[g.syscall] = g.best.fit != FIT_EXACT;
	r->last[g.syscall] = g.givens && !g.leads;
}

/* --- all --- */

static bool is_door(uint16_t id)
{
	const char *name = arch_syscall_name(id);

	for (size_t i = 0; i < countof(doors); i++) {
		if (strcmp(name, doors[i]) == 0)
			return true;
	}
	return false;
}

enum order { WITHOUT_CONDITIONS, OF_DOORS, OTHERS, OF_DOORS_BEHIND, ORDERS };

/* The rules of a syscall keep their order: a condition that some ABI has not may come before a rule without. */
static enum order order_of(const struct restater *r, const struct candidate *c, uint16_t id)
{
	bool conditional = false;

	for (size_t i = 0; i < c->rules; i++)
		conditional |= c->rule[i].conds != 0;
	if (!conditional)
		return WITHOUT_CONDITIONS;
	if (!is_door(id))
		return OTHERS;
	return r->last[id] ? OF_DOORS_BEHIND : OF_DOORS;
}

static size_t collect_some(const struct restater *r, enum order order, struct rule *rule)
{
	size_t rules = 0;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		const struct candidate *c = &r->found[id];
		for (size_t i = 0; i < c->rules && order_of(r, c, (uint16_t)id) == order; i++)
			rule[rules++] = c->rule[i];
	}
	return rules;
}

/* Rules without conditions come first: where one decides, libseccomp does not object to others. Then those of
 * multiplexers, so that longer ones for names are of no account, unless they were right behind these only. */
static const struct ruleset *collect(struct restater *r)
{
	struct ruleset *set = arena_alloc(r->reader.bdd->arena, 1, sizeof(*set));
	struct rule *rule;
	size_t rules = 0;

	for (size_t id = 0; id < arch_syscall_count(); id++)
		rules += r->found[id].rules;
	rule = arena_raw(r->reader.bdd->arena, rules, sizeof(*rule));
	*set = fit_ruleset(&r->reader, rule, rules);
	rules = 0;
	for (unsigned order = 0; order < ORDERS; order++)
		rules += collect_some(r, (enum order)order, rule + rules);
	return set;
}

const struct ruleset *restate(struct bdd *b, const struct restate *wish, bool *lost)
{
	struct restater r = {.reader = {b, wish->node}, .wish = wish, .lost = lost};
	size_t names = arch_syscall_count();

	r.on_abi = arena_alloc(b->arena, wish->node.abis, sizeof(*r.on_abi));
	r.last = arena_alloc(b->arena, names, sizeof(*r.last));
	r.found = arena_alloc(b->arena, names, sizeof(*r.found));
	r.wanted = arena_alloc(b->arena, 2 * wish->node.abis, sizeof(*r.wanted));
	for (size_t a = 0; a < wish->node.abis; a++)
		r.on_abi[a] = meaning_given(b, wish->meaning, WORD_ARCH, wish->node.abi[a]->audit);
	for (size_t id = 0; id < names; id++) {
		if (!is_door((uint16_t)id))
			restate_name(&r, (uint16_t)id);
	}
	for (size_t i = 0; i < countof(doors); i++)
		restate_door(&r, doors[i]);
	return collect(&r);
}
