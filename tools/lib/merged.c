/*
 * Meaning is computed twice, as a function of both functions and as the function of the merged policy: where
 * these are one node, the policy is proved. That an intersection lets no side's refusal pass is asked besides.
 * JSON is read back into the same store.
 */

#include "merged.h"

#include "../../compiler/explain/flatten.h"
#include "../../compiler/logic/combine.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/logic/verdict.h"
#include "../../compiler/meaning/rules.h"
#include "flatten_proved.h"

/* --- sides --- */

/* Of JSON: names that are newer than the side answer ENOSYS as rules do, if that is asked for. */
static bool read_side(struct arena *arena, const struct merge *m, struct merge_side *side)
{
	if (!m->json) {
		side->policy = build_meaning(arena, side->profile, m->node, m->nodes, side->diags);
		return side->policy;
	}
	side->set = select_rules(arena, side->profile, m->node, side->diags);
	if (side->set && side->set->enosys != ENOSYS_OFF)
		side->set = flatten_enosys(arena, side->set, side->diags);
	if (side->set)
		side->policy = rules_policy(arena, &side->set, 1, side->diags);
	return side->policy && !diags_failed(side->diags);
}

static bool has_answer(struct bdd *b, uint32_t function, uint32_t ret)
{
	return combine_is(b, function, ret) != BDD_FALSE;
}

static bool merge_settings(struct arena *arena, struct merge *m)
{
	const uint32_t notify = action_ret(ACTION_NOTIFY, 0);
	struct settings_side *side = arena_alloc(arena, m->sides, sizeof(*side));

	for (size_t i = 0; i < m->sides; i++)
		side[i] = (struct settings_side){m->side[i].profile, m->side[i].name,
			has_answer(&m->bdd, m->side[i].meaning, notify)};
	return settings_merge(arena, m->how, side, m->sides, has_answer(&m->bdd, m->meaning, notify), m->diags,
		&m->settings);
}

/* --- the policy --- */

static enum build over_budget(struct merge *m)
{
	diag(m->diags, DIAG_MERGE_BUDGET, NOWHERE, 1,
		"what the profiles decide together has more parts than can be looked at");
	return BUILD_REFUSED;
}

static enum build mistaken(struct mistake *mistake, const char *what)
{
	*mistake = (struct mistake){.what = what};
	return BUILD_MISTAKEN;
}

static bool is_laxer(struct bdd *b, uint32_t function, uint32_t than)
{
	return diff_laxer(b, function, than) != bdd_leaf(b, DIFF_SAME);
}

static enum build prove_merged(struct merge *m, struct mistake *mistake)
{
	bool right = meaning_policy(&m->bdd, m->policy) == m->meaning;

	for (size_t i = 0; i < m->sides && m->how == STACK_STRICTEST; i++)
		right &= !is_laxer(&m->bdd, m->meaning, m->side[i].meaning);
	if (m->bdd.full)
		return over_budget(m);
	if (!right)
		return mistaken(mistake, "the merged policy is not what the profiles say together");
	return BUILD_DONE;
}

enum build merge_policy(struct arena *arena, struct merge *m, struct mistake *mistake)
{
	bool ok = true;

	*mistake = (struct mistake){0};
	bdd_init(&m->bdd, arena);
	for (size_t i = 0; i < m->sides; i++)
		ok = read_side(arena, m, &m->side[i]) && ok;
	if (!ok)
		return BUILD_REFUSED;
	for (size_t i = 0; i < m->sides; i++) {
		struct merge_side *side = &m->side[i];
		side->meaning = meaning_policy(&m->bdd, side->policy);
		m->policy = i ? stack_policy(&m->bdd, m->how, m->policy, side->policy) : side->policy;
		m->meaning = i ? stack_function(&m->bdd, m->how, m->meaning, side->meaning) : side->meaning;
		if (!m->policy || m->bdd.full)
			return over_budget(m);
	}
	if (!merge_settings(arena, m))
		return BUILD_REFUSED;
	return prove_merged(m, mistake);
}

/* --- JSON --- */

static bool lists(const struct ruleset *set, const struct abi *abi)
{
	for (size_t i = 0; i < set->abis; i++) {
		if (set->abi[i] == abi)
			return true;
	}
	return false;
}

