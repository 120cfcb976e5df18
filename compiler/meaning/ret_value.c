/*
 * An action and its errno, by number or by name, become the value that a filter returns. Runtimes
 * differ in the names they know, the numbers they take and what they make of an errno beside an
 * action that carries none.
 */

#include "ret_value.h"

#include "../../arch/errno.h"
#include "../base/suggest.h"

#define EPERM_EVERYWHERE 1 /* the same on all ABIs */

struct asker {
	const struct node_facts *node;
	const struct dialect *dialect;
	struct diags *diags;
};

static bool unknown_errno(const struct asker *r, const struct profile_errno *e)
{
	struct suggestion near = suggest_start(e->name.s, e->name.len);

	diag(r->diags, DIAG_UNKNOWN_ERRNO, e->at, e->len, "unknown errno '%s'", e->name.s);
	for (uint16_t value = 1; value <= ERRNO_MAX; value++) {
		const char *name = arch_errno_name(r->node->native, value);
		if (name)
			suggest_offer(&near, name);
	}
	diag_meant(r->diags, near.best);
	return false;
}

static bool errno_value(const struct asker *r, const struct profile_errno *e, uint16_t *value)
{
	uint32_t number = 0;

	*value = e->numbered ? (uint16_t)e->value
			     : EPERM_EVERYWHERE; /* 16 bits: the reader's care */
	if (!e->named || !(r->dialect->keys & KEYS_ERRNO))
		return true;
	if (arch_errno_find(r->node->native, e->name.s, e->name.len, value)) {
		if (r->dialect->common_errnos && !dialect_common_errno(e->name.s, e->name.len))
			dialect_refuse(r->dialect, r->diags, e->at, e->len,
				"there is no errno of that name");
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

/* Is that the number the name stands for, so that nothing is lost without it? */
static bool is_number_of(const struct asker *r, const struct profile_errno *e, uint16_t number)
{
	uint16_t meant;

	return arch_errno_find(r->node->native, e->name.s, e->name.len, &meant) && meant == number;
}

uint32_t ret_value(
	const struct profile_action *a, const struct node_facts *node, struct diags *diags)
{
	const struct asker asker = {node, node_dialect(node), diags}, *r = &asker;
	const struct profile_errno *e = &a->errnum;
	bool carries = a->action == ACTION_ERRNO || a->action == ACTION_TRACE;
	bool reads_name = r->dialect->keys & KEYS_ERRNO;
	uint16_t data = 0;

	if (!carries && r->dialect->strict_errno && (e->numbered || (e->named && reads_name)))
		dialect_refuse(r->dialect, r->diags, e->at, e->len, "the action carries no errno");
	if (!errno_value(r, e, &data))
		return 0;
	if (carries && e->named && !reads_name && !is_number_of(r, e, data))
		diag_by(r->diags, DIAG_ERRNO_NAME_DROPPED, e->at, e->len, dialect_does(r->dialect),
			"not read errno names: the errno is %u", data);
	if (a->action == ACTION_ERRNO && data > r->dialect->errno_last)
		dialect_refuse(
			r->dialect, r->diags, e->at, e->len, "libseccomp takes errnos up to 4094");
	return action_ret(a->action, data);
}
