/* 32-bit ARM, EABI. */

#define NR_read        3
#define NR_write       4
#define NR_close       6
#define NR_execve      11
#define NR_getpid      20
#define NR_ptrace      26
#define NR_kill        37
#define NR_ioctl       54
#define NR_syslog      103
#define NR_wait4       114
#define NR_clone       120
#define NR_sched_yield 158
#define NR_mmap        192 /* mmap2 */
#define NR_gettid      224
#define NR_openat      322
#define NR_mount       21
#define NR_ppoll       336
#define NR_seccomp     383

INLINE int64_t raw_call(
	int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	register int32_t r7 __asm__("r7") = (int32_t)nr;
	register int32_t r0 __asm__("r0") = (int32_t)a;
	register int32_t r1 __asm__("r1") = (int32_t)b;
	register int32_t r2 __asm__("r2") = (int32_t)c;
	register int32_t r3 __asm__("r3") = (int32_t)d;
	register int32_t r4 __asm__("r4") = (int32_t)e;
	register int32_t r5 __asm__("r5") = (int32_t)f;

	__asm__ volatile("svc 0"
			 : "+r"(r0)
			 : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
			 : "memory", "cc");
	return r0;
}

__asm__(".arm\n"
	".globl _start\n"
	".type _start, %function\n"
	"_start: bic sp, sp, #7\n"
	"	bl start\n");
