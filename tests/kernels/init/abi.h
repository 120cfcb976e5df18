#ifndef KERNELS_INIT_ABI_H
#define KERNELS_INIT_ABI_H

/*
 * How a program enters the kernel, for each ABI: the numbers of the calls init.c makes for itself,
 * raw_call(), and the first instructions of the program. The numbers are written down here a second
 * time on purpose: winnow's tables are among the things being tested.
 *
 * raw_call() gives the kernel 64-bit values where a register holds them (x32 and n32 too) and their
 * lower halves elsewhere. It returns what the kernel did, errors as negative errnos.
 */

#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#include "abi/x86_64.h"
#elif defined(__i386__)
#include "abi/x86.h"
#elif defined(__aarch64__)
#include "abi/aarch64.h"
#elif defined(__arm__)
#include "abi/arm.h"
#elif defined(__mips__)
#include "abi/mips.h"
#elif defined(__s390__)
#include "abi/s390.h"
#elif defined(__powerpc64__)
#include "abi/powerpc64.h"
#elif defined(__riscv)
#include "abi/riscv64.h"
#elif defined(__loongarch__)
#include "abi/loongarch64.h"
#else
#error "no header in abi/ for this architecture"
#endif

#ifndef SIGNAL_CHLD
#define SIGNAL_CHLD   17
#define SIGNAL_SYS    31
#define MAP_ANONYMOUS 0x20
#define SIGINFO_ERRNO 1 /* word of siginfo: si_signo, si_errno, si_code */
#endif

/*
 * clone() without a stack of its own: the child goes on below our frame. Must not leave anything on
 * the stack that is needed afterwards, so it is inlined everywhere.
 */
#ifndef HAS_OWN_CLONE
INLINE int64_t raw_clone(int64_t flags)
{
	return raw_call(NR_clone, flags, 0, 0, 0, 0, 0);
}
#endif

/* A pointer as the kernel wants it. */
INLINE int64_t at(const volatile void *pointer)
{
	return (int64_t)(uintptr_t)pointer;
}

#endif
