/* Will anybody see what was refused? */

#include "lint.h"

/* Actions of rules and the default, a bit each. */
static unsigned find_actions(const struct policy *policy)
{
	unsigned actions = 0;

	for (size_t d = 0; d < policy->domains; d++) {
		for (size_t i = 0; i < policy->domain[d].ranges; i++) {
			const struct range *range = &policy->domain[d].range[i];
			for (size_t k = 0; k < range->clauses; k++) {
				enum action action = ACTION_KILL_PROCESS;
				action_of(range->clause[k].ret, &action);
				actions |= range->clause[k].at != NOWHERE ? 1u << action : 0;
			}
		}
	}
	return actions;
}

/* "errno, trap" */
static const char *list(struct arena *arena, unsigned actions)
{
	struct buf b;

	buf_init(&b, arena);
	for (unsigned action = 0; action < ACTION_ALLOW; action++) {
		if (actions >> action & 1)
			buf_printf(&b, "%s%s", b.len ? ", " : "", action_logged_name((enum action)action));
	}
	return buf_string(&b);
}

void lint_records(const struct lint *l)
{
	unsigned silent = find_actions(l->policy);

	for (unsigned action = 0; action < ACTIONS; action++)
		silent &=
			action == ACTION_ALLOW || action_logged((enum action)action) ? ~(1u << action) : ~0u;
	if (silent && !profile_logs(l->profile))
		diag(l->diags, DIAG_NO_RECORD, NOWHERE, 1,
			"the kernel writes no record of what is refused by %s: flags lack "
				"SECCOMP_FILTER_FLAG_LOG",
			list(l->arena, silent));
}
