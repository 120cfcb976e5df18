/* The numbers of include/uapi/asm-generic/unistd.h, which newer architectures share. */

#define NR_ioctl       29
#define NR_openat      56
#define NR_mount       40
#define NR_close       57
#define NR_read        63
#define NR_write       64
#define NR_ppoll       73
#define NR_syslog      116
#define NR_ptrace      117
#define NR_sched_yield 124
#define NR_kill        129
#define NR_getpid      172
#define NR_gettid      178
#define NR_clone       220
#define NR_execve      221
#define NR_mmap        222
#define NR_wait4       260
#define NR_seccomp     277
