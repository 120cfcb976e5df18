/* i386, through int $0x80. */

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
#define NR_openat      295
#define NR_mount       21
#define NR_ppoll       309
#define NR_seccomp     354

/* Seven values and six free registers: all go through memory, and ebp is put back by hand. */
INLINE int64_t raw_call(
	int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	int32_t in[] = {(int32_t)nr, (int32_t)a, (int32_t)b, (int32_t)c, (int32_t)d, (int32_t)e,
		(int32_t)f};
	int32_t ret;

	__asm__ volatile("push %%ebp\n"
			 "push %%ebx\n"
			 "mov 4(%%eax), %%ebx\n"
			 "mov 8(%%eax), %%ecx\n"
			 "mov 12(%%eax), %%edx\n"
			 "mov 16(%%eax), %%esi\n"
			 "mov 20(%%eax), %%edi\n"
			 "mov 24(%%eax), %%ebp\n"
			 "mov (%%eax), %%eax\n"
			 "int $0x80\n"
			 "pop %%ebx\n"
			 "pop %%ebp\n"
			 : "=a"(ret)
			 : "a"(in)
			 : "ecx", "edx", "esi", "edi", "memory");
	return ret;
}

/* What is on the stack would be the new thread's to overwrite: registers only. */
#define HAS_OWN_CLONE
INLINE int64_t raw_clone(int64_t flags)
{
	int32_t ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(NR_clone), "b"((int32_t)flags), "c"(0), "d"(0), "S"(0), "D"(0)
			 : "memory");
	return ret;
}

__asm__(".globl _start\n"
	"_start: xor %ebp, %ebp\n"
	"	and $-16, %esp\n"
	"	call start\n");