/* What numbers without a name answer on the ABI. */
static uint32_t default_on(const struct merge *m, const struct abi *abi)
{
	uint32_t ret = 0;

	for (size_t i = 0; i < m->sides; i++) {
		const struct ruleset *set = m->side[i].set;
		uint32_t here = lists(set, abi) ? set->default_ret : RET_KILL_THREAD;
		ret = i ? stack_ret(m->how, ret, here) : here;
	}
	return ret;
}

/* One default for all ABIs. */
static uint32_t find_default(
	const struct merge *m, const struct abi *const *abi, size_t abis, enum restate_else otherwise)
{
	uint32_t ret = default_on(m, abi[0]);

	for (size_t i = 1; i < abis && otherwise == RESTATE_STRICTER; i++) {
		uint32_t other = default_on(m, abi[i]);
		if (verdict_rank(other) < verdict_rank(ret))
			ret = other;
	}
	return ret;
}

static struct ruleset make_node(struct arena *arena, const struct merge *m, const struct abi *const *abi,
	size_t abis, enum restate_else otherwise)
{
	size_t names = arch_syscall_count();
	bool *handed = arena_alloc(arena, names, sizeof(*handed)), bare = true, listed = false;

	for (size_t i = 0; i < m->sides; i++) {
		bare = bare && m->side[i].set->bare_native;
		listed = listed || m->side[i].set->stub_listed;
		for (size_t id = 0; id < names; id++)
			handed[id] |= m->side[i].set->handed[id];
	}
	return (struct ruleset){.abi = abi, .abis = abis,
		.default_ret = find_default(m, abi, abis, otherwise), .default_at = NOWHERE,
		.bare_native = bare, .stub_listed = listed, .nameless_native = m->side[0].set->nameless_native,
		.refuses_foreign = m->side[0].set->refuses_foreign, .handed = handed, .known = handed};
}

/* Rules for a list of ABIs, and what they mean. */
struct attempt {
	const struct ruleset *set; /* as it is written; NULL: there is none */
	const struct policy *means;
	uint32_t meaning;
	bool *lost;
};

/*
 * What is odd about rules that were made (a value with more bits than one of the ABIs has) is so on purpose
 * and not told.
 */
static struct attempt find_rules(struct arena *arena, struct merge *m, const struct abi *const *abi, size_t abis,
	enum restate_else otherwise)
{
	struct attempt a = {.lost = arena_alloc(arena, arch_syscall_count(), sizeof(*a.lost))};
	const struct ruleset **hint = arena_alloc(arena, m->sides, sizeof(const struct ruleset *));
	const struct restate wish = {.node = make_node(arena, m, abi, abis, otherwise), .meaning = m->meaning,
		.hint = hint, .hints = m->sides, .otherwise = otherwise};
	struct diags quiet;

	for (size_t i = 0; i < m->sides; i++)
		hint[i] = m->side[i].set;
	diags_init(&quiet, arena, NULL);
	a.set = restate(&m->bdd, &wish, a.lost);
	a.means = rules_policy(arena, &a.set, 1, &quiet);
	if (a.means)
		a.meaning = meaning_policy(&m->bdd, a.means);
	else
		a.set = NULL;
	return a;
}

/* --- one profile's own rules --- */

static size_t *count_rules(struct arena *arena, const struct ruleset *set)
{
	size_t *count = arena_alloc(arena, arch_syscall_count(), sizeof(*count));

	for (size_t i = 0; i < set->rules; i++)
		count[set->rule[i].syscall]++;
	return count;
}

/* Told at the first of them. */
static void tell_kept(const struct merge *m, const struct rule *first, size_t own, size_t found)
{
	diag(m->diags, DIAG_RULES_KEPT, first->at, first->len,
		"the %s for '%s' %s: of a class that libseccomp is known to compile right %zu would be needed",
		own == 1 ? "rule" : "rules", arch_syscall_name(first->syscall), own == 1 ? "stays as it is" : "stay as they are",
		found);
}

/*
 * Rules that were looked for among those that libseccomp compiles right may be many more than those that say the same in
 * the profile: then these stay.
 */
static struct attempt keep_short(struct arena *arena, struct merge *m, struct attempt made)
{
	const struct ruleset *own = m->side[0].set;
	size_t *before = count_rules(arena, own), *after = count_rules(arena, made.set);
	struct rule *rule = arena_alloc(arena, own->rules + made.set->rules, sizeof(*rule));
	struct ruleset set = *made.set, *kept = arena_alloc(arena, 1, sizeof(*kept));
	struct attempt a = made;
	struct diags quiet;

