#ifndef COMPILER_KERNEL_ACTION_H
#define COMPILER_KERNEL_ACTION_H

/*
 * Actions and the 32-bit value a filter returns for them: action in bits 31..16, data in 15..0
 * (kernel: include/uapi/linux/seccomp.h, SECCOMP_RET_*).
 */

#include "../base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum action {
	ACTION_KILL_PROCESS,
	ACTION_KILL_THREAD,
	ACTION_TRAP,
	ACTION_ERRNO,
	ACTION_NOTIFY,
	ACTION_TRACE,
	ACTION_LOG,
	ACTION_ALLOW,
	ACTIONS
};

#define RET_KILL_THREAD 0x00000000u
#define RET_ALLOW       0x7fff0000u
#define RET_ACTION(ret) ((ret) & 0xffff0000u)
#define RET_DATA(ret)   ((ret) & 0x0000ffffu)

/* "SCMP_ACT_ERRNO" and the other names of the OCI runtime-spec; exact case. */
bool action_find(const char *name, size_t len, enum action *);
const char *action_oci_name(enum action);
/* The value returned for an action; data is used by ERRNO and TRACE only. */
uint32_t action_ret(enum action, uint16_t data);
/* The action behind a returned value. False: the kernel knows none and kills the process. */
bool action_of(uint32_t ret, enum action *);
/*
 * Does the kernel write an audit record of it whatever the filter's flags? Of the others that do not allow,
 * it does if the filter was loaded with SECCOMP_FILTER_FLAG_LOG; of all, where
 * /proc/sys/kernel/seccomp/actions_logged has the name (kernel/seccomp.c seccomp_log()).
 */
bool action_logged(enum action);
const char *action_logged_name(enum action);
/* "ALLOW", "ERRNO(38)", "TRACE(1)"; an unknown value as "0x12345678 (unknown: kills the process)". */
void action_print(struct buf *, uint32_t ret);

#endif
