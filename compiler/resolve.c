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

#include "resolve.h"

#include "../arch/errno.h"
#include "caps.h"
#include "suggest.h"

#define EPERM_EVERYWHERE 1 /* the same on all ABIs */

struct resolver {
	struct arena *arena;
	const struct profile *profile;
	const struct node_facts *node;
	const struct dialect *dialect;
	struct diags *diags;
	struct rule *rule;
	size_t rules;
	bool *handed, *known; /* by syscall */
};

/* --- what the runtime does not see --- */

static void refuse(struct resolver *r, uint32_t at, uint32_t len, const char *what)
{
	diag(r->diags, DIAG_REFUSED, at, len, "%s refuses the profile: %s", r->dialect->says, what);
}

/* What the key would say is not known to the runtime, and not guessed at here. */
static void check_keys(struct resolver *r)
{
	const struct profile_key *key = r->profile->inexact;

	for (; r->dialect->exact_keys && key; key = key->next) {
		if (dialect_reads(r->dialect, key->meant))
			diag(r->diags, DIAG_REFUSED, key->written.at, key->written.at_len,
				"%s does not take '%s' for '%s', and misses what it holds", r->dialect->says,
				key->written.s, key->meant);
	}
}

static void check_size(struct resolver *r)
{
	const struct source *source = r->diags->source;

	if (r->dialect->bytes_max && source && source->len > r->dialect->bytes_max)
		diag(r->diags, DIAG_REFUSED, 0, 1, "%s refuses the profile: it takes %zu bytes",
			r->dialect->says, r->dialect->bytes_max);
}

static void check_listener(struct resolver *r)
{
	const struct text *path = &r->profile->listener_path;

	if (path->len && r->dialect->notify == NOTIFY_NEVER)
		refuse(r, path->at, path->at_len, "it takes no listener");
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

/* The entry of archMap that the runtime takes for the node, NULL if none. */
static const struct profile_arch_map *find_map(const struct resolver *r)
{
	const struct profile *p = r->profile;
	uint8_t list = r->dialect->map_list;

	for (size_t i = 0; i < p->arch_maps; i++) {
		const struct profile_arch *main = &p->arch_map[i].main;
		if (main->abi == r->node->native && (!list || (main->exact && main->abi->lists & list)))
			return &p->arch_map[i];
	}
	return NULL;
}

/* Does the runtime take the name as it is spelt? */
static void check_arch(struct resolver *r, const struct profile_arch *arch)
{
	uint8_t list = r->dialect->arch_list;

	if (!arch->abi && !r->dialect->takes_native)
		refuse(r, arch->at, arch->len, "it has no architecture of that name");
	else if (arch->abi && list && (!arch->exact || !(arch->abi->lists & list)))
		refuse(r, arch->at, arch->len,
			arch->exact ? "it does not know the architecture"
				    : "it takes architectures as the OCI spells them only");
}

static void find_abis(struct resolver *r, struct ruleset *set)
{
	const struct profile *p = r->profile;
	bool reads_map = r->dialect->keys & KEYS_DOCKER;
	const struct profile_arch_map *map = reads_map ? find_map(r) : NULL;
	struct profile_arches extra = map ? map->subs : p->architectures;
	const struct abi **list =
		arena_alloc(r->arena, extra.count + 1, sizeof(const struct abi *));

	list[set->abis++] = r->node->native;
	for (size_t i = 0; i < extra.count; i++) {
		check_arch(r, &extra.arch[i]);
		add_abi(r, set, list, &extra.arch[i]);
	}
	if (p->arch_maps && !reads_map)
		diag(r->diags, DIAG_ARCHMAP_DROPPED, p->arch_map_at, 1,
			"%s does not read 'archMap': the filter covers %s alone", r->dialect->says,
			r->node->native->name);
	else if (p->arch_maps && !map)
		diag(r->diags, DIAG_NOT_IN_ARCHMAP, NOWHERE, 1,
			"archMap has no entry for %s: the filter covers that ABI alone",
			r->node->native->name);
	set->abi = list;
}

/* --- which rules --- */

/* The runtime's word for the ABI in includes.arches. NULL: it has none. */
static const char *arch_word(const struct resolver *r, const struct abi *abi)
{
	return r->dialect->golang_words && abi->golang ? abi->golang : abi->moby;
}

/* Words of the runtime's own list that stand for an ABI of some node, or never did ("x32"). */
static bool is_arch_word(const struct resolver *r, const struct text *word)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		const char *own = arch_word(r, &arch_abis[i]);
		if (text_is(word, own ? own : arch_abis[i].name))
			return true;
	}
	return false;
}

