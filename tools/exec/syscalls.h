#ifndef TOOLS_EXEC_SYSCALLS_H
#define TOOLS_EXEC_SYSCALLS_H

/*
 * Into the kernel without a libc, ABI by ABI: how a program begins, how it makes a call, what the
 * calls and errors are numbered, and what seccomp_data.arch says about us.
 *
 * Each block below defines
 *	REG          a register as C has it: 64 bits wide on x32 and n32, whose long is not
 *	HOST_AUDIT   AUDIT_ARCH_* of our own calls (include/uapi/linux/audit.h)
 *	COLUMN       our column of arch/tables/syscalls.tbl (columns.h)
 *	ERRNO_COLUMN the one of errno.tbl, if it is not the generic one
 *	START_CODE   instructions that call f with the stack pointer as it was at the start
 *	syscall5()   a call; returns -errno in case of errors
 *
 * Which registers: each arch's kernel entry code, and the tables in syscall(2).
 */

#include "../../arch/tables/columns.h"

#include <stdint.h>

#define LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)


#if defined(__x86_64__)

#ifdef __ILP32__
#define REG long long
#define COLUMN COLUMN_x32
#else
#define REG long
#define COLUMN COLUMN_x86_64
#endif
#define HOST_AUDIT 0xc000003eu
#define START_CODE(f) \
	"xor %ebp, %ebp\n" \
	"mov %rsp, %rdi\n" \
	"and $-16, %rsp\n" \
	"call " #f "\n"

static inline REG syscall5(REG nr, REG a, REG b, REG c, REG d, REG e)
{
	REG ret;
	register REG r10 __asm__("r10") = d;
	register REG r8 __asm__("r8") = e;

	__asm__ volatile("syscall"
		: "=a"(ret)
		: "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
		: "rcx", "r11", "memory");
	return ret;
}

#elif defined(__i386__)

#define REG long
#define COLUMN COLUMN_x86
#define HOST_AUDIT 0x40000003u
#define START_CODE(f) \
	"xor %ebp, %ebp\n" \
	"mov %esp, %eax\n" \
	"and $-16, %esp\n" \
	"sub $12, %esp\n" \
	"push %eax\n" \
	"call " #f "\n"

/* ebx may be spoken for by position-independent code: it is swapped in and out. */
static inline REG syscall5(REG nr, REG a, REG b, REG c, REG d, REG e)
{
	REG ret;

	__asm__ volatile(
		"pushl %2\n"
		"xchgl %%ebx, (%%esp)\n"
		"int $0x80\n"
		"popl %%ebx"
		: "=a"(ret)
		: "a"(nr), "g"(a), "c"(b), "d"(c), "S"(d), "D"(e)
		: "memory");
	return ret;
}

#elif defined(__aarch64__) && LITTLE

#define REG long
#define COLUMN COLUMN_aarch64
#define HOST_AUDIT 0xc00000b7u
#define START_CODE(f) \
	"mov x29, #0\n" \
	"mov x30, #0\n" \
	"mov x0, sp\n" \
	"and sp, x0, #-16\n" \
	"bl " #f "\n"

static inline REG syscall5(REG nr, REG a, REG b, REG c, REG d, REG e)
{
	register REG x8 __asm__("x8") = nr;
	register REG x0 __asm__("x0") = a;
	register REG x1 __asm__("x1") = b;
	register REG x2 __asm__("x2") = c;
	register REG x3 __asm__("x3") = d;
	register REG x4 __asm__("x4") = e;

	__asm__ volatile("svc 0"
		: "+r"(x0)
		: "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
		: "memory");
	return x0;
}

#elif defined(__arm__) && LITTLE

#define REG long
#define COLUMN COLUMN_arm
#define HOST_AUDIT 0x40000028u
#define START_CODE(f) \
	"mov r0, sp\n" \
	"bic r1, r0, #15\n" \
	"mov sp, r1\n" \
	"bl " #f "\n"

/* r7 is Thumb's frame pointer, which the compiler may insist on: ip keeps it meanwhile. */
static inline REG syscall5(REG nr, REG a, REG b, REG c, REG d, REG e)
{
	register REG r6 __asm__("r6") = nr;
	register REG r0 __asm__("r0") = a;
	register REG r1 __asm__("r1") = b;
	register REG r2 __asm__("r2") = c;
	register REG r3 __asm__("r3") = d;
	register REG r4 __asm__("r4") = e;

	__asm__ volatile(
		"mov ip, r7\n"
		"mov r7, r6\n"
		"swi 0\n"
		"mov r7, ip"
		: "+r"(r0)
		: "r"(r6), "r"(r1), "r"(r2), "r"(r3), "r"(r4)
		: "ip", "memory");
	return r0;
}