	set.rule = rule;
	set.rules = 0;
	for (size_t i = 0; i < made.set->rules; i++) {
		const struct rule *r = &made.set->rule[i];
		if (after[r->syscall] <= before[r->syscall] || !before[r->syscall])
			rule[set.rules++] = *r;
	}
	const size_t taken = set.rules;
	for (size_t i = 0; i < own->rules; i++) {
		const struct rule *r = &own->rule[i];
		if (after[r->syscall] > before[r->syscall])
			rule[set.rules++] = *r;
	}
	if (set.rules == taken)
		return made;
	*kept = set;
	diags_init(&quiet, arena, NULL);
	a.set = kept;
	a.means = rules_policy(arena, &a.set, 1, &quiet);
	a.meaning = a.means ? meaning_policy(&m->bdd, a.means) : 0;
	if (!a.means || a.meaning != m->meaning)
		return made;
	for (size_t i = taken; i < set.rules; i++) {
		size_t *found = &after[rule[i].syscall];
		if (*found)
			tell_kept(m, &rule[i], before[rule[i].syscall], *found);
		*found = 0; /* once */
	}
	return a;
}

/* --- which ABIs --- */

/* Boolean: a call of the ABI. */
static uint32_t calls_of(struct bdd *b, const struct abi *abi)
{
	return meaning_numbers(b, abi->audit, abi->nr_first, abi->nr_last);
}

/* Are calls of all these ABIs answered the same? */
static bool same_on(struct bdd *b, const struct abi *const *abi, size_t abis, uint32_t f, uint32_t g)
{
	for (size_t i = 0; i < abis; i++) {
		uint32_t calls = calls_of(b, abi[i]);
		if (bdd_ite(b, calls, f, BDD_FALSE) != bdd_ite(b, calls, g, BDD_FALSE))
			return false;
	}
	return true;
}

/* May its calls be killed in place of what they should be answered? */
static bool can_go(struct merge *m, const struct abi *abi)
{
	uint32_t kills = combine_is(&m->bdd, m->meaning, action_ret(ACTION_KILL_PROCESS, 0));

	return bdd_ite(&m->bdd, calls_of(&m->bdd, abi), kills, BDD_FALSE) == BDD_FALSE;
}

/*
 * Where rules cannot serve all ABIs, an ABI is left out, so that its calls are killed, if with it the others'
 * would be answered otherwise than without.
 */
static struct attempt leave_out(struct arena *arena, struct merge *m, struct merge_json *json)
{
	size_t all = m->policy->abis, abis = 1;
	const struct abi **abi = arena_alloc(arena, all, sizeof(const struct abi *));
	struct attempt best;

	json->left_out = arena_alloc(arena, all, sizeof(const struct abi *));
	abi[0] = m->policy->abi[0];
	best = find_rules(arena, m, abi, abis, RESTATE_STRICTER);
	for (size_t i = 1; i < all; i++) {
		const struct abi *more = m->policy->abi[i];
		abi[abis] = more;
		struct attempt with = find_rules(arena, m, abi, abis + 1, RESTATE_STRICTER);
		bool same = best.set && with.set && same_on(&m->bdd, abi, abis, best.meaning, with.meaning);
		if (!same && can_go(m, more)) {
			json->left_out[json->abis_left_out++] = more;
			continue;
		}
		best = with;
		abis++;
	}
	return best;
}

/* An ABI on which all calls are killed, some with the whole process, and that is not all sides'. */
static const struct abi *mixed_kills(const struct merge *m)
{
	for (size_t i = 0; i < m->policy->abis; i++) {
		const struct abi *abi = m->policy->abi[i];
		bool all = true;
		for (size_t k = 0; k < m->sides; k++)
			all = all && lists(m->side[k].set, abi);
		if (!all && m->how == STACK_STRICTEST)
			return abi;
	}
	return NULL;
}

static uint64_t both_differ(uint64_t f, uint64_t g)
{
	return f != DIFF_SAME && g != DIFF_SAME;
}

/* What is not as wanted is as the side's rules are written. */
static enum build check_hinted(struct merge *m, struct merge_json *json, struct mistake *mistake)
{
	struct ruleset written = *m->side[0].set;
	const struct ruleset *set = &written;
	struct bdd *b = &m->bdd;
	struct diags quiet;

