/* x86_64, and x32 as the same instructions with a bit set and eleven numbers of its own. */

#ifdef __ILP32__
#define BASE      0x40000000
#define NR_ioctl  (BASE + 514)
#define NR_execve (BASE + 520)
#define NR_ptrace (BASE + 521)
#else
#define BASE      0
#define NR_ioctl  16
#define NR_execve 59
#define NR_ptrace 101
#endif
#define NR_read        (BASE + 0)
#define NR_write       (BASE + 1)
#define NR_close       (BASE + 3)
#define NR_mmap        (BASE + 9)
#define NR_sched_yield (BASE + 24)
#define NR_getpid      (BASE + 39)
#define NR_clone       (BASE + 56)
#define NR_wait4       (BASE + 61)
#define NR_kill        (BASE + 62)
#define NR_syslog      (BASE + 103)
#define NR_mount       (BASE + 165)
#define NR_gettid      (BASE + 186)
#define NR_openat      (BASE + 257)
#define NR_ppoll       (BASE + 271)
#define NR_seccomp     (BASE + 317)

INLINE int64_t raw_call(
	int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	register int64_t r10 __asm__("r10") = d;
	register int64_t r8 __asm__("r8") = e;
	register int64_t r9 __asm__("r9") = f;
	int64_t ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

__asm__(".globl _start\n"
	"_start: xor %ebp, %ebp\n"
	"	and $-16, %rsp\n"
	"	call start\n");
