/*
 * A profile becomes a ruleset the way a runtime would make it, step by step and in file order. Where
 * runtimes differ the node's dialect decides, and what it drops or refuses is reported:
 *
 *   which ABIs      the native one always; archMap or architectures only add
 *   which rules     excludes, then includes
 *   which action    errno defaults to EPERM; a rule with the default action is dropped here, before
 *                   any matching, so it is no exception from another rule
 *   which syscalls  by name; unknown names are dropped, with a warning
 *   which args      an index given twice makes every condition of the rule an alternative
 */

#include "select_rules.h"

#include "rule_applies.h"
#include "cache_key.h"
#include "ret_value.h"
#include "misnomer.h"

#include <stdio.h>

struct resolver {
	struct arena *arena;
	const struct profile *profile;
	const struct node_facts *node;
	const struct dialect *dialect;
	struct diags *diags;
	struct rule *rule;
	size_t rules;
	bool *handed, *known; /* by syscall */
	uint16_t *id;         /* of each name of the rule at hand, behind it those of the next; NO_SYSCALL if no ABI has it */
};

#define NO_SYSCALL UINT16_MAX

/* --- what the runtime does not see --- */

static void refuse(struct resolver *r, uint32_t at, uint32_t len, const char *what)
{
	dialect_refuse(r->dialect, r->diags, at, len, what);
}

/* What the key would say is not known to the runtime, and not guessed at here. */
static void check_keys(struct resolver *r)
{
	const struct profile_key *key = r->profile->inexact;

	for (; r->dialect->exact_keys && key; key = key->next) {
		if (dialect_reads(r->dialect, key->meant))
			diag_by(r->diags, DIAG_REFUSED, key->written.at, key->written.at_len,
				dialect_does(r->dialect),
				"not take '%s' for '%s': what it holds is lost", key->written.s,
				key->meant);
	}
}

static void check_size(struct resolver *r)
{
	const struct source *source = r->diags->source;

	if (r->dialect->bytes_max && source && source->len > r->dialect->bytes_max)
		diag_by(r->diags, DIAG_REFUSED, 0, 1, dialect_refuses(r->dialect),
			"the profile: it is larger than %zu bytes", r->dialect->bytes_max);
}

static void check_listener(struct resolver *r)
{
	const struct text *path = &r->profile->listener_path;

	if (path->len && r->dialect->notify == NOTIFY_NEVER)
		refuse(r, path->at, path->at_len, "no listener is taken");
}

static void check_flags(struct resolver *r)
{
	const struct profile *p = r->profile;

	if (p->flags.present && !p->flags.count && r->dialect->drops_no_flags)
		diag_by(r->diags, DIAG_FLAGS_DROPPED, p->flags_at, 1, dialect_does(r->dialect),
			"not hand on an empty 'flags': the filter is loaded with "
			"SECCOMP_FILTER_FLAG_SPEC_ALLOW");
	for (size_t i = 0; i < p->flags.count; i++) {
		const struct text *flag = &p->flags.text[i];
		uint8_t bit = dialect_flag(flag->s, flag->len);
		if (!(r->dialect->flags & bit))
			refuse(r, flag->at, flag->at_len, r->dialect->flags ? "the flag is not known"
									  : "no flags are taken");
		else if (bit == FLAG_WAIT_KILLABLE && !p->listens && r->dialect->loses_flags)
			diag_by(r->diags, DIAG_FLAGS_LOST, flag->at, flag->at_len, dialect_does(r->dialect),
				"not load the filter with any of its flags: the kernel refuses this one "
				"without a listener");
	}
}

/* --- which ABIs --- */

static void add_abi(struct resolver *r, struct ruleset *set, const struct abi **list,
	const struct profile_arch *arch)
{
	const struct abi *abi = arch->abi ? arch->abi : r->node->native;

	for (size_t i = 0; i < set->abis; i++) {
		if (list[i] == abi)
			return;
	}
	if (abi->order != r->node->native->order) {
		diag(r->diags, DIAG_BYTE_ORDER, arch->at, arch->len,
			"%s is %s-endian and %s is not: one filter cannot serve both", abi->name,
			abi->order == ORDER_BIG ? "big" : "little", r->node->native->name);
		return;
	}
	list[set->abis++] = abi;
}