#elif defined(__mips__)

#define MIPS_ORDER (LITTLE ? 0x40000000u : 0)
#if _MIPS_SIM == 1 /* o32; the numbers are sgidefs.h's, which is not everywhere */
#define REG long
#define COLUMN COLUMN_mips_o32
#define HOST_AUDIT (0x00000008u | MIPS_ORDER)
#define MIPS_ADD "addiu"
#elif _MIPS_SIM == 2 /* n32 */
#define REG long long
#define COLUMN COLUMN_mips_n32
#define HOST_AUDIT (0xa0000008u | MIPS_ORDER)
#define MIPS_ADD "addiu"
#else /* n64 */
#define REG long
#define COLUMN COLUMN_mips_n64
#define HOST_AUDIT (0x80000008u | MIPS_ORDER)
#define MIPS_ADD "daddiu"
#endif
#define ERRNO_COLUMN ERRNO_COLUMN_mips

/* o32 owes whom it calls 16 bytes for arguments; the others do not mind. */
#define START_CODE(f) \
	".set push\n" \
	".set noreorder\n" \
	"move $4, $29\n" \
	"li $8, -16\n" \
	"and $29, $29, $8\n" \
	MIPS_ADD " $29, $29, -32\n" \
	"jal " #f "\n" \
	"nop\n" \
	".set pop\n"

/* o32 passes the fifth argument on the stack. */
#if _MIPS_SIM == 1
#define MIPS_SYSCALL \
	".set push\n" \
	".set noreorder\n" \
	"addiu $29, $29, -32\n" \
	"sw $8, 16($29)\n" \
	"syscall\n" \
	"addiu $29, $29, 32\n" \
	".set pop"
#else
#define MIPS_SYSCALL "syscall"
#endif

/* $7 tells errors, which are positive. */
static inline REG syscall5(REG nr, REG a, REG b, REG c, REG d, REG e)
{
	register REG v0 __asm__("$2") = nr;
	register REG a0 __asm__("$4") = a;
	register REG a1 __asm__("$5") = b;
	register REG a2 __asm__("$6") = c;
	register REG a3 __asm__("$7") = d;
	register REG a4 __asm__("$8") = e;

	__asm__ volatile(MIPS_SYSCALL
		: "+r"(v0), "+r"(a3), "+r"(a4)
		: "r"(a0), "r"(a1), "r"(a2)
		: "$1", "$3", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo",
		  "memory");
	return a3 ? -v0 : v0;
}

#elif defined(__s390__)

#define REG long
#ifdef __s390x__
#define COLUMN COLUMN_s390x
#define HOST_AUDIT 0x80000016u
#define START_CODE(f) \
	"lgr %r2, %r15\n" \
	"aghi %r15, -160\n" \
	"xc 0(8, %r15), 0(%r15)\n" \
	"brasl %r14, " #f "\n"
#else
#define COLUMN COLUMN_s390
#define HOST_AUDIT 0x00000016u
#define START_CODE(f) \
	"lr %r2, %r15\n" \
	"ahi %r15, -96\n" \
	"xc 0(4, %r15), 0(%r15)\n" \
	"bras %r14, " #f "\n"
#endif

static inline REG syscall5(REG nr, REG a, REG b, REG c, REG d, REG e)
{
	register REG r1 __asm__("1") = nr;
	register REG r2 __asm__("2") = a;
	register REG r3 __asm__("3") = b;
	register REG r4 __asm__("4") = c;
	register REG r5 __asm__("5") = d;
	register REG r6 __asm__("6") = e;

	__asm__ volatile("svc 0"
		: "+d"(r2)
		: "d"(r1), "d"(r3), "d"(r4), "d"(r5), "d"(r6)
		: "cc", "memory");
	return r2;
}

#elif defined(__powerpc64__) && LITTLE

