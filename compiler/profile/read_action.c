/*
 * An action and the errno beside it, as they are written: by number, by name, or in a place where
 * none belongs. Nothing is decided here that depends on an ABI or a runtime (returned.c).
 */

#include "read_action.h"

#include "../base/suggest.h"

/*
 * The operator's Go type leaves a zero out when it writes the profile to the node:
 * security-profiles-operator api/seccompprofile, errnoRet is omitempty.
 */
static bool absent_zero(struct reader *r, uint32_t number)
{
	uint64_t value;

	if (r->json->node[number].type != JSON_NUMBER ||
		json_uint(r->json, number, &value) != JSON_UINT_OK || value != 0)
		return false;
	diag(r->diags, DIAG_ERRNO_ODD, NODE_PLACE(r, number),
		"errnoRet 0 is the same as none in a SeccompProfile: the errno is EPERM");
	return true;
}

struct profile_errno read_errno(struct reader *r, uint32_t number, uint32_t name)
{
	struct profile_errno e = {0};
	uint64_t value;

	if (number != JSON_NONE && r->resource && absent_zero(r, number))
		number = JSON_NONE;
	if (number != JSON_NONE && reader_uint(r, number, "errnoRet", UINT16_MAX, &value))
		e = (struct profile_errno){.present = true,
			.numbered = true,
			.value = (uint32_t)value,
			.at = r->json->node[number].at,
			.len = r->json->node[number].len};
	struct text text = reader_text(r, name, "errno");
	if (text.len) { /* containers/common: a name wins over the number, "" is absent */
		e.present = e.named = true;
		e.name = text;
		e.at = text.at;
		e.len = text.at_len;
	}
	return e;
}

void read_action_check(struct reader *r, const struct profile_action *a)
{
	const struct profile_errno *e = &a->errnum;

	if (!e->present)
		return;
	if (a->action != ACTION_ERRNO && a->action != ACTION_TRACE)
		diag(r->diags, DIAG_ERRNO_UNUSED, e->at, e->len,
			"%s carries no errno: runc ignores this one, crun refuses it",
			action_oci_name(a->action));
	else if (a->action == ACTION_ERRNO && !e->named && e->value > ERRNO_MAX)
		diag(r->diags, DIAG_BAD_ERRNO, e->at, e->len,
			"errno %u is above %u, the kernel's largest", e->value, ERRNO_MAX);
	else if (a->action == ACTION_ERRNO && !e->named && e->value == 0)
		diag(r->diags, DIAG_ERRNO_ODD, e->at, e->len,
			"with errno 0 the call is not made and reports success");
	else if (a->action == ACTION_ERRNO && !e->named && e->value == ERRNO_MAX)
		diag(r->diags, DIAG_ERRNO_ODD, e->at, e->len,
			"errno 4095 is fine with the kernel, but libseccomp refuses it");
}

bool read_action(struct reader *r, uint32_t node, const char *what, struct profile_action *a)
{
	struct text text = reader_text(r, node, what);

	if (!text.s)
		return false;
	a->at = text.at;
	a->len = text.at_len;
	if (action_find(text.s, text.len, &a->action))
		return true;
	diag(r->diags, DIAG_UNKNOWN_ACTION, text.at, text.at_len, "unknown action '%s'", text.s);
	/* what all begin with makes no two alike: SCMP_ACT_BLOCK is no SCMP_ACT_LOG */
	size_t shared = strncmp(text.s, "SCMP_ACT_", 9) == 0 ? 9 : 0;
	struct suggestion near = suggest_start(text.s + shared, text.len - shared);
	for (unsigned i = 0; i < ACTIONS; i++)
		suggest_offer(&near, action_oci_name((enum action)i) + shared);
	if (near.best)
		diag_meant(r->diags, near.best - shared);
	return false;
}
