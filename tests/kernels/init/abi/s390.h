/* s390x and its 31-bit ABI: one numbering for what is needed here. */

#define NR_read        3
#define NR_write       4
#define NR_close       6
#define NR_execve      11
#define NR_getpid      20
#define NR_ptrace      26
#define NR_kill        37
#define NR_ioctl       54
#define NR_mmap        90
#define NR_syslog      103
#define NR_wait4       114
#define NR_clone       120
#define NR_sched_yield 158
#define NR_gettid      236
#define NR_openat      288
#define NR_mount       21
#define NR_ppoll       302
#define NR_seccomp     348

#define MMAP_TAKES_STRUCT

INLINE int64_t raw_call(
	int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	register long r1 __asm__("1") = (long)nr;
	register long r2 __asm__("2") = (long)a;
	register long r3 __asm__("3") = (long)b;
	register long r4 __asm__("4") = (long)c;
	register long r5 __asm__("5") = (long)d;
	register long r6 __asm__("6") = (long)e;
	register long r7 __asm__("7") = (long)f;

	__asm__ volatile("svc 0"
			 : "+d"(r2)
			 : "d"(r1), "d"(r3), "d"(r4), "d"(r5), "d"(r6), "d"(r7)
			 : "memory", "cc");
	return r2;
}

/* The stack comes first. */
#define HAS_OWN_CLONE
INLINE int64_t raw_clone(int64_t flags)
{
	return raw_call(NR_clone, 0, flags, 0, 0, 0, 0);
}

__asm__(".globl _start\n"
#ifdef __s390x__
	"_start: aghi %r15, -160\n"
#else
	"_start: ahi %r15, -96\n"
#endif
	"	brasl %r14, start\n");
