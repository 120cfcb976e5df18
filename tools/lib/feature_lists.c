/* Of each list both ways are looked at: names that the row takes, and names that it does not know. */

#include "feature_lists.h"

#include "../../arch/arch.h"
#include "../../compiler/kernel/action.h"
#include "../../compiler/profile/profile.h"

#include <string.h>

/* The i-th name of a kind; *taken: by that row. NULL behind the last. */
typedef const char *name_at(const struct dialect *, size_t i, bool *taken);

static const char *action_at(const struct dialect *d, size_t i, bool *taken)
{
	*taken = i != ACTION_NOTIFY || d->notify != NOTIFY_NEVER;
	if (i == ACTIONS)
		return "SCMP_ACT_KILL"; /* another word for SCMP_ACT_KILL_THREAD */
	return i < ACTIONS ? action_oci_name((enum action)i) : NULL;
}

static const char *operator_at(const struct dialect *d, size_t i, bool *taken)
{
	(void)d;
	*taken = true;
	return i < PROFILE_OPS ? profile_op_name((enum profile_op)i) : NULL;
}

static const char *arch_at(const struct dialect *d, size_t i, bool *taken)
{
	if (i >= arch_abi_count)
		return NULL;
	*taken = d->arch_list ? arch_abis[i].lists & d->arch_list : !(arch_abis[i].lists & LIST_NO_LIBSECCOMP);
	return arch_abis[i].oci;
}

static const char *flag_at(const struct dialect *d, size_t i, bool *taken)
{
	if (i >= FILTER_FLAGS)
		return NULL;
	const char *name = dialect_flag_name(i);
	*taken = d->flags & dialect_flag(name, strlen(name));
	return name;
}

static bool has(const struct json *j, struct arena *arena, uint32_t list, const char *name)
{
	for (uint32_t one = j->node[list].child; one != JSON_NONE; one = j->node[one].next) {
		if (j->node[one].type == JSON_STRING && strcmp(json_text(j, arena, one).s, name) == 0)
			return true;
	}
	return false;
}

static bool takes(const struct dialect *d, name_at *at, const char *name)
{
	const char *known;
	bool taken = false;

	for (size_t i = 0; (known = at(d, i, &taken)); i++) {
		if (strcmp(known, name) == 0)
			return taken;
	}
	return false;
}

/* "SCMP_ARCH_X32" as the n-th of those that are missing, or beside what is known. */
static void tell(struct buf *b, const char *key, const char *how, size_t *count, const char *name)
{
	if (*count)
		buf_printf(b, ", %s", name);
	else
		buf_printf(b, "%s'%s' %s %s", b->len ? "; " : "", key, how, name);
	++*count;
}

static void hold(struct buf *b, const struct json *j, uint32_t list, const char *key, const struct dialect *d, name_at *at)
{
	size_t lacks = 0, more = 0;
	const char *name;
	bool taken;

	for (size_t i = 0; (name = at(d, i, &taken)); i++) {
		if (taken && !has(j, b->arena, list, name))
			tell(b, key, "lacks", &lacks, name);
	}
	for (uint32_t one = j->node[list].child; one != JSON_NONE; one = j->node[one].next) {
		name = j->node[one].type == JSON_STRING ? json_text(j, b->arena, one).s : NULL;
		if (name && !takes(d, at, name))
			tell(b, key, "has besides", &more, name);
	}
}

void feature_lists_hold(struct buf *b, const struct json *j, uint32_t seccomp, const struct dialect *d)
{
	static const struct {
		const char *key;
		name_at *at;
	} lists[] = {
		{"actions", action_at}, {"operators", operator_at}, {"archs", arch_at},
		{"knownFlags", flag_at}, {"supportedFlags", flag_at},
	};

	for (size_t i = 0; i < countof(lists); i++) {
		uint32_t list = json_look_up(j, b->arena, seccomp, lists[i].key);
		if (list != JSON_NONE && j->node[list].type == JSON_ARRAY)
			hold(b, j, list, lists[i].key, d, lists[i].at);
	}
}