static bool names_native(struct resolver *r, const struct texts *arches)
{
	const char *native = arch_word(r, r->node->native);
	bool found = false;

	for (size_t i = 0; i < arches->count; i++) {
		const struct text *word = &arches->text[i];
		found |= native && text_is(word, native);
		if (is_arch_word(r, word))
			continue;
		diag(r->diags, DIAG_ARCH_WORD, word->at, word->at_len,
			"'%s' never matches here: this list takes Go's words", word->s);
		const struct abi *abi = arch_find(word->s, word->len);
		if (abi && arch_word(r, abi))
			diag_note(r->diags, word->at, word->at_len, "write '%s'", arch_word(r, abi));
	}
	return found;
}

/* How many of the listed capabilities the container has. */
static size_t count_granted(struct resolver *r, const struct texts *caps)
{
	size_t granted = 0;

	for (size_t i = 0; i < caps->count; i++) {
		const struct text *name = &caps->text[i];
		unsigned cap;
		if (caps_find(name->s, name->len, &cap)) {
			granted += r->node->caps >> cap & 1;
			continue;
		}
		diag(r->diags, DIAG_UNKNOWN_CAP, name->at, name->at_len,
			"'%s' is no capability, so it is never granted", name->s);
		struct suggestion near = suggest_start(name->s, name->len);
		for (unsigned k = 0; k < CAPS; k++)
			suggest_offer(&near, caps_name(k));
		if (near.best)
			diag_note(
				r->diags, name->at, name->at_len, "did you mean '%s'?", near.best);
	}
	return granted;
}

/* The condition is there, and the runtime reads it. */
static bool asks_kernel(struct resolver *r, const struct kernel_version *least)
{
	if (least->present && !(r->dialect->keys & KEYS_KERNEL))
		diag(r->diags, DIAG_FILTER_DROPPED, least->at, least->len,
			"%s does not read 'minKernel': the rule is the same on every kernel",
			r->dialect->says);
	return least->present && r->dialect->keys & KEYS_KERNEL;
}

static bool kernel_reaches(struct resolver *r, const struct kernel_version *least)
{
	unsigned major = arch_tables_kernel_version[0], minor = arch_tables_kernel_version[1];

	if (r->node->kernel.present) {
		major = r->node->kernel.major;
		minor = r->node->kernel.minor;
	} else {
		diag(r->diags, DIAG_KERNEL_ASSUMED, least->at, least->len,
			"taken as true for kernel %u.%u, that of the syscall tables; --kernel X.Y "
			"decides "
			"it for another",
			major, minor);
	}
	return major != least->major ? major > least->major : minor >= least->minor;
}

static void say_dropped(struct resolver *r, const struct profile_filter *filter, const char *key)
{
	if (filter->present && (filter->caps.count || filter->arches.count || filter->min_kernel.present))
		diag(r->diags, DIAG_FILTER_DROPPED, filter->at, 1,
			"%s does not read '%s': the rule applies in every container", r->dialect->says,
			key);
}

/* moby/profiles seccomp_linux.go setupSeccomp: excludes drop on any match, includes need all. */
static bool applies(struct resolver *r, const struct profile_rule *rule)
{
	if (!(r->dialect->keys & KEYS_DOCKER)) {
		say_dropped(r, &rule->includes, "includes");
		say_dropped(r, &rule->excludes, "excludes");
		return true;
	}
	const struct profile_filter *in = &rule->includes, *ex = &rule->excludes;
	bool drop = names_native(r, &ex->arches);

	drop |= count_granted(r, &ex->caps) != 0;
	drop |= asks_kernel(r, &ex->min_kernel) && kernel_reaches(r, &ex->min_kernel);
	bool keep = names_native(r, &in->arches) || !in->arches.count;
	keep &= count_granted(r, &in->caps) == in->caps.count;
	keep &= !asks_kernel(r, &in->min_kernel) || kernel_reaches(r, &in->min_kernel);
	return keep && !drop;
}

