#ifndef KERNELS_INIT_UAPI_H
#define KERNELS_INIT_UAPI_H

/* What include/uapi/linux has for every architecture, as far as init.c needs it. */

#include <stdint.h>

#define CLONE_VM      0x00000100
#define CLONE_FS      0x00000200
#define CLONE_FILES   0x00000400
#define CLONE_SIGHAND 0x00000800
#define CLONE_VFORK   0x00004000
#define CLONE_THREAD  0x00010000
#define CLONE_SYSVSEM 0x00040000
#define WNOHANG       1
#define WALL          0x40000000

#define PTRACE_CONT           7
#define PTRACE_GETEVENTMSG    0x4201
#define PTRACE_GETSIGINFO     0x4202
#define PTRACE_SEIZE          0x4206
#define PTRACE_O_TRACESECCOMP 0x80
#define PTRACE_O_EXITKILL     0x100000
#define PTRACE_EVENT_SECCOMP  7

#define SECCOMP_SET_MODE_FILTER          1
#define SECCOMP_FILTER_FLAG_LOG          2
#define SECCOMP_FILTER_FLAG_NEW_LISTENER 8
#define SECCOMP_IOCTL_NOTIF_RECV         0xc0502100 /* the same number on every architecture */
#define SECCOMP_IOCTL_NOTIF_SEND         0xc0182101
#define SYS_SECCOMP                      1

#define SIGNAL_KILL 9
#define SIGNAL_BUS  7
#define SIGNAL_SEGV 11
#define POLL_IN     1

struct seccomp_data {
	int32_t nr;
	uint32_t arch;
	uint64_t ip, args[6];
};

struct notification {
	uint64_t id;
	uint32_t pid, flags;
	struct seccomp_data data;
};

struct response {
	uint64_t id;
	int64_t value;
	int32_t error;
	uint32_t flags;
};

_Static_assert(
	sizeof(struct notification) == 80 && sizeof(struct response) == 24, "as the kernel has it");

#endif
