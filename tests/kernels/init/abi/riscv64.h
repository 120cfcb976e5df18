#include "generic.h"

INLINE int64_t raw_call(
	int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	register int64_t a7 __asm__("a7") = nr;
	register int64_t a0 __asm__("a0") = a;
	register int64_t a1 __asm__("a1") = b;
	register int64_t a2 __asm__("a2") = c;
	register int64_t a3 __asm__("a3") = d;
	register int64_t a4 __asm__("a4") = e;
	register int64_t a5 __asm__("a5") = f;

	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
			 : "memory");
	return a0;
}

__asm__(".globl _start\n"
	"_start:\n"
	".option push\n"
	".option norelax\n"
	"	la gp, __global_pointer$\n"
	".option pop\n"
	"	andi sp, sp, -16\n"
	"	call start\n");
