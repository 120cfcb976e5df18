#include "derive_key.h"

#include "../../backends/prove/hash.h"
#include "../../compiler/meaning/cache_key.h"
#include "../../compiler/meaning/ret_value.h"

static uint32_t find_key(const struct derive *d, const uint32_t *rule)
{
	for (size_t i = 0; i < d->profile->rules; i++) {
		if (cache_key_is(&d->profile->rule[i]))
			return rule[i];
	}
	return JSON_NONE;
}

/* Has a rule of the text an errno of its own? */
static bool has_errno(struct arena *arena, const struct buf *text)
{
	const struct source source = {"derived", text->bytes, text->len, false};
	struct diags quiet;

	diags_init(&quiet, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &quiet);

	for (size_t i = 0; profile && i < profile->rules; i++) {
		enum action action = profile->rule[i].action.action;
		if ((action == ACTION_ERRNO || action == ACTION_TRACE) && !cache_key_is(&profile->rule[i]))
			return true;
	}
	return false;
}

static const char *key_rule(const struct derive_plan *p, const struct buf *text)
{
	const struct profile_action *a = &p->d->profile->default_action;
	uint8_t digest[SHA256_SIZE];
	char key[CACHE_KEY_SIZE];
	struct diags quiet;
	enum action action = ACTION_ALLOW;

	diags_init(&quiet, p->arena, NULL);
	uint32_t ret = ret_value(a, &p->d->node[0], &quiet);
	(void)action_of(ret, &action);
	sha256_of(text->bytes, text->len, digest);
	cache_key_name(key, digest);
	const char *number = action == ACTION_ERRNO || action == ACTION_TRACE
		? buf_print(p->arena, ", \"errnoRet\": %u", RET_DATA(ret))
		: "";
	return buf_print(p->arena, "{\"names\": [\"%s\"], \"action\": \"%s\"%s}", key, action_oci_name(action), number);
}

bool derive_write(struct derive_plan *p, struct buf *text)
{
	uint32_t old = find_key(p->d, p->rule);

	buf_init(text, p->arena);
	if (!p->d->keyed || p->d->document.yaml || p->d->profile->format == FORMAT_SECCOMP_PROFILE)
		return edits_write(&p->edits, text);
	if (old != JSON_NONE)
		edits_remove(&p->edits, old);
	if (!edits_write(&p->edits, text) || !has_errno(p->arena, text))
		return !p->edits.failed;
	const char *key = key_rule(p, text);
	if (old != JSON_NONE)
		edits_insert(&p->edits, old, key);
	else
		edits_append(&p->edits, p->rules, key);
	buf_init(text, p->arena);
	return edits_write(&p->edits, text);
}