#define REG long
#define COLUMN COLUMN_ppc64
#define HOST_AUDIT 0xc0000015u
/* The kernel leaves our address in r12 (arch/powerpc/kernel/process.c start_thread()). */
#define START_CODE(f) \
	"addis 2, 12, .TOC.-_start@ha\n" \
	"addi 2, 2, .TOC.-_start@l\n" \
	"mr 3, 1\n" \
	"clrrdi 1, 1, 4\n" \
	"li 0, 0\n" \
	"stdu 0, -32(1)\n" \
	"mtlr 0\n" \
	"bl " #f "\n" \
	"nop\n"

/* The summary overflow bit tells errors, which are positive. */
static inline REG syscall5(REG nr, REG a, REG b, REG c, REG d, REG e)
{
	register REG r0 __asm__("r0") = nr;
	register REG r3 __asm__("r3") = a;
	register REG r4 __asm__("r4") = b;
	register REG r5 __asm__("r5") = c;
	register REG r6 __asm__("r6") = d;
	register REG r7 __asm__("r7") = e;

	__asm__ volatile(
		"sc\n"
		"bns+ 1f\n"
		"neg %1, %1\n"
		"1:"
		: "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7)
		:
		: "cr0", "r8", "r9", "r10", "r11", "r12", "ctr", "memory");
	return r3;
}

#elif defined(__riscv)

#define REG long
#if __riscv_xlen == 64
#define COLUMN COLUMN_riscv64
#define HOST_AUDIT 0xc00000f3u
#else
#define COLUMN COLUMN_riscv32
#define HOST_AUDIT 0x400000f3u
#endif
/* A linker that relaxes addresses counts on gp. */
#define START_CODE(f) \
	".option push\n" \
	".option norelax\n" \
	"lla gp, __global_pointer$\n" \
	".option pop\n" \
	"mv a0, sp\n" \
	"andi sp, sp, -16\n" \
	"call " #f "\n"

static inline REG syscall5(REG nr, REG a, REG b, REG c, REG d, REG e)
{
	register REG a7 __asm__("a7") = nr;
	register REG a0 __asm__("a0") = a;
	register REG a1 __asm__("a1") = b;
	register REG a2 __asm__("a2") = c;
	register REG a3 __asm__("a3") = d;
	register REG a4 __asm__("a4") = e;

	__asm__ volatile("ecall"
		: "+r"(a0)
		: "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4)
		: "memory");
	return a0;
}

#elif defined(__loongarch__) && __loongarch_grlen == 64

#define REG long
#define COLUMN COLUMN_loongarch64
#define HOST_AUDIT 0xc0000102u
#define START_CODE(f) \
	"move $fp, $zero\n" \
	"move $a0, $sp\n" \
	"bstrins.d $sp, $zero, 3, 0\n" \
	"bl " #f "\n"

static inline REG syscall5(REG nr, REG a, REG b, REG c, REG d, REG e)
{
	register REG a7 __asm__("$r11") = nr;
	register REG a0 __asm__("$r4") = a;
	register REG a1 __asm__("$r5") = b;
	register REG a2 __asm__("$r6") = c;
	register REG a3 __asm__("$r7") = d;
	register REG a4 __asm__("$r8") = e;

	__asm__ volatile("syscall 0"
		: "+r"(a0)
		: "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4)
		: "$r12", "$r13", "$r14", "$r15", "$r16", "$r17", "$r18", "$r19", "$r20", "memory");
	return a0;
}

#else
#error "no way into the kernel known for this ABI: a block like those above adds it"
#endif

/* The program's first instructions: f(stack pointer), which never returns. */
#define START(f) \
	__asm__( \
		".pushsection .text\n" \
		".globl _start\n" \
		".type _start, %function\n" \
		"_start:\n" \
		START_CODE(f) \
		".popsection")

/* NR_read and all others; -1: not there. */
#define __ (-1)
#define S(name, ...) NR_##name = COLUMN(__VA_ARGS__),
enum {
#include "../../arch/tables/syscalls.tbl"
};
#undef __
#undef S

/* ERR_ENOENT and all others. */
#ifndef ERRNO_COLUMN
#define ERRNO_COLUMN ERRNO_COLUMN_generic
#endif
#define E(name, ...) ERR_##name = ERRNO_COLUMN(__VA_ARGS__),
enum {
#include "../../arch/tables/errno.tbl"
};
#undef E

/* A pointer as a register. */
#define REG_OF(pointer) ((REG)(uintptr_t)(pointer))


#endif
