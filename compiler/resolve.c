/*
 * A profile becomes a ruleset the way a runtime would make it (Docker's daemon for the conditions,
 * runc for the rest), step by step and in file order:
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
	struct diags *diags;
	struct rule *rule;
	size_t rules;
};

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

static const struct profile_arch_map *find_map(const struct profile *p, const struct abi *native)
{
	for (size_t i = 0; i < p->arch_maps; i++) {
		if (p->arch_map[i].main.abi == native)
			return &p->arch_map[i];
	}
	return NULL;
}

static void find_abis(struct resolver *r, struct ruleset *set)
{
	const struct profile *p = r->profile;
	const struct profile_arch_map *map = find_map(p, r->node->native);
	struct profile_arches extra = map ? map->subs : p->architectures;
	const struct abi **list =
		arena_alloc(r->arena, extra.count + 1, sizeof(const struct abi *));

	list[set->abis++] = r->node->native;
	for (size_t i = 0; i < extra.count; i++)
		add_abi(r, set, list, &extra.arch[i]);
	if (p->arch_maps && !map)
		diag(r->diags, DIAG_NOT_IN_ARCHMAP, NOWHERE, 1,
			"archMap has no entry for %s: the filter covers that ABI alone",
			r->node->native->name);
	set->abi = list;
}

/* --- which rules --- */

/* Words of Docker's own lists that stand for an ABI of some node, or never did ("x32"). */
static bool is_arch_word(const struct text *word)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		if (text_is(word, abi->moby ? abi->moby : abi->name))
			return true;
	}
	return false;
}

static bool names_native(struct resolver *r, const struct texts *arches)
{
	const char *native = r->node->native->moby;
	bool found = false;

	for (size_t i = 0; i < arches->count; i++) {
		const struct text *word = &arches->text[i];
		found |= native && text_is(word, native);
		if (is_arch_word(word))
			continue;
		diag(r->diags, DIAG_ARCH_WORD, word->at, word->at_len,
			"'%s' never matches here: this list takes Go's words", word->s);
		const struct abi *abi = arch_find(word->s, word->len);
		if (abi && abi->moby)
			diag_note(r->diags, word->at, word->at_len, "write '%s'", abi->moby);
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

/* moby/profiles seccomp_linux.go setupSeccomp: excludes drop on any match, includes need all. */
static bool applies(struct resolver *r, const struct profile_rule *rule)
{
	const struct profile_filter *in = &rule->includes, *ex = &rule->excludes;
	bool drop = names_native(r, &ex->arches);

	drop |= count_granted(r, &ex->caps) != 0;
	drop |= ex->min_kernel.present && kernel_reaches(r, &ex->min_kernel);
	bool keep = names_native(r, &in->arches) || !in->arches.count;
	keep &= count_granted(r, &in->caps) == in->caps.count;
	keep &= !in->min_kernel.present || kernel_reaches(r, &in->min_kernel);
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

	*value = EPERM_EVERYWHERE;
	if (!e->present)
		return true;
	if (!e->named) {
		*value = (uint16_t)e->value; /* the reader holds it to 16 bits */
		return true;
	}
	if (arch_errno_find(r->node->native, e->name.s, e->name.len, value))
		return true;
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
	uint16_t data = 0;

	errno_value(r, &a->errnum, &data);
	return action_ret(a->action, data);
}

/* --- which syscalls, which args --- */

static bool find_syscall(struct resolver *r, const struct text *name, uint16_t *id)
{
	if (arch_syscall_find(name->s, name->len, id))
		return true;
	diag(r->diags, DIAG_UNKNOWN_SYSCALL, name->at, name->at_len,
		"unknown syscall '%s': no ABI has it, runtimes drop it without a word", name->s);
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

static void add_rules(struct resolver *r, uint32_t default_ret)
{
	bool notifies = r->profile->default_action.action == ACTION_NOTIFY;
	uint32_t notify_at = r->profile->default_action.at;

	for (size_t i = 0; i < r->profile->rules; i++) {
		const struct profile_rule *rule = &r->profile->rule[i];
		if (!applies(r, rule))
			continue;
		if (rule->action.action == ACTION_NOTIFY && !notifies) {
			notifies = true;
			notify_at = rule->action.at;
		}
		uint32_t ret = returned(r, &rule->action);
		if (ret == default_ret && rule->names.count)
			diag(r->diags, DIAG_EQUALS_DEFAULT, rule->action.at, rule->action.len,
				"the rule's action is the default action: runtimes drop the rule, "
				"it "
				"makes no exception from another one");
		else
			add_rule(r, rule, ret);
	}
	if (notifies && !r->profile->listens)
		diag(r->diags, DIAG_NOT_LISTENING, notify_at, 1,
			"SCMP_ACT_NOTIFY without listenerPath: without a listener the call fails "
			"with "
			"ENOSYS");
}

const struct ruleset *resolve(struct arena *arena, const struct profile *profile,
	const struct node_facts *node, struct diags *diags)
{
	struct resolver r = {.arena = arena, .profile = profile, .node = node, .diags = diags};
	struct ruleset *set = arena_alloc(arena, 1, sizeof(*set));

	r.rule = arena_alloc(arena, count_rules(profile), sizeof(*r.rule));
	find_abis(&r, set);
	set->default_ret = returned(&r, &profile->default_action);
	set->default_at = profile->default_action.at;
	add_rules(&r, set->default_ret);
	set->rule = r.rule;
	set->rules = r.rules;
	return diags_failed(diags) ? NULL : set;
}
