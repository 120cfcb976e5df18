/* 64-bit PowerPC, ELFv2. An error is a positive errno in r3 with the summary overflow bit set. */

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
#define NR_gettid      207
#define NR_ppoll       281
#define NR_openat      286
#define NR_mount       21
#define NR_seccomp     358

INLINE int64_t raw_call(
	int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	register int64_t r0 __asm__("r0") = nr;
	register int64_t r3 __asm__("r3") = a;
	register int64_t r4 __asm__("r4") = b;
	register int64_t r5 __asm__("r5") = c;
	register int64_t r6 __asm__("r6") = d;
	register int64_t r7 __asm__("r7") = e;
	register int64_t r8 __asm__("r8") = f;

	__asm__ volatile("sc\n"
			 "bns+ 1f\n"
			 "neg %1, %1\n"
			 "1:"
			 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
			 :
			 : "memory", "cr0", "r9", "r10", "r11", "r12", "ctr");
	return r3;
}

__asm__(".globl _start\n"
	".type _start, @function\n"
	"_start: addis 2, 12, .TOC.-_start@ha\n"
	"	addi 2, 2, .TOC.-_start@l\n"
	".localentry _start, .-_start\n"
	"	clrrdi 1, 1, 4\n"
	"	stdu 1, -64(1)\n"
	"	bl start\n"
	"	nop\n");