	written.narrow = false;
	diags_init(&quiet, b->arena, NULL);
	const struct policy *p = rules_policy(b->arena, &set, 1, &quiet);
	if (!p)
		return mistaken(mistake, "rules that were read are not");
	uint32_t wanted = diff_function(b, json->meaning, m->meaning);
	uint32_t kept = diff_function(b, json->meaning, meaning_policy(b, p));
	if (combine(b, wanted, kept, both_differ) != BDD_FALSE)
		return mistaken(mistake, "the JSON is neither what was asked for nor what was written");
	for (size_t i = 0; i < set->rules; i++) {
		const struct rule *rule = &set->rule[i];
		if (!json->lost[rule->syscall])
			continue;
		json->lost[rule->syscall] = false;
		diag(m->side[0].diags, DIAG_NOT_NARROWED, rule->at, rule->len,
			"no rules in JSON compare '%s' as the kernel takes its arguments: they stay as they are",
			arch_syscall_name(rule->syscall));
	}
	return BUILD_DONE;
}

static enum build check_meaning(struct merge *m, enum restate_else otherwise, struct merge_json *json,
	struct mistake *mistake)
{
	json->exact = json->meaning == m->meaning;
	bool laxer = !json->exact && is_laxer(&m->bdd, json->meaning, m->meaning);

	if (m->bdd.full)
		return over_budget(m);
	if (laxer && otherwise == RESTATE_STRICTER)
		return mistaken(mistake, "the JSON is laxer than what was merged");
	if (!json->exact && otherwise == RESTATE_HINT)
		return check_hinted(m, json, mistake);
	return BUILD_DONE;
}

static void tell_left_out(struct merge *m, const struct merge_json *json)
{
	for (size_t i = 0; i < json->abis_left_out; i++)
		diag(m->diags, DIAG_ROUNDED, NOWHERE, 1,
			"%s is left out, so that its calls are killed: no rules serve it and %s alike",
			json->left_out[i]->name, m->policy->abi[0]->name);
}

enum build merge_write(struct arena *arena, struct merge *m, enum restate_else otherwise,
	struct merge_json *json, struct mistake *mistake)
{
	const struct abi *abi = mixed_kills(m);
	unsigned how = (node_dialect(m->node)->enosys == ENOSYS_RUNC ? FLATTEN_KEEPS_STUB : 0) |
		(m->terse ? FLATTEN_TERSE : 0);

	if (abi) {
		diag(m->diags, DIAG_NOT_IN_JSON, NOWHERE, 1,
			"%s is not in all profiles, so that all its calls are killed, some with the process and some "
			"not: JSON cannot say that; take %s out of the profiles that have it",
			abi->name, abi->name);
		return BUILD_REFUSED;
	}
	struct attempt a = find_rules(arena, m, m->policy->abi, m->policy->abis, otherwise);
	if (otherwise == RESTATE_STRICTER && m->policy->abis > 1 && (!a.set || a.meaning != m->meaning))
		a = leave_out(arena, m, json);
	if (m->bdd.full || !a.set)
		return over_budget(m);
	if (m->terse && m->sides == 1)
		a = keep_short(arena, m, a);
	if (m->bdd.full)
		return over_budget(m);
	json->means = a.means;
	json->meaning = a.meaning;
	json->lost = a.lost;
	tell_left_out(m, json);
	enum build built = flatten_proved_rules(
		arena, a.set, a.means, &m->settings, m->node, how, m->diags, &json->text, mistake);
	return built == BUILD_DONE ? check_meaning(m, otherwise, json, mistake) : built;
}

uint32_t merge_difference(struct merge *m, const struct merge_json *json)
{
	struct bdd *b = &m->bdd;
	uint32_t difference = diff_function(b, m->meaning, json->meaning);

	for (size_t i = 0; i < json->abis_left_out; i++)
		difference = bdd_ite(b, calls_of(b, json->left_out[i]), bdd_leaf(b, DIFF_SAME), difference);
	return difference;
}

static uint64_t lost(uint64_t before, uint64_t now)
{
	uint64_t was = verdict_of((uint32_t)before), is = verdict_of((uint32_t)now);
	unsigned rank = verdict_rank((uint32_t)was);

	if (rank <= verdict_rank(action_ret(ACTION_ERRNO, 0)) || verdict_rank((uint32_t)is) >= rank)
		return DIFF_SAME;
	return was << 32 | is;
}

uint32_t merge_lost(struct merge *m, const struct merge_side *side)
{
	return combine(&m->bdd, side->meaning, m->meaning, lost);
}