/* The entry of archMap for the node, spelt as those on the list are (0: however); NULL if none. */
static const struct profile_arch_map *find_map(const struct resolver *r, uint8_t list)
{
	const struct profile *p = r->profile;

	for (size_t i = 0; i < p->arch_maps; i++) {
		const struct profile_arch *main = &p->arch_map[i].main;
		if (main->abi == r->node->native && (!list || (main->exact && main->abi->lists & list)))
			return &p->arch_map[i];
	}
	return NULL;
}

/* Why the runtime does not take the ABI as the OCI spells it; NULL: it does. */
static const char *no_such_arch(const struct node_facts *node, const struct abi *abi)
{
	const struct dialect *d = node_dialect(node);

	if (d->arch_list && !(abi->lists & d->arch_list))
		return "the architecture is not known";
	if (libseccomp_lacks_abi(node->libseccomp, abi))
		return "its libseccomp does not know the architecture";
	return d->plain_arches && abi->lists & LIST_NO_LIBSECCOMP ? "the architecture is not known" : NULL;
}

/* Does the runtime take the name as it is spelt? */
static void check_arch(struct resolver *r, const struct profile_arch *arch)
{
	const char *why = arch->abi ? no_such_arch(r->node, arch->abi) : NULL;

	if (!arch->abi && !r->dialect->takes_native)
		why = "there is no architecture of that name";
	else if (arch->abi && r->dialect->arch_list && !arch->exact)
		why = "architectures are taken as the OCI spells them only";
	else if (!why && arch->abi && r->dialect->plain_arches && !arch->plain)
		why = "architectures are taken by libseccomp's names only, SCMP_ARCH_ in capitals "
		      "before them or not";
	if (why)
		refuse(r, arch->at, arch->len, why);
}

static bool lists_native(const struct resolver *r, const struct profile_arches *list)
{
	size_t i = 0;

	while (i < list->count && list->arch[i].abi != r->node->native)
		i++;
	return i < list->count;
}

static void find_abis(struct resolver *r, struct ruleset *set)
{
	const struct profile *p = r->profile;
	bool reads_map = r->dialect->keys & KEYS_DOCKER;
	const struct profile_arch_map *written = find_map(r, r->dialect->map_list), *map = reads_map ? written : NULL;
	struct profile_arches extra = map ? map->subs : p->architectures;
	const struct abi **list =
		arena_alloc(r->arena, extra.count + 1, sizeof(const struct abi *));

	list[set->abis++] = r->node->native;
	for (size_t i = 0; i < extra.count; i++) {
		check_arch(r, &extra.arch[i]);
		add_abi(r, set, list, &extra.arch[i]);
	}
	if (written && written->subs.count && !reads_map)
		diag_by(r->diags, DIAG_ARCHMAP_DROPPED, p->arch_map_at, 1, dialect_does(r->dialect),
			"not read 'archMap': the filter covers %s alone", r->node->native->name);
	else if (p->arch_maps && reads_map && !map && find_map(r, 0))
		diag_by(r->diags, DIAG_NOT_IN_ARCHMAP, find_map(r, 0)->main.at,
			find_map(r, 0)->main.len, dialect_does(r->dialect),
			"not take the archMap's entry for %s: the filter covers that ABI alone",
			r->node->native->name);
	else if (p->arch_maps && reads_map && !map)
		diag(r->diags, DIAG_NOT_IN_ARCHMAP, NOWHERE, 1,
			"archMap has no entry for %s: the filter covers that ABI alone",
			r->node->native->name);
	set->abi = list;
	set->stub_listed = r->dialect->stub_listed && lists_native(r, &extra);
	set->bare_native = r->dialect->stub_listed && !set->stub_listed;
	set->nameless_native = no_such_arch(r->node, r->node->native) != NULL;
}

