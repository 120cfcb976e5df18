/*
 * Rules meet only under one number, so those of a syscall are looked at by themselves, and those
 * that share a multiplexer together. From the last to the first each is left out: where that
 * changes nothing the rule is dead and stays out, so of two that say the same the earlier one
 * lives. With those that are out already back in place it must change nothing either: who takes
 * the rule for idle need not see that it beats another one that is.
 *
 * A name whose rule was split into alternatives is one thing to leave out. Other ABIs than the
 * filter's are asked too: what is said twice on x86, by send and socketcall, is said once on arm.
 */

#include "lint_dead_rules.h"

#include "../logic/meaning.h"

#include "../meaning/rules.h"

#include <stdlib.h>
#include <string.h>

#define UNITS_MAX 64u /* names looked at that may meet: all are compared with all */
#define ASKED_MAX (UINT64_C(1) << 17) /* rules in questions, times ABIs: a second; Docker's profile has 10,000 */
#define NODES_MAX (1u << 19) /* of diagrams: 24 MiB */
#define KNOWN_LISTS 256u

/* The rules of one name at one place, first..first + count of finder.rule. */
struct unit {
	size_t first, count;
	bool alive;
};

struct finder {
	const struct lint *l;
	struct bdd bdd;
	struct rule *rule; /* by group, then in file order */
	struct rule *some; /* those of a question */
	struct arena *questions;
	struct unit unit[UNITS_MAX];
	size_t units;
	uint64_t asked;    /* of ASKED_MAX */
	struct known_meaning *known[KNOWN_LISTS]; /* of this group, by hash */
	uint32_t meanings;
	const struct abi *only; /* NULL: the ABIs of the filter */
	bool unloaded;          /* of rules that libseccomp would refuse the meaning is asked, too */
};

/* --- what a few rules mean --- */

#define UNANSWERED UINT32_MAX

/* Numbers up to `last` of an audit arch answer by one diagram; the next piece begins behind it. */
struct piece {
	uint32_t audit, last, function;
};

/* What a policy answers to every call: two that mean the same have the same pieces, as diagrams of one store. */
struct known_meaning {
	struct piece *piece;
	size_t pieces;
	uint32_t elsewhere, id, hash;
	struct known_meaning *next;
};

static struct known_meaning pieces_of(struct finder *f, const struct policy *policy)
{
	struct known_meaning m = {.elsewhere = policy->elsewhere.ret};
	size_t ranges = 0;

	for (size_t d = 0; d < policy->domains; d++)
		ranges += policy->domain[d].ranges;
	m.piece = arena_alloc(f->questions, ranges, sizeof(*m.piece));
	for (size_t d = 0; d < policy->domains; d++) {
		const struct domain *domain = &policy->domain[d];
		for (size_t i = 0; i < domain->ranges; i++) {
			uint32_t function = meaning_range(&f->bdd, &domain->range[i]);
			struct piece *last = i ? &m.piece[m.pieces - 1] : NULL;
			if (last && last->function == function)
				last->last = domain->range[i].last;
			else
				m.piece[m.pieces++] = (struct piece){domain->audit, domain->range[i].last, function};
		}
	}
	for (size_t i = 0; i < m.pieces; i++)
		m.hash = (m.hash ^ m.piece[i].last ^ m.piece[i].function) * 0x9e3779b1u;
	return m;
}

static bool same_meaning(const struct known_meaning *a, const struct known_meaning *b)
{
	bool same = a->hash == b->hash && a->pieces == b->pieces && a->elsewhere == b->elsewhere;

	for (size_t i = 0; same && i < a->pieces; i++)
		same = a->piece[i].audit == b->piece[i].audit && a->piece[i].last == b->piece[i].last &&
			a->piece[i].function == b->piece[i].function;
	return same;
}

