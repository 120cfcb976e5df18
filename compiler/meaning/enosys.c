/*
 * A policy in, the same policy out but for numbers newer than the profile, which answer ENOSYS. For
 * each ABI the newer numbers are worked out as intervals, first..last, and the ranges of its audit
 * arch are cut along them; between cuts the clauses stay what they were.
 */

#include "enosys.h"

#include "../../arch/since.h"
#include "policy.h"
#include "select_rules.h"

#include <stdlib.h>
#include <string.h>

static const char *const mode_names[] = {
	[ENOSYS_OFF] = "off", [ENOSYS_TABLE] = "table", [ENOSYS_RUNC] = "runc"};

const char *enosys_name(enum enosys mode)
{
	return mode_names[mode];
}

bool enosys_find(const char *name, enum enosys *mode)
{
	for (size_t i = 0; i < countof(mode_names); i++) {
		if (strcmp(mode_names[i], name) == 0) {
			*mode = (enum enosys)i;
			return true;
		}
	}
	return false;
}

/* --- intervals of numbers --- */

struct cut {
	uint32_t first, last;
};

struct cuts {
	struct cut *cut; /* ascending, apart from each other */
	size_t count;
};

static void add_cut(struct cuts *c, uint64_t first, uint64_t last)
{
	if (first <= last)
		c->cut[c->count++] = (struct cut){(uint32_t)first, (uint32_t)last};
}

/* --- runc's stub --- */

/* runc: patchbpf isAllowAction() */
static bool lets_through(uint32_t ret)
{
	uint32_t action = RET_ACTION(ret);

	return action == RET_ALLOW || action == action_ret(ACTION_LOG, 0) ||
		action == action_ret(ACTION_TRACE, 0);
}

/* The bit of a number that tells the ABIs of one audit arch apart; 0 where there is one alone. */
static uint32_t mode_bit(const struct abi *abi)
{
	if (abi->nr_first)
		return abi->nr_first;
	return abi->nr_last == UINT32_MAX ? 0 : abi->nr_last + 1;
}

/* The number that libseccomp's resolver gives; of a multiplexed name that is its own negative one. */
static bool is_resolved(const struct ruleset *set, const struct abi *abi, uint16_t id, uint32_t *nr)
{
	uint32_t multiplexer, code;

	return !libseccomp_lacks_on(set->libseccomp, abi, id) && !arch_multiplexer(abi, id, &multiplexer, &code) && arch_nr(abi, id, nr);
}

bool enosys_highest(const struct ruleset *set, const struct abi *abi, uint16_t *highest, uint32_t *largest)
{
	uint32_t nr;

	*largest = 0;
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (!set->handed[id] || !is_resolved(set, abi, (uint16_t)id, &nr) || nr <= *largest)
			continue;
		*largest = nr;
		*highest = (uint16_t)id;
	}
	return *largest != 0;
}

static void cut_above(const struct abi *abi, uint32_t largest, struct cuts *out)
{
	uint32_t bit = mode_bit(abi);

	if (!bit) {
		add_cut(out, (uint64_t)largest + 1, UINT32_MAX);
		return;
	}
	for (uint64_t block = 0; block <= UINT32_MAX; block += bit) {
		uint64_t first = block > largest ? block : (uint64_t)largest + 1;
		if ((block & bit) == (abi->nr_first & bit))
			add_cut(out, first, block + bit - 1);
	}
}

static void cut_as_runc(const struct ruleset *set, const struct abi *abi, struct cuts *out)
{
	uint32_t largest;
	uint16_t highest;

	if (!enosys_highest(set, abi, &highest, &largest))
		return;
	if (abi->zero_hides)
		add_cut(out, 0, 0);
	cut_above(abi, largest, out);
}

/* --- the table --- */

/* The newest kernel that a name of the profile came with. */
static bool find_newest_known(
	const struct ruleset *set, const struct abi *abi, struct since *newest)
{
	struct since since;

	*newest = (struct since){0};
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (set->known[id] && arch_since(abi, (uint16_t)id, &since) &&
			since_is_later(since, *newest))
			*newest = since;
	}
	return newest->major != 0;
}

static bool is_newer(
	const struct ruleset *set, const struct abi *abi, uint16_t id, struct since newest)
{
	struct since since;

	return !set->known[id] && arch_since(abi, id, &since) && since_is_later(since, newest);
}

/* The number of the newest syscall in the tables: those to come are above it. */
static uint32_t newest_number(const struct abi *abi)
{
	struct since newest = {0}, since;
	uint32_t number = 0, nr;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (!arch_since(abi, (uint16_t)id, &since) || !arch_nr(abi, (uint16_t)id, &nr) ||
			since_is_later(newest, since))
			continue;
		if (since_is_later(since, newest) || nr > number)
			number = nr;
		newest = since;
	}
	return number;
}

static int by_number(const void *left, const void *right)
{
	const struct cut *a = left, *b = right;

	return (a->first > b->first) - (a->first < b->first);
}

/* What no name has above the newest number, between the named ones given in ascending order. */
static void cut_nameless(
	const struct abi *abi, const struct cut *named, size_t count, struct cuts *out)
{
	uint32_t end = abi->nr_last == UINT32_MAX ? UINT32_MAX - 1 : abi->nr_last;
	uint64_t next = (uint64_t)newest_number(abi) + 1;

	for (size_t i = 0; i < count; i++) {
		if (named[i].first < next)
			continue;
		add_cut(out, next, (uint64_t)named[i].first - 1);
		next = (uint64_t)named[i].first + 1;
	}
	add_cut(out, next, end);
}