/* --- which action --- */

static bool unknown_errno(struct resolver *r, const struct profile_errno *e)
{
	struct suggestion near = suggest_start(e->name.s, e->name.len);

	diag(r->diags, DIAG_UNKNOWN_ERRNO, e->at, e->len, "unknown errno '%s'", e->name.s);
	for (uint16_t value = 1; value <= ERRNO_MAX; value++) {
		const char *name = arch_errno_name(r->node->native, value);
		if (name)
			suggest_offer(&near, name);
	}
	if (near.best)
		diag_note(r->diags, e->at, e->len, "did you mean '%s'?", near.best);
	return false;
}

static bool errno_value(struct resolver *r, const struct profile_errno *e, uint16_t *value)
{
	uint32_t number = 0;

	*value = e->numbered ? (uint16_t)e->value : EPERM_EVERYWHERE; /* 16 bits: the reader's care */
	if (!e->named || !(r->dialect->keys & KEYS_ERRNO))
		return true;
	if (arch_errno_find(r->node->native, e->name.s, e->name.len, value)) {
		if (r->dialect->common_errnos && !dialect_common_errno(e->name.s, e->name.len))
			refuse(r, e->at, e->len, "it has no errno of that name");
		return true;
	}
	size_t i = 0;
	for (; i < e->name.len && e->name.s[i] >= '0' && e->name.s[i] <= '9' && number <= ERRNO_MAX;
		i++)
		number = number * 10 + (uint32_t)(e->name.s[i] - '0');
	if (!i || i < e->name.len || number > ERRNO_MAX)
		return unknown_errno(r, e);
	*value = (uint16_t)number;
	return true;
}

static uint32_t returned(struct resolver *r, const struct profile_action *a)
{
	const struct profile_errno *e = &a->errnum;
	bool carries = a->action == ACTION_ERRNO || a->action == ACTION_TRACE;
	bool reads_name = r->dialect->keys & KEYS_ERRNO;
	uint16_t data = 0;

	if (!carries && r->dialect->strict_errno && (e->numbered || (e->named && reads_name)))
		refuse(r, e->at, e->len, "the action carries no errno");
	if (!errno_value(r, e, &data))
		return 0;
	if (carries && e->named && !reads_name)
		diag(r->diags, DIAG_ERRNO_NAME_DROPPED, e->at, e->len,
			"%s does not read errno names: the errno is %u", r->dialect->says, data);
	if (a->action == ACTION_ERRNO && data > r->dialect->errno_last)
		refuse(r, e->at, e->len, "libseccomp takes errnos up to 4094");
	return action_ret(a->action, data);
}

/* --- which syscalls, which args --- */

static bool find_syscall(struct resolver *r, const struct text *name, uint16_t *id)
{
	if (arch_syscall_find(name->s, name->len, id))
		return true;
	diag(r->diags, DIAG_UNKNOWN_SYSCALL, name->at, name->at_len,
		"unknown syscall '%s': no ABI has it, runtimes drop it without a word", name->s);
	if (!r->diags->last)
		return false; /* one of thousands, not kept: no time for advice */
	struct suggestion near = suggest_start(name->s, name->len);
	for (size_t i = 0; i < arch_syscall_count(); i++)
		suggest_offer(&near, arch_syscall_name((uint16_t)i));
	if (near.best)
		diag_note(r->diags, name->at, name->at_len, "did you mean '%s'?", near.best);
	return false;
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
		struct rule one = {.ret = ret,
			.cond = rule->cond,
			.conds = rule->conds,
			.at = rule->names.text[n].at,
			.len = rule->names.text[n].at_len};
		if (!find_syscall(r, &rule->names.text[n], &one.syscall))
			continue;
		if (!alternatives) {
			r->rule[r->rules++] = one;
			continue;
		}
		for (size_t i = 0; i < rule->conds; i++) {
			one.cond = &rule->cond[i];
			one.conds = 1;
			r->rule[r->rules++] = one;
		}
	}
}