/* The same number for the same meaning, within a group: all its questions are about the same ABIs, or about one. */
static uint32_t meaning_id(struct finder *f, const struct policy *policy)
{
	const struct known_meaning m = pieces_of(f, policy);
	struct known_meaning **list = &f->known[(m.hash >> 16) % KNOWN_LISTS];

	for (const struct known_meaning *k = *list; k; k = k->next) {
		if (same_meaning(k, &m))
			return k->id;
	}
	struct known_meaning *k = arena_alloc(f->l->arena, 1, sizeof(*k));
	struct piece *piece = arena_alloc(f->l->arena, m.pieces, sizeof(*piece));
	memcpy(piece, m.piece, m.pieces * sizeof(*piece));
	*k = (struct known_meaning){piece, m.pieces, m.elsewhere, f->meanings++, m.hash, *list};
	*list = k;
	return k->id;
}

/* The meaning of the units that `in` names; UNANSWERED: libseccomp would refuse them, unless f->unloaded. */
static uint32_t meaning_of(struct finder *f, const bool *in)
{
	struct ruleset set = *f->l->set;
	const struct ruleset *one = &set;
	struct diags quiet;

	if (f->only) { /* on that ABI alone */
		set.abi = &f->only;
		set.abis = 1;
	}
	set.rule = f->some;
	set.rules = 0;
	set.enosys = ENOSYS_OFF;
	set.loads = f->unloaded;
	for (size_t i = 0; i < f->units; i++) {
		const struct unit *u = &f->unit[i];
		if (!in[i])
			continue;
		memcpy(&f->some[set.rules], &f->rule[u->first], u->count * sizeof(*f->some));
		set.rules += u->count;
	}
	f->asked += (set.rules + 1) * set.abis;
	diags_init(&quiet, f->questions, NULL);
	const struct policy *policy = rules_policy(f->questions, &one, 1, &quiet);
	uint32_t meaning = policy ? meaning_id(f, policy) : UNANSWERED;
	if (f->questions != f->l->arena)
		arena_reset(f->questions);
	return meaning;
}

/* Of all units but one, dead or alive: what the file means once its line is gone. */
static uint32_t meaning_without(struct finder *f, size_t without)
{
	bool in[UNITS_MAX];

	for (size_t i = 0; i < f->units; i++)
		in[i] = i != without;
	return meaning_of(f, in);
}

static uint32_t meaning_of_alive(struct finder *f, size_t without, size_t with)
{
	bool in[UNITS_MAX];

	for (size_t i = 0; i < f->units; i++)
		in[i] = (f->unit[i].alive && i != without) || i == with;
	return meaning_of(f, in);
}

/* Of one or two units alone; the same twice is one. */
static uint32_t meaning_of_two(struct finder *f, size_t a, size_t b)
{
	bool in[UNITS_MAX] = {false};

	in[a] = in[b] = true;
	return meaning_of(f, in);
}

static uint32_t meaning_of_none(struct finder *f)
{
	const bool in[UNITS_MAX] = {false};

	return meaning_of(f, in);
}

/* --- who covers it --- */

static const struct rule *rule_of(const struct finder *f, size_t unit)
{
	return &f->rule[f->unit[unit].first];
}

static bool filters(const struct profile_filter *filter)
{
	return filter->caps.count || filter->arches.count || filter->min_kernel.present;
}

/* The rule of the file that names it. */
static const struct profile_rule *written_as(const struct finder *f, size_t unit)
{
	const struct profile *p = f->l->profile;

	for (size_t i = 0; i < p->rules; i++) {
		for (size_t k = 0; k < p->rule[i].names.count; k++) {
			if (p->rule[i].names.text[k].at == rule_of(f, unit)->at)
				return &p->rule[i];
		}
	}
	unreachable();
}

/*
 * Are there containers or nodes that have the second and not the first? What a runtime makes of the
 * conditions does not matter: where it drops them, that has been said.
 */
static bool can_miss(const struct finder *f, size_t cover, size_t dead)
{
	const struct profile_rule *rule = written_as(f, cover);

	return rule != written_as(f, dead) &&
		(filters(&rule->includes) || filters(&rule->excludes));
}

/* Units that take the dead one's calls: one that does it alone, else those that could not be
 * spared. */