static void cut_by_table(
	struct arena *arena, const struct ruleset *set, const struct abi *abi, struct cuts *out)
{
	size_t names = arch_syscall_count(), count = 0;
	struct cut *named = arena_alloc(arena, names, sizeof(*named));
	struct since newest;
	uint32_t nr;

	if (!find_newest_known(set, abi, &newest))
		return;
	for (size_t id = 0; id < names; id++) {
		if (!arch_nr(abi, (uint16_t)id, &nr))
			continue;
		named[count++] = (struct cut){nr, nr};
		if (is_newer(set, abi, (uint16_t)id, newest))
			add_cut(out, nr, nr);
	}
	qsort(named, count, sizeof(*named), by_number);
	cut_nameless(abi, named, count, out);
	qsort(out->cut, out->count, sizeof(*out->cut), by_number);
}

/* --- cutting --- */

/* Where a cut applies: runc's stands before the filter, the table's yields to every rule, and to what
 * is refused as another ABI's. */
static bool is_cut(const struct range *range, const struct ruleset *set, const struct abi *abi)
{
	if (set->enosys == ENOSYS_RUNC)
		return true;
	return !(set->refuses_foreign && arch_foreign(abi, range->first)) &&
		(range->clauses == 1 && range->clause[0].ret == set->default_ret);
}

struct pieces {
	struct range *range;
	size_t count;
};

/* The range in pieces, those within a cut with another clause. The cuts end behind its first
 * number. */
static void cut_range(struct pieces *out, struct range rest, const struct cuts *cuts,
	const struct clause *missing)
{
	for (size_t i = 0; i < cuts->count && cuts->cut[i].first <= rest.last; i++) {
		uint32_t first = cuts->cut[i].first > rest.first ? cuts->cut[i].first : rest.first;
		uint32_t last = cuts->cut[i].last < rest.last ? cuts->cut[i].last : rest.last;
		if (first > rest.first)
			out->range[out->count++] =
				(struct range){rest.first, first - 1, rest.clause, rest.clauses};
		out->range[out->count++] = (struct range){first, last, missing, 1};
		if (last == rest.last)
			return;
		rest.first = last + 1;
	}
	out->range[out->count++] = rest;
}

static void cut_domain(struct arena *arena, struct domain *domain, const struct ruleset *set,
	const struct abi *abi, struct cuts cuts)
{
	struct pieces out = {
		.range = arena_alloc(arena, domain->ranges + 2 * cuts.count, sizeof(*out.range))};
	struct clause *missing = arena_alloc(arena, 1, sizeof(*missing));
	const struct abi *named = set->enosys == ENOSYS_RUNC ? set->abi[0] : abi;

	*missing = (struct clause){.ret = action_ret(ACTION_ERRNO, named->enosys), .at = NOWHERE};
	for (size_t i = 0; i < domain->ranges; i++) {
		const struct range *range = &domain->range[i];
		for (; cuts.count && cuts.cut[0].last < range->first; cuts.count--)
			cuts.cut++;
		if (is_cut(range, set, abi))
			cut_range(&out, *range, &cuts, missing);
		else
			out.range[out.count++] = *range;
	}
	domain->range = out.range;
	domain->ranges = out.count;
}

static void apply_to_abi(struct arena *arena, struct policy *policy, const struct ruleset *set,
	const struct abi *abi)
{
	struct cuts cuts = {
		.cut = arena_alloc(arena, 2 * arch_syscall_count() + 8, sizeof(*cuts.cut))};
	struct domain *domain = arena_alloc(arena, policy->domains, sizeof(*domain));

	if (lets_through(set->default_ret))
		return;
	if (set->enosys == ENOSYS_RUNC)
		cut_as_runc(set, abi, &cuts);
	else
		cut_by_table(arena, set, abi, &cuts);
	for (size_t i = 0; i < policy->domains; i++) {
		domain[i] = policy->domain[i];
		if (domain[i].audit == abi->audit)
			cut_domain(arena, &domain[i], set, abi, cuts);
	}
	policy->domain = domain;
}

static bool has_stub(const struct ruleset *set, const struct abi *abi)
{
	return set->enosys != ENOSYS_RUNC || !set->bare_native || abi != set->abi[0];
}

void enosys_apply(
	struct arena *arena, struct policy *policy, const struct ruleset *const *set, size_t sets)
{
	for (size_t a = 0; a < policy->abis; a++) {
		for (size_t s = 0, found = 0; s < sets && !found; s++) {
			for (size_t i = 0; i < set[s]->abis && !found; i++)
				found = set[s]->abi[i] == policy->abi[a];
			if (found && set[s]->enosys != ENOSYS_OFF && has_stub(set[s], policy->abi[a]))
				apply_to_abi(arena, policy, set[s], policy->abi[a]);
		}
	}
}

void enosys_newer(const struct ruleset *set, const struct abi *abi, bool *newer)
{
	bool runc = set->enosys == ENOSYS_RUNC, table = set->enosys == ENOSYS_TABLE, through = lets_through(set->default_ret);
	struct since newest;
	uint32_t largest, nr;
	uint16_t highest;

	table &= !through;
	runc = runc && !through && has_stub(set, abi) && enosys_highest(set, abi, &highest, &largest);
	table = table && find_newest_known(set, abi, &newest);
	for (size_t id = 0; id < arch_syscall_count(); id++)
		newer[id] = (table && is_newer(set, abi, (uint16_t)id, newest)) ||
			(runc && arch_nr(abi, (uint16_t)id, &nr) && nr > largest);
}