/* --- which syscalls, which args --- */

static void report_unknown(struct resolver *r, const struct text *name)
{
	uint16_t id;

	if (arch_syscall_find(name->s, name->len, &id)) {
		diag(r->diags, DIAG_UNHEARD_SYSCALL, name->at, name->at_len,
			"libseccomp %s does not know '%s': runtimes drop it without a word",
			libseccomp_version(r->node->libseccomp), name->s);
		return;
	}
	diag(r->diags, DIAG_UNKNOWN_SYSCALL, name->at, name->at_len,
		"unknown syscall '%s': no ABI has it, runtimes drop it without a word", name->s);
	if (!r->diags->last)
		return; /* one of thousands, not kept: no time for advice */
	const char *meant = misnomer_meant(r->node->native, name->s, name->len);
	if (!meant)
		meant = misnomer_meant(NULL, name->s, name->len);
	diag_meant(r->diags, meant);
}

/* Is an argument tested twice? Said once a rule, at the second test. */
static bool repeats_index(struct resolver *r, const struct profile_rule *rule)
{
	const struct profile_cond *first[CALL_ARGS] = {NULL};

	for (size_t i = 0; i < rule->conds; i++) {
		const struct profile_cond *c = &rule->cond[i];
		if (!first[c->index]) {
			first[c->index] = c;
			continue;
		}
		diag(r->diags, DIAG_SAME_INDEX, c->at, 1,
			"argument %u is tested twice in one rule: any one condition of the rule is "
			"then "
			"enough, as runc and crun read it",
			c->index);
		diag_note(r->diags, first[c->index]->at, 1, "first tested here");
		return true;
	}
	return false;
}

static void add_rule(struct resolver *r, const struct profile_rule *rule, uint32_t ret)
{
	bool alternatives = repeats_index(r, rule);

	for (size_t n = 0; n < rule->names.count; n++) {
		struct rule one = {.syscall = r->id[n],
			.ret = ret,
			.cond = rule->cond,
			.conds = rule->conds,
			.at = rule->names.text[n].at,
			.len = rule->names.text[n].at_len};
		if (one.syscall == NO_SYSCALL) {
			report_unknown(r, &rule->names.text[n]);
			continue;
		}
		if (!alternatives) {
			r->rule[r->rules++] = one;
			continue;
		}
		for (size_t i = 0; i < rule->conds; i++) {
			one.cond = &rule->cond[i];
			one.conds = 1;
			one.alternative = true;
			r->rule[r->rules++] = one;
		}
	}
}

static size_t count_names(const struct profile *p)
{
	size_t count = 0;

	for (size_t i = 0; i < p->rules; i++)
		count += p->rule[i].names.count;
	return count;
}

/* The ids of all names, and the most rules there can be: none comes of a name that no ABI has, of which a file may hold
 * any number. */
static uint16_t *find_names(struct arena *arena, const struct profile *p, size_t *rules)
{
	uint16_t *id = arena_raw(arena, count_names(p), sizeof(*id)), *next = id;

	*rules = 0;
	for (size_t i = 0; i < p->rules; i++) {
		const struct profile_rule *rule = &p->rule[i];
		for (size_t k = 0; k < rule->names.count; k++, next++) {
			const struct text *name = &rule->names.text[k];
			if (arch_syscall_find(name->s, name->len, next))
				*rules += rule->conds ? rule->conds : 1;
			else
				*next = NO_SYSCALL;
		}
	}
	return id;
}

/* --- which rules reach libseccomp --- */

/* What the runtime's libseccomp has never heard of, the runtime drops. */
static void drop_unheard(struct resolver *r, const struct profile_rule *rule)
{
	for (size_t i = 0; r->node->libseccomp && i < rule->names.count; i++) {
		if (r->id[i] != NO_SYSCALL && libseccomp_lacks(r->node->libseccomp, r->id[i]))
			r->id[i] = NO_SYSCALL;
	}
}