static size_t count_rules(const struct profile *p)
{
	size_t count = 0;

	for (size_t i = 0; i < p->rules; i++)
		count += p->rule[i].names.count * (p->rule[i].conds ? p->rule[i].conds : 1);
	return count;
}

/* --- which rules reach libseccomp --- */

static void note_names(const struct profile_rule *rule, bool *by_syscall)
{
	uint16_t id;

	for (size_t i = 0; i < rule->names.count; i++) {
		if (arch_syscall_find(rule->names.text[i].s, rule->names.text[i].len, &id))
			by_syscall[id] = true;
	}
}

/* Does the runtime find names in it? */
static bool has_names(struct resolver *r, const struct profile_rule *rule)
{
	bool reads_name = r->dialect->keys & KEYS_DOCKER;

	if (rule->lacks_names && r->dialect->needs_names) {
		refuse(r, rule->at, 1, "a rule has no 'names'");
		return false;
	}
	if (!rule->legacy || reads_name)
		return true;
	return diag(r->diags, DIAG_RULE_DROPPED, rule->names.text[0].at, rule->names.text[0].at_len,
		"%s does not read 'name': the rule is gone", r->dialect->says);
}

/* The conditions that the runtime looks at. */
static size_t count_conds(struct resolver *r, const struct profile_rule *rule)
{
	uint8_t max = r->dialect->conds_max;

	if (!max || rule->conds <= max)
		return rule->conds;
	diag(r->diags, DIAG_CONDS_CUT, rule->cond[max].at, rule->cond[max].len,
		"%s takes %u conditions of a rule and drops this one and those behind it",
		r->dialect->says, max);
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
		refuse(r, at, 1, "it takes no SCMP_ACT_NOTIFY");
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
	note_names(&rule, r->known);
	if (!has_names(r, &rule) || !applies(r, &rule))
		return;
	note_names(&rule, r->handed);
	rule.conds = count_conds(r, &rule);
	if (rule.action.action == ACTION_NOTIFY) {
		check_notify(r, &rule);
		if (!*notifies)
			check_listening(r, rule.action.at, false);
		*notifies = true;
	}
	uint32_t ret = returned(r, &rule.action);
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
	for (size_t i = 0; i < r->profile->rules; i++)
		take_rule(r, r->profile->rule[i], default_ret, &notifies);
}

/* KEP-6061 bounds the entries of a syscall. */
static void check_counts(struct resolver *r)
{
	size_t *count = arena_alloc(r->arena, arch_syscall_count(), sizeof(*count));

	for (size_t i = 0; r->dialect->rules_max && i < r->rules; i++) {
		const struct rule *rule = &r->rule[i];
		if (++count[rule->syscall] == r->dialect->rules_max + 1)
			diag(r->diags, DIAG_REFUSED, rule->at, rule->len,
				"%s refuses the profile: it takes %zu rules for a syscall", r->dialect->says,
				r->dialect->rules_max);
	}
}

const struct ruleset *resolve(struct arena *arena, const struct profile *profile,
	const struct node_facts *node, struct diags *diags)
{
	struct resolver r = {.arena = arena, .profile = profile, .node = node,
		.dialect = node->dialect ? node->dialect : &dialect_author, .diags = diags};
	struct ruleset *set = arena_alloc(arena, 1, sizeof(*set));

	r.rule = arena_alloc(arena, count_rules(profile), sizeof(*r.rule));
	r.handed = arena_alloc(arena, arch_syscall_count(), sizeof(*r.handed));
	r.known = arena_alloc(arena, arch_syscall_count(), sizeof(*r.known));
	check_size(&r);
	check_keys(&r);
	check_listener(&r);
	find_abis(&r, set);
	set->default_ret = returned(&r, &profile->default_action);
	set->default_at = profile->default_action.at;
	take_rules(&r, set->default_ret);
	check_counts(&r);
	set->rule = r.rule;
	set->rules = r.rules;
	set->enosys = node->enosys;
	set->handed = r.handed;
	set->known = r.known;
	return diags_failed(diags) ? NULL : set;
}
