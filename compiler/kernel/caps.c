/* The names in order of their numbers; the list is short and looked through. */

#include "caps.h"

#include "../base/base.h"

#include <string.h>
#include <strings.h>

#define PREFIX "CAP_"

/* In place, so that the loader has nothing to relocate. */
static const char names[CAPS][24] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID",
	"CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
	"CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE",
	"CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
	"CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
	"CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
};

bool caps_find(const char *name, size_t len, unsigned *cap)
{
	for (unsigned i = 0; i < CAPS; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) {
			*cap = i;
			return true;
		}
	}
	return false;
}

bool caps_find_loosely(const char *name, size_t len, unsigned *cap)
{
	size_t skip = len > 4 && strncasecmp(name, PREFIX, 4) == 0 ? 0 : 4;

	for (unsigned i = 0; i < CAPS; i++) {
		if (strlen(names[i]) == len + skip && strncasecmp(names[i] + skip, name, len) == 0) {
			*cap = i;
			return true;
		}
	}
	return false;
}

const char *caps_name(unsigned cap)
{
	assert(cap < CAPS);
	return names[cap];
}

void caps_list(struct buf *b, uint64_t caps, const char *between)
{
	const char *before = "";

	for (unsigned cap = 0; cap < CAPS; cap++) {
		if (!(caps >> cap & 1))
			continue;
		buf_printf(b, "%s%s", before, caps_name(cap));
		before = between;
	}
}

void caps_print(struct buf *b, uint64_t caps, const char *between)
{
	if (!caps || caps == CAPS_ALL)
		buf_text(b, caps ? "all" : "none");
	else
		caps_list(b, caps, between);
}