static void note_names(const struct resolver *r, const struct profile_rule *rule, bool *by_syscall)
{
	for (size_t i = 0; i < rule->names.count; i++) {
		if (r->id[i] != NO_SYSCALL)
			by_syscall[r->id[i]] = true;
	}
}

/* Does the runtime find names in it? */
static bool has_names(const struct resolver *r, const struct profile_rule *rule)
{
	bool reads_name = r->dialect->keys & KEYS_DOCKER;

	if (rule->lacks_names && r->dialect->needs_names)
		return false;
	return !rule->legacy || reads_name;
}

/* Whole files are written with the legacy key, so that is said once. */
static void check_names(struct resolver *r)
{
	const struct profile_rule *first = NULL;
	size_t count = 0;
	char more[64] = "";

	for (size_t i = r->profile->rules; i-- > 0;) {
		if (has_names(r, &r->profile->rule[i]))
			continue;
		first = &r->profile->rule[i];
		count++;
	}
	if (count > 1)
		snprintf(more, sizeof(more), ", and so %s %zu more", count > 2 ? "are" : "is", count - 1);
	if (first && first->lacks_names && r->dialect->needs_names)
		refuse(r, first->at, 1, "a rule has no 'names'");
	else if (first)
		diag_by(r->diags, DIAG_RULE_DROPPED, first->names.text[0].at,
			first->names.text[0].at_len, dialect_does(r->dialect),
			"not read 'name': the rule is gone%s", more);
}

/* The conditions that the runtime looks at. */
static size_t count_conds(struct resolver *r, const struct profile_rule *rule)
{
	uint8_t max = r->dialect->conds_max;

	if (!max || rule->conds <= max)
		return rule->conds;
	const struct diag_doer takes = {r->dialect->says, "takes", "take"};
	diag_by(r->diags, DIAG_CONDS_CUT, rule->cond[max].at, rule->cond[max].len, takes,
		"%u conditions of a rule: this one and those behind it are dropped", max);
	return max;
}

static void check_notify(struct resolver *r, const struct profile_rule *rule)
{
	if (r->dialect->notify != NOTIFY_GUARDED)
		return;
	for (size_t i = 0; i < rule->names.count; i++) {
		const struct text *name = &rule->names.text[i];
		if (text_is(name, "write"))
			refuse(r, name->at, name->at_len, "SCMP_ACT_NOTIFY for write(2) would stop itself");
	}
}

/* SCMP_ACT_NOTIFY at `at`, in a rule or as the default. */
static void check_listening(struct resolver *r, uint32_t at, bool is_default)
{
	switch (r->dialect->notify) {
	case NOTIFY_TAKEN:
		break;
	case NOTIFY_GUARDED:
		if (is_default)
			refuse(r, at, 1, "SCMP_ACT_NOTIFY is no default action");
		else if (!r->profile->listens)
			refuse(r, at, 1, "SCMP_ACT_NOTIFY wants a listenerPath");
		break;
	case NOTIFY_NEVER:
		refuse(r, at, 1, "SCMP_ACT_NOTIFY is not taken");
		break;
	}
	if (!r->profile->listens)
		diag(r->diags, DIAG_NOT_LISTENING, at, 1,
			"SCMP_ACT_NOTIFY without listenerPath: without a listener the call fails with "
			"ENOSYS");
}

/* One rule of the profile; *notifies: has an action like that been seen? */
static void take_rule(struct resolver *r, struct profile_rule rule, uint32_t default_ret, bool *notifies)
{
	note_names(r, &rule, r->known);
	if (!has_names(r, &rule) || !rule_applies(&rule, r->node, r->diags))
		return;
	drop_unheard(r, &rule);
	note_names(r, &rule, r->handed);
	rule.conds = count_conds(r, &rule);
	if (rule.action.action == ACTION_NOTIFY) {
		check_notify(r, &rule);
		if (!*notifies)
			check_listening(r, rule.action.at, false);
		*notifies = true;
	}
	uint32_t ret = ret_value(&rule.action, r->node, r->diags);
	if (ret == default_ret && cache_key_is(&rule))
		return;
	if (ret == default_ret && rule.names.count)
		diag(r->diags, DIAG_EQUALS_DEFAULT, rule.action.at, rule.action.len,
			"the rule's action is the default action: runtimes drop the rule, it makes no "
			"exception from another one");
	else
		add_rule(r, &rule, ret);
}

