/*
 * The three MIPS ABIs, of either byte order. An error is a positive errno in $2 with $7 set; some
 * constants differ from everyone else's.
 */

#define SIGNAL_CHLD   18
#define SIGNAL_SYS    12
#define MAP_ANONYMOUS 0x800
#define SIGINFO_ERRNO 2 /* word of siginfo: si_signo, si_code, si_errno */

#if _MIPS_SIM == _ABIO32
#define NR_read        4003
#define NR_write       4004
#define NR_close       4006
#define NR_execve      4011
#define NR_getpid      4020
#define NR_mount       4021
#define NR_ptrace      4026
#define NR_kill        4037
#define NR_ioctl       4054
#define NR_syslog      4103
#define NR_wait4       4114
#define NR_clone       4120
#define NR_sched_yield 4162
#define NR_mmap        4210 /* mmap2 */
#define NR_gettid      4222
#define NR_openat      4288
#define NR_ppoll       4302
#define NR_seccomp     4352
#else
#if _MIPS_SIM == _ABI64
#define BASE       5000
#define NR_openat  5247
#define NR_ppoll   5261
#define NR_seccomp 5312
#else
#define BASE       6000
#define NR_openat  6251
#define NR_ppoll   6265
#define NR_seccomp 6316
#endif
#define NR_read        (BASE + 0)
#define NR_write       (BASE + 1)
#define NR_close       (BASE + 3)
#define NR_mmap        (BASE + 9)
#define NR_ioctl       (BASE + 15)
#define NR_sched_yield (BASE + 23)
#define NR_getpid      (BASE + 38)
#define NR_clone       (BASE + 55)
#define NR_execve      (BASE + 57)
#define NR_wait4       (BASE + 59)
#define NR_kill        (BASE + 60)
#define NR_ptrace      (BASE + 99)
#define NR_syslog      (BASE + 101)
#define NR_mount       (BASE + 160)
#define NR_gettid      (BASE + 178)
#endif

#if _MIPS_SIM == _ABIO32
#define REGISTER int32_t
#define SYSCALL  /* the fifth and sixth argument go onto the stack, above four free slots */       \
	".set push\n"                                                                              \
	".set noreorder\n"                                                                         \
	"subu $29, 32\n"                                                                           \
	"sw $8, 16($29)\n"                                                                         \
	"sw $9, 20($29)\n"                                                                         \
	"syscall\n"                                                                                \
	"addu $29, 32\n"                                                                           \
	".set pop"
#define SPOILT "$10", "$11"
#else
#define REGISTER int64_t /* n32 too: whole registers reach the kernel */
#if _MIPS_SIM == _ABI64
#define MOVE_STACK "daddiu $29, $29, "
#else
#define MOVE_STACK "addiu $29, $29, "
#endif
#define SYSCALL /* an o32 number has them taken from where o32 has them, whoever calls */          \
	".set push\n"                                                                              \
	".set noreorder\n" MOVE_STACK "-32\n"                                                      \
	"sw $8, 16($29)\n"                                                                         \
	"sw $9, 20($29)\n"                                                                         \
	"syscall\n" MOVE_STACK "32\n"                                                              \
	".set pop"
#define SPOILT   "$10", "$11"
#endif

INLINE int64_t raw_call(
	int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	register REGISTER v0 __asm__("$2") = (REGISTER)nr;
	register REGISTER a0 __asm__("$4") = (REGISTER)a;
	register REGISTER a1 __asm__("$5") = (REGISTER)b;
	register REGISTER a2 __asm__("$6") = (REGISTER)c;
	register REGISTER a3 __asm__("$7") = (REGISTER)d;
	register REGISTER a4 __asm__("$8") = (REGISTER)e;
	register REGISTER a5 __asm__("$9") = (REGISTER)f;

	__asm__ volatile(SYSCALL
			 : "+r"(v0), "+r"(a3), "+r"(a4), "+r"(a5)
			 : "r"(a0), "r"(a1), "r"(a2)
			 : "$1", "$3", SPOILT, "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo",
			 "memory");
	return a3 ? -(int64_t)v0 : v0;
}

__asm__(".globl _start\n"
	".ent _start\n"
	"_start:\n"
	".set push\n"
	".set noreorder\n"
	"	move $31, $0\n"
	"	li $8, -16\n"
	"	and $29, $29, $8\n"
#if _MIPS_SIM == _ABI64
	"	daddiu $29, $29, -64\n"
	"	dla $25, start\n"
#else
	"	addiu $29, $29, -64\n"
	"	la $25, start\n"
#endif
	"	jalr $25\n"
	"	nop\n"
	".set pop\n"
	".end _start\n");
