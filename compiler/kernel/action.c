/* One row an action: OCI names, the kernel's word for it, the value returned. */

#include "action.h"

#include <string.h>

static const struct {
	const char *name, *alias, *kernel;
	uint32_t ret;
} actions[ACTIONS] = {
	[ACTION_KILL_PROCESS] = {"SCMP_ACT_KILL_PROCESS", NULL, "KILL_PROCESS", 0x80000000},
	[ACTION_KILL_THREAD] = {"SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL", "KILL_THREAD", 0x00000000},
	[ACTION_TRAP] = {"SCMP_ACT_TRAP", NULL, "TRAP", 0x00030000},
	[ACTION_ERRNO] = {"SCMP_ACT_ERRNO", NULL, "ERRNO", 0x00050000},
	[ACTION_NOTIFY] = {"SCMP_ACT_NOTIFY", NULL, "NOTIFY", 0x7fc00000},
	[ACTION_TRACE] = {"SCMP_ACT_TRACE", NULL, "TRACE", 0x7ff00000},
	[ACTION_LOG] = {"SCMP_ACT_LOG", NULL, "LOG", 0x7ffc0000},
	[ACTION_ALLOW] = {"SCMP_ACT_ALLOW", NULL, "ALLOW", RET_ALLOW},
};

static bool same(const char *name, size_t len, const char *known)
{
	return known && strlen(known) == len && memcmp(name, known, len) == 0;
}

bool action_find(const char *name, size_t len, enum action *action)
{
	for (unsigned i = 0; i < ACTIONS; i++) {
		if (same(name, len, actions[i].name) || same(name, len, actions[i].alias)) {
			*action = (enum action)i;
			return true;
		}
	}
	return false;
}

uint32_t action_ret(enum action action, uint16_t data)
{
	bool takes_data = action == ACTION_ERRNO || action == ACTION_TRACE;

	return actions[action].ret | (takes_data ? data : 0u);
}

bool action_of(uint32_t ret, enum action *action)
{
	for (unsigned i = 0; i < ACTIONS; i++) {
		if (actions[i].ret == RET_ACTION(ret)) {
			*action = (enum action)i;
			return true;
		}
	}
	return false;
}

const char *action_oci_name(enum action action)
{
	return actions[action].name;
}

void action_print(struct buf *b, uint32_t ret)
{
	enum action action;

	if (!action_of(ret, &action))
		buf_printf(b, "0x%08x (unknown: kills the process)", ret);
	else if (action == ACTION_ERRNO || action == ACTION_TRACE || RET_DATA(ret))
		buf_printf(b, "%s(%u)", actions[action].kernel, RET_DATA(ret));
	else
		buf_text(b, actions[action].kernel);
}

bool action_logged(enum action action)
{
	return action == ACTION_KILL_PROCESS || action == ACTION_KILL_THREAD || action == ACTION_LOG;
}

const char *action_logged_name(enum action action)
{
	static const char *const names[ACTIONS] = {"kill_process", "kill_thread", "trap", "errno", "user_notif",
		"trace", "log", "allow"};

	return names[action];
}