static void take_rules(struct resolver *r, uint32_t default_ret)
{
	const struct profile_action *a = &r->profile->default_action;
	bool notifies = a->action == ACTION_NOTIFY;

	if (notifies)
		check_listening(r, a->at, true);
	for (size_t i = 0; i < r->profile->rules; i++) {
		take_rule(r, r->profile->rule[i], default_ret, &notifies);
		r->id += r->profile->rule[i].names.count;
	}
}

/* KEP-6061 bounds the entries of a syscall. */
static void check_counts(struct resolver *r)
{
	size_t *count = arena_alloc(r->arena, arch_syscall_count(), sizeof(*count));

	for (size_t i = 0; r->dialect->rules_max && i < r->rules; i++) {
		const struct rule *rule = &r->rule[i];
		if (++count[rule->syscall] == r->dialect->rules_max + 1)
			diag_by(r->diags, DIAG_REFUSED, rule->at, rule->len,
				dialect_refuses(r->dialect),
				"the profile: more than %zu rules for a syscall",
				r->dialect->rules_max);
	}
}

/* A rule that was dropped for being the default stays so: nothing is refused that was not before. */
static void complain(struct resolver *r, struct ruleset *set)
{
	const struct profile_action *written = &r->profile->default_action;

	if (!r->node->complain)
		return;
	if (written->action == ACTION_ALLOW || written->action == ACTION_LOG) {
		diag(r->diags, DIAG_COMPLAINS, written->at, written->len,
			"asked to complain, but the default action refuses nothing: the filter is as it was");
		return;
	}
	set->default_ret = action_ret(ACTION_LOG, 0);
	diag(r->diags, DIAG_COMPLAINS, written->at, written->len,
		"this filter only complains: what the default action refuses is logged and made");
	diag_note(r->diags, NOWHERE, 1, "rules that refuse still do; a node's actions_logged has to have log");
}

const struct ruleset *select_rules(struct arena *arena, const struct profile *profile,
	const struct node_facts *node, struct diags *diags)
{
	struct resolver r = {.arena = arena, .profile = profile, .node = node,
		.dialect = node_dialect(node), .diags = diags};
	struct ruleset *set = arena_alloc(arena, 1, sizeof(*set));
	size_t rules;

	r.id = find_names(arena, profile, &rules);
	r.rule = arena_raw(arena, rules, sizeof(*r.rule));
	r.handed = arena_alloc(arena, arch_syscall_count(), sizeof(*r.handed));
	r.known = arena_alloc(arena, arch_syscall_count(), sizeof(*r.known));
	check_size(&r);
	check_keys(&r);
	check_listener(&r);
	check_flags(&r);
	check_names(&r);
	find_abis(&r, set);
	set->default_ret = ret_value(&profile->default_action, node, diags);
	set->default_at = profile->default_action.at;
	take_rules(&r, set->default_ret);
	complain(&r, set);
	check_counts(&r);
	set->rule = r.rule;
	set->rules = r.rules;
	set->enosys = node->enosys;
	set->libseccomp = node->libseccomp;
	set->narrow = node->narrow;
	set->refuses_foreign = r.dialect->refuses_foreign;
	set->handed = r.handed;
	set->known = r.known;
	return diags_failed(diags) ? NULL : set;
}

const struct rule *ruleset_errno(const struct ruleset *set)
{
	enum action action;

	for (size_t i = 0; i < set->rules; i++) {
		if (action_of(set->rule[i].ret, &action) && (action == ACTION_ERRNO || action == ACTION_TRACE))
			return &set->rule[i];
	}
	return NULL;
}