static size_t find_covers(struct finder *f, size_t dead, size_t cover[UNITS_MAX])
{
	size_t covers = 0;

	for (size_t i = 0; i < f->units; i++) {
		if (f->unit[i].alive && meaning_of_two(f, i, dead) == meaning_of_two(f, i, i)) {
			cover[0] = i;
			return 1;
		}
	}
	for (size_t i = 0; i < f->units; i++) {
		if (f->unit[i].alive &&
			meaning_of_alive(f, i, dead) != meaning_of_alive(f, i, UNITS_MAX))
			cover[covers++] = i;
	}
	for (size_t i = 0; !covers && i < f->units; i++) { /* several ways to cover it */
		if (f->unit[i].alive && rule_of(f, i)->syscall == rule_of(f, dead)->syscall)
			cover[covers++] = i;
	}
	return covers;
}

#define NOTES_MAX 4u

static void report(struct finder *f, size_t dead)
{
	const struct rule *rule = rule_of(f, dead);
	size_t cover[UNITS_MAX], covers = find_covers(f, dead, cover);
	bool contrary = false;

	for (size_t i = 0; i < covers; i++) {
		contrary |= rule_of(f, cover[i])->ret != rule->ret;
		if (can_miss(f, cover[i], dead))
			return; /* there it decides */
	}
	if (f->bdd.full)
		return;
	if (contrary)
		diag(f->l->diags, DIAG_SHADOWED, rule->at, rule->len,
			"this rule for '%s' never decides: other rules take all its calls",
			arch_syscall_name(rule->syscall));
	else
		diag(f->l->diags, DIAG_REDUNDANT, rule->at, rule->len,
			"this rule for '%s' changes nothing: %s", arch_syscall_name(rule->syscall),
			covers == 1 ? "another one says the same" : "others together say the same");
	for (size_t i = 0; i < covers && i < NOTES_MAX; i++)
		diag_note(f->l->diags, rule_of(f, cover[i])->at, rule_of(f, cover[i])->len,
			covers == 1 ? "the rule that decides" : "one that decides");
}

/* --- one group --- */

static bool has_call(const struct abi *abi, uint16_t id)
{
	uint32_t nr, code;

	return arch_nr(abi, id, &nr) || arch_multiplexer(abi, id, &nr, &code);
}

static bool is_there(const struct finder *f, uint16_t id)
{
	for (size_t i = 0; i < f->l->set->abis; i++) {
		if (has_call(f->l->set->abi[i], id))
			return true;
	}
	return false;
}

/* Only rules of several actions are refused. */
static bool one_action(const struct finder *f)
{
	for (size_t i = 0; i < f->units; i++) {
		if (rule_of(f, i)->ret != rule_of(f, 0)->ret)
			return false;
	}
	return true;
}

/* Do those alive mean `all` without it, and would libseccomp load them? That takes longest, and is asked last. */
static bool is_spare(struct finder *f, size_t unit, uint32_t all)
{
	if (one_action(f))
		return meaning_of_alive(f, unit, UNITS_MAX) == all;
	f->unloaded = true;
	bool same = meaning_of_alive(f, unit, UNITS_MAX) == all;
	f->unloaded = false;
	return same && meaning_of_alive(f, unit, UNITS_MAX) == all;
}

/* Does the unit decide, of those alive or of all? Those that are out change nothing of `all`. */
static bool decides(struct finder *f, size_t unit, uint32_t all, bool all_alive)
{
	return !is_spare(f, unit, all) || (!all_alive && meaning_without(f, unit) != all);
}

/* A profile is written for all nodes: does the unit decide on some other ABI? */
static bool decides_elsewhere(struct finder *f, size_t unit, bool all_alive)
{
	bool found = false;

	for (size_t i = 0; i < arch_abi_count && !found; i++) {
		f->only = &arch_abis[i];
		found = has_call(f->only, rule_of(f, unit)->syscall) && decides(f, unit, meaning_without(f, UNITS_MAX), all_alive);
	}
	f->only = NULL;
	return found;
}

static void find_in_group(struct finder *f)
{
	bool dead[UNITS_MAX] = {false}, all_alive = true;

	memset(f->known, 0, sizeof(f->known));
	for (size_t i = 0; i < f->units; i++)
		f->unit[i].alive = true;
	uint32_t all = meaning_of_alive(f, UNITS_MAX, UNITS_MAX), none = meaning_of_none(f);
	for (size_t i = f->units; i-- > 0 && !f->bdd.full;) {
		if (!is_there(f, rule_of(f, i)->syscall) || decides(f, i, all, all_alive) ||
			decides_elsewhere(f, i, all_alive))
			continue;
		dead[i] = true;
		f->unit[i].alive = all_alive = false;
	}
	for (size_t i = 0; i < f->units && !f->bdd.full; i++) {
		if (dead[i] && meaning_of_two(f, i, i) != none)
			report(f, i);
	}
}

/* --- groups --- */

struct sorted {
	uint16_t group;
	size_t order;
};

static int by_group(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* The units of the rules first..end, which are one group. */
static void take_group(struct finder *f, size_t first, size_t end)
{
	f->units = 0;
	for (size_t i = first, n; i < end; i += n) {
		for (n = 1; i + n < end && f->rule[i + n].at == f->rule[i].at;)
			n++;
		if (f->units == UNITS_MAX) {
			diag(f->l->diags, DIAG_REDUNDANT, f->rule[i].at, f->rule[i].len,
				"more than %u rules for '%s' and what it meets: whether all decide "
				"was "
				"not looked for",
				UNITS_MAX, arch_syscall_name(f->rule[i].syscall));
			return;
		}
		f->unit[f->units++] = (struct unit){.first = i, .count = n};
	}
	if (f->units > 1)
		find_in_group(f);
}

static void find_dead(const struct lint *l)
{
	size_t rules = l->set->rules;
	struct finder *f = arena_alloc(l->arena, 1, sizeof(*f));
	struct sorted *sorted = arena_alloc(l->arena, rules, sizeof(*sorted));

	f->l = l;
	f->questions = l->questions ? l->questions : l->arena;
	f->rule = arena_alloc(l->arena, rules, sizeof(*f->rule));
	f->some = arena_alloc(l->arena, rules, sizeof(*f->some));
	bdd_init_small(&f->bdd, l->arena);
	f->bdd.most = NODES_MAX;
	for (size_t i = 0; i < rules; i++)
		sorted[i] = (struct sorted){arch_multiplexer_of(l->set->rule[i].syscall), i};
	qsort(sorted, rules, sizeof(*sorted), by_group);
	for (size_t i = 0; i < rules; i++)
		f->rule[i] = l->set->rule[sorted[i].order];
	for (size_t i = 0, n; i < rules && !f->bdd.full; i += n) {
		for (n = 1; i + n < rules && sorted[i + n].group == sorted[i].group;)
			n++;
		if (n > 1 && f->asked > ASKED_MAX) {
			diag(l->diags, DIAG_REDUNDANT, f->rule[i].at, f->rule[i].len,
				"more than %llu rules were looked at: whether those for '%s' and others all decide "
				"was not looked for",
				(unsigned long long)ASKED_MAX, arch_syscall_name(f->rule[i].syscall));
			break;
		}
		if (n > 1)
			take_group(f, i, i + n);
	}
	if (f->bdd.full)
		diag(l->diags, DIAG_REDUNDANT, NOWHERE, 1,
			"the rules are too intricate to look for all that decide nothing");
}

void lint_dead_rules(const struct lint *l)
{
	const struct diags *found = l->memo ? dead_memo_find(l->memo, l->set) : NULL;

	if (!found && l->memo) {
		struct diags *own = arena_alloc(l->memo->arena, 1, sizeof(*own));
		struct lint apart = *l;
		diags_init(own, l->memo->arena, l->diags->source);
		apart.diags = own;
		find_dead(&apart);
		if (!own->unshown) { /* else what was not kept would be missed */
			dead_memo_keep(l->memo, l->set, own);
			found = own;
		}
	}
	if (found)
		diags_add(l->diags, found);
	else
		find_dead(l);
}
